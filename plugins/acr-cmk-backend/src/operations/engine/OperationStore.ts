import {
  type Operation,
  type OperationOffer,
  OperationStateConflict,
  type OperationState,
  TargetBusy,
  IdempotencyKeyReused,
  type Plan,
  TERMINAL_STATES,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEntry, AuditLog } from '../../audit/AuditLog';
import { describeStep, type StepSpec } from '../../steps';
import { type Clock, isoTime } from '../../database/clock';
import { isUniqueViolation } from '../../database/migrate';
import type { Lease, OperationRecord, StepRecord } from './types';

/** What accepting a plan stores. */
export interface NewOperation {
  id: string;
  plan: Plan;
  steps: StepSpec[];
  inverse: StepSpec[];
  locks: string[];
  registryKey: string;
  reason: string;
  requestedBy: string;
  idempotencyKey: string;
  /** How long a second person has to approve it; none is needed when absent. Milliseconds. */
  approvalExpiresAfterMs?: number;
  /** More that has to hold, in the same transaction; what it throws undoes the acceptance. */
  also?(trx: Knex.Transaction): Promise<void>;
  /** Over everything in the request but the key: tells a repetition from a reuse. */
  requestHash: string;
}

/** What a worker may change of an operation that it holds. */
export interface OperationChange {
  state?: OperationState;
  outputs?: OperationRecord['outputs'];
  result?: OperationRecord['result'];
  approval?: 'expired';
  /** Null takes it away. */
  waitingFor?: string | null;
  startedAt?: number;
  /** When a worker shall look again. */
  dueAt?: number;
  /** Gives the operation back, so that another worker may take it. */
  release?: boolean;
  step?: Partial<StepRecord> & { position: number };
  audit?: Omit<
    AuditEntry,
    'actor' | 'entityRef' | 'registryId' | 'operationId'
  >;
}

/** Faults of ours in a row, without any progress between them, before an operation is given up. */
export const MAX_INTERRUPTIONS = 10;
/** Doubles with each fault, up to the maximum: ten of them take some five minutes. */
const FIRST_INTERRUPTION_MS = 1000;
const MAX_INTERRUPTION_MS = 60_000;

const interruptionBackoffMs = (interruptions: number) =>
  Math.min(
    FIRST_INTERRUPTION_MS * 2 ** (interruptions - 1),
    MAX_INTERRUPTION_MS,
  );

type Row = Record<string, any>;

/** The columns of an operation that may begin: now, or after its waiting period. */
export function beginning(now: number, waitingSeconds: number): Row {
  if (waitingSeconds === 0) {
    return { state: 'queued', waiting_for: null, due_at: now };
  }
  const beginsAt = now + waitingSeconds * 1000;
  return {
    state: 'waiting',
    waiting_for: 'The waiting period: it can be cancelled until it begins',
    due_at: beginsAt,
    begins_at: beginsAt,
  };
}

function awaitingApproval(now: number, expiresAfterMs: number): Row {
  const expiresAt = now + expiresAfterMs;
  return {
    state: 'awaiting-approval',
    waiting_for: 'A second person has to approve it',
    due_at: expiresAt,
    approval: 'pending',
    approval_expires_at: expiresAt,
  };
}

const optional = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

/**
 * The durable side of the engine.
 *
 * Every write of a worker carries the epoch of its lease, and its answer says whether it landed:
 * `false` means that the lease was lost, to another worker or to time, and that nothing was
 * written. It does not say that Azure has seen nothing: that is asked of Azure.
 */
export class OperationStore {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  readonly #leaseMs: number;

  constructor(options: {
    db: Knex;
    clock: Clock;
    audit: AuditLog;
    /** How long a claim holds without a sign of life. Longer than any single call to Azure. */
    leaseSeconds: number;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#leaseMs = options.leaseSeconds * 1000;
  }

  /**
   * Stores an accepted plan, takes its locks and writes the audit record, all or nothing.
   *
   * @returns the operation, new or the one that the same request made before
   * @throws TargetBusy when another operation holds the registry or the key
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async accept(
    operation: NewOperation,
    attempts = 3,
  ): Promise<OperationRecord> {
    const before = await this.#repeated(operation);
    if (before) return before;
    try {
      await this.#db.transaction(async trx => {
        const now = await this.#clock.now(trx);
        const { intent, waitingSeconds } = operation.plan;
        await trx('operations').insert({
          id: operation.id,
          revision: 1,
          ...(operation.approvalExpiresAfterMs === undefined
            ? beginning(now, waitingSeconds)
            : awaitingApproval(now, operation.approvalExpiresAfterMs)),
          waiting_seconds: waitingSeconds,
          restore_after_minutes:
            intent.kind === 'revoke'
              ? intent.restoreAfterMinutes ?? null
              : null,
          kind: operation.plan.intent.kind,
          plan_id: operation.plan.id,
          entity_ref: operation.plan.entityRef,
          registry_key: operation.registryKey,
          requested_by: operation.requestedBy,
          idempotency_key: operation.idempotencyKey,
          request_hash: operation.requestHash,
          reason: operation.reason,
          plan: JSON.stringify(operation.plan),
          inverse: JSON.stringify(operation.inverse),
          outputs: '{}',
          created_at: now,
          epoch: 0,
        });
        // In one order for all, so that no two wait for each other.
        for (const target of [...operation.locks].sort()) {
          await trx('operation_locks').insert({
            target,
            operation_id: operation.id,
          });
        }
        for (const [position, spec] of operation.steps.entries()) {
          await trx('operation_steps').insert({
            operation_id: operation.id,
            position,
            state: 'pending',
            spec: JSON.stringify(spec),
            checkpoint: '{}',
            attempts: 0,
          });
        }
        await operation.also?.(trx);
        await this.#audit.append(trx, {
          event: 'operation-accepted',
          actor: operation.requestedBy,
          entityRef: operation.plan.entityRef,
          registryId: operation.plan.registryId,
          operationId: operation.id,
          details: {
            intent: operation.plan.intent,
            planHash: operation.plan.hash,
            reason: operation.reason,
          },
        });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // In this order: a lock and the request that took it come with one commit.
      const holder = await this.holderOf(operation.locks);
      const winner = await this.#repeated(operation);
      if (winner) return winner;
      if (holder) throw new TargetBusy(holder.target, holder.operationId);
      // Who held it has ended since: what was taken is free now.
      if (attempts > 1) return this.accept(operation, attempts - 1);
      throw error;
    }
    return this.get(operation.id) as Promise<OperationRecord>;
  }

  async #repeated(
    operation: NewOperation,
  ): Promise<OperationRecord | undefined> {
    const row = await this.#db('operations')
      .where({
        requested_by: operation.requestedBy,
        idempotency_key: operation.idempotencyKey,
      })
      .first('id', 'request_hash');
    if (!row) return undefined;
    if (row.request_hash !== operation.requestHash) {
      throw new IdempotencyKeyReused(row.id);
    }
    return this.get(row.id);
  }

  /** The operation a request made before, if it did. */
  async findRequest(
    requestedBy: string,
    idempotencyKey: string,
  ): Promise<{ id: string; requestHash: string } | undefined> {
    const row = await this.#db('operations')
      .where({ requested_by: requestedBy, idempotency_key: idempotencyKey })
      .first('id', 'request_hash');
    return row && { id: row.id, requestHash: row.request_hash };
  }

  /** Who holds the first of these locks that is held. */
  async holderOf(
    targets: readonly string[],
  ): Promise<{ target: string; operationId: string } | undefined> {
    const row = await this.#db('operation_locks')
      .whereIn('target', [...targets])
      .first();
    return row && { target: row.target, operationId: row.operation_id };
  }

  async get(id: string): Promise<OperationRecord | undefined> {
    const row = await this.#db('operations').where({ id }).first();
    return row && this.#read(row);
  }

  /** Newest first. */
  async list(of: {
    entityRef?: string;
    registryKey?: string;
    kind?: string;
    state?: OperationState;
    limit: number;
  }): Promise<OperationRecord[]> {
    const query = this.#db('operations')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(of.limit);
    if (of.entityRef) query.where({ entity_ref: of.entityRef });
    if (of.registryKey) query.where({ registry_key: of.registryKey });
    if (of.kind) query.where({ kind: of.kind });
    if (of.state) query.where({ state: of.state });
    const rows = await query;
    return Promise.all(rows.map((row: Row) => this.#read(row)));
  }

  /** The operation that is at work on a registry now. */
  async runningOn(registryKey: string): Promise<string | undefined> {
    const row = await this.#db('operation_locks')
      .where({ target: registryKey })
      .first('operation_id');
    return row?.operation_id;
  }

  /**
   * Takes one operation that is due and that nobody holds.
   *
   * Two workers may see the same row; the epoch lets one of them through.
   */
  async claim(owner: string): Promise<Lease | undefined> {
    for (;;) {
      const now = await this.#clock.now();
      const row = await this.#db('operations')
        .whereNotNull('due_at')
        .where('due_at', '<=', now)
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .orderBy('due_at')
        .first('id', 'epoch');
      if (!row) return undefined;
      const epoch = Number(row.epoch) + 1;
      // Its holder may have prolonged the lease since it was read: then it is not free after all.
      const taken = await this.#db('operations')
        .where({ id: row.id, epoch: row.epoch })
        .whereNotNull('due_at')
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .update({
          epoch,
          lease_owner: owner,
          lease_until: now + this.#leaseMs,
          // Whoever had it has neither given it back nor prolonged it.
          interruptions: this.#db.raw(
            'case when lease_until is null then interruptions else interruptions + 1 end',
          ),
        });
      if (taken === 1) return { operationId: row.id, epoch };
    }
  }

  /** How long until the next operation is due, when that is within so many milliseconds. */
  async msUntilDue(withinMs: number): Promise<number | undefined> {
    const now = await this.#clock.now();
    const row = await this.#db('operations')
      .where('due_at', '>', now)
      .where('due_at', '<=', now + withinMs)
      .orderBy('due_at')
      .first('due_at');
    return row && Number(row.due_at) - now;
  }

  /**
   * Gives an operation back after a fault of ours, for a later attempt.
   *
   * @returns false when the lease is lost
   */
  async interrupted(lease: Lease): Promise<boolean> {
    const row = await this.#db('operations')
      .where({ id: lease.operationId })
      .first('interruptions');
    const interruptions = Number(row?.interruptions ?? 0) + 1;
    const now = await this.#clock.now();
    const landed = await this.#db('operations')
      .where({ id: lease.operationId, epoch: lease.epoch })
      .where('lease_until', '>=', now)
      .update({
        revision: this.#db.raw('revision + 1'),
        interruptions,
        due_at: now + interruptionBackoffMs(interruptions),
        waiting_for: `A fault of this plugin interrupted it (attempt ${interruptions} of ${MAX_INTERRUPTIONS}); it is tried again`,
        lease_owner: null,
        lease_until: null,
      });
    return landed === 1;
  }

  /**
   * Writes what a worker has to say, prolongs its lease (or gives it back), and writes the audit
   * record with it.
   *
   * @returns false when the lease is lost; nothing was written then
   */
  async write(lease: Lease, change: OperationChange): Promise<boolean> {
    return this.#db.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const ended =
        change.state !== undefined &&
        (TERMINAL_STATES as readonly string[]).includes(change.state);
      const given = change.release === true || ended;
      const fields: Row = {
        revision: trx.raw('revision + 1'),
        lease_until: given ? null : now + this.#leaseMs,
        ...(given ? { lease_owner: null } : {}),
      };
      if (change.state) fields.state = change.state;
      if (change.outputs) fields.outputs = JSON.stringify(change.outputs);
      if (change.result) fields.result = JSON.stringify(change.result);
      if (change.waitingFor !== undefined) {
        fields.waiting_for = change.waitingFor;
      }
      if (change.startedAt !== undefined) fields.started_at = change.startedAt;
      if (change.dueAt !== undefined) fields.due_at = change.dueAt;
      // It got on: what interrupted it before has passed.
      const stepped = ['done', 'unchanged'].includes(change.step?.state ?? '');
      if (given || stepped) fields.interruptions = 0;
      if (change.approval) fields.approval = change.approval;
      if (ended) {
        fields.ended_at = now;
        fields.due_at = null;
        // Also of one that failed: half a revoke is undone as well.
        const wrote = await trx('operation_steps')
          .where({ operation_id: lease.operationId })
          .where('attempts', '>', 0)
          .first('position');
        if (wrote) {
          fields.restores_at = trx.raw(
            'case when restore_after_minutes is null then null else cast(? as bigint) + restore_after_minutes * 60000 end',
            [now],
          );
        }
      }
      const landed = await trx('operations')
        .where({ id: lease.operationId, epoch: lease.epoch })
        .where('lease_until', '>=', now)
        .update(fields);
      if (landed !== 1) return false;
      if (change.step) await this.#writeStep(trx, lease, change.step);
      if (change.state === 'succeeded') await this.#markUndone(trx, lease);
      if (ended) {
        await trx('operation_locks')
          .where({ operation_id: lease.operationId })
          .delete();
      }
      if (change.audit) {
        const row = await trx('operations')
          .where({ id: lease.operationId })
          .first('requested_by', 'entity_ref', 'plan');
        await this.#audit.append(trx, {
          ...change.audit,
          actor: row.requested_by,
          entityRef: row.entity_ref,
          registryId: JSON.parse(row.plan).registryId,
          operationId: lease.operationId,
        });
      }
      return true;
    });
  }

  /** A restore that has succeeded undoes every revoke of its registry, and their timers. */
  async #markUndone(trx: Knex.Transaction, lease: Lease): Promise<void> {
    const restore = await trx('operations')
      .where({ id: lease.operationId, kind: 'restore' })
      .first('registry_key');
    if (!restore) return;
    await trx('operations')
      .where({ registry_key: restore.registry_key, kind: 'revoke' })
      .whereNotNull('ended_at')
      .whereNull('undone_by')
      .update({
        revision: trx.raw('revision + 1'),
        undone_by: lease.operationId,
        restores_at: null,
        restore_after_minutes: null,
      });
  }

  async #writeStep(
    trx: Knex.Transaction,
    lease: Lease,
    step: Partial<StepRecord> & { position: number },
  ): Promise<void> {
    const fields: Row = {};
    if (step.state) fields.state = step.state;
    if (step.checkpoint) fields.checkpoint = JSON.stringify(step.checkpoint);
    if (step.before) fields.before = JSON.stringify(step.before);
    if (step.after) fields.after = JSON.stringify(step.after);
    if (step.attempts !== undefined) fields.attempts = step.attempts;
    if (step.correlationId) fields.correlation_id = step.correlationId;
    if (step.message !== undefined) fields.message = step.message;
    if (step.startedAt !== undefined) fields.started_at = step.startedAt;
    if (step.endedAt !== undefined) fields.ended_at = step.endedAt;
    await trx('operation_steps')
      .where({ operation_id: lease.operationId, position: step.position })
      .update(fields);
  }

  /**
   * Ends an operation that has written nothing to Azure yet.
   *
   * @throws OperationStateConflict when it has, or has ended
   */
  async cancel(
    id: string,
    by: { actor: string; reason: string },
  ): Promise<OperationRecord> {
    await this.#db.transaction(async trx => {
      const now = await this.#clock.now(trx);
      // The row first: what a worker does from here on changes its epoch, and is noticed.
      const row = await trx('operations').where({ id }).first();
      const wrote = await trx('operation_steps')
        .where({ operation_id: id })
        .where('attempts', '>', 0)
        .first('position');
      if (wrote) {
        throw new OperationStateConflict(
          id,
          'it has written to Azure, so it goes on to its end; undo it afterwards',
        );
      }
      const landed = await trx('operations')
        .where({ id, epoch: row?.epoch ?? -1 })
        .whereNotNull('due_at')
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .update({
          revision: trx.raw('revision + 1'),
          epoch: Number(row?.epoch ?? 0) + 1,
          state: 'cancelled',
          ended_at: now,
          due_at: null,
          waiting_for: null,
          result: JSON.stringify({
            message: `Cancelled by ${by.actor}: ${by.reason}`,
          }),
        });
      if (landed !== 1) {
        throw new OperationStateConflict(
          id,
          row?.due_at === null
            ? `it has ended as ${row.state}`
            : 'a worker is at it now; try again',
        );
      }
      await trx('operation_locks').where({ operation_id: id }).delete();
      await this.#audit.append(trx, {
        event: 'operation-cancelled',
        actor: by.actor,
        entityRef: row.entity_ref,
        registryId: JSON.parse(row.plan).registryId,
        operationId: id,
        details: { reason: by.reason },
      });
    });
    return this.get(id) as Promise<OperationRecord>;
  }

  async #read(row: Row): Promise<OperationRecord> {
    const steps = await this.#db('operation_steps')
      .where({ operation_id: row.id })
      .orderBy('position');
    const plan: Plan = JSON.parse(row.plan);
    return {
      id: row.id,
      revision: Number(row.revision),
      state: row.state,
      intent: plan.intent,
      entityRef: row.entity_ref,
      registryKey: row.registry_key,
      requestedBy: row.requested_by,
      reason: row.reason,
      plan,
      inverse: JSON.parse(row.inverse),
      outputs: JSON.parse(row.outputs),
      result: row.result ? JSON.parse(row.result) : undefined,
      waitingFor: row.waiting_for ?? undefined,
      interruptions: Number(row.interruptions),
      createdAt: Number(row.created_at),
      approval: row.approval
        ? {
            state: row.approval,
            by: row.approval_by ?? undefined,
            at: optional(row.approval_at),
            expiresAt: optional(row.approval_expires_at),
          }
        : undefined,
      beginsAt: optional(row.begins_at),
      restoresAt: optional(row.restores_at),
      confirmedBy: row.confirmed_by ?? undefined,
      undoneBy: row.undone_by ?? undefined,
      startedAt: optional(row.started_at),
      endedAt: optional(row.ended_at),
      dueAt: optional(row.due_at),
      steps: steps.map((step: Row) => ({
        position: Number(step.position),
        spec: JSON.parse(step.spec),
        state: step.state,
        checkpoint: JSON.parse(step.checkpoint),
        before: step.before ? JSON.parse(step.before) : undefined,
        after: step.after ? JSON.parse(step.after) : undefined,
        attempts: Number(step.attempts),
        correlationId: step.correlation_id ?? undefined,
        message: step.message ?? undefined,
        startedAt: optional(step.started_at),
        endedAt: optional(step.ended_at),
      })),
    };
  }
}

/** An operation as the API shows it, with what its reader may do with it. */
export function toOperation(
  record: OperationRecord,
  actions: OperationOffer[] = [],
): Operation {
  const time = (at: number | undefined) =>
    at === undefined ? undefined : isoTime(at);
  return {
    id: record.id,
    revision: record.revision,
    state: record.state,
    intent: record.intent,
    entityRef: record.entityRef,
    registryId: record.plan.registryId,
    registryName: record.plan.registryName,
    plan: record.plan,
    reason: record.reason,
    requestedBy: record.requestedBy,
    approval: record.approval && {
      state: record.approval.state,
      by: record.approval.by,
      at: time(record.approval.at),
      expiresAt:
        record.approval.state === 'pending'
          ? time(record.approval.expiresAt)
          : undefined,
    },
    beginsAt: time(record.beginsAt),
    restoresAt: time(record.restoresAt),
    confirmedBy: record.confirmedBy,
    actions,
    createdAt: isoTime(record.createdAt),
    startedAt: time(record.startedAt),
    endedAt: time(record.endedAt),
    waiting:
      record.waitingFor && record.dueAt !== undefined
        ? { message: record.waitingFor, until: isoTime(record.dueAt) }
        : undefined,
    result: record.result ?? null,
    steps: record.steps.map(step => ({
      index: step.position,
      ...describeStep(step.spec),
      state: step.state,
      attempts: step.attempts,
      startedAt: time(step.startedAt),
      endedAt: time(step.endedAt),
      evidence: evidenceOf(step),
      correlationId: step.correlationId,
      message: step.message,
    })),
  };
}

function evidenceOf({ before = [], after = [] }: StepRecord) {
  const whats = [...new Set([...before, ...after].map(({ what }) => what))];
  const value = (observations: StepRecord['before'], what: string) =>
    observations?.find(look => look.what === what)?.value ?? '—';
  return whats.map(what => ({
    what,
    before: value(before, what),
    after: value(after, what),
  }));
}
