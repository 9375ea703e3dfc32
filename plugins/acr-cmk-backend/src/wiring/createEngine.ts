import { hostname } from 'node:os';
import { emitAuditorEvent } from '../platform/audit/emitAuditorEvent';
import { Gate } from '../changes/gate/Gate';
import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import { startNotifications } from '../notifications/startNotifications';
import { changesBeforeWrite } from '../changes/operations/changesBeforeWrite';
import type { AcceptanceStore } from '../engine/AcceptanceStore';
import { createOperationStores } from '../engine/createOperationStores';
import type { OperationQueries } from '../engine/OperationQueries';
import { OperationsWorker } from '../engine/OperationsWorker';
import { actorOf, type OperationRecord } from '../engine/types';
import { invalidate } from '../changes/operations/invalidate';
import { PlanMaker } from '../changes/plans/PlanMaker';
import { PlanStore } from '../changes/plans/PlanStore';
import { sleep } from '../platform/time/realClock';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/**
 * Operations that one process carries on at once. Each is mostly waiting for Azure: two reads of 100 ms and 10 ms of
 * the thread for a look at an update. More at once would take the thread from people after a restart.
 */
const CONCURRENCY = 8;

/** Parts that carry out operations and notify people. */
export interface Engine {
  operations: OperationQueries;
  acceptances: AcceptanceStore;
  plans: PlanStore;
  planMaker: PlanMaker;
  gate: Gate;
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
  const { config, limits, db, clock, audit, azure, telemetry } = context;
  const { knowledge, permissionChecker } = parts;
  const { inventory, managed, background, catalog, signals } = knowledge;
  const { acceptances, ...stores } = createOperationStores({
    db,
    clock,
    audit,
    leaseSeconds: limits.leaseSeconds,
    settleMs: azure.callLimitMs,
    monotonic: azure.monotonic,
  });
  const { operations } = stores;
  const notifications = await startNotifications(context, {
    subscriptions: managed.subscriptions,
    operations,
    namesOf: refs => catalog.namesOf(refs),
    background,
  });
  const operationChanged: Engine['operationChanged'] = ({ registryId }) => {
    signals.changed([registryId]);
    notifications.notifyAtOnce();
  };
  const plans = new PlanStore({ db, cloud: config.cloud });
  const planMaker = new PlanMaker({
    inventory,
    operations,
    azure,
    allows: config.allows,
  });
  const gate = new Gate({
    config,
    catalog,
    permissionChecker,
    plans: planMaker,
  });
  const listeners: ((operation: OperationRecord) => void)[] = [];
  const ended = async (operation: OperationRecord) => {
    listeners.forEach(listener => listener(operation));
    const { id, state, intent, plan, result } = operation;
    const { createdAt, endedAt = createdAt } = operation;
    operationChanged(operation);
    telemetry.operationEnded({
      intent: intent.kind,
      end: state,
      seconds: (endedAt - createdAt) / 1000,
    });
    await emitAuditorEvent(context.auditor, {
      eventId: 'operation-ended',
      actor: actorOf(operation),
      meta: {
        operationId: id,
        intent: intent.kind,
        registryId: plan.registryId,
        state,
      },
      failure: state === 'succeeded' ? undefined : result?.message,
    });
  };
  const worker = new OperationsWorker({
    runner: {
      ...stores,
      azure,
      clock,
      logger: context.logger,
      changesSincePlan: operation =>
        changesBeforeWrite(operation, { gate, plans }),
      invalidate: operation => invalidate(operation, inventory),
    },
    owner: `${hostname()}:${process.pid}`,
    logger: context.logger,
    sleep,
    pollMs: limits.pollMs,
    concurrency: CONCURRENCY,
    ended,
  });
  return {
    operations,
    acceptances,
    plans,
    planMaker,
    gate,
    worker,
    operationChanged,
    notifyAtOnce: () => notifications.notifyAtOnce(),
    onEnded: listener => listeners.push(listener),
  };
}
