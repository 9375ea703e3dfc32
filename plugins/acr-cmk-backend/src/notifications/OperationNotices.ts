import { assertNever } from 'backstage-plugin-acr-cmk-common';
import { recipientsOf } from '../changes/gate/approvers';
import type { AuditEvent, AuditRecord } from '../platform/audit/AuditLog';
import { registriesLosingKey, registriesRegainingKey } from '../domain/effects';
import { inTransaction } from '../platform/database/inTransaction';
import type { OperationRecord } from '../engine/types';
import type { NotifierContext } from './context';
import { combined, type EventMessage } from './combine';
import {
  CAMPAIGN_KINDS,
  EVENT_KINDS,
  type EventNotice,
  type NeededApproval,
} from './kinds';
import { refsIn, withNames } from './names';
import { type NewMessage, putMessage } from './Outbox';
import { ownersOf } from './owners';
import { insertState, moveState, readState } from '../platform/database/state';
import { batchesOf } from '../platform/database/batches';

/** Records of one transaction. */
const BATCH = 100;
const CURSOR = 'notifications-audit';

/** Audit records that a kind reports. */
const EVENTS: ReadonlySet<AuditEvent> = new Set(
  Object.values(EVENT_KINDS).flatMap(({ on }) => on),
);

/** Refs of entities in one statement. */
const REFS_AT_ONCE = 100;

type OperationNoticesContext = Pick<
  NotifierContext,
  'db' | 'clock' | 'audit' | 'operations' | 'config' | 'platform' | 'namesOf'
>;

/**
 * Puts messages about operations into the outbox. It reads the audit record, which commits with what it
 * reports and has no gaps. The cursor moves in the transaction of the messages, and only for the replica
 * that moves it. So nothing is lost or reported twice, however many replicas read and whenever one dies.
 * Events from before notifications were turned on are not reported.
 */
export class OperationNotices {
  readonly #context: OperationNoticesContext;

  constructor(context: OperationNoticesContext) {
    this.#context = context;
  }

  /** Reports what happens from now on. Does nothing when that was begun before. */
  async begin(): Promise<void> {
    const { db, clock } = this.#context;
    await insertState(db, CURSOR, {
      value: await this.#head(),
      now: await clock.now(),
    });
  }

  async read(): Promise<void> {
    const { db, clock, audit } = this.#context;
    await this.begin();
    const head = await this.#head();
    for (;;) {
      const read = (await readState<number>(db, CURSOR))?.value ?? head;
      // The end of the chain was set back: the record was damaged, or the database is an older backup.
      const afterSeq = Math.min(read, head);
      const records = await audit.list({ afterSeq, limit: BATCH });
      if (records.length === 0 && afterSeq === read) return;
      const about: EventMessage[] = [];
      const ofCampaigns: NewMessage[] = [];
      for (const record of records) {
        about.push(...(await this.#messagesFor(record)));
        ofCampaigns.push(...(await this.#messagesOfCampaign(record)));
      }
      const messages = await this.#named([...combined(about), ...ofCampaigns]);
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

  async #head(): Promise<number> {
    return (await this.#context.audit.head())?.seq ?? 0;
  }

  /** The messages with names of people instead of refs. Without an answer of the catalog, the parts of refs are names. */
  async #named(messages: readonly NewMessage[]): Promise<NewMessage[]> {
    const refs = refsIn(messages.map(({ payload }) => payload));
    const names =
      refs.length === 0
        ? new Map<string, string>()
        : await this.#context
            .namesOf(refs)
            .catch((): ReadonlyMap<string, string> => new Map());
    return messages.map(message => ({
      ...message,
      payload: withNames(message.payload, names),
    }));
  }

  async #messagesFor(record: AuditRecord): Promise<EventMessage[]> {
    const { operations } = this.#context;
    const { event, operationId } = record;
    if (!operationId || !EVENTS.has(event)) return [];
    const operation = await operations.get(operationId);
    if (!operation) return [];
    const messages: EventMessage[] = [];
    for (const [name, kind] of Object.entries(EVENT_KINDS)) {
      if (!kind.on.includes(event)) continue;
      const notice = kind.notice(operation, record);
      if (!notice) continue;
      const of = await this.#messagesOf(operation, kind.topic, notice);
      messages.push(...of.map(message => ({ ...message, kind: name })));
    }
    return messages;
  }

  /** One message for each recipient, whatever number of members it is about. */
  async #messagesOfCampaign(record: AuditRecord): Promise<NewMessage[]> {
    const messages: NewMessage[] = [];
    for (const kind of Object.values(CAMPAIGN_KINDS)) {
      const notice = kind.on.includes(record.event)
        ? kind.notice(record)
        : undefined;
      if (!notice) continue;
      const { to, scope, excluded, message } = notice;
      const recipients: ReadonlyMap<
        string,
        ReadonlySet<number>
      > = 'requester' in to
        ? new Map([[to.requester.toLowerCase(), new Set()]])
        : await this.#approversOf(to.approvals);
      for (const [recipient, positions] of recipients) {
        messages.push({
          scope,
          recipient,
          excluded: excluded?.toLowerCase(),
          payload: { topic: kind.topic, ...message(positions.size) },
        });
      }
    }
    return messages;
  }

  /** Recipients of requests for approvals, each with the positions of members: owners instead of their entities. */
  async #approversOf(
    approvals: readonly NeededApproval[],
  ): Promise<Map<string, Set<number>>> {
    const owners = await this.#ownersOfEntities(
      approvals.flatMap(({ entityRef }) => entityRef ?? []),
    );
    const asked = new Map<string, Set<number>>();
    for (const { permission, entityRef, positions } of approvals) {
      const refs = recipientsOf(this.#context.config.approvers, {
        needs: [{ permission, entityRef, because: '' }],
      });
      for (const ref of refs) {
        const recipient = owners.get(ref) ?? ref;
        const known = asked.get(recipient) ?? new Set();
        positions.forEach(position => known.add(position));
        asked.set(recipient, known);
      }
    }
    return asked;
  }

  /** Owners of entities as the catalog last said, by lower-cased refs. Backstage finds those of others. */
  async #ownersOfEntities(
    entityRefs: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const refs = [...new Set(entityRefs.map(ref => ref.toLowerCase()))];
    const owners = new Map<string, string>();
    for (const batch of batchesOf(refs, REFS_AT_ONCE)) {
      const rows = await this.#context
        .db('links')
        .whereIn('entity_ref', batch)
        .whereNotNull('owner')
        .select('entity_ref', 'owner');
      for (const { entity_ref: ref, owner } of rows) {
        if (owner) owners.set(ref, owner);
      }
    }
    return owners;
  }

  async #messagesOf(
    operation: OperationRecord,
    topic: string,
    { to, scope, excluded, message }: EventNotice,
  ): Promise<NewMessage[]> {
    const { recipients, others } = await this.#recipientsOf(operation, to);
    return recipients.map(recipient => ({
      scope,
      recipient,
      excluded: excluded?.toLowerCase(),
      payload: { topic, ...message(others) },
    }));
  }

  async #recipientsOf(
    operation: OperationRecord,
    to: EventNotice['to'],
  ): Promise<{ recipients: string[]; others: number }> {
    switch (to) {
      case 'requester':
        return { recipients: [operation.requestedBy.toLowerCase()], others: 0 };
      case 'approvers':
        return {
          recipients: recipientsOf(this.#context.config.approvers, {
            needs: operation.approval?.needs ?? [],
            newEntityRef:
              operation.intent.kind === 'create-registry'
                ? operation.entityRef
                : undefined,
          }),
          others: 0,
        };
      case 'losers':
        return this.#ownersOf(
          operation,
          registriesLosingKey(operation.effects),
        );
      case 'gainers':
        return this.#ownersOf(
          operation,
          registriesRegainingKey(operation.effects),
        );
      default:
        return assertNever(to);
    }
  }

  /** Owners of the operation's registry and of those that it hits, and the number of the others. */
  async #ownersOf(
    { entityRef, registryId }: OperationRecord,
    hit: ReadonlySet<string>,
  ): Promise<{ recipients: string[]; others: number }> {
    const { db, config, platform } = this.#context;
    const others = [...hit].filter(key => key !== registryId.key);
    const owners = await ownersOf(
      db,
      [registryId.key, ...others],
      config.bindings,
    );
    const recipients = new Set([...owners.values()].flat());
    // Backstage finds the owner of an entity.
    if (!owners.has(registryId.key)) recipients.add(entityRef.toLowerCase());
    const hasUnowned = others.some(key => !owners.has(key));
    if (hasUnowned) platform.forEach(ref => recipients.add(ref));
    return { recipients: [...recipients].sort(), others: others.length };
  }
}
