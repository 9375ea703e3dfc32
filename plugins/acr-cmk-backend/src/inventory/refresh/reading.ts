import type { Knex } from 'knex';
import { QUOTAS } from '../../azure/transport/budget';
import { queued } from '../rows/ReadQueue';
import type { SyncState } from '../rows/SyncState';
import { TURN, type Turn } from './turns';

/** Calls for one thing: a key takes two, and most of what is read is keys. */
const CALLS = 2;
/** A shorter reading is over before anybody has read about it. Milliseconds. */
const SHORTEST_MS = 15_000;

/** A reading that Azure's limits make long. Times are epoch milliseconds. */
export interface InventoryReading {
  /** Things that are still to be read. */
  left: number;
  /** Expected end. */
  endsAt: number;
  /** Some of it was never read before. */
  first?: true;
}

/**
 * Expects the end of what is being read: Azure counts the calls in each subscription apart, so the one with the
 * most left decides. What is only tried again after a failure does not count.
 */
export async function readingOf(
  db: Knex,
  { now, state }: { now: number; state: Pick<SyncState, 'get'> },
): Promise<InventoryReading | undefined> {
  const rows = await queued(db)
    .where({ attempts: 0 })
    .groupBy('subscription_id')
    .select('subscription_id')
    .count({ n: '*' });
  const counts = rows.map(({ n }) => Number(n));
  const seconds =
    (Math.max(0, ...counts) * CALLS) / QUOTAS.reads.refillPerSecond;
  if (seconds * 1000 < SHORTEST_MS) return undefined;
  return {
    left: counts.reduce((sum, count) => sum + count, 0),
    endsAt: now + seconds * 1000,
    ...((await isFirstReading(db, state)) && { first: true }),
  };
}

/**
 * Whether things are being read for the first time: no turn of the sync has ended yet, or some that were never read
 * are left. What is only tried again after a failure does not count.
 */
export async function isFirstReading(
  db: Knex,
  state: Pick<SyncState, 'get'>,
): Promise<boolean> {
  const turn = await state.get<Turn>(TURN);
  if (turn?.value.endedAt === undefined) return true;
  const unread = await queued(db)
    .where({ reason: 'new', attempts: 0 })
    .first('subject');
  return unread !== undefined;
}
