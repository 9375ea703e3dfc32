import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { isoTime } from '../database/clock';
import { isSqlite } from '../database/sqlite';

/**
 * Requests that their requester cancelled keep their place for so long: each of them has notified approvers.
 * Milliseconds. Our choice.
 */
const CANCELLED_COUNTS_MS = 60 * 60_000;

/** A person's requests for approval, as the limit counts them. */
interface Waiting {
  requestedBy: string;
  kind: string;
  now: number;
  /** `acrCmk.limits.waitingRequests` */
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
  if (!isSqlite(trx)) {
    // Two acceptances at once must see each other. SQLite has one writer at a time anyway.
    await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [
      `acr-cmk waiting requests of ${of.requestedBy}`,
    ]);
  }
  const refusal = await noRoomToWait(trx, of);
  if (refusal) throw refusal;
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
