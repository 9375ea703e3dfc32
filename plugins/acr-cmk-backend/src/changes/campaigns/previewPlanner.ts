import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { CatalogLinks } from '../../catalog/CatalogLinks';
import type { Inventory } from '../../inventory/Inventory';
import type { InventoryRows } from '../../inventory/rows';
import type { Context } from '../../platform/context';
import { Gate } from '../gate/Gate';
import { authorityFor, PermissionChecker } from '../gate/PermissionChecker';
import type { Plans } from '../plans/createPlans';
import { KeptCatalog, KeptDecisions } from './keptAnswers';
import {
  MemberPlanner,
  ordinaryIntent,
  type PlannerFor,
} from './MemberPlanner';

interface Parts extends Pick<Plans, 'planMaker' | 'planService'> {
  inventory: Inventory;
  rows: Pick<InventoryRows, 'links'>;
}

/**
 * A planner for one preview: what catalog and policy say of its entities is asked together, and kept as long as it
 * lasts.
 */
export async function previewPlanner(
  context: Context,
  { planMaker, planService, inventory, rows }: Parts,
  { entityRefs, intent, credentials }: Parameters<PlannerFor>[0],
): Promise<MemberPlanner> {
  const { config, auth } = context;
  const catalog = new KeptCatalog(context.catalog);
  const permissionChecker = new PermissionChecker({
    permissions: new KeptDecisions(context.permissions, credentials),
    approvers: config.approvers,
  });
  const asPlugin = await auth.getOwnServiceCredentials();
  const requester = credentials.principal.userEntityRef;
  await Promise.all([
    catalog.getEntitiesByRefs({ entityRefs: [...entityRefs] }, { credentials }),
    catalog.getEntitiesByRefs(
      { entityRefs: [...entityRefs, requester] },
      { credentials: asPlugin },
    ),
    permissionChecker.lackedOf(
      entityRefs.flatMap(entityRef => [
        { permission: registryReadPermission, entityRef },
        authorityFor(ordinaryIntent(intent), entityRef),
      ]),
      credentials,
    ),
  ]);
  return new MemberPlanner({
    gate: new Gate({
      config,
      backends: context.backends,
      catalog: new CatalogLinks({ catalog, auth, links: rows.links }),
      permissionChecker,
      plans: planMaker,
    }),
    plans: planService,
    inventory,
    logger: context.logger,
  });
}
