import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { isSqlite } from '../database/sqlite';

/** Value of Retry-After. Somebody has to decide about a request first, at an unknown time. Our choice. Seconds. */
const RETRY_SECONDS = 60;

/**
 * Requests that their requester cancelled keep their place for so long: each of them has notified approvers.
 * Milliseconds. Our choice.
 */
const CANCELLED_COUNTS_MS = 60 * 60_000;

/**
 * Bounds the operations of a person that wait for approval, in the transaction that has stored one more.
 * Revokes are counted apart, so that other requests cannot block an emergency.
 *
 * @throws LimitReached when it is one too many
 */
export async function requireRoomToWait(
  trx: Knex.Transaction,
  {
    requestedBy,
    kind,
    now,
    waitingRequests,
  }: {
    requestedBy: string;
    kind: string;
    now: number;
    waitingRequests: number;
  },
): Promise<void> {
  if (!isSqlite(trx)) {
    // Two acceptances at once must see each other. SQLite has one writer at a time anyway.
    await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [
      `acr-cmk waiting requests of ${requestedBy}`,
    ]);
  }
  const [{ waiting }] = await trx('operations')
    .where({ requested_by: requestedBy })
    .where('kind', kind === 'revoke' ? '=' : '<>', 'revoke')
    .where(counted =>
      counted.where({ state: 'awaiting-approval' }).orWhere(cancelled =>
        cancelled
          .where({ state: 'cancelled' })
          .whereNotNull('approval')
          .where('created_at', '>', now - CANCELLED_COUNTS_MS),
      ),
    )
    .count({ waiting: '*' });
  if (Number(waiting) > waitingRequests) {
    throw new LimitReached('waitingRequests', waitingRequests, RETRY_SECONDS);
  }
}
