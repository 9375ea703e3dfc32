/** The fleet over the rows of a world, without a portal around it. */
import type {
  BackstageCredentials,
  PermissionsRegistryService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import type { Bindings } from '../catalog/binding';
import type { Consumer, LookedAt } from '../domain/consumers/consumer';
import { createFleet, type Fleet } from '../registries/fleet/createFleet';
import { registryPermissionRules } from '../registries/fleet/rules';
import { mayReadBy } from './mayReadBy';
import { type FleetWorld, subscriptionNumber } from './fleetWorld';

type FleetContext = Parameters<typeof createFleet>[0];
type FleetScopes = Parameters<typeof createFleet>[1]['managed'];

export function fleetOver(
  db: Knex,
  world: Pick<FleetWorld, 'now'>,
  {
    subscriptions = [0, 1].map(subscriptionNumber),
    listed = [],
    bindings = new Map(),
    hidden = [],
    decide = () => ({ result: AuthorizeResult.ALLOW }),
    isComplete = () => true,
    services = [],
    lookedAt = 'all',
    groups = { groupsNotKnown: [], groupsInPart: [] },
    cloud = 'public',
    addResourceType = () => undefined,
  }: {
    subscriptions?: readonly string[];
    /** Subscriptions that the sync lists. Default: none. */
    listed?: readonly string[];
    bindings?: Bindings;
    /** Entities that nobody may see. Default: none. */
    hidden?: readonly string[];
    /** Decision of the permission policy. Default: everybody may see every registry. */
    decide?(credentials?: BackstageCredentials): PolicyDecision;
    /** Whether all registries were listed. Default: they were. */
    isComplete?(): boolean;
    /** Resources of other Azure services that use keys. Default: none. */
    services?: Consumer[];
    /** Extent to which other services were looked at. Default: all of them. */
    lookedAt?: LookedAt['state'];
    /** Default: all subscriptions of the management groups are known. */
    groups?: Omit<FleetScopes, 'subscriptions'>;
    /** Default: the public one. */
    cloud?: FleetContext['config']['cloud'];
    addResourceType?: PermissionsRegistryService['addResourceType'];
  } = {},
): Fleet {
  const permissions: FleetContext['permissions'] = {
    authorize: async requests =>
      requests.map(({ resourceRef = '' }) => ({
        result: hidden.includes(resourceRef)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      })),
    authorizeConditional: async (_, options) => [
      decide(
        options && 'credentials' in options ? options.credentials : undefined,
      ),
    ],
  };
  return createFleet(
    {
      db,
      clock: { now: async () => world.now },
      config: {
        managementGroups: [],
        cloud,
        scopes: subscriptions.map(subscriptionId => ({ subscriptionId })),
        bindings,
        readUnlinked: true,
        keys: [],
        sync: { everyMs: 5 * 60_000 },
      },
      catalog: {
        getEntitiesByRefs: async ({ entityRefs }) => ({
          items: entityRefs.map(ref => {
            if (hidden.includes(ref)) return undefined;
            const [kind, namespace, name] = ref.split(/[:/]/);
            return { apiVersion: 'v1', kind, metadata: { namespace, name } };
          }),
        }),
      },
      permissions,
      permissionsRegistry: {
        addPermissions: () => undefined,
        addPermissionRules: () => undefined,
        addResourceType,
        getPermissionRuleset: () => ({
          getRuleByName: name =>
            registryPermissionRules.find(one => one.name === name) as never,
        }),
      },
    },
    {
      managed: { subscriptions: [...listed], ...groups },
      listings: { completeness: async () => ({ complete: isComplete() }) },
      users: {
        services: async () => ({
          services,
          lookedAt: { state: lookedAt, types: ['SQL server'], notReadable: [] },
        }),
      },
      mayRead: mayReadBy(permissions, bindings),
    },
  );
}

/** The lines of a whole export, by the titles of its columns. */
export async function csvOf(
  pieces: AsyncIterable<string>,
): Promise<Record<string, string>[]> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return linesOf(text);
}

/** The lines of CSV, by the titles of its columns. */
export function linesOf(text: string): Record<string, string>[] {
  const [titles, ...lines] = text
    .trimEnd()
    .split('\r\n')
    .map(line =>
      [...line.matchAll(/(?<=^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(
        ([cell]) => cell,
      ),
    );
  return lines.map(cells =>
    Object.fromEntries(titles.map((title, at) => [title, cells[at]])),
  );
}
