/** How often one person's requests for approval are announced to others. */
import type { Knex } from 'knex';
import type { OperationRecord } from '../operations/engine/types';

/**
 * What a message that asks for approval is about. A revoke has a place of its own: it may be urgent, and does
 * not wait for what else the person has asked for.
 */
const SCOPES = { revoke: 'approval-revoke:', other: 'approval:' };
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

const prefixFor = ({ intent }: Pick<OperationRecord, 'intent'>) =>
  intent.kind === 'revoke' ? SCOPES.revoke : SCOPES.other;

/** The scope of the messages that ask for approval of an operation. */
export const approvalScope = (
  operation: Pick<OperationRecord, 'id' | 'intent'>,
) => `${prefixFor(operation)}${operation.id}`;

/**
 * When this request may be announced, after those of the same person. It waits in the outbox until then, so that one
 * which stays is announced, and one which is over by then is not.
 */
export async function announceAt(
  trx: Knex.Transaction,
  operation: Pick<OperationRecord, 'intent' | 'requestedBy'>,
  now: number,
): Promise<number> {
  // One that is being tried again counts from when it was put there: its due time is that of the retry.
  const at = trx.raw(
    'max(coalesce(sent_at, case when attempts = 0 then due_at else created_at end)) as at',
  );
  const last = await trx('notification_messages')
    .where({ excluded: operation.requestedBy.toLowerCase() })
    .where('scope', 'like', `${prefixFor(operation)}%`)
    .where('created_at', '>', now - LOOKS_BACK_MS)
    .groupBy('scope')
    .orderBy('at', 'desc')
    .offset(MOST_ANNOUNCED - 1)
    .first('scope', at);
  return last ? Math.max(now, Number(last.at) + PER_MS) : now;
}

/**
 * Nobody's approval is wanted any more: what was not sent yet is not sent. What may have been is not tried
 * again, and counts as announced.
 */
export async function withdrawApproval(
  trx: Knex.Transaction,
  operation: OperationRecord,
): Promise<void> {
  const unsent = trx('notification_messages')
    .where({ scope: approvalScope(operation) })
    .whereNotNull('due_at');
  await unsent.clone().where({ attempts: 0 }).delete();
  await unsent.update({ due_at: null });
}
