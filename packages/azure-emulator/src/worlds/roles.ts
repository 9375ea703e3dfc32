import { Permission, RoleDefinition } from '../model';

const none: Permission = {
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
};

function builtIn(
  id: string,
  roleName: string,
  description: string,
  permission: Partial<Permission>,
): RoleDefinition {
  return {
    id,
    roleName,
    description,
    type: 'BuiltInRole',
    permissions: [{ ...none, ...permission }],
    assignableScopes: ['/'],
  };
}

const KEYS = 'Microsoft.KeyVault/vaults/keys';

/** The role that lets a service wrap and unwrap with a key: what a registry's identity needs. */
export const CRYPTO_SERVICE_ENCRYPTION_USER =
  'e147488a-f6f5-4113-8e2d-b22465e65bf6';

/** Built-in roles by their real ids. */
export const BUILT_IN_ROLES: RoleDefinition[] = [
  builtIn(
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    { actions: ['*'] },
  ),
  builtIn(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
      ],
    },
  ),
  builtIn(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    { actions: ['*/read'] },
  ),
  builtIn(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    { actions: ['*/read', 'Microsoft.Authorization/*'] },
  ),
  builtIn(
    '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    'Key Vault Administrator',
    'Perform all data plane operations on a key vault and all objects in it.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.KeyVault/checkNameAvailability/read',
        'Microsoft.KeyVault/deletedVaults/read',
        'Microsoft.KeyVault/locations/*/read',
        'Microsoft.KeyVault/vaults/*/read',
        'Microsoft.KeyVault/operations/read',
      ],
      dataActions: ['Microsoft.KeyVault/vaults/*'],
    },
  ),
  builtIn(
    '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    'Key Vault Crypto Officer',
    'Perform any action on the keys of a key vault, except manage permissions.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.KeyVault/vaults/*/read',
      ],
      dataActions: [
        `${KEYS}/*`,
        'Microsoft.KeyVault/vaults/keyrotationpolicies/*',
      ],
    },
  ),
  builtIn(
    '12338af0-0e69-4776-bea7-57ae8d297424',
    'Key Vault Crypto User',
    'Perform cryptographic operations using keys.',
    {
      dataActions: [
        `${KEYS}/read`,
        `${KEYS}/update/action`,
        `${KEYS}/backup/action`,
        `${KEYS}/encrypt/action`,
        `${KEYS}/decrypt/action`,
        `${KEYS}/wrap/action`,
        `${KEYS}/unwrap/action`,
        `${KEYS}/sign/action`,
        `${KEYS}/verify/action`,
      ],
    },
  ),
  builtIn(
    CRYPTO_SERVICE_ENCRYPTION_USER,
    'Key Vault Crypto Service Encryption User',
    'Read metadata of keys and perform wrap/unwrap operations.',
    {
      actions: [
        'Microsoft.EventGrid/eventSubscriptions/write',
        'Microsoft.EventGrid/eventSubscriptions/read',
        'Microsoft.EventGrid/eventSubscriptions/delete',
      ],
      dataActions: [
        `${KEYS}/read`,
        `${KEYS}/wrap/action`,
        `${KEYS}/unwrap/action`,
      ],
    },
  ),
  builtIn(
    '21090545-7ca7-4776-b22c-e363652d74d2',
    'Key Vault Reader',
    'Read metadata of key vaults and its certificates, keys, and secrets.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.KeyVault/vaults/*/read',
      ],
      dataActions: ['Microsoft.KeyVault/vaults/*/read'],
    },
  ),
  builtIn(
    'f25e0fa2-a7c8-4377-a976-54943a77a395',
    'Key Vault Contributor',
    'Lets you manage key vaults, but not access to them.',
    {
      actions: ['Microsoft.Authorization/*/read', 'Microsoft.KeyVault/*'],
      notActions: [
        'Microsoft.KeyVault/locations/deletedVaults/purge/action',
        'Microsoft.KeyVault/hsmPools/*',
        'Microsoft.KeyVault/managedHsms/*',
      ],
    },
  ),
  builtIn(
    '8b54135c-b56d-4d72-a534-26097cfdc8d8',
    'Key Vault Data Access Administrator',
    'Manage access to Azure Key Vault by adding or removing role assignments for the Key Vault roles.',
    {
      actions: [
        'Microsoft.Authorization/roleAssignments/write',
        'Microsoft.Authorization/roleAssignments/delete',
        'Microsoft.Authorization/*/read',
        'Microsoft.KeyVault/vaults/*/read',
      ],
    },
  ),
  builtIn(
    'f1a07417-d97a-45cb-824c-7a7467783830',
    'Managed Identity Operator',
    'Read and Assign User Assigned Identity',
    {
      actions: [
        'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
        'Microsoft.ManagedIdentity/userAssignedIdentities/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
        'Microsoft.Authorization/*/read',
      ],
    },
  ),
  builtIn(
    'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    'Managed Identity Contributor',
    'Create, Read, Update, and Delete User Assigned Identity',
    {
      actions: [
        'Microsoft.ManagedIdentity/userAssignedIdentities/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
        'Microsoft.Authorization/*/read',
      ],
    },
  ),
  builtIn('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', 'acr pull', {
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  }),
  builtIn('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', 'acr push', {
    actions: [
      'Microsoft.ContainerRegistry/registries/pull/read',
      'Microsoft.ContainerRegistry/registries/push/write',
    ],
  }),
];
