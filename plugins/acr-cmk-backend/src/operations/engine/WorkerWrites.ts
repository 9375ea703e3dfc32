import {
  isTerminal,
  type OperationState,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEntry, AuditLog } from '../../audit/AuditLog';
import type { Clock } from '../../database/clock';
import type { Row } from './rows';
import type { Lease, OperationRecord, StepRecord } from './types';

/** What a worker may change of an operation that it holds. */
export interface OperationChange {
  state?: OperationState;
  outputs?: OperationRecord['outputs'];
  result?: OperationRecord['result'];
  approval?: 'expired';
  /** Null clears it. */
  waitingFor?: string | null;
  startedAt?: number;
  /** When a worker continues it. */
  dueAt?: number;
  /** Gives the operation back, so that another worker may take it. */
  release?: boolean;
  step?: Partial<StepRecord> & { position: number };
  audit?: Omit<
    AuditEntry,
    'actor' | 'entityRef' | 'registryId' | 'operationId'
  >;
}

/** What a worker writes of an operation that it holds, each time with the fence of its lease. */
export class WorkerWrites {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  readonly #leaseMs: number;

  constructor(options: {
    db: Knex;
    clock: Clock;
    audit: AuditLog;
    leaseMs: number;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#leaseMs = options.leaseMs;
  }

  /**
   * Writes a worker's change, renews its lease (or releases it), and writes the audit record with it.
   *
   * @returns false when the lease is lost; nothing was written then
   */
  async write(lease: Lease, change: OperationChange): Promise<boolean> {
    return this.#db.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const ended = change.state !== undefined && isTerminal(change.state);
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
}
