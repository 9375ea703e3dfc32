import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import type { RunningBackend } from '../doctor/check';
import { createDoctor } from '../doctor/createDoctor';
import { createFleet } from '../registries/fleet/createFleet';
import { InventoryService } from '../registries/freshness/InventoryService';
import type { Services } from '../api/http/services';
import { createOperations } from '../changes/operations/createOperations';
import type { ApprovalStore } from '../engine/ApprovalStore';
import { MayRead } from '../changes/mayRead';
import { RequestRecorder } from '../changes/gate/RequestRecorder';
import { PlanService } from '../changes/plans/PlanService';
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
  const { config, db, clock } = context;
  const { knowledge, engine, approvals, backend, permissionChecker } = parts;
  const { inventory, listings, rows, managed, catalog } = knowledge;
  const { operations, plans, gate } = engine;
  const recorder = new RequestRecorder(context, permissionChecker);
  const mayRead = new MayRead(context, {
    permissionChecker,
    links: rows.links,
  });
  const planService = new PlanService(context, {
    gate,
    plans,
    catalog,
    recorder,
  });
  const fleet = createFleet({
    db,
    clock,
    config,
    subscriptions: managed.subscriptions,
    groups: managed,
    listings,
    catalog: context.catalog,
    permissions: context.permissions,
    permissionsRegistry: context.permissionsRegistry,
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
    ...createOperations(context, {
      ...engine,
      approvals,
      catalog,
      permissionChecker,
      mayRead,
      recorder,
    }),
    doctor: createDoctor(context, { backend, managed, permissionChecker }),
    inventory: new InventoryService(context, {
      ...knowledge,
      permissionChecker,
    }),
  };
}
