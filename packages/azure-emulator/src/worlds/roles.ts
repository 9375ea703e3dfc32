import { Permission, RoleDefinition } from '../state/model';

/** The role that lets a service wrap and unwrap with a key: what a registry's identity needs. */
export const CRYPTO_SERVICE_ENCRYPTION_USER =
  'e147488a-f6f5-4113-8e2d-b22465e65bf6';

const KEY_VAULT_ADMINISTRATOR = '00482a5a-887f-4fb3-b363-3b7fe8e74483';
const CERTIFICATES_OFFICER = 'a4417e6f-fecd-4de8-b567-7b0420556985';
const CRYPTO_OFFICER = '14b46e9e-c2b7-41b4-b07b-48a6ebf60603';
const CRYPTO_USER = '12338af0-0e69-4776-bea7-57ae8d297424';
const KEY_VAULT_READER = '21090545-7ca7-4776-b22c-e363652d74d2';
const SECRETS_OFFICER = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';
const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6';

const KEYS = 'Microsoft.KeyVault/vaults/keys';
const REGISTRY = 'Microsoft.ContainerRegistry/registries';
const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const GROUP_READ = 'Microsoft.Resources/subscriptions/resourceGroups/read';

/** Actions that most service roles share. */
const COMMON = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  GROUP_READ,
  'Microsoft.Support/*',
];

const VAULT_READS = [
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
];

const keyActions = (...verbs: string[]) => verbs.map(verb => `${KEYS}/${verb}`);

/** Allows writing and deleting assignments of these roles only. */
function onlyRoles(roleIds: string[]): string {
  const limit = (verb: string, source: string) =>
    `((!(ActionMatches{'${ASSIGNMENTS}/${verb}'})) OR (@${source}[${ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${roleIds.join(
      ', ',
    )}}))`;
  return `${limit('write', 'Request')} AND ${limit('delete', 'Resource')}`;
}

/** Id, name, short description, permissions. Azure's own descriptions are longer. */
type BuiltInRole = [
  id: string,
  roleName: string,
  description: string,
  permission: Partial<Permission>,
];

const GENERAL: BuiltInRole[] = [
  [
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    'Owner',
    'Full access to all resources, including role assignments.',
    { actions: ['*'] },
  ],
  [
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Full access to all resources, without role assignments.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
        'Microsoft.Compute/galleries/share/action',
        'Microsoft.Purview/consents/write',
        'Microsoft.Purview/consents/delete',
        'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
        'Microsoft.Subscription/cancel/action',
        'Microsoft.Subscription/enable/action',
      ],
    },
  ],
  [
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'Read all resources.',
    { actions: ['*/read'] },
  ],
  [
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Manage user access to resources.',
    { actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'] },
  ],
  [
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manage access to resources by assigning roles.',
    {
      actions: [
        `${ASSIGNMENTS}/write`,
        `${ASSIGNMENTS}/delete`,
        '*/read',
        'Microsoft.Support/*',
      ],
    },
  ],
];

const KEY_VAULT: BuiltInRole[] = [
  [
    KEY_VAULT_ADMINISTRATOR,
    'Key Vault Administrator',
    'All data plane operations on a key vault.',
    {
      actions: [...COMMON, ...VAULT_READS],
      dataActions: ['Microsoft.KeyVault/vaults/*'],
    },
  ],
  [
    'f25e0fa2-a7c8-4377-a976-54943a77a395',
    'Key Vault Contributor',
    'Manage key vaults, without access to their contents.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.Insights/alertRules/*',
        'Microsoft.KeyVault/*',
        'Microsoft.Resources/deployments/*',
        GROUP_READ,
        'Microsoft.Support/*',
      ],
      notActions: [
        'Microsoft.KeyVault/locations/deletedVaults/purge/action',
        'Microsoft.KeyVault/hsmPools/*',
        'Microsoft.KeyVault/managedHsms/*',
      ],
    },
  ],
  [
    CRYPTO_OFFICER,
    'Key Vault Crypto Officer',
    'Any action on the keys of a key vault.',
    {
      actions: [...COMMON, ...VAULT_READS],
      dataActions: [
        `${KEYS}/*`,
        'Microsoft.KeyVault/vaults/keyrotationpolicies/*',
      ],
    },
  ],
  [
    CRYPTO_SERVICE_ENCRYPTION_USER,
    'Key Vault Crypto Service Encryption User',
    'Read keys, wrap and unwrap.',
    {
      actions: [
        'Microsoft.EventGrid/eventSubscriptions/write',
        'Microsoft.EventGrid/eventSubscriptions/read',
        'Microsoft.EventGrid/eventSubscriptions/delete',
      ],
      dataActions: keyActions('read', 'wrap/action', 'unwrap/action'),
    },
  ],
  [
    CRYPTO_USER,
    'Key Vault Crypto User',
    'Cryptographic operations with keys.',
    {
      dataActions: keyActions(
        'read',
        'update/action',
        'backup/action',
        'encrypt/action',
        'decrypt/action',
        'wrap/action',
        'unwrap/action',
        'sign/action',
        'verify/action',
      ),
    },
  ],
  [
    '8b54135c-b56d-4d72-a534-26097cfdc8d8',
    'Key Vault Data Access Administrator',
    'Assign and remove the Key Vault data plane roles.',
    {
      actions: [
        `${ASSIGNMENTS}/write`,
        `${ASSIGNMENTS}/delete`,
        'Microsoft.Authorization/*/read',
        'Microsoft.Resources/deployments/*',
        GROUP_READ,
        'Microsoft.Resources/subscriptions/read',
        'Microsoft.Management/managementGroups/read',
        'Microsoft.Resources/deployments/*',
        'Microsoft.Support/*',
        'Microsoft.KeyVault/vaults/*/read',
      ],
      conditionVersion: '2.0',
      condition: onlyRoles([
        KEY_VAULT_ADMINISTRATOR,
        CERTIFICATES_OFFICER,
        CRYPTO_OFFICER,
        CRYPTO_SERVICE_ENCRYPTION_USER,
        CRYPTO_USER,
        KEY_VAULT_READER,
        SECRETS_OFFICER,
        SECRETS_USER,
      ]),
    },
  ],
  [
    KEY_VAULT_READER,
    'Key Vault Reader',
    'Read metadata of key vaults and their contents.',
    {
      actions: [...COMMON, ...VAULT_READS],
      dataActions: [
        'Microsoft.KeyVault/vaults/*/read',
        'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
      ],
    },
  ],
];

const REGISTRIES: BuiltInRole[] = [
  [
    '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    'AcrPull',
    'acr pull',
    { actions: [`${REGISTRY}/pull/read`] },
  ],
  [
    '8311e382-0749-4cb8-b61a-304f252e45ec',
    'AcrPush',
    'acr push',
    { actions: [`${REGISTRY}/pull/read`, `${REGISTRY}/push/write`] },
  ],
  [
    '3bc748fc-213d-45c1-8d91-9da5725539b9',
    'Container Registry Contributor and Data Access Configuration Administrator',
    'Create and configure registries, without their content.',
    // Azure's own names more actions below registries, of parts that are not emulated.
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.ContainerRegistry/checkNameAvailability/read',
        'Microsoft.ContainerRegistry/locations/operationResults/read',
        ...[
          'read',
          'write',
          'delete',
          'operationStatuses/read',
          'listCredentials/action',
          'regenerateCredential/action',
          'listUsages/read',
        ].map(action => `${REGISTRY}/${action}`),
        'Microsoft.Insights/alertRules/*',
        'Microsoft.Resources/deployments/*',
        GROUP_READ,
        'Microsoft.Support/*',
      ],
    },
  ],
  // Registries with repository permissions, the only ones that these two count at, are not emulated.
  [
    'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    'Container Registry Repository Reader',
    'Read repositories, without listing them.',
    {
      dataActions: ['content', 'metadata'].map(
        part => `${REGISTRY}/repositories/${part}/read`,
      ),
    },
  ],
  [
    'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    'Container Registry Repository Catalog Lister',
    'List repositories.',
    { dataActions: [`${REGISTRY}/catalog/read`] },
  ],
];

const IDENTITIES: BuiltInRole[] = [
  [
    'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    'Managed Identity Contributor',
    'Create, read, update and delete user-assigned identities.',
    {
      actions: [
        ...['read', 'write', 'delete'].map(verb => `${IDENTITY}/${verb}`),
        ...['read', 'write', 'delete'].map(
          verb => `${IDENTITY}/federatedIdentityCredentials/${verb}`,
        ),
        `${IDENTITY}/revokeTokens/action`,
        ...COMMON,
      ],
    },
  ],
  [
    'f1a07417-d97a-45cb-824c-7a7467783830',
    'Managed Identity Operator',
    'Read and assign user-assigned identities.',
    {
      actions: [`${IDENTITY}/*/read`, `${IDENTITY}/*/assign/action`, ...COMMON],
    },
  ],
];

/** Time when the built-in roles were created and changed: an assumption, the same for all. */
const CREATED = Date.parse('2019-01-01T00:00:00Z');
const UPDATED = Date.parse('2026-01-01T00:00:00Z');

/** The built-in roles around registries, keys, identities and monitoring, with their real ids. */
export const BUILT_IN_ROLES: RoleDefinition[] = [
  ...GENERAL,
  ...KEY_VAULT,
  ...REGISTRIES,
  ...IDENTITIES,
].map(([id, roleName, description, permission]) => ({
  id,
  roleName,
  description,
  type: 'BuiltInRole',
  permissions: [
    {
      actions: [],
      notActions: [],
      dataActions: [],
      notDataActions: [],
      ...permission,
    },
  ],
  assignableScopes: ['/'],
  createdAt: CREATED,
  updatedAt: UPDATED,
}));
