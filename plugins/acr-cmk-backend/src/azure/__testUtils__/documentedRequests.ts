/**
 * Every request that the product sends to Azure. `docs/azure.md` shows this list, and each test file of this package
 * fails when the product sends a request that is not in it (`setupTests.ts`).
 */
import { AZURE_CLOUDS, hostInCloud } from 'backstage-plugin-acr-cmk-common';

export type Service = 'ARM' | 'vault' | 'Managed HSM' | 'registry' | 'Entra';

export interface DocumentedRequest {
  service: Service;
  method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** `{scope}` is any number of segments, another name in braces is one. */
  path: string;
  apiVersion?: string;
  /** Operation of the published specification. Absent where it has none. */
  operation?: string;
  /** File of the specification below `specification/` of Azure/azure-rest-api-specs, or the document. */
  source: string;
  /** Package generated from the specification, in which a test finds the path and the API version. */
  sdk?: string;
  /** Action of ARM or data action, at the target of the request. Absent where none is needed. */
  right?: string;
  pages?: true;
  /** A write whose `Azure-AsyncOperation` is followed. */
  longRunning?: true;
}

type Row = [
  method: DocumentedRequest['method'],
  path: string,
  operation: string | undefined,
  right: string | undefined,
  more?: 'pages' | 'long-running',
];

const rowsOf = (
  common: Pick<DocumentedRequest, 'service' | 'apiVersion' | 'source' | 'sdk'>,
  rows: Row[],
): DocumentedRequest[] =>
  rows.map(([method, path, operation, right, more]) => ({
    ...common,
    method,
    path,
    operation,
    right,
    ...(more === 'pages' && { pages: true }),
    ...(more === 'long-running' && { longRunning: true }),
  }));

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const REGISTRIES = 'providers/Microsoft.ContainerRegistry';
const REGISTRY = `${GROUP}/${REGISTRIES}/registries/{registry}`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/{vault}`;
const IDENTITIES = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities';
const PERMISSIONS = 'providers/Microsoft.Authorization/permissions';
const LOCKS = 'providers/Microsoft.Authorization/locks';
const ASSIGNMENTS = 'providers/Microsoft.Authorization/roleAssignments';
const DEFINITIONS = 'providers/Microsoft.Authorization/roleDefinitions';

const MAY = 'Microsoft.Authorization';
const OF_REGISTRIES = 'Microsoft.ContainerRegistry/registries';
const OF_VAULTS = 'Microsoft.KeyVault/vaults';
const OF_HSM = 'Microsoft.KeyVault/managedHsm';

const keyRows = (action: (inVault: string, inHsm: string) => string): Row[] => [
  ['GET', '/keys', 'GetKeys', action('keys/read', 'keys/read/action'), 'pages'],
  [
    'GET',
    '/keys/{key}/{version}',
    'GetKey',
    action('keys/read', 'keys/read/action'),
  ],
  [
    'GET',
    '/keys/{key}/versions',
    'GetKeyVersions',
    action('keys/read', 'keys/read/action'),
    'pages',
  ],
  [
    'POST',
    '/keys/{key}/create',
    'CreateKey',
    action('keys/create/action', 'keys/create'),
  ],
  [
    'POST',
    '/keys/{key}/rotate',
    'RotateKey',
    action('keys/rotate/action', 'keys/rotate/action'),
  ],
  [
    'PATCH',
    '/keys/{key}/{version}',
    'UpdateKey',
    action('keys/update/action', 'keys/write/action'),
  ],
  ['DELETE', '/keys/{key}', 'DeleteKey', action('keys/delete', 'keys/delete')],
  [
    'GET',
    '/keys/{key}/rotationpolicy',
    'GetKeyRotationPolicy',
    action('keyrotationpolicies/read', 'keys/read/action'),
  ],
  [
    'PUT',
    '/keys/{key}/rotationpolicy',
    'UpdateKeyRotationPolicy',
    action('keyrotationpolicies/write', 'keys/write/action'),
  ],
  [
    'GET',
    '/deletedkeys/{key}',
    'GetDeletedKey',
    action('keys/read', 'keys/deletedKeys/read/action'),
  ],
  [
    'POST',
    '/deletedkeys/{key}/recover',
    'RecoverDeletedKey',
    action('keys/recover/action', 'keys/deletedKeys/recover/action'),
  ],
];

const KEYS_OF = {
  apiVersion: '7.6',
  source: 'keyvault/data-plane/Microsoft.KeyVault/stable/7.6/keys.json',
  sdk: 'keyvault-keys',
};

/** In the order of `docs/azure.md`. */
export const DOCUMENTED_REQUESTS: DocumentedRequest[] = [
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2022-12-01',
      source:
        'resources/resource-manager/Microsoft.Resources/stable/2022-12-01/subscriptions.json',
    },
    // Without a credential: only the time and that there is an answer count.
    [['GET', '/subscriptions', 'Subscriptions_List', undefined]],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2021-04-01',
      source:
        'resources/resource-manager/Microsoft.Resources/stable/2021-04-01/resources.json',
    },
    [
      [
        'GET',
        `${SUBSCRIPTION}/resourceGroups`,
        'ResourceGroups_List',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        'pages',
      ],
      [
        'GET',
        GROUP,
        'ResourceGroups_Get',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
      ],
      [
        'GET',
        `${SUBSCRIPTION}/providers/{namespace}`,
        'Providers_Get',
        'Microsoft.Resources/subscriptions/providers/read',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2020-05-01',
      source:
        'managementgroups/resource-manager/Microsoft.Management/stable/2020-05-01/management.json',
    },
    [
      [
        'GET',
        '/providers/Microsoft.Management/managementGroups/{name}/descendants',
        'ManagementGroups_GetDescendants',
        'Microsoft.Management/managementGroups/descendants/read',
        'pages',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2024-04-01',
      source:
        'resourcegraph/resource-manager/Microsoft.ResourceGraph/stable/2024-04-01/resourcegraph.json',
    },
    // Shows what its caller may read, and needs no right of its own. The queries ask for one page.
    [
      [
        'POST',
        '/providers/Microsoft.ResourceGraph/resources',
        'Resources',
        undefined,
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2025-11-01',
      source:
        'containerregistry/resource-manager/Microsoft.ContainerRegistry/Registry/stable/2025-11-01/containerregistry.json',
      sdk: 'arm-containerregistry',
    },
    [
      [
        'GET',
        `${SUBSCRIPTION}/${REGISTRIES}/registries`,
        'Registries_List',
        `${OF_REGISTRIES}/read`,
        'pages',
      ],
      ['GET', REGISTRY, 'Registries_Get', `${OF_REGISTRIES}/read`],
      [
        'PATCH',
        REGISTRY,
        'Registries_Update',
        `${OF_REGISTRIES}/write`,
        'long-running',
      ],
      [
        'PUT',
        REGISTRY,
        'Registries_Create',
        `${OF_REGISTRIES}/write`,
        'long-running',
      ],
      [
        'GET',
        `${REGISTRY}/replications`,
        'Replications_List',
        `${OF_REGISTRIES}/replications/read`,
        'pages',
      ],
      [
        'POST',
        `${SUBSCRIPTION}/${REGISTRIES}/checkNameAvailability`,
        'Registries_CheckNameAvailability',
        'Microsoft.ContainerRegistry/checkNameAvailability/read',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2025-11-01',
      source: 'the header `Azure-AsyncOperation` of the two writes above',
    },
    [
      [
        'GET',
        `${REGISTRY}/operationStatuses/{operation}`,
        undefined,
        `${OF_REGISTRIES}/operationStatuses/read`,
      ],
      [
        'GET',
        `${SUBSCRIPTION}/${REGISTRIES}/locations/{location}/operationResults/{operation}`,
        undefined,
        'Microsoft.ContainerRegistry/locations/operationResults/read',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2026-02-01',
      source:
        'keyvault/resource-manager/Microsoft.KeyVault/KeyVault/stable/2026-02-01/openapi.json',
      sdk: 'arm-keyvault',
    },
    [
      [
        'GET',
        `${SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults`,
        'Vaults_ListBySubscription',
        `${OF_VAULTS}/read`,
        'pages',
      ],
      ['GET', VAULT, 'Vaults_Get', `${OF_VAULTS}/read`],
      [
        'PUT',
        `${VAULT}/accessPolicies/{operation}`,
        'Vaults_UpdateAccessPolicy',
        `${OF_VAULTS}/accessPolicies/write`,
      ],
      ['GET', `${VAULT}/keys`, 'Keys_List', `${OF_VAULTS}/keys/read`, 'pages'],
      ['GET', `${VAULT}/keys/{key}`, 'Keys_Get', `${OF_VAULTS}/keys/read`],
      [
        'GET',
        `${VAULT}/keys/{key}/versions`,
        'Keys_ListVersions',
        `${OF_VAULTS}/keys/versions/read`,
        'pages',
      ],
      [
        'GET',
        `${SUBSCRIPTION}/providers/Microsoft.KeyVault/managedHSMs`,
        'ManagedHsms_ListBySubscription',
        'Microsoft.KeyVault/managedHSMs/read',
        'pages',
      ],
      [
        'GET',
        `${GROUP}/providers/Microsoft.KeyVault/managedHSMs/{hsm}`,
        'ManagedHsms_Get',
        'Microsoft.KeyVault/managedHSMs/read',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2023-01-31',
      source:
        'msi/resource-manager/Microsoft.ManagedIdentity/stable/2023-01-31/ManagedIdentity.json',
    },
    [
      [
        'GET',
        `${SUBSCRIPTION}/${IDENTITIES}`,
        'UserAssignedIdentities_ListBySubscription',
        'Microsoft.ManagedIdentity/userAssignedIdentities/read',
        'pages',
      ],
      [
        'GET',
        `${GROUP}/${IDENTITIES}/{identity}`,
        'UserAssignedIdentities_Get',
        'Microsoft.ManagedIdentity/userAssignedIdentities/read',
      ],
      [
        'PUT',
        `${GROUP}/${IDENTITIES}/{identity}`,
        'UserAssignedIdentities_CreateOrUpdate',
        'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2022-04-01',
      source:
        'authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleAssignmentsCalls.json',
      sdk: 'arm-authorization',
    },
    [
      [
        'GET',
        `/{scope}/${ASSIGNMENTS}`,
        'RoleAssignments_ListForScope',
        `${MAY}/roleAssignments/read`,
        'pages',
      ],
      [
        'PUT',
        `/{scope}/${ASSIGNMENTS}/{name}`,
        'RoleAssignments_Create',
        `${MAY}/roleAssignments/write`,
      ],
      [
        'DELETE',
        `/{scope}/${ASSIGNMENTS}/{name}`,
        'RoleAssignments_Delete',
        `${MAY}/roleAssignments/delete`,
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2022-04-01',
      source:
        'authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleDefinitionsCalls.json',
    },
    [
      [
        'GET',
        `/{scope}/${DEFINITIONS}/{name}`,
        'RoleDefinitions_GetById',
        `${MAY}/roleDefinitions/read`,
      ],
      [
        'GET',
        `/${DEFINITIONS}/{name}`,
        'RoleDefinitions_GetById',
        `${MAY}/roleDefinitions/read`,
      ],
      // The specification has it for a resource group and a resource, not for a subscription.
      [
        'GET',
        `${SUBSCRIPTION}/${PERMISSIONS}`,
        undefined,
        `${MAY}/permissions/read`,
        'pages',
      ],
      [
        'GET',
        `${GROUP}/${PERMISSIONS}`,
        'Permissions_ListForResourceGroup',
        `${MAY}/permissions/read`,
        'pages',
      ],
      [
        'GET',
        `${GROUP}/providers/{scope}/${PERMISSIONS}`,
        'Permissions_ListForResource',
        `${MAY}/permissions/read`,
        'pages',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'ARM',
      apiVersion: '2020-05-01',
      source:
        'resources/resource-manager/Microsoft.Authorization/stable/2020-05-01/locks.json',
    },
    [
      [
        'GET',
        `${SUBSCRIPTION}/${LOCKS}`,
        'ManagementLocks_ListAtSubscriptionLevel',
        `${MAY}/locks/read`,
        'pages',
      ],
      [
        'GET',
        `${GROUP}/${LOCKS}`,
        'ManagementLocks_ListAtResourceGroupLevel',
        `${MAY}/locks/read`,
        'pages',
      ],
      [
        'GET',
        `${GROUP}/providers/{scope}/${LOCKS}`,
        'ManagementLocks_ListAtResourceLevel',
        `${MAY}/locks/read`,
        'pages',
      ],
    ],
  ),
  ...rowsOf(
    { service: 'vault', ...KEYS_OF },
    keyRows(inVault => `${OF_VAULTS}/${inVault}`),
  ),
  ...rowsOf(
    { service: 'Managed HSM', ...KEYS_OF },
    keyRows((_, inHsm) => `${OF_HSM}/${inHsm}`),
  ),
  ...rowsOf(
    {
      service: 'Managed HSM',
      apiVersion: '7.6',
      source: 'keyvault/data-plane/Microsoft.KeyVault/stable/7.6/rbac.json',
    },
    [
      [
        'GET',
        `/{scope}/${ASSIGNMENTS}`,
        'RoleAssignments_ListForScope',
        `${OF_HSM}/roleAssignments/read/action`,
        'pages',
      ],
      [
        'PUT',
        `/{scope}/${ASSIGNMENTS}/{name}`,
        'RoleAssignments_Create',
        `${OF_HSM}/roleAssignments/write/action`,
      ],
      [
        'DELETE',
        `/{scope}/${ASSIGNMENTS}/{name}`,
        'RoleAssignments_Delete',
        `${OF_HSM}/roleAssignments/delete/action`,
      ],
      [
        'GET',
        `/{scope}/${DEFINITIONS}`,
        'RoleDefinitions_List',
        `${OF_HSM}/roleDefinitions/read/action`,
        'pages',
      ],
    ],
  ),
  ...rowsOf(
    {
      service: 'registry',
      source:
        'containerregistry/data-plane/Azure.ContainerRegistry/stable/2021-07-01/containerregistry.json',
    },
    [
      ['GET', '/v2/', 'ContainerRegistry_CheckDockerV2Support', undefined],
      [
        'POST',
        '/oauth2/exchange',
        'Authentication_ExchangeAadAccessTokenForAcrRefreshToken',
        undefined,
      ],
      [
        'POST',
        '/oauth2/token',
        'Authentication_ExchangeAcrRefreshTokenForAcrAccessToken',
        undefined,
      ],
      [
        'GET',
        '/v2/{scope}/manifests/{reference}',
        'ContainerRegistry_GetManifest',
        `${OF_REGISTRIES}/pull/read`,
      ],
    ],
  ),
  ...rowsOf(
    { service: 'registry', source: 'the OCI Distribution Specification 1.1' },
    [
      ['GET', '/v2/_catalog', undefined, `${OF_REGISTRIES}/pull/read`],
      ['GET', '/v2/{scope}/tags/list', undefined, `${OF_REGISTRIES}/pull/read`],
    ],
  ),
  ...rowsOf(
    {
      service: 'Entra',
      source: 'entra/identity-platform/v2-oauth2-client-creds-grant-flow',
    },
    [['POST', '/{tenant}/oauth2/v2.0/token', undefined, undefined]],
  ),
  ...rowsOf(
    {
      service: 'Entra',
      source: 'entra/identity-platform/access-tokens, for deliveries of events',
    },
    [['GET', '/{tenant}/discovery/v2.0/keys', undefined, undefined]],
  ),
];

/** The service of a host. Undefined for a host that is not Azure's. */
export function serviceOf(host: string): Service | undefined {
  const clouds = Object.values(AZURE_CLOUDS);
  if (clouds.some(cloud => cloud.armHost === host)) return 'ARM';
  if (clouds.some(cloud => cloud.authorityHost === host)) return 'Entra';
  if (hostInCloud(host, 'vaultSuffix')) return 'vault';
  if (hostInCloud(host, 'hsmSuffix')) return 'Managed HSM';
  if (hostInCloud(host, 'registrySuffix')) return 'registry';
  return undefined;
}

/** The path as a pattern. Ids of ARM come without regard to case, and an empty version ends in a slash. */
const patternOf = (path: string) =>
  new RegExp(
    `^${path
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\/\{scope\}/g, '/.*')
      .replace(/\{version\}/g, '[^/]*')
      .replace(/\{\w+\}/g, '[^/]+')}/?$`,
    'i',
  );

const PATTERNS = DOCUMENTED_REQUESTS.map(request => ({
  request,
  pattern: patternOf(request.path),
}));

/** Whether the list has a request to a host of Azure. */
export function isDocumented({
  method,
  host,
  path,
}: {
  method: string;
  host: string;
  /** With its query. */
  path: string;
}): boolean {
  const { pathname, searchParams } = new URL(`https://${host}${path}`);
  const apiVersion = searchParams.get('api-version') ?? undefined;
  const service = serviceOf(host);
  return PATTERNS.some(
    ({ request, pattern }) =>
      request.service === service &&
      request.method === method &&
      request.apiVersion === apiVersion &&
      pattern.test(pathname),
  );
}
