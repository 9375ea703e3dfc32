import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import { startNotifications } from '../notifications/startNotifications';
import { findingsBefore, newFindings } from '../changes/campaigns/findings';
import { nextOpenAt } from '../changes/campaigns/windows';
import { changesBeforeWrite } from '../changes/operations/changesBeforeWrite';
import { ApprovalStore } from '../engine/ApprovalStore';
import {
  createOperationStores,
  type OperationStores,
} from '../engine/createOperationStores';
import { createWorker } from '../engine/createWorker';
import type { OperationsWorker } from '../engine/OperationsWorker';
import type { OperationRecord } from '../engine/types';
import { invalidate } from '../changes/operations/invalidate';
import { createPlans, type Plans } from '../changes/plans/createPlans';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/** Parts that plan and carry out operations, and notify people. */
export interface Engine
  extends Plans, Pick<OperationStores, 'operations' | 'acceptances'> {
  approvals: ApprovalStore;
  worker: OperationsWorker;
  /** An operation of this registry was accepted, decided about, or has ended. */
  operationChanged(operation: Pick<OperationRecord, 'registryId'>): void;
  /** Reports what is new in the audit record at once, where people are notified. */
  notifyAtOnce(): void;
  /** Calls the listener with each operation that a worker of this process has let go: it has ended, or waits. */
  onLetGo(listener: (operation: OperationRecord) => void): void;
}

export async function createEngine(
  context: Context,
  parts: { knowledge: Knowledge; permissionChecker: PermissionChecker },
): Promise<Engine> {
  const { clock, config } = context;
  const { knowledge, permissionChecker } = parts;
  const { inventory, judge, managed, background, catalog, signals } = knowledge;
  const { acceptances, ...stores } = createOperationStores(context);
  const { operations } = stores;
  const { notifyAtOnce } = await startNotifications(context, {
    subscriptions: managed.subscriptions,
    operations,
    namesOf: refs => catalog.namesOf(refs),
    judge,
    background,
  });
  const operationChanged: Engine['operationChanged'] = ({ registryId }) => {
    signals.changed([registryId]);
    notifyAtOnce();
  };
  const plans = await createPlans(context, {
    inventory,
    operations,
    catalog,
    permissionChecker,
  });
  const listeners: ((operation: OperationRecord) => void)[] = [];
  const letGo = (operation: OperationRecord) =>
    listeners.forEach(listener => listener(operation));
  const worker = createWorker(context, {
    ...stores,
    changesSincePlan: operation => changesBeforeWrite(operation, plans),
    findingsBefore: operation =>
      findingsBefore(operation, { inventory, clock }),
    newFindings: operation => newFindings(operation, { inventory, clock }),
    awaitsApprovalUntil: now => nextOpenAt(config.campaigns, now),
    invalidate: operation => invalidate(operation, inventory),
    ended(operation) {
      letGo(operation);
      operationChanged(operation);
    },
    letGo,
  });
  return {
    operations,
    acceptances,
    approvals: new ApprovalStore(context),
    ...plans,
    worker,
    operationChanged,
    notifyAtOnce,
    onLetGo: listener => listeners.push(listener),
  };
}
