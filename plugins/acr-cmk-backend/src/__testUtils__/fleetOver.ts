/** The fleet over the rows of a world, without a portal around it: everybody may see every registry. */
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import type { Bindings } from '../catalog/binding';
import { createFleet, type Fleet } from '../fleet/createFleet';
import { registryPermissionRules } from '../fleet/rules';
import { type FleetWorld, subscriptionNumber } from './fleetWorld';

export function fleetOver(
  db: Knex,
  world: Pick<FleetWorld, 'now'>,
  subscriptions = [0, 1].map(subscriptionNumber),
  {
    bindings = new Map(),
    hidden = [],
  }: {
    bindings?: Bindings;
    /** Entities that the catalog shows to nobody. Default: none. */
    hidden?: readonly string[];
  } = {},
): Fleet {
  return createFleet({
    db,
    clock: { now: async () => world.now },
    config: {
      managementGroups: [],
      cloud: 'public',
      scopes: subscriptions.map(subscriptionId => ({ subscriptionId })),
      bindings,
      readUnlinked: true,
      keys: [],
      approvers: new Map(),
      sync: { enabled: true, everyMs: 5 * 60_000 },
    },
    subscriptions: [],
    inventory: undefined as never,
    operations: undefined as never,
    permissionChecker: undefined as never,
    listings: { completeness: async () => ({ complete: true }) },
    catalog: {
      getEntitiesByRefs: async ({ entityRefs }) => ({
        items: entityRefs.map(ref => {
          if (hidden.includes(ref)) return undefined;
          const [kind, namespace, name] = ref.split(/[:/]/);
          return { apiVersion: 'v1', kind, metadata: { namespace, name } };
        }),
      }),
    },
    permissions: {
      authorize: async () => [],
      authorizeConditional: async () => [{ result: AuthorizeResult.ALLOW }],
    },
    permissionsRegistry: {
      addPermissions: () => undefined,
      addPermissionRules: () => undefined,
      addResourceType: () => undefined,
      getPermissionRuleset: () => ({
        getRuleByName: name =>
          registryPermissionRules.find(one => one.name === name) as never,
      }),
    },
  });
}
