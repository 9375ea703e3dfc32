import { arm } from '../errors';
import { Answer, asRecord, Call, ok, requiredString } from '../http';
import { same } from '../ids';
import { PasswordName, Registry } from '../model';
import type { Needs, Route } from '../router';
import { registry as errors } from '../errors';
import { ONE_REGISTRY, registryId, registryOf } from './registryPaths';
import { dotnetTime, systemDataJson } from './systemData';

const ACTION = 'Microsoft.ContainerRegistry/registries';
const GIB = 1024 ** 3;

/** Included storage, webhooks and replications of each SKU, as documented. */
const LIMITS: Record<string, { size: number; webhooks: number; geo: number }> =
  {
    Basic: { size: 10 * GIB, webhooks: 2, geo: 0 },
    Standard: { size: 100 * GIB, webhooks: 10, geo: 0 },
    Premium: { size: 500 * GIB, webhooks: 500, geo: 100 },
  };

/** The scope maps that every registry has. */
const SCOPE_MAPS: Record<string, string[]> = {
  _repositories_admin: [
    'metadata/read',
    'metadata/write',
    'content/read',
    'content/write',
    'content/delete',
  ],
  _repositories_pull: ['content/read'],
  _repositories_pull_metadata_read: ['content/read', 'metadata/read'],
  _repositories_push: ['content/read', 'content/write'],
  _repositories_push_metadata_write: [
    'metadata/read',
    'metadata/write',
    'content/read',
    'content/write',
  ],
};

/** Children that cannot be created here, so that their lists are empty. */
const EMPTY_LISTS = [
  'webhooks',
  'tokens',
  'cacheRules',
  'credentialSets',
  'connectedRegistries',
  'privateEndpointConnections',
];

/** @param name - method and path below the registry, such as `GET scopeMaps` */
function child(
  name: string,
  action: string,
  answer: (call: Call, registry: Registry) => Answer,
): Route {
  const [method, path] = name.split(' ');
  const needs: Needs = {
    kind: 'action',
    action: `${ACTION}/${action}`,
    scope: registryId,
  };
  return {
    service: 'arm',
    method,
    path: `${ONE_REGISTRY}/${path}`,
    needs,
    answer: call => answer(call, registryOf(call)),
  };
}

/** What belongs to a registry: credentials, usages, and child resources that can only be read. */
export const registryChildRoutes: Route[] = [
  child('GET replications', 'replications/read', (_call, registry) =>
    ok({ value: replicationsOf(registry) }),
  ),
  child(
    'GET replications/{replication}',
    'replications/read',
    (call, registry) =>
      ok(one(call, replicationsOf(registry), call.params.replication)),
  ),
  child('GET scopeMaps', 'scopeMaps/read', (_call, registry) =>
    ok({ value: scopeMapsOf(registry) }),
  ),
  child('GET scopeMaps/{scopeMap}', 'scopeMaps/read', (call, registry) =>
    ok(one(call, scopeMapsOf(registry), call.params.scopeMap)),
  ),
  child(
    'GET privateLinkResources',
    'privateLinkResources/read',
    (_call, registry) => ok({ value: privateLinksOf(registry) }),
  ),
  child(
    'GET privateLinkResources/{link}',
    'privateLinkResources/read',
    (call, registry) =>
      ok(one(call, privateLinksOf(registry), call.params.link)),
  ),
  ...EMPTY_LISTS.map(name =>
    child(`GET ${name}`, `${name}/read`, () => ok({ value: [] })),
  ),
  child('GET listUsages', 'listUsages/read', (_call, registry) =>
    ok({ value: usagesOf(registry) }),
  ),
  child('POST listCredentials', 'listCredentials/action', (_call, registry) =>
    ok(credentialsOf(registry)),
  ),
  child(
    'POST regenerateCredential',
    'regenerateCredential/action',
    regenerateCredential,
  ),
];

function one<T extends { id: string; name: string }>(
  { params }: Call,
  children: T[],
  name: string,
): T {
  const found = children.find(other => same(other.name, name));
  if (!found) {
    throw arm.resourceNotFound(`${ACTION}/${params.name}`, name, params.group);
  }
  return found;
}

function resource(registry: Registry, type: string, name: string) {
  return {
    id: `${registry.id}/${type}/${name}`,
    name,
    type: `${ACTION}/${type}`,
  };
}

/** The replication of the home region, which every Premium registry has. */
function replicationsOf(registry: Registry) {
  return registry.sku === 'Premium'
    ? [
        {
          ...resource(registry, 'replications', registry.location),
          location: registry.location,
          tags: {},
          systemData: systemDataJson(registry),
          properties: {
            provisioningState: 'Succeeded',
            status: {
              displayStatus: 'Ready',
              timestamp: dotnetTime(registry.createdAt),
            },
            regionEndpointEnabled: true,
            zoneRedundancy: registry.settings.zoneRedundancy,
          },
        },
      ]
    : [];
}

function scopeMapsOf(registry: Registry) {
  return Object.entries(SCOPE_MAPS).map(([name, actions]) => ({
    ...resource(registry, 'scopeMaps', name),
    systemData: systemDataJson(registry),
    properties: {
      description: `System-defined scope map ${name}`,
      type: 'SystemDefined',
      creationDate: dotnetTime(registry.createdAt),
      provisioningState: 'Succeeded',
      actions: actions.map(action => `repositories/*/${action}`),
    },
  }));
}

function privateLinksOf(registry: Registry) {
  return [
    {
      ...resource(registry, 'privateLinkResources', 'registry'),
      properties: {
        groupId: 'registry',
        requiredMembers: ['registry', `registry_data_${registry.location}`],
        requiredZoneNames: ['privatelink.azurecr.io'],
      },
    },
  ];
}

function usagesOf({ sku }: Registry) {
  const { size, webhooks, geo } = LIMITS[sku];
  const rows: [name: string, limit: number, unit: string, used?: number][] = [
    ['Size', size, 'Bytes'],
    ['Webhooks', webhooks, 'Count'],
    ['Geo-replications', geo, 'Count', sku === 'Premium' ? 1 : 0],
    ['IPRules', 100, 'Count'],
    ['VNetRules', 100, 'Count'],
    ['PrivateEndpointConnections', 200, 'Count'],
    ['ScopeMaps', 50_000, 'Count', Object.keys(SCOPE_MAPS).length],
    ['Tokens', 50_000, 'Count'],
  ];
  return rows.map(([name, limit, unit, currentValue = 0]) => ({
    name,
    limit,
    currentValue,
    unit,
  }));
}

const PASSWORDS: readonly PasswordName[] = ['password', 'password2'];

/** Derived from the registry and the number of regenerations, so that nothing secret is stored. */
function passwordOf(registry: Registry, name: PasswordName): string {
  const turn = registry.regenerated?.[name] ?? 0;
  return Buffer.from(`${turn} ${name} ${registry.id}`)
    .toString('base64url')
    .slice(0, 52);
}

export function adminPasswords(registry: Registry): string[] {
  return registry.settings.adminUserEnabled === true
    ? PASSWORDS.map(name => passwordOf(registry, name))
    : [];
}

function credentialsOf(registry: Registry) {
  if (registry.settings.adminUserEnabled !== true) {
    throw errors.adminDisabled(registry.name);
  }
  return {
    username: registry.name,
    passwords: PASSWORDS.map(name => ({
      name,
      value: passwordOf(registry, name),
    })),
  };
}

function regenerateCredential(call: Call, registry: Registry): Answer {
  credentialsOf(registry);
  const requested = requiredString(
    asRecord(call.request.body, 'the body').name,
    'name',
  );
  const name = PASSWORDS.find(known => same(known, requested));
  if (!name) {
    throw arm.invalidBody(`name must be one of ${PASSWORDS.join(', ')}`);
  }
  const changed: Registry = {
    ...registry,
    regenerated: {
      ...registry.regenerated,
      [name]: (registry.regenerated?.[name] ?? 0) + 1,
    },
  };
  call.azure.store.put('registries', changed);
  return ok(credentialsOf(changed));
}
