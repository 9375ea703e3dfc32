import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import { startNotifications } from '../notifications/startNotifications';
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
  /** Calls the listener with each operation that has ended in this process. */
  onEnded(listener: (operation: OperationRecord) => void): void;
}

export async function createEngine(
  context: Context,
  parts: { knowledge: Knowledge; permissionChecker: PermissionChecker },
): Promise<Engine> {
  const { azure, limits } = context;
  const { knowledge, permissionChecker } = parts;
  const { inventory, managed, background, catalog, signals } = knowledge;
  const { acceptances, ...stores } = createOperationStores({
    ...context,
    leaseSeconds: limits.leaseSeconds,
    settleMs: azure.callLimitMs,
    monotonic: azure.monotonic,
  });
  const { operations } = stores;
  const { notifyAtOnce } = await startNotifications(context, {
    subscriptions: managed.subscriptions,
    operations,
    namesOf: refs => catalog.namesOf(refs),
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
  const worker = createWorker(context, {
    ...stores,
    changesSincePlan: operation => changesBeforeWrite(operation, plans),
    invalidate: operation => invalidate(operation, inventory),
    ended(operation) {
      listeners.forEach(listener => listener(operation));
      operationChanged(operation);
    },
  });
  return {
    operations,
    acceptances,
    approvals: new ApprovalStore(context),
    ...plans,
    worker,
    operationChanged,
    notifyAtOnce,
    onEnded: listener => listeners.push(listener),
  };
}
