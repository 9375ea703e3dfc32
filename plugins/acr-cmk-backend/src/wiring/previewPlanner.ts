import type { CampaignIntent } from 'backstage-plugin-acr-cmk-common';
import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { Gate, type UserCredentials } from '../changes/gate/Gate';
import {
  authorityFor,
  PermissionChecker,
} from '../changes/gate/PermissionChecker';
import { KeptCatalog, KeptDecisions } from '../changes/campaigns/keptAnswers';
import {
  MemberPlanner,
  ordinaryIntent,
} from '../changes/campaigns/MemberPlanner';
import { CatalogLinks } from '../catalog/CatalogLinks';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/**
 * A planner for one preview: what catalog and policy say of its entities is asked together, and kept as long as it
 * lasts.
 */
export async function previewPlanner(
  context: Context,
  { knowledge, engine }: { knowledge: Knowledge; engine: Engine },
  {
    entityRefs,
    intent,
    credentials,
  }: {
    entityRefs: readonly string[];
    intent: CampaignIntent;
    credentials: UserCredentials;
  },
): Promise<MemberPlanner> {
  const { config } = context;
  const catalog = new KeptCatalog(context.catalog);
  const permissions = new KeptDecisions(context.permissions, credentials);
  const permissionChecker = new PermissionChecker({
    permissions,
    approvers: config.approvers,
  });
  const asPlugin = await context.auth.getOwnServiceCredentials();
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
      catalog: new CatalogLinks({
        catalog,
        auth: context.auth,
        links: knowledge.rows.links,
      }),
      permissionChecker,
      plans: engine.planMaker,
    }),
    plans: engine.planService,
    inventory: knowledge.inventory,
    logger: context.logger,
  });
}
