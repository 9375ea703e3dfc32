import {
  isTerminal,
  type OperationState,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditEntry } from '../platform/audit/AuditLog';
import { inTransaction } from '../platform/database/inTransaction';
import { judgeAgain } from '../inventory/rows/verdicts';
import { givesBack, type StepSpec } from '../domain/steps';
import type { StoresContext } from './context';
import { releaseLocks, resetSteps } from './locks';
import type { OperationStepRow } from '../platform/database/tables';
import { auditSubjectOf, type Columns } from './rows';
import {
  type Lease,
  type OperationRecord,
  PLUGIN_ACTOR,
  type PullWatch,
  type StepRecord,
} from './types';

/**
 * Changes that a worker can make to an operation that it holds. The state `held` gives an operation that has written
 * nothing back to its campaign, as if nobody had begun it.
 */
export interface OperationChange {
  state?: OperationState;
  outputs?: OperationRecord['outputs'];
  result?: OperationRecord['result'];
  approval?: 'expired';
  approvalExpiresAt?: number;
  /** Pulls that are tried from now on, and when next. */
  pulls?: { watch: PullWatch; dueAt: number | null };
  /** Null clears it. */
  waitingFor?: string | null;
  startedAt?: number;
  findings?: OperationRecord['findings'];
  /** Everything was done, and its registries are read again: others may work on them meanwhile. */
  provingSince?: number;
  /** Time at which a worker continues it. */
  dueAt?: number;
  /** Gives the operation back, so that another worker may take it. */
  release?: boolean;
  /** Keeps the count of interruptions, because their cause may recur. */
  keepsInterruptions?: true;
  step?: Partial<StepRecord> & { position: number };
  audit?: Omit<
    AuditEntry,
    'actor' | 'entityRef' | 'registryId' | 'operationId'
  >;
}

/**
 * Writes the changes of a worker to an operation that it holds, each fenced by its lease.
 *
 * Every write carries the epoch of the lease, and its answer says whether it landed: `false` means that
 * the lease was lost, to another worker or to time, and that nothing was written. It does not mean that
 * Azure has received nothing: that is read from Azure.
 */
export class WorkerWrites {
  readonly #context: StoresContext;
  readonly #leaseMs: number;
  readonly #settleMs: number;

  constructor(context: StoresContext) {
    this.#context = context;
    this.#leaseMs = context.limits.leaseSeconds * 1000;
    this.#settleMs = context.azure.callLimitMs;
  }

  /**
   * Writes a worker's change, renews its lease (or releases it), and writes the audit record with it.
   *
   * @returns false when the lease is lost, or when a late write was recorded before an end: another worker then ends the
   *   operation after that write has arrived. Nothing was written.
   */
  async write(lease: Lease, change: OperationChange): Promise<boolean> {
    const since = this.#context.azure.monotonic();
    const landed = await inTransaction(this.#context.db, async trx => {
      const now = await this.#context.clock.now(trx);
      const ended = change.state !== undefined && isTerminal(change.state);
      const isHeld = change.state === 'held';
      const given = change.release === true || ended || isHeld;
      const fields: Columns = {
        lease_until: given ? null : now + this.#leaseMs,
        silent_since: null,
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
      if (change.findings) fields.findings = JSON.stringify(change.findings);
      if (change.provingSince !== undefined) {
        fields.proving_since = change.provingSince;
      }
      if (isHeld) Object.assign(fields, { due_at: null, started_at: null });
      // It made progress: the cause of earlier interruptions has passed.
      const stepped = ['done', 'unchanged'].includes(change.step?.state ?? '');
      if ((given || stepped) && !change.keepsInterruptions) {
        fields.interruptions = 0;
      }
      if (change.approval) fields.approval = change.approval;
      if (change.approvalExpiresAt !== undefined) {
        fields.approval_expires_at = change.approvalExpiresAt;
      }
      if (change.pulls) {
        fields.pulls = JSON.stringify(change.pulls.watch);
        fields.pulls_due_at = change.pulls.dueAt;
      }
      if (ended) {
        fields.ended_at = now;
        fields.due_at = null;
      }
      const updated = await trx('operations')
        .where({ id: lease.operationId, epoch: lease.epoch })
        .where('lease_until', '>=', now)
        .modify(of => {
          if (ended) of.where(mayEnd(trx, lease, now));
        })
        .update({ ...fields, revision: trx.raw('revision + 1') });
      if (updated !== 1) return false;
      if (change.step) await this.#writeStep(trx, lease, change.step);
      if (isHeld) await resetSteps(trx, lease.operationId);
      if (ended) {
        // Also of one that failed: half a revoke is undone as well.
        await trx('operations')
          .where({ id: lease.operationId })
          .where('attempts', '>', 0)
          .whereNotNull('restore_after_minutes')
          .update({
            restores_at: trx.raw(
              'cast(? as bigint) + restore_after_minutes * 60000',
              [now],
            ),
          });
      }
      if (change.state === 'succeeded') await this.#markUndone(trx, lease);
      if (ended || isHeld || change.provingSince !== undefined) {
        await releaseLocks(trx, lease.operationId);
      }
      if (ended) await judgeUsersAgain(trx, lease.operationId);
      if (change.audit) {
        const row = await trx('operations')
          .where({ id: lease.operationId })
          .first('id', 'origin', 'requested_by', 'entity_ref', 'plan');
        await this.#context.audit.append(trx, {
          ...change.audit,
          ...auditSubjectOf(row!, isHeld ? PLUGIN_ACTOR : undefined),
        });
      }
      return true;
    });
    if (landed) lease.validUntil = since + this.#leaseMs;
    return landed;
  }

  /**
   * Records a write that was sent, or may have been, while the operation belonged to another worker. The
   * worker that has the operation now ends it after that write has arrived.
   */
  async lateWrite(
    operationId: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await inTransaction(this.#context.db, async trx => {
      const now = await this.#context.clock.now(trx);
      await trx('operations')
        .where({ id: operationId })
        .whereNull('ended_at')
        .update({ settles_at: now + this.#settleMs });
      const row = await trx('operations').where({ id: operationId }).first();
      await this.#context.audit.append(trx, {
        ...auditSubjectOf(row!),
        event: 'late-write',
        details,
      });
    });
  }

  /**
   * An operation that has succeeded, whatever it was asked for, undoes each revoke, of its registry or of
   * another one with the same key, whose whole inverse it has seen. Their timers stop.
   */
  async #markUndone(trx: Knex.Transaction, lease: Lease): Promise<void> {
    const steps = await trx('operation_steps')
      .where({ operation_id: lease.operationId })
      .whereIn('state', ['done', 'unchanged'])
      .select('spec');
    const seen = new Set(
      steps.flatMap(({ spec }) => givesBack(JSON.parse(spec)) ?? []),
    );
    if (seen.size === 0) return;
    // What cannot be named was not seen: a step of a newer release gives back nothing that is known here.
    const isSeen = (step: StepSpec) => seen.has(givesBack(step) ?? '');
    const pending = await trx('operations')
      .where({ kind: 'revoke' })
      .where('attempts', '>', 0)
      .whereNotNull('ended_at')
      .whereNull('undone_by')
      .select('id', 'inverse');
    const undone = pending.filter(({ inverse }) => {
      const taken: StepSpec[] = JSON.parse(inverse);
      return taken.length > 0 && taken.every(isSeen);
    });
    await trx('operations')
      .whereIn(
        'id',
        undone.map(({ id }) => id),
      )
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
    const fields: Partial<OperationStepRow> = {};
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
    if (step.attempts === undefined && step.state !== 'unchanged') return;
    // What a revoke wanted to take is gone: it counts as taken by this one, whose inverse gives it back. After a
    // failover to an older copy of the database, the record of its write is lost.
    await trx('operations')
      .where({ id: lease.operationId })
      .update({
        attempts: trx.raw(
          `(select sum(case when operations.kind = 'revoke' and operation_steps.state = 'unchanged'
            and operation_steps.attempts = 0 then 1 else operation_steps.attempts end)
            from operation_steps where operation_id = ?)`,
          [lease.operationId],
        ),
      });
  }
}

/** The end of an operation is part of the verdict on its registry, and on those with the same key. */
async function judgeUsersAgain(
  trx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  const own = await trx('registries')
    .whereIn(
      'id',
      trx('operations').where({ id: operationId }).select('registry_key'),
    )
    .first('id', 'vault_host', 'key_name');
  if (!own) return;
  await judgeAgain(trx, registries =>
    registries.where({ id: own.id }).orWhere({
      vault_host: own.vault_host,
      key_name: own.key_name,
      version_mode: 'manual',
    }),
  );
}

/** Whether nothing was written, or no write of a former worker can arrive any more. */
function mayEnd(trx: Knex.Transaction, { operationId }: Lease, now: number) {
  const written = trx('operation_steps')
    .where({ operation_id: operationId })
    .where('attempts', '>', 0);
  return (of: Knex.QueryBuilder) =>
    of
      .whereNull('settles_at')
      .orWhere('settles_at', '<=', now)
      .orWhereNotExists(written);
}
