import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import type { RunningBackend } from '../doctor/check';
import { createDoctor } from '../doctor/createDoctor';
import { createFleet } from '../registries/fleet/createFleet';
import { InventoryService } from '../registries/freshness/InventoryService';
import type { Services } from '../api/http/services';
import { AcceptanceService } from '../changes/operations/AcceptanceService';
import { AuditReader } from '../changes/operations/AuditReader';
import { DecisionService } from '../changes/operations/DecisionService';
import type { ApprovalStore } from '../engine/ApprovalStore';
import { MayRead } from '../changes/mayRead';
import { OperationReader } from '../changes/operations/OperationReader';
import { RequestRecorder } from '../changes/gate/RequestRecorder';
import { noRoomToWait } from '../changes/gate/requireRoomToWait';
import { OperationStreams } from '../changes/operations/OperationStreams';
import { PlanService } from '../changes/plans/PlanService';
import { sleep } from '../platform/time/realClock';
import { createForms } from '../registries/forms/createForms';
import { RegistryViews } from '../registries/RegistryViews';
import { createCampaigns } from './createCampaigns';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/** Creates the services that the REST routes and the actions call. */
export function createServices(
  context: Context,
  parts: {
    knowledge: Knowledge;
    engine: Engine;
    approvals: ApprovalStore;
    backend: RunningBackend;
    permissionChecker: PermissionChecker;
  },
): Services {
  const { config, limits, db, clock, audit } = context;
  const { knowledge, engine, approvals, backend, permissionChecker } = parts;
  const { inventory, listings, rows, managed, catalog } = knowledge;
  const { operations, acceptances, plans, gate, worker, operationChanged } =
    engine;
  const recorder = new RequestRecorder(context, permissionChecker);
  const mayRead = new MayRead(context, {
    permissionChecker,
    links: rows.links,
  });
  const reader = new OperationReader({
    operations,
    catalog,
    mayRead,
    approvers: config.approvers,
    permissionChecker,
  });
  const planService = new PlanService({
    recorder,
    gate,
    plans,
    catalog,
    clock,
    waitingSeconds: config.waitingSeconds,
    programsRevoke: config.actionsRevoke,
    approvers: config.approvers,
    noRoomToWait: async of =>
      noRoomToWait(db, {
        ...of,
        now: await clock.now(),
        waitingRequests: limits.waitingRequests,
      }),
    cloud: config.cloud,
  });
  const fleet = createFleet({
    db,
    clock,
    config,
    subscriptions: managed.subscriptions,
    groups: managed,
    listings,
    operations,
    catalog: context.catalog,
    permissions: context.permissions,
    permissionsRegistry: context.permissionsRegistry,
    permissionChecker,
    mayRead,
  });
  const campaigns = createCampaigns(context, {
    knowledge,
    engine,
    fleet: fleet.fleet,
    plans: planService,
    permissionChecker,
    recorder,
  });
  return {
    ...fleet,
    ...campaigns,
    registries: new RegistryViews(context, {
      inventory,
      operations,
      catalog,
      permissionChecker,
      mayRead,
      fleet: fleet.fleet,
      changeTokenOf: knowledge.changeTokenOf,
      campaignsOf: entityRef => campaigns.campaigns.openOf(entityRef),
    }),
    ...createForms(context, {
      ...knowledge,
      links: rows.links,
      permissionChecker,
    }),
    plans: planService,
    acceptance: new AcceptanceService({
      gate,
      plans,
      operations,
      acceptances,
      reader,
      recorder,
      clock,
      waitingRequests: limits.waitingRequests,
      approvalExpiresAfterMs: limits.approvalExpiresAfterMs,
      programsRevoke: config.actionsRevoke,
      accepted: operation => {
        worker.wake();
        operationChanged(operation);
      },
    }),
    operations: reader,
    streams: new OperationStreams({
      reader,
      operations,
      sleep,
    }),
    decisions: new DecisionService({
      gate,
      plans,
      operations,
      approvals,
      permissionChecker,
      catalog,
      approvers: config.approvers,
      reader,
      recorder,
      approved: () => worker.wake(),
      changed: operationChanged,
    }),
    audit: new AuditReader({ audit, permissionChecker }),
    doctor: createDoctor(context, { backend, managed, permissionChecker }),
    inventory: new InventoryService(context, {
      ...knowledge,
      permissionChecker,
    }),
  };
}
