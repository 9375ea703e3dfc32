import {
  AcceptanceUnknown,
  IdempotencyKeyReused,
  OperationStateConflict,
  type OperationState,
  type Plan,
  type RegistryId,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditLog } from '../../audit/AuditLog';
import type { Effect } from '../../cmk/effects';
import type { StepSpec } from '../../steps';
import type { Clock } from '../../database/clock';
import type { Stopwatch } from '../../Stopwatch';
import { isDatabaseAway } from '../../database/away';
import { isUniqueViolation } from '../../database/migrate';
import { Leases } from './Leases';
import { endUnbegun, unbegun } from './locks';
import { awaitingApproval, beginning, type Row, toRecord } from './rows';
import type { Lease, OperationRecord, Origin, StoredNeed } from './types';
import { type OperationChange, WorkerWrites } from './WorkerWrites';

export { MAX_INTERRUPTIONS } from './Leases';
export type { OperationChange } from './WorkerWrites';

/** What tells one request to accept a plan from another, and what it needs for itself. */
export interface AcceptanceRequest {
  requestedBy: string;
  idempotencyKey: string;
  /** Over everything in the request but the key: tells a repetition from a reuse. */
  requestHash: string;
  locks: readonly string[];
}

/** What accepting a plan stores. */
export interface NewOperation extends AcceptanceRequest {
  id: string;
  plan: Plan;
  steps: StepSpec[];
  inverse: StepSpec[];
  registryId: RegistryId;
  reason: string;
  /** How long a second person has to approve it; none is needed when absent. Milliseconds. */
  approvalExpiresAfterMs?: number;
  /** Whose agreement that takes. */
  needs?: readonly StoredNeed[];
  origin?: Origin;
  /** For the record. */
  effects?: readonly Effect[];
  /** More that has to hold, in the same transaction; what it throws undoes the acceptance. */
  also?(trx: Knex.Transaction): Promise<void>;
}

/**
 * The durable side of the engine: SQL and nothing else.
 *
 * Every write of a worker carries the epoch of its lease, and its answer says whether it landed:
 * `false` means that the lease was lost, to another worker or to time, and that nothing was
 * written. It does not say that Azure has seen nothing: that is asked of Azure.
 */
export class OperationStore {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  readonly #leases: Leases;
  readonly #workerWrites: WorkerWrites;

  constructor(options: {
    db: Knex;
    clock: Clock;
    audit: AuditLog;
    /** How long a claim holds without a sign of life. Longer than any single call to Azure. */
    leaseSeconds: number;
    /** How long after the end of a lease a write of its worker may still arrive at Azure. */
    settleMs: number;
    stopwatch: Stopwatch;
  }) {
    const { db, clock, audit, settleMs, stopwatch } = options;
    const leaseMs = options.leaseSeconds * 1000;
    this.#db = db;
    this.#clock = clock;
    this.#audit = audit;
    this.#leases = new Leases({ db, clock, stopwatch, leaseMs, settleMs });
    this.#workerWrites = new WorkerWrites({
      db,
      clock,
      audit,
      stopwatch,
      leaseMs,
      settleMs,
    });
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
    const before = await this.repeated(operation);
    if (before) return before;
    let isComplete = false;
    try {
      await this.#db.transaction(async trx => {
        const now = await this.#clock.now(trx);
        const { intent, waitingSeconds } = operation.plan;
        await trx('operations').insert({
          id: operation.id,
          revision: 1,
          ...(operation.approvalExpiresAfterMs === undefined
            ? beginning(now, waitingSeconds)
            : awaitingApproval(
                now,
                operation.approvalExpiresAfterMs,
                operation.needs ?? [],
              )),
          origin: operation.origin ?? 'person',
          waiting_seconds: waitingSeconds,
          restore_after_minutes:
            intent.kind === 'revoke'
              ? intent.restoreAfterMinutes ?? null
              : null,
          kind: operation.plan.intent.kind,
          plan_id: operation.plan.id,
          entity_ref: operation.plan.entityRef,
          registry_key: operation.registryId.key,
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
        // A request that waits for an approval holds nothing up. In one order for all, so that no
        // two wait for each other.
        const locks =
          operation.approvalExpiresAfterMs === undefined ? operation.locks : [];
        if (intent.kind === 'revoke') {
          const targets = locks;
          await endUnbegun(
            trx,
            { targets, revoke: operation, now },
            this.#audit,
          );
        }
        for (const target of [...locks].sort()) {
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
            effects: operation.effects,
            needs: operation.needs,
            origin: operation.origin,
          },
        });
        isComplete = true;
      });
    } catch (error) {
      if (isComplete) {
        // Only the answer to the commit is missing: the operation may well be there.
        const stored = await this.repeated(operation).catch(() => undefined);
        if (stored) return stored;
        throw isDatabaseAway(error)
          ? new AcceptanceUnknown(operation.idempotencyKey)
          : error;
      }
      if (!isUniqueViolation(error)) throw error;
      const winner = await this.repeatedOrFree(operation);
      if (winner) return winner;
      // The holder has ended since, so the locks are free now.
      if (attempts > 1) return this.accept(operation, attempts - 1);
      throw error;
    }
    return this.get(operation.id) as Promise<OperationRecord>;
  }

  /**
   * The operation that the same request made before, if it did.
   *
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async repeated({
    requestedBy,
    idempotencyKey,
    requestHash,
  }: AcceptanceRequest): Promise<OperationRecord | undefined> {
    const row = await this.#db('operations')
      .where({ requested_by: requestedBy, idempotency_key: idempotencyKey })
      .first('id', 'request_hash');
    if (!row) return undefined;
    if (row.request_hash !== requestHash)
      throw new IdempotencyKeyReused(row.id);
    return this.get(row.id);
  }

  /**
   * The operation that the same request made before, or nothing when what it needs is free.
   *
   * @throws TargetBusy when another operation holds the registry or the key
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  async repeatedOrFree(
    request: AcceptanceRequest,
  ): Promise<OperationRecord | undefined> {
    // In this order: a lock and the request that took it come with one commit.
    const holder = await this.holderOf(request.locks);
    const same = await this.repeated(request);
    if (holder && !same) {
      throw new TargetBusy(holder.target, holder.operationId);
    }
    return same;
  }

  /** An operation of this plan that was cancelled or rejected: then the plan is spent. */
  async endedUnbegun(
    planId: string,
  ): Promise<{ id: string; state: string } | undefined> {
    return this.#db('operations')
      .where({ plan_id: planId })
      .whereIn('state', ['cancelled', 'rejected'])
      .first('id', 'state');
  }

  /** Who holds the first of these locks that is held, by another operation than this one. */
  async holderOf(
    targets: readonly string[],
    exceptFor?: string,
    options: { forRevoke?: boolean } = {},
  ): Promise<{ target: string; operationId: string } | undefined> {
    const query = this.#db('operation_locks').whereIn('target', [...targets]);
    if (exceptFor) query.whereNot({ operation_id: exceptFor });
    if (options.forRevoke) {
      const now = await this.#clock.now();
      query.whereNotIn(
        'operation_id',
        unbegun(this.#db('operations'), now).select('id'),
      );
    }
    const row = await query.first();
    return row && { target: row.target, operationId: row.operation_id };
  }

  async get(id: string): Promise<OperationRecord | undefined> {
    const row = await this.#db('operations').where({ id }).first();
    return row && this.#read(row);
  }

  /** Newest first. */
  async list(of: {
    entityRef?: string;
    registryId?: RegistryId;
    kind?: string;
    state?: OperationState;
    limit: number;
  }): Promise<OperationRecord[]> {
    const query = this.#db('operations')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(of.limit);
    if (of.entityRef) {
      const { entityRef } = of;
      query.where(about =>
        about
          .where({ entity_ref: entityRef })
          // Its people are asked to agree.
          .orWhereLike(
            'needs',
            `%"entityRef":${JSON.stringify(entityRef.toLowerCase())}%`,
          ),
      );
    }
    if (of.registryId) query.where({ registry_key: of.registryId.key });
    if (of.kind) query.where({ kind: of.kind });
    if (of.state) query.where({ state: of.state });
    const rows = await query;
    const records = await Promise.all(rows.map((row: Row) => this.#read(row)));
    // LIKE takes an underscore for any letter.
    return records.filter(
      ({ entityRef, approval }) =>
        !of.entityRef ||
        entityRef === of.entityRef ||
        approval?.needs.some(
          need => need.entityRef === of.entityRef?.toLowerCase(),
        ),
    );
  }

  /** The latest revoke of a registry that took something away and is not undone, or the one with this id. */
  async latestRevoke(
    registryId: RegistryId,
    operationId?: string,
  ): Promise<OperationRecord | undefined> {
    const query = this.#db('operations')
      .where({ registry_key: registryId.key, kind: 'revoke' })
      .where('attempts', '>', 0)
      .orderBy('created_at', 'desc')
      .orderBy('id');
    if (operationId) query.where({ id: operationId });
    else query.whereNull('undone_by');
    const row = await query.first();
    return row && this.#read(row);
  }

  /**
   * Revokes of a registry that took something away and are not undone, latest first. A rotation that
   * has succeeded since shows that the registry had its key again, so earlier ones do not count.
   */
  async pendingRevokes(registryId: RegistryId): Promise<OperationRecord[]> {
    const rows = await this.#db('operations')
      .where({ registry_key: registryId.key, kind: 'revoke' })
      .where('attempts', '>', 0)
      .whereNotNull('ended_at')
      .whereNull('undone_by')
      .whereNotExists(
        this.#db('operations as later')
          .whereRaw('later.registry_key = operations.registry_key')
          .whereRaw('later.ended_at > operations.ended_at')
          .where({ 'later.kind': 'rotate', 'later.state': 'succeeded' })
          .select(this.#db.raw('1')),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id');
    return Promise.all(rows.map((row: Row) => this.#read(row)));
  }

  /** Takes one operation that is due and that nobody holds. */
  claim(owner: string): Promise<Lease | undefined> {
    return this.#leases.claim(owner);
  }

  /**
   * Makes a lease last as long as a new one.
   *
   * @returns false when it is lost
   */
  renew(lease: Lease): Promise<boolean> {
    return this.#leases.renew(lease);
  }

  /**
   * A write left, or may have left, while the operation belonged to another worker: on record, and
   * whoever has the operation now ends it after that write has arrived.
   */
  lateWrite(
    operationId: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.#workerWrites.lateWrite(operationId, details);
  }

  /** How long until the next operation is due, when that is within so many milliseconds. */
  msUntilDue(withinMs: number): Promise<number | undefined> {
    return this.#leases.msUntilDue(withinMs);
  }

  /**
   * Releases an operation after a fault of ours, for a later attempt.
   *
   * @returns false when the lease is lost
   */
  interrupted(lease: Lease): Promise<boolean> {
    return this.#leases.interrupted(lease);
  }

  /**
   * Writes a worker's change, renews its lease (or releases it), and writes the audit record with it.
   *
   * @returns false when the lease is lost; nothing was written then
   */
  write(lease: Lease, change: OperationChange): Promise<boolean> {
    return this.#workerWrites.write(lease, change);
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
    const now = await this.#clock.now();
    await this.#db.transaction(async trx => {
      // One statement, about one row: a worker that claims or announces a write changes the same row,
      // so one of the two finds that it came too late.
      const landed = await trx('operations')
        .where({ id, attempts: 0 })
        .whereNotNull('due_at')
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .update({
          revision: trx.raw('revision + 1'),
          epoch: trx.raw('epoch + 1'),
          state: 'cancelled',
          ended_at: now,
          due_at: null,
          waiting_for: null,
          result: JSON.stringify({
            message: `Cancelled by ${by.actor}: ${by.reason}`,
          }),
        });
      const row = await trx('operations').where({ id }).first();
      if (landed !== 1) {
        throw new OperationStateConflict(id, whyNotCancelled(row));
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
    return toRecord(row, steps);
  }
}

function whyNotCancelled(row: Row | undefined): string {
  if (row && row.due_at === null) return `it has ended as ${row.state}`;
  if (row && Number(row.attempts) > 0) {
    return 'it has written to Azure, so it continues to its end; undo it afterwards';
  }
  return 'a worker is working on it now; try again';
}
