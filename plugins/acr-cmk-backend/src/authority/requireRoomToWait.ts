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

/** A person's requests for approval, as the limit counts them. */
interface Waiting {
  requestedBy: string;
  kind: string;
  now: number;
  /** `acrCmk.limits.waitingRequests` */
  waitingRequests: number;
}

const limitOf = ({ waitingRequests }: Waiting) =>
  new LimitReached('waitingRequests', waitingRequests, RETRY_SECONDS);

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
  if ((await countWaiting(trx, of)) > of.waitingRequests) throw limitOf(of);
}

/** The refusal of one more request that waits for approval, if it would be refused now. */
export async function noRoomToWait(
  db: Knex,
  of: Waiting,
): Promise<LimitReached | undefined> {
  const waiting = await countWaiting(db, of);
  return waiting >= of.waitingRequests ? limitOf(of) : undefined;
}

/** Revokes are counted apart, so that other requests cannot block an emergency. */
async function countWaiting(
  db: Knex,
  { requestedBy, kind, now }: Waiting,
): Promise<number> {
  const [{ waiting }] = await db('operations')
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
    )
    .count({ waiting: '*' });
  return Number(waiting);
}
