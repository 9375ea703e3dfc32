/** How often one person's requests for approval are announced to others. */
import type { Knex } from 'knex';

const SCOPE = 'approval:';
/**
 * Requests of one person that are announced within `PER_MS`; further ones wait. Who asks and cancels over
 * and over would otherwise notify another team as often as plans may be made. Our choice: enough for a
 * person at work, and with the default of `acrCmk.limits.waitingRequests` the last is announced after half
 * an hour.
 */
export const MOST_ANNOUNCED = 5;
/** Milliseconds. */
export const PER_MS = 10 * 60_000;
/** Requests from before have been announced, or are over. Keeps the question to rows of one day. */
const LOOKS_BACK_MS = 24 * 60 * 60_000;

/** The scope of the messages that ask for approval of an operation. */
export const approvalScope = (operationId: string) => `${SCOPE}${operationId}`;

/**
 * When the next request of a person may be announced. It waits in the outbox until then, so that one
 * which stays is announced, and one which is over by then is not.
 *
 * @param requester - lower case
 */
export async function announceAt(
  trx: Knex.Transaction,
  requester: string,
  now: number,
): Promise<number> {
  // One that is being tried again counts from when it was put there: its due time is that of the retry.
  const at = trx.raw(
    'max(coalesce(sent_at, case when attempts = 0 then due_at else created_at end)) as at',
  );
  const last = await trx('notification_messages')
    .where({ excluded: requester })
    .where('scope', 'like', `${SCOPE}%`)
    .where('created_at', '>', now - LOOKS_BACK_MS)
    .groupBy('scope')
    .orderBy('at', 'desc')
    .offset(MOST_ANNOUNCED - 1)
    .first('scope', at);
  return last ? Math.max(now, Number(last.at) + PER_MS) : now;
}

/** Nobody's approval is wanted any more: what was not sent yet is not sent. */
export async function withdrawApproval(
  trx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  await trx('notification_messages')
    .where({ scope: approvalScope(operationId) })
    .whereNotNull('due_at')
    .delete();
}
