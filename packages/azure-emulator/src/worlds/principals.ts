import { Principal, RoleDefinition } from '../state/model';
import { KEY_CONSUMERS } from './keyConsumers';
import { CRYPTO_SERVICE_ENCRYPTION_USER } from './roles';

/** Time when the custom roles of the principals were created. */
const ROLES_CREATED = Date.parse('2026-01-01T00:00:00Z');
const ADMIN_ID = 'bbbbbbbb-0000-4000-8000-000000000001';

export const TENANT_ID = '99999999-8888-4777-8666-555555555555';

const PRINCIPAL_NAMES = [
  'admin',
  'reader',
  'rotator',
  'revoker',
  'provisioner',
] as const;
export type PrincipalName = (typeof PRINCIPAL_NAMES)[number];

const REGISTRY = 'Microsoft.ContainerRegistry/registries';
const VAULT = 'Microsoft.KeyVault/vaults';

/** Reading uses ARM only: no data-plane permission. */
const READ = [
  `${REGISTRY}/read`,
  `${VAULT}/read`,
  'Microsoft.KeyVault/managedHSMs/read',
  `${VAULT}/keys/read`,
  `${VAULT}/keys/versions/read`,
  'Microsoft.Authorization/roleAssignments/read',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Authorization/locks/read',
  'Microsoft.ManagedIdentity/userAssignedIdentities/read',
];

/** Finding subscriptions and resource groups, with their tags, and the regions of a registry. */
const READ_MORE = [
  `${REGISTRY}/replications/read`,
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
];

/** A principal that signs in with a secret, and the least permissions that it needs. */
export interface Actor {
  name: PrincipalName;
  principal: Principal;
  role?: RoleDefinition;
  /** Limits what the role may assign. */
  condition?: string;
  /** Its permissions on keys in vaults with access policies. */
  keyPermissions: string[];
}

function actor(
  name: PrincipalName,
  number: number,
  rights: {
    actions: string[];
    dataActions: string[];
    keyPermissions: string[];
    condition?: string;
  },
): Actor {
  return {
    name,
    principal: {
      id: `bbbbbbbb-0000-4000-8000-00000000000${number}`,
      appId: `aaaaaaaa-0000-4000-8000-00000000000${number}`,
      displayName: `acr-cmk-${name}`,
      kind: 'application',
    },
    role: {
      id: `cccccccc-0000-4000-8000-00000000000${number}`,
      roleName: `Registry Key ${name[0].toUpperCase()}${name.slice(1)}`,
      description: `What the ${name} of registry keys needs, and no more.`,
      type: 'CustomRole',
      permissions: [
        {
          actions: rights.actions,
          notActions: [],
          dataActions: rights.dataActions,
          notDataActions: [],
        },
      ],
      assignableScopes: [],
      createdAt: ROLES_CREATED,
      updatedAt: ROLES_CREATED,
      createdBy: ADMIN_ID,
      updatedBy: ADMIN_ID,
    },
    condition: rights.condition,
    keyPermissions: rights.keyPermissions,
  };
}

const MANAGEMENT_GROUPS = 'Microsoft.Management/managementGroups';

/** Reading what is in a management group, which is possible only by a role at that group. */
export const SCOPE_READER: RoleDefinition = {
  id: 'cccccccc-0000-4000-8000-000000000006',
  roleName: 'Registry Key Scope Reader',
  description: 'Finds the subscriptions in a management group.',
  type: 'CustomRole',
  permissions: [
    {
      actions: [
        `${MANAGEMENT_GROUPS}/read`,
        `${MANAGEMENT_GROUPS}/descendants/read`,
      ],
      notActions: [],
      dataActions: [],
      notDataActions: [],
    },
  ],
  assignableScopes: [],
  createdAt: ROLES_CREATED,
  updatedAt: ROLES_CREATED,
  createdBy: ADMIN_ID,
  updatedBy: ADMIN_ID,
};

/** Seeing resources of other services that may use a key: an optional role. */
export const KEY_CONSUMER_READER: RoleDefinition = {
  ...SCOPE_READER,
  id: 'cccccccc-0000-4000-8000-000000000007',
  roleName: 'Key Consumer Reader',
  description: 'Looks at resources of other services that may use a key.',
  permissions: [
    {
      actions: KEY_CONSUMERS.map(type => `${type}/read`),
      notActions: [],
      dataActions: [],
      notDataActions: [],
    },
  ],
};

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';

/** May assign and unassign one role only, to service principals only. */
const ONLY_ENCRYPTION_USERS = [
  ['write', 'Request'],
  ['delete', 'Resource'],
]
  .map(
    ([verb, source]) =>
      `((!(ActionMatches{'${ASSIGNMENTS}/${verb}'})) OR (@${source}[${ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${CRYPTO_SERVICE_ENCRYPTION_USER}} AND @${source}[${ASSIGNMENTS}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
  )
  .join(' AND ');

export const ACTORS: Actor[] = [
  {
    name: 'admin',
    principal: {
      id: ADMIN_ID,
      appId: 'aaaaaaaa-0000-4000-8000-000000000001',
      displayName: 'acr-cmk-admin',
      kind: 'application',
      admin: true,
    },
    keyPermissions: [],
  },
  actor('reader', 2, {
    actions: [...READ, ...READ_MORE],
    dataActions: [],
    keyPermissions: [],
  }),
  // In a trial, one identity reads and rotates.
  actor('rotator', 3, {
    actions: [
      ...READ,
      ...READ_MORE,
      `${REGISTRY}/write`,
      `${REGISTRY}/operationStatuses/read`,
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    ],
    dataActions: [
      `${VAULT}/keys/read`,
      `${VAULT}/keys/create/action`,
      `${VAULT}/keys/rotate/action`,
      `${VAULT}/keyrotationpolicies/read`,
      `${VAULT}/keyrotationpolicies/write`,
    ],
    keyPermissions: [
      'get',
      'list',
      'create',
      'rotate',
      'getrotationpolicy',
      'setrotationpolicy',
    ],
  }),
  actor('revoker', 4, {
    actions: [
      ...READ,
      `${VAULT}/accessPolicies/write`,
      `${ASSIGNMENTS}/write`,
      `${ASSIGNMENTS}/delete`,
    ],
    dataActions: [
      `${VAULT}/keys/read`,
      `${VAULT}/keys/update/action`,
      `${VAULT}/keys/delete`,
      `${VAULT}/keys/recover/action`,
    ],
    keyPermissions: ['get', 'list', 'update', 'delete', 'recover'],
    condition: ONLY_ENCRYPTION_USERS,
  }),
  actor('provisioner', 5, {
    actions: [
      ...READ,
      'Microsoft.ContainerRegistry/checkNameAvailability/read',
      'Microsoft.Resources/subscriptions/providers/read',
      `${REGISTRY}/write`,
      `${REGISTRY}/operationStatuses/read`,
      'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    ],
    dataActions: [],
    keyPermissions: [],
  }),
];
