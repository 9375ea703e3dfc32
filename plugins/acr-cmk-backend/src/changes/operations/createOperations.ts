import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import type { ApprovalStore } from '../../engine/ApprovalStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import { actorOf, type OperationRecord } from '../../engine/types';
import { emitAuditorEvent } from '../../platform/audit/emitAuditorEvent';
import type { Context } from '../../platform/context';
import { DueLoop } from '../../platform/time/DueLoop';
import { runUntilShutdown } from '../../platform/time/runUntilShutdown';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { MayRead } from '../mayRead';
import type { Plans } from '../plans/createPlans';
import { AcceptanceService } from './AcceptanceService';
import { type AuditReader, createAuditReader } from './AuditReader';
import { DecisionService } from './DecisionService';
import { Inbox } from './Inbox';
import { OperationReader } from './OperationReader';
import { OperationStreams } from './OperationStreams';
import { followUpPulls } from './followUpPulls';
import { RestoreTimer } from './RestoreTimer';

/** Services of operations. */
export interface Operations {
  acceptance: AcceptanceService;
  operations: OperationReader;
  streams: OperationStreams;
  decisions: DecisionService;
  inbox: Inbox;
  audit: AuditReader;
}

interface OperationsParts extends Plans {
  operations: OperationQueries;
  acceptances: AcceptanceStore;
  approvals: ApprovalStore;
  catalog: CatalogLinks;
  permissionChecker: PermissionChecker;
  mayRead: MayRead;
  worker: { wake(): void };
  /** Called when an operation was accepted or decided about. */
  operationChanged(operation: OperationRecord): void;
}

export async function createOperations(
  context: Context,
  parts: OperationsParts,
): Promise<Operations> {
  const { operations, worker, operationChanged } = parts;
  const reader = new OperationReader(context, parts);
  const accepted = (operation: OperationRecord) => {
    worker.wake();
    operationChanged(operation);
  };
  await startFollowUps(context, { ...parts, accepted });
  return {
    acceptance: new AcceptanceService(context, { ...parts, reader, accepted }),
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

/** Starts the work that comes after operations have ended: pulls that show their effect, and restores when they are due. */
async function startFollowUps(
  context: Context,
  {
    accepted,
    ...parts
  }: OperationsParts & { accepted(operation: OperationRecord): void },
): Promise<void> {
  const { tasks, lifecycle, sleep } = context;
  await tasks.every(1, {
    id: 'acr-cmk-pulls',
    fn: signal => followUpPulls(context, signal),
  });
  const timer = new RestoreTimer({
    ...context,
    ...parts,
    plans: parts.planService,
    accepted: async restore => {
      accepted(restore);
      await emitAuditorEvent(context.auditor, {
        eventId: 'restore-timer',
        actor: actorOf(restore),
        meta: {
          onBehalfOf: restore.requestedBy,
          operationId: restore.id,
          registryId: restore.plan.registryId,
        },
      });
    },
  });
  const restores = new DueLoop(timer, context.logger);
  runUntilShutdown(lifecycle, stopped => restores.run(sleep, stopped));
}
