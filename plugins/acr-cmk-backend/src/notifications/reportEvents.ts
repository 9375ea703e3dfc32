import type { AuditRecord } from '../platform/audit/AuditLog';
import { inTransaction } from '../platform/database/inTransaction';
import { insertState, moveState, readState } from '../platform/database/state';
import { combined, type EventMessage } from './combine';
import type { NotifierContext } from './context';
import { EVENT_KINDS } from './kinds';
import { refsIn, withNames } from './names';
import { type NewMessage, putMessage } from './Outbox';
import { recipientsOf } from './recipients';

/** Records of one transaction. */
const BATCH = 100;
const CURSOR = 'notifications-audit';

type ReportContext = Pick<
  NotifierContext,
  'db' | 'clock' | 'audit' | 'operations' | 'config' | 'platform' | 'namesOf'
>;

/** Reports what happens from now on. Does nothing when that was begun before. */
export async function beginReporting({
  db,
  clock,
  audit,
}: Pick<ReportContext, 'db' | 'clock' | 'audit'>): Promise<void> {
  await insertState(db, CURSOR, {
    value: await headOf(audit),
    now: await clock.now(),
  });
}

/**
 * Puts messages about operations and campaigns into the outbox. It reads the audit record, which commits with what it
 * reports and has no gaps. The cursor moves in the transaction of the messages, and only for the replica
 * that moves it. So nothing is lost or reported twice, however many replicas read and whenever one dies.
 * Events from before notifications were turned on are not reported.
 */
export async function reportEvents(context: ReportContext): Promise<void> {
  const { db, clock, audit } = context;
  await beginReporting(context);
  const head = await headOf(audit);
  for (;;) {
    const read = (await readState<number>(db, CURSOR))?.value ?? head;
    // The end of the chain was set back: the record was damaged, or the database is an older backup.
    const afterSeq = Math.min(read, head);
    const records = await audit.list({ afterSeq, limit: BATCH });
    if (records.length === 0 && afterSeq === read) return;
    const about: EventMessage[] = [];
    for (const record of records) {
      about.push(...(await messagesFor(context, record)));
    }
    const messages = await named(context, combined(about));
    const last = records.at(-1)?.seq ?? afterSeq;
    const moved = await inTransaction(db, async trx => {
      const now = await clock.now(trx);
      if (!(await moveState(trx, CURSOR, { from: read, to: last, now }))) {
        return false;
      }
      for (const message of messages) await putMessage(trx, message, now);
      return true;
    });
    if (!moved || records.length < BATCH) return;
  }
}

async function headOf(audit: ReportContext['audit']): Promise<number> {
  return (await audit.head())?.seq ?? 0;
}

/** One message for each kind that the record calls for and each recipient. */
async function messagesFor(
  context: ReportContext,
  record: AuditRecord,
): Promise<EventMessage[]> {
  const kinds = Object.entries(EVENT_KINDS).filter(([, { on }]) =>
    on.includes(record.event),
  );
  if (kinds.length === 0) return [];
  const { operationId } = record;
  const operation = operationId
    ? await context.operations.get(operationId)
    : undefined;
  const messages: EventMessage[] = [];
  for (const [kind, { topic, notice }] of kinds) {
    const noted = notice(record, operation);
    if (!noted) continue;
    const { to, scope, excluded, message } = noted;
    for (const [recipient, count] of await recipientsOf(context, to)) {
      messages.push({
        kind,
        scope,
        recipient,
        excluded: excluded?.toLowerCase(),
        replaces: 'told' in to,
        payload: { topic, ...message(count) },
      });
    }
  }
  return messages;
}

/** The messages with names of people instead of refs. Without an answer of the catalog, the parts of refs are names. */
async function named(
  { namesOf }: Pick<ReportContext, 'namesOf'>,
  messages: readonly NewMessage[],
): Promise<NewMessage[]> {
  const refs = refsIn(messages.map(({ payload }) => payload));
  const names: ReadonlyMap<string, string> =
    refs.length === 0 ? new Map() : await namesOf(refs).catch(() => new Map());
  return messages.map(message => ({
    ...message,
    payload: withNames(message.payload, names),
  }));
}
