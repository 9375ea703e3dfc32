import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import type { ApprovalStore } from '../../engine/ApprovalStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';
import type { Context } from '../../platform/context';
import type { Gate } from '../gate/Gate';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { RequestRecorder } from '../gate/RequestRecorder';
import type { MayRead } from '../mayRead';
import type { PlanStore } from '../plans/PlanStore';
import { AcceptanceService } from './AcceptanceService';
import { type AuditReader, createAuditReader } from './AuditReader';
import { DecisionService } from './DecisionService';
import { Inbox } from './Inbox';
import { OperationReader } from './OperationReader';
import { OperationStreams } from './OperationStreams';

/** Services of operations. */
export interface Operations {
  acceptance: AcceptanceService;
  operations: OperationReader;
  streams: OperationStreams;
  decisions: DecisionService;
  inbox: Inbox;
  audit: AuditReader;
}

export function createOperations(
  context: Context,
  parts: {
    operations: OperationQueries;
    acceptances: AcceptanceStore;
    approvals: ApprovalStore;
    plans: PlanStore;
    gate: Gate;
    catalog: CatalogLinks;
    permissionChecker: PermissionChecker;
    mayRead: MayRead;
    recorder: RequestRecorder;
    worker: { wake(): void };
    /** Called when an operation was accepted or decided about. */
    operationChanged(operation: OperationRecord): void;
  },
): Operations {
  const { operations, worker, operationChanged } = parts;
  const reader = new OperationReader(context, parts);
  return {
    acceptance: new AcceptanceService(context, {
      ...parts,
      reader,
      accepted: operation => {
        worker.wake();
        operationChanged(operation);
      },
    }),
    operations: reader,
    streams: new OperationStreams({ reader, operations, sleep: context.sleep }),
    decisions: new DecisionService(context, {
      ...parts,
      reader,
      approved: () => worker.wake(),
      changed: operationChanged,
    }),
    inbox: new Inbox(context, parts),
    audit: createAuditReader(context, parts),
  };
}
