import type { Knex } from 'knex';
import { KINDS } from './sweepRules';
import {
  type SubscriptionOutcome,
  type Sweep,
  SweepRecord,
} from './SweepRecord';
import type { Clock } from '../../platform/database/clock';
import type { BigInteger } from '../../platform/database/tables';
import type { Scope } from '../../platform/config';
import { queued } from '../rows/ReadQueue';
import { isThere } from '../rows/FactTable';
import { listOf } from '../rows/listings';
import { registriesInScope } from '../rows/registriesInScope';
import type { SyncState } from '../rows/SyncState';
import { lateBecause, TURN, type Turn } from './turns';

/** Status of one subscription of the scopes. */
export interface ScopeStatus {
  subscriptionId: string;
  state: 'whole' | 'fallen' | 'partial' | 'unknown';
  known: number;
  expected?: number;
  seen?: number;
  /** Time when the last whole listing of its registries began. */
  listedAt?: number;
  problem?: string;
}

/** The last turn of the sync. */
export interface LastTurn extends Partial<Turn> {
  /** Reason why the next turn is late. */
  late?: string;
}

/** Reads when the sync had its last turn, and why the next one is late. */
export async function lastTurn(options: {
  state: SyncState;
  clock: Clock;
  everyMs: number;
}): Promise<LastTurn> {
  const { state, clock, everyMs } = options;
  const turn = (await state.get<Turn>(TURN))?.value;
  const late = lateBecause(turn, { now: await clock.now(), everyMs });
  return { ...turn, ...(late && { late }) };
}

/** Status of the inventory. Times are epoch milliseconds. */
export interface SyncStatus {
  /** Number of registries in the scopes. */
  registries: number;
  /** Time when that registry was read whose facts are the oldest. */
  oldestFactsAt?: number;
  scopes: ScopeStatus[];
  lastSweep?: Sweep;
  lastWholeSweepAt?: number;
  /** Things that are to be read again. */
  dirty: number;
  /** The vaults whose keys are listed, and what kept the first of them from that. */
  keyLists: { vaults: number; failed: number; problem?: string };
}

/** Reads the status from what the sync has kept; asks Azure nothing. */
export async function syncStatus(options: {
  db: Knex;
  state: SyncState;
  scopes: readonly Scope[];
  subscriptions: readonly string[];
}): Promise<SyncStatus> {
  const { db, state, scopes, subscriptions } = options;
  const sweeps = new SweepRecord(state);
  const lastSweep = await sweeps.last();
  const outcome = await sweeps.outcome();
  const lastWholeSweepAt = await sweeps.lastWholeAt();
  const [{ n, oldest }]: { n: BigInteger; oldest: BigInteger | null }[] =
    await registriesInScope(db, scopes).select(
      db.raw('count(*) as n'),
      db.raw('min(registries.read_at) as oldest'),
    );
  const known = await db('registries')
    .whereNotNull('facts')
    .where(isThere('registries'))
    .groupBy('subscription_id')
    .select('subscription_id')
    .count({ n: '*' });
  const listings = await db('facts')
    .where({ kind: listOf('registries') })
    .select('subject', 'read_at');
  const keyLists = await db('facts')
    .where({ kind: listOf('keys') })
    .whereExists(
      db('registries').whereRaw('registries.vault_host = facts.subject'),
    )
    .orderBy('subject')
    .select('problem');
  const failedLists = keyLists.filter(({ problem }) => problem !== null);
  const [{ dirty }] = await queued(db).count({ dirty: '*' });
  return {
    registries: Number(n),
    ...(oldest !== null && { oldestFactsAt: Number(oldest) }),
    scopes: subscriptions.map(subscriptionId => {
      const listing = listings.find(
        ({ subject }) => subject === subscriptionId,
      );
      const row = known.find(each => each.subscription_id === subscriptionId);
      return {
        subscriptionId,
        known: Number(row?.n ?? 0),
        ...outcomeOf(outcome, subscriptionId),
        ...(listing?.read_at && { listedAt: Number(listing.read_at) }),
      };
    }),
    ...(lastSweep && { lastSweep }),
    ...(lastWholeSweepAt && { lastWholeSweepAt }),
    dirty: Number(dirty),
    keyLists: {
      vaults: keyLists.length,
      failed: failedLists.length,
      ...(failedLists.length > 0 && {
        problem: JSON.parse(failedLists[0].problem!).message,
      }),
    },
  };
}

/** Outcome of a subscription: the worst of its kinds. */
function outcomeOf(
  outcome: readonly SubscriptionOutcome[],
  subscriptionId: string,
): Pick<ScopeStatus, 'state' | 'expected' | 'seen' | 'problem'> {
  const own = outcome.filter(
    ({ subscription, kind }) =>
      subscription === subscriptionId && kind !== 'consumers',
  );
  const registries = own.find(({ kind }) => kind === 'registries');
  if (own.length < KINDS.length || !registries) return { state: 'unknown' };
  const worst =
    own.find(({ conclusion }) => conclusion === 'fallen') ??
    own.find(({ conclusion }) => conclusion === 'partial') ??
    registries;
  return {
    state: worst.conclusion,
    ...(registries.expected !== undefined && { expected: registries.expected }),
    ...(registries.seen !== undefined && { seen: registries.seen }),
    ...(worst.problem && { problem: worst.problem.message }),
  };
}

/** Number of registries in the scopes by state; one that was not judged is `unknown`. */
export async function registriesByState(
  db: Knex,
  scopes: readonly Scope[],
): Promise<Record<string, number>> {
  const rows: { state: string | null; n: BigInteger }[] =
    await registriesInScope(db, scopes)
      .groupBy('state')
      .select('state')
      .count({ n: '*' });
  const counts: Record<string, number> = {};
  for (const { state, n } of rows) {
    const name = state ?? 'unknown';
    counts[name] = (counts[name] ?? 0) + Number(n);
  }
  return counts;
}
