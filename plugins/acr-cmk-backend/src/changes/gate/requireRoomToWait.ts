import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { isoTime } from '../../platform/database/clock';
import { isSqlite } from '../../platform/database/sqlite';

/**
 * Requests that their requester cancelled, and campaigns, keep their place for so long: each of them has notified
 * approvers. Milliseconds. Our choice.
 */
const CANCELLED_COUNTS_MS = 60 * 60_000;

/** A person's requests for approval, as the limit counts them. */
interface Waiting {
  requestedBy: string;
  kind: string;
  now: number;
  /** Operations of one person that may wait for approval. */
  waitingRequests: number;
  /** The request itself, where it is stored already. */
  id?: string;
}

/**
 * Bounds the operations of a person that wait for approval, in the transaction that has stored one more.
 *
 * @throws LimitReached when it is one too many
 */
export async function requireRoomToWait(
  trx: Knex.Transaction,
  of: Waiting,
): Promise<void> {
  await oneAtATime(trx, of);
  const refusal = await noRoomToWait(trx, of);
  if (refusal) throw refusal;
}

/**
 * Bounds the campaigns of a person that have not ended, in the transaction that has started one more: each of them asks
 * approvers, and goes on by itself.
 *
 * @throws LimitReached when it is one too many
 */
export async function requireRoomForCampaign(
  trx: Knex.Transaction,
  of: Omit<Waiting, 'kind' | 'id'>,
): Promise<void> {
  await oneAtATime(trx, of);
  const { requestedBy, now, waitingRequests } = of;
  const begun: (string | number | null)[] = await trx('campaigns')
    .where({ requested_by: requestedBy })
    .where(counted =>
      counted
        .whereIn('state', ['running', 'paused'])
        .orWhere('started_at', '>', now - CANCELLED_COUNTS_MS),
    )
    .orderBy('started_at')
    .pluck('started_at');
  if (begun.length <= waitingRequests) return;
  const free = Number(begun[0]) + CANCELLED_COUNTS_MS;
  throw new LimitReached('waitingRequests', waitingRequests, {
    // A campaign that goes on for longer ends at an unknown time.
    retryAfterSeconds: Math.max(60, Math.ceil((free - now) / 1000)),
  });
}

/** Two requests of a person at once must see each other. SQLite has one writer at a time anyway. */
async function oneAtATime(
  trx: Knex.Transaction,
  { requestedBy }: Pick<Waiting, 'requestedBy'>,
): Promise<void> {
  if (isSqlite(trx)) return;
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [
    `acr-cmk waiting requests of ${requestedBy}`,
  ]);
}

/** The refusal of one more request that waits for approval, if it would be refused now. */
export async function noRoomToWait(
  db: Knex,
  of: Waiting,
): Promise<LimitReached | undefined> {
  const { waitingRequests, now } = of;
  const until = await countedUntil(db, of);
  if (until.length < waitingRequests) return undefined;
  const free = until[until.length - waitingRequests];
  return new LimitReached('waitingRequests', waitingRequests, {
    retryAfterSeconds: Math.max(1, Math.ceil((free - now) / 1000)),
    freeAt: isoTime(free),
  });
}

/**
 * Times at which requests stop counting if nobody decides about them before, the earliest first. Revokes are
 * counted apart, so that other requests cannot block an emergency.
 */
async function countedUntil(
  db: Knex,
  { requestedBy, kind, now, id }: Waiting,
): Promise<number[]> {
  const counting = db('operations')
    .where({ requested_by: requestedBy })
    .where('kind', kind === 'revoke' ? '=' : '<>', 'revoke')
    // Their approvals were given for a stage, before they were made.
    .whereNull('campaign_id')
    .where(counted =>
      counted.where({ state: 'awaiting-approval' }).orWhere(cancelled =>
        cancelled
          .where({ state: 'cancelled' })
          .whereNotNull('approval')
          .where('created_at', '>', now - CANCELLED_COUNTS_MS),
      ),
    );
  if (id !== undefined) counting.whereNot({ id });
  const rows = await counting.select(
    'state',
    'created_at',
    'approval_expires_at',
  );
  return rows
    .map(({ state, created_at: createdAt, approval_expires_at: expiresAt }) =>
      state === 'cancelled'
        ? Number(createdAt) + CANCELLED_COUNTS_MS
        : Number(expiresAt),
    )
    .sort((one, other) => one - other);
}
