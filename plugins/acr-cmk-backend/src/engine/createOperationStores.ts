import { AcceptanceStore } from './AcceptanceStore';
import type { StoresContext } from './context';
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

export function createOperationStores(context: StoresContext): OperationStores {
  const operations = new OperationQueries(context);
  return {
    operations,
    acceptances: new AcceptanceStore(context, operations),
    leases: new Leases(context),
    writes: new WorkerWrites(context),
  };
}
