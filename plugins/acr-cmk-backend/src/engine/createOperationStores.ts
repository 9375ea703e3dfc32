import type { Knex } from 'knex';
import type { AuditLog } from '../platform/audit/AuditLog';
import type { Clock } from '../platform/database/clock';
import type { MonotonicClock } from '../platform/time/realClock';
import { AcceptanceStore } from './AcceptanceStore';
import { Leases } from './Leases';
import { OperationQueries } from './OperationQueries';
import { WorkerWrites } from './WorkerWrites';

/** The durable side of the engine: SQL and nothing else. Decisions of people are in `ApprovalStore`. */
export interface OperationStores {
  operations: OperationQueries;
  acceptances: AcceptanceStore;
  leases: Leases;
  writes: WorkerWrites;
}

export function createOperationStores(options: {
  db: Knex;
  clock: Clock;
  audit: AuditLog;
  /** Duration of a claim without a heartbeat. Longer than any single call to Azure. */
  leaseSeconds: number;
  /** Time after the end of a lease in which a write of its worker may still arrive at Azure. */
  settleMs: number;
  monotonic: MonotonicClock;
}): OperationStores {
  const { leaseSeconds, ...shared } = options;
  const lease = { ...shared, leaseMs: leaseSeconds * 1000 };
  const operations = new OperationQueries(shared);
  return {
    operations,
    acceptances: new AcceptanceStore({ ...shared, queries: operations }),
    leases: new Leases(lease),
    writes: new WorkerWrites(lease),
  };
}
