import {
  OperationStateConflict,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AuditLog } from '../../audit/AuditLog';
import { type Clock, isoTime } from '../../database/clock';
import { inTransaction } from '../../database/inTransaction';
import type { MonotonicClock } from '../../time/realClock';
import {
  type AcceptanceRequest,
  AcceptanceStore,
  type NewOperation,
} from './AcceptanceStore';
import { Leases } from './Leases';
import { type ListedOperations, OperationQueries } from './OperationQueries';
import { releaseLocks } from './locks';
import { auditSubjectOf, type Row } from './rows';
import type { Lease, OperationRecord } from './types';
import { type OperationChange, WorkerWrites } from './WorkerWrites';

export type { AcceptanceRequest, NewOperation } from './AcceptanceStore';
export { MAX_INTERRUPTIONS } from './Leases';
export type { OperationChange } from './WorkerWrites';

/**
 * The durable side of the engine, and the one way to it: SQL and nothing else.
 *
 * Every write of a worker carries the epoch of its lease, and its answer says whether it landed:
 * `false` means that the lease was lost, to another worker or to time, and that nothing was
 * written. It does not mean that Azure has received nothing: that is read from Azure.
 */
export class OperationStore {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  readonly #queries: OperationQueries;
  readonly #acceptances: AcceptanceStore;
  readonly #leases: Leases;
  readonly #workerWrites: WorkerWrites;

  constructor(options: {
    db: Knex;
    clock: Clock;
    audit: AuditLog;
    /** Duration of a claim without a heartbeat. Longer than any single call to Azure. */
    leaseSeconds: number;
    /** Time after the end of a lease in which a write of its worker may still arrive at Azure. */
    settleMs: number;
    monotonic: MonotonicClock;
  }) {
    const { db, clock, audit, settleMs, monotonic } = options;
    const leaseMs = options.leaseSeconds * 1000;
    this.#db = db;
    this.#clock = clock;
    this.#audit = audit;
    const queries = new OperationQueries({ db, clock });
    this.#queries = queries;
    this.#acceptances = new AcceptanceStore({ db, clock, audit, queries });
    this.#leases = new Leases({ db, clock, monotonic, leaseMs, settleMs });
    this.#workerWrites = new WorkerWrites({
      db,
      clock,
      audit,
      monotonic,
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
  accept(operation: NewOperation): Promise<OperationRecord> {
    return this.#acceptances.accept(operation);
  }

  /**
   * The operation that the same request made before, if it did.
   *
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  repeated(request: AcceptanceRequest): Promise<OperationRecord | undefined> {
    return this.#acceptances.repeated(request);
  }

  /**
   * The operation that the same request made before, or nothing when what it needs is free.
   *
   * @throws TargetBusy when another operation holds the registry or the key
   * @throws IdempotencyKeyReused when the key came with another request before
   */
  repeatedOrFree(
    request: AcceptanceRequest,
  ): Promise<OperationRecord | undefined> {
    return this.#acceptances.repeatedOrFree(request);
  }

  get(id: string): Promise<OperationRecord | undefined> {
    return this.#queries.get(id);
  }

  /** Newest first. */
  list(of: ListedOperations): Promise<OperationRecord[]> {
    return this.#queries.list(of);
  }

  /** An operation of this plan that was cancelled or rejected: then the plan is spent. */
  endedUnbegun(
    planId: string,
  ): Promise<{ id: string; state: string } | undefined> {
    return this.#queries.endedUnbegun(planId);
  }

  /** Finds the first of these locks that another operation holds, and that operation. */
  holderOf(
    targets: readonly string[],
    exceptFor?: string,
    options?: { forRevoke?: boolean },
  ): Promise<{ target: string; operationId: string } | undefined> {
    return this.#queries.holderOf(targets, exceptFor, options);
  }

  /** Keys of the registries that lose their key by an operation of another. */
  lossesOf(operationId: string): Promise<RegistryId[]> {
    return this.#queries.lossesOf(operationId);
  }

  /** The latest revoke by which a registry has lost its key, whichever registry it named. */
  revokeBehind(registryId: RegistryId): Promise<OperationRecord | undefined> {
    return this.#queries.revokeBehind(registryId);
  }

  /**
   * Revokes of a registry that took something away and are not undone, latest first. A rotation that
   * has succeeded since shows that the registry had its key again, so earlier ones do not count.
   */
  pendingRevokes(registryId: RegistryId): Promise<OperationRecord[]> {
    return this.#queries.pendingRevokes(registryId);
  }

  /** Whether there is a revoke that `pendingRevokes` would find. */
  hasPendingRevoke(registryId: RegistryId): Promise<boolean> {
    return this.#queries.hasPendingRevoke(registryId);
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
   * Records a write that was sent, or may have been, while the operation belonged to another worker. The
   * worker that has the operation now ends it after that write has arrived.
   */
  lateWrite(
    operationId: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.#workerWrites.lateWrite(operationId, details);
  }

  /** Milliseconds until the next operation is due, or undefined when none is due within `withinMs`. */
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
    await inTransaction(this.#db, async trx => {
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
        throw new OperationStateConflict(id, whyNotCancelled(row!));
      }
      await releaseLocks(trx, id);
      await this.#audit.append(trx, {
        ...auditSubjectOf(row!, by.actor),
        event: 'operation-cancelled',
        details: { reason: by.reason },
      });
    });
    return this.get(id) as Promise<OperationRecord>;
  }
}

function whyNotCancelled(row: Row | undefined): string {
  if (row && row.due_at === null) return `it has ended as ${row.state}`;
  if (row && Number(row.attempts) > 0) {
    return 'it has written to Azure, so it continues to its end; undo it afterwards';
  }
  return row?.silent_since
    ? `its worker was lost; another one takes over at ${isoTime(
        Number(row.lease_until),
      )}`
    : 'a worker is working on it now; try again';
}
