import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import { createDoctor } from '../doctor/createDoctor';
import type { RunningBackend } from '../doctor/runningBackend';
import { createFleet } from '../registries/fleet/createFleet';
import { InventoryService } from '../registries/freshness/InventoryService';
import type { Services } from '../api/http/services';
import { createOperations } from '../changes/operations/createOperations';
import { MayRead } from '../changes/mayRead';
import { createForms } from '../registries/forms/createForms';
import { RegistryViews } from '../registries/RegistryViews';
import { createCampaigns } from '../changes/campaigns/createCampaigns';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/** Creates the services that the REST routes and the actions call, and starts their recurring work. */
export async function createServices(
  context: Context,
  parts: {
    knowledge: Knowledge;
    engine: Engine;
    backend: RunningBackend;
    permissionChecker: PermissionChecker;
  },
): Promise<Services> {
  const { knowledge, engine, backend, permissionChecker } = parts;
  const { inventory, listings, managed, catalog } = knowledge;
  const { links } = knowledge.rows;
  const mayRead = new MayRead(context, { permissionChecker, links });
  const fleet = createFleet(context, {
    managed,
    listings,
    users: inventory.users,
    mayRead,
  });
  const campaigns = await createCampaigns(context, {
    ...knowledge,
    ...engine,
    fleet: fleet.fleet,
    permissionChecker,
    mayRead,
  });
  return {
    ...fleet,
    ...campaigns,
    registries: new RegistryViews(context, {
      inventory,
      operations: engine.operations,
      catalog,
      permissionChecker,
      mayRead,
      fleet: fleet.fleet,
      changeTokenOf: knowledge.changeTokenOf,
      campaignsOf: entityRef => campaigns.campaigns.openOf(entityRef),
    }),
    ...createForms(context, { ...knowledge, links, permissionChecker }),
    plans: engine.planService,
    ...(await createOperations(context, {
      ...engine,
      catalog,
      permissionChecker,
      mayRead,
    })),
    doctor: createDoctor(context, { backend, managed, permissionChecker }),
    inventory: new InventoryService(context, {
      ...knowledge,
      permissionChecker,
    }),
  };
}
