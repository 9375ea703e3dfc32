import type { Knex } from 'knex';
import { thoseAskedToApprove } from '../authority/deciders';
import type { AuditLog, AuditRecord } from '../audit/AuditLog';
import type { Bindings } from '../catalog/binding';
import type { NotificationKind, NotificationsConfig } from '../config';
import type { Clock } from '../database/clock';
import { inTransaction } from '../database/inTransaction';
import type { OperationStore } from '../operations/engine/OperationStore';
import { hasWritten } from '../operations/engine/run';
import type { OperationRecord } from '../operations/engine/types';
import { announceAt, approvalScope, withdrawApproval } from './approvalPace';
import { type NewMessage, putMessage } from './Outbox';
import { ownersOf } from './owners';
import { insertState, moveState, readState } from './state';
import { approvalOf, endOf, permanentOf, restoredOf, revokedOf } from './words';

/** Records of one transaction. */
const BATCH = 100;
const CURSOR = 'notifications-audit';

type Due = NewMessage & { kind: NotificationKind };

/** What one record comes to. */
interface Notice {
  /** What it is about. Default: none, so there are no messages. */
  operation?: OperationRecord;
  messages: Due[];
}

/**
 * Puts what has happened to operations into the outbox. It reads the audit record, which commits with
 * what it reports and has no gaps; how far it has read moves in the transaction of the messages, and
 * only for the one who moves it. So nothing is lost or reported twice, however many replicas read and
 * whenever one dies. What happened before it was switched on is not reported.
 */
export class OperationNotices {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #audit: Pick<AuditLog, 'list' | 'head'>;
  readonly #operations: Pick<OperationStore, 'get' | 'lossesOf'>;
  readonly #config: NotificationsConfig;
  readonly #bindings: Bindings;

  constructor(options: {
    db: Knex;
    clock: Clock;
    audit: Pick<AuditLog, 'list' | 'head'>;
    operations: Pick<OperationStore, 'get' | 'lossesOf'>;
    config: NotificationsConfig;
    /** `acrCmk.bindings` */
    bindings: Bindings;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#operations = options.operations;
    this.#config = options.config;
    this.#bindings = options.bindings;
  }

  /** What happens from now on is reported. Does nothing when that was begun before. */
  async begin(): Promise<void> {
    await insertState(this.#db, CURSOR, {
      value: await this.#head(),
      now: await this.#clock.now(),
    });
  }

  async read(): Promise<void> {
    await this.begin();
    const head = await this.#head();
    for (;;) {
      const read = (await readState<number>(this.#db, CURSOR))?.value ?? head;
      // Damage was acknowledged, and the record goes on from an earlier number.
      const afterSeq = Math.min(read, head);
      const records = await this.#audit.list({ afterSeq, limit: BATCH });
      if (records.length === 0 && afterSeq === read) return;
      const notices: Notice[] = [];
      for (const record of records) {
        notices.push(await this.#noticeOf(record));
      }
      const last = records.at(-1)?.seq ?? afterSeq;
      const moved = await inTransaction(this.#db, async trx => {
        const now = await this.#clock.now(trx);
        if (!(await moveState(trx, CURSOR, { from: read, to: last, now }))) {
          return false;
        }
        for (const notice of notices) await this.#put(trx, notice, now);
        return true;
      });
      if (!moved || records.length < BATCH) return;
    }
  }

  async #head(): Promise<number> {
    return (await this.#audit.head())?.seq ?? 0;
  }

  async #put(
    trx: Knex.Transaction,
    { operation, messages }: Notice,
    now: number,
  ): Promise<void> {
    if (!operation) return;
    if (operation.state !== 'awaiting-approval') {
      await withdrawApproval(trx, operation);
    }
    const wanted = messages.filter(({ kind }) => this.#config.kinds.has(kind));
    const asks = wanted.some(({ kind }) => kind === 'approval-wanted');
    const askAt = asks ? await announceAt(trx, operation, now) : now;
    for (const { kind, ...message } of wanted) {
      const dueAt = kind === 'approval-wanted' ? askAt : now;
      await putMessage(trx, { ...message, dueAt }, now);
    }
  }

  async #noticeOf(record: AuditRecord): Promise<Notice> {
    if (!record.operationId) return { messages: [] };
    switch (record.event) {
      case 'operation-accepted':
      case 'operation-approved':
      case 'operation-cancelled':
      case 'operation-rejected':
      case 'operation-ended':
      case 'revoke-confirmed': {
        const operation = await this.#operations.get(record.operationId);
        if (!operation) return { messages: [] };
        return {
          operation,
          messages: await this.#messagesOf(operation, record),
        };
      }
      default:
        return { messages: [] };
    }
  }

  async #messagesOf(
    operation: OperationRecord,
    record: AuditRecord,
  ): Promise<Due[]> {
    switch (record.event) {
      case 'operation-accepted':
        return this.#asked(operation);
      case 'operation-approved':
        return [];
      default:
        return this.#decidedOrEnded(operation, record);
    }
  }

  /** Those who could agree, unless that is over by now. */
  #asked(operation: OperationRecord): Due[] {
    if (operation.state !== 'awaiting-approval') return [];
    const { entityRefs, anywhere } = thoseAskedToApprove(operation);
    const platform = anywhere ? this.#config.platform : [];
    const recipients =
      platform.length > 0 || entityRefs.length > 0
        ? [...entityRefs, ...platform]
        : [operation.entityRef.toLowerCase()];
    return [...new Set(recipients)].map(recipient => ({
      kind: 'approval-wanted',
      scope: approvalScope(operation),
      recipient,
      excluded: operation.requestedBy.toLowerCase(),
      payload: approvalOf(operation),
    }));
  }

  async #decidedOrEnded(
    operation: OperationRecord,
    { event, actor, details }: AuditRecord,
  ): Promise<Due[]> {
    const { id, intent, state } = operation;
    const requester = operation.requestedBy.toLowerCase();
    if (event === 'revoke-confirmed') {
      const { recipients, others } = await this.#hitBy(operation, id);
      const reason = String(details.reason ?? '');
      return recipients.map(recipient => ({
        kind: 'revoked',
        scope: `permanent:${id}`,
        recipient,
        excluded: actor.toLowerCase(),
        payload: permanentOf(operation, { actor, reason, others }),
      }));
    }
    const due: Due[] = [];
    // Who cancels their own operation knows.
    if (event !== 'operation-cancelled' || actor.toLowerCase() !== requester) {
      due.push({
        kind: 'operation-ended',
        scope: `operation:${id}`,
        recipient: requester,
        payload: endOf(operation),
      });
    }
    if (intent.kind === 'revoke' && hasWritten(operation)) {
      const { recipients, others } = await this.#hitBy(operation, id);
      due.push(
        ...recipients.map(recipient => ({
          kind: 'revoked' as const,
          scope: `revoked:${id}`,
          recipient,
          excluded: requester,
          payload: revokedOf(operation, others),
        })),
      );
    }
    if (intent.kind === 'restore' && state === 'succeeded') {
      const { recipients, others } = await this.#hitBy(
        operation,
        (await this.#revokeNamedBy(operation)) ?? id,
      );
      due.push(
        ...recipients.map(recipient => ({
          kind: 'restored' as const,
          scope: `restored:${id}`,
          recipient,
          excluded: requester,
          payload: restoredOf(operation, others),
        })),
      );
    }
    return due;
  }

  /** The revoke that a restore names. One of another registry was not undone by it. */
  async #revokeNamedBy({
    intent,
    registryId,
  }: OperationRecord): Promise<string | undefined> {
    if (intent.kind !== 'restore' || !intent.operationId) return undefined;
    const named = await this.#operations.get(intent.operationId);
    return named?.registryId.equals(registryId) ? named.id : undefined;
  }

  /** Owners of the registries that a revoke has hit, and how many there are beside the named one. */
  async #hitBy(
    { entityRef, registryId }: OperationRecord,
    revokeId: string,
  ): Promise<{ recipients: string[]; others: number }> {
    const others = (await this.#operations.lossesOf(revokeId))
      .map(({ key }) => key)
      .filter(key => key !== registryId.key);
    const owners = await ownersOf(
      this.#db,
      [registryId.key, ...others],
      this.#bindings,
    );
    const recipients = new Set([...owners.values()].flat());
    // Backstage finds the owner of an entity.
    if (!owners.has(registryId.key)) recipients.add(entityRef.toLowerCase());
    const hasUnowned = others.some(key => !owners.has(key));
    if (hasUnowned) this.#config.platform.forEach(ref => recipients.add(ref));
    return { recipients: [...recipients].sort(), others: others.length };
  }
}
