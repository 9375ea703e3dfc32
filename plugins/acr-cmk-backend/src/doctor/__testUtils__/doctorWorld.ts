/** Ports of the checks as a test needs them. */
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { ConfigReader } from '@backstage/config';
import { registryId, SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { AzureError } from '../../azure/AzureError';
import type { PermissionSet } from '../../azure/ports';
import { readConfig } from '../../platform/config';
import type { DoctorPorts } from '../check';
import { checks } from '../checks';
import { createProbes } from '../probes';
import type { RunningBackend } from '../runningBackend';

export const NOW = Date.parse('2026-11-25T12:00:00Z');
export const SCOPE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
export const VAULT_ID = `${SCOPE}/providers/Microsoft.KeyVault/vaults/kv-shop`;

export const refused = (
  code: string,
  kind: AzureError['kind'] = 'denied',
): AzureError => new AzureError({ kind, code, message: `Azure: ${code}.` });

export const fails = (error: unknown) => async () => {
  throw error;
};

/** Answers of Azure; a test may replace each. */
export interface World {
  acrCmk: Record<string, unknown>;
  permission: DoctorPorts['permission'];
  registries: () => Promise<any[]>;
  vaults: () => Promise<any[]>;
  permissions: (scope: string) => Promise<PermissionSet[]>;
  objectId: string | undefined;
  token: (job: string) => Promise<void>;
  azureTime: () => Promise<number | undefined>;
  /** Subscriptions and registries that Resource Graph shows. */
  graph: () => Promise<{ subscriptions: string[]; registries: number }>;
  reachVault: () => Promise<void>;
  /** State of the registration of a resource provider. */
  registrationState: (
    subscription: string,
    namespace: string,
    job: string,
  ) => Promise<string>;
  backend: Partial<Record<keyof RunningBackend, unknown>> | undefined;
  misplaced?: DoctorPorts['misplaced'];
  catalogModule?: DoctorPorts['catalogModule'];
  /** Default: every management group of the configuration. */
  groupsNotKnown?: string[];
  /** Default: none. */
  groupsInPart?: string[];
}

export const ALL: PermissionSet = {
  actions: ['*'],
  notActions: [],
  dataActions: ['*'],
  notDataActions: [],
};

export const SHOP_REGISTRY = {
  id: registryId('shopimages'),
  name: 'shopimages',
  tags: { 'backstage-entity-ref': 'resource:default/shop-images' },
  encryption: {
    status: 'enabled',
    keyIdentifier: 'https://kv-shop.vault.azure.net/keys/shop',
  },
  userAssignedIdentities: [],
};

export const SHOP_VAULT = {
  id: VAULT_ID,
  name: 'kv-shop',
  permissionModel: 'rbac',
  accessPolicies: [],
};

export const BACKEND: RunningBackend = {
  audit: { state: 'intact', breaks: [] },
  lastTurn: async () => ({ endedAt: NOW }),
  database: {
    client: 'pg',
    migrations: async () => ({ done: ['1.js'], pending: [] }),
    tryWrite: async () => undefined,
    now: async () => NOW,
  },
  entities: async () => [
    {
      entityRef: 'resource:default/shop-images',
      named: [{ id: RegistryId.parse(registryId('shopimages')) }],
    },
  ],
  misspeltAnnotations: async () => [],
  differences: async () => [],
  catalogModuleLoaded: true,
  hasPlugin: async () => ({ there: true }),
  hasScaffolderAction: async () => ({ there: true }),
  policy: {
    allowAllModuleLoaded: false,
    asGuest: async () => ({ asked: true, allowed: [] }),
  },
};

/** Ports of a set-up with which nothing is wrong, but for what is given. */
export function portsWith(changes: Partial<World>): DoctorPorts {
  const world: World = {
    acrCmk: {},
    permission: { enabled: true },
    registries: async () => [SHOP_REGISTRY],
    vaults: async () => [SHOP_VAULT],
    permissions: async () => [ALL],
    objectId: 'me',
    token: async () => undefined,
    azureTime: async () => NOW,
    graph: async () => ({ subscriptions: [SUBSCRIPTION], registries: 1 }),
    reachVault: async () => undefined,
    registrationState: async () => 'Registered',
    backend: {},
    ...changes,
  };
  const credential = { kind: 'system-assigned-identity' };
  const config = readConfig(
    new ConfigReader({
      acrCmk: {
        scopes: [SCOPE],
        azure: { credentials: { read: credential, rotate: credential } },
        ...world.acrCmk,
      } as never,
    }),
  );
  const answer = async <T>(value: Promise<T>) => ({
    value: await value,
    azureAt: NOW,
  });
  return {
    config: {
      understood: true,
      value: config,
      groupsNotKnown: world.groupsNotKnown ?? config.managementGroups,
      groupsInPart: world.groupsInPart ?? [],
    },
    misplaced: world.misplaced ?? [],
    catalogModule: world.catalogModule,
    permission: world.permission,
    now: () => NOW,
    backend:
      world.backend && ({ ...BACKEND, ...world.backend } as RunningBackend),
    azure: createProbes(config, {
      ports: {
        registries: {
          listBySubscription: () => answer(world.registries()),
        },
        vaults: { listBySubscription: () => answer(world.vaults()) },
        resourceGraph: {
          readable: () =>
            answer(world.graph().then(({ subscriptions }) => subscriptions)),
          counts: () =>
            answer(
              world.graph().then(({ registries }) => [
                {
                  kind: 'registries' as const,
                  subscriptionId: SUBSCRIPTION,
                  count: registries,
                },
                {
                  kind: 'vaults' as const,
                  subscriptionId: SUBSCRIPTION,
                  count: 1,
                },
              ]),
            ),
        },
        access: {
          permissionsOfCaller: (scope: string) =>
            answer(world.permissions(scope)),
          objectIdOf: async () => world.objectId,
        } as never,
      },
      diagnosis: {
        token: world.token,
        azureTime: world.azureTime,
        reachVault: world.reachVault,
        registrationState: world.registrationState,
      },
    }),
  };
}

export const linesOf = (id: string, ports: DoctorPorts) =>
  checks.find(check => check.id === id)!.run(ports);

/** The first line that is not ok, else the first. */
export async function verdictOf(id: string, ports: DoctorPorts) {
  const lines = await linesOf(id, ports);
  return lines.find(({ status }) => status !== 'ok') ?? lines[0];
}

export const without = (action: string): PermissionSet => ({
  ...ALL,
  notActions: [action],
  notDataActions: [action],
});

export const policyVault = (keys: string[]) => async () => [
  {
    ...SHOP_VAULT,
    permissionModel: 'access-policy',
    accessPolicies: [{ objectId: 'ME', keys }],
  },
];

export const GROUP = '/providers/Microsoft.Management/managementGroups/contoso';

export const entity = (named: unknown) => ({
  entities: async () => [{ entityRef: 'resource:default/other', named }],
});

export const databaseWith = (
  changes: Partial<RunningBackend['database']>,
): Partial<World> => ({
  backend: { database: { ...BACKEND.database, ...changes } },
});

export const policyWith = (
  changes: Partial<RunningBackend['policy']>,
): Partial<World> => ({
  backend: { policy: { ...BACKEND.policy, ...changes } },
});

/** Azure refuses to list the registries. */
export const UNREADABLE = { registries: fails(refused('AuthorizationFailed')) };
