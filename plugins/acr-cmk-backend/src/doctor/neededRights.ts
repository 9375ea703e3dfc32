import type {
  RevokeMethodId,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { HSM_ACTION, keyAction } from '../azure/permissions';
import type { CredentialName } from '../azure/ports';

/** Rights that a job needs, by the place at which they are checked. */
export interface NeededRights {
  /** At each subscription of the scopes. */
  subscription: readonly string[];
  /** At each entry of `acrCmk.scopes`. */
  scope: readonly string[];
  /** At each identity of the registries in the scopes; without any, at each scope. */
  identity: readonly string[];
  /** At each vault. */
  vault: readonly string[];
  /** Data actions at each vault that works with roles. */
  data: readonly string[];
  /** Key permissions at each vault that works with access policies. */
  keyPermissions: readonly string[];
}

const REGISTRIES = 'Microsoft.ContainerRegistry/registries';
const VAULTS = 'Microsoft.KeyVault/vaults';
const AUTHORIZATION = 'Microsoft.Authorization';
const IDENTITIES = 'Microsoft.ManagedIdentity/userAssignedIdentities';

const READ = {
  scope: [
    `${REGISTRIES}/read`,
    `${AUTHORIZATION}/permissions/read`,
    `${AUTHORIZATION}/locks/read`,
  ],
  identity: [`${IDENTITIES}/read`],
  vault: [
    `${VAULTS}/read`,
    `${VAULTS}/keys/read`,
    `${VAULTS}/keys/versions/read`,
    `${AUTHORIZATION}/roleAssignments/read`,
    `${AUTHORIZATION}/roleDefinitions/read`,
    `${AUTHORIZATION}/permissions/read`,
    `${AUTHORIZATION}/locks/read`,
  ],
};

/**
 * Action that lists Managed HSMs at a subscription. It is not checked: without it, none can be seen, and
 * a portal may have none.
 */
export const LIST_HSMS = 'Microsoft.KeyVault/managedHSMs/read';

/**
 * Action by which Resource Graph shows a subscription. It is not checked among the rights: without it, ARM lists the
 * subscription, and the check of Resource Graph reports that.
 */
export const SEE_SUBSCRIPTIONS = 'Microsoft.Resources/subscriptions/read';

const onHsm = (...actions: string[]) =>
  actions.map(action => `${HSM_ACTION}${action}/action`);

const READ_HSM = onHsm(
  'keys/read',
  'roleAssignments/read',
  'roleDefinitions/read',
);

/** Rights at a vault for some of the revoke methods, beside those to read. */
interface RevokeRights {
  methods: readonly RevokeMethodId[];
  /** Permission model of the vaults in which the methods exist. Default: both. */
  model?: VaultFacts['permissionModel'];
  vault: readonly string[];
  data: readonly string[];
  keyPermissions: readonly string[];
  /** Data actions at a Managed HSM. */
  hsm: readonly string[];
}

const REVOKE_KEYS: RevokeRights = {
  methods: ['disable-version', 'disable-all-versions', 'delete-key'],
  vault: [],
  data: [
    `${VAULTS}/keys/read`,
    `${VAULTS}/keys/update/action`,
    `${VAULTS}/keys/delete`,
    `${VAULTS}/keys/recover/action`,
  ],
  keyPermissions: ['get', 'list', 'update', 'delete', 'recover'],
  hsm: [
    ...onHsm('keys/write', 'keys/deletedKeys/read', 'keys/deletedKeys/recover'),
    keyAction('keys/delete', true),
  ],
};

const REVOKE_POLICIES: RevokeRights = {
  methods: ['access-policy'],
  model: 'access-policy',
  vault: [`${VAULTS}/accessPolicies/write`],
  data: [],
  keyPermissions: [],
  hsm: [],
};

const REVOKE_ROLES: RevokeRights = {
  methods: ['role-assignment'],
  model: 'rbac',
  vault: [
    `${AUTHORIZATION}/roleAssignments/write`,
    `${AUTHORIZATION}/roleAssignments/delete`,
  ],
  data: [],
  keyPermissions: [],
  hsm: onHsm('roleAssignments/write', 'roleAssignments/delete'),
};

/** Size in which the role of the revoke credential is offered. */
export interface RevokerSize extends RevokeRights {
  /** Name of its file in docs/roles, without the extension. */
  role: string;
}

const sizeOf = (role: string, ...parts: RevokeRights[]): RevokerSize => ({
  role,
  methods: parts.flatMap(({ methods }) => methods),
  vault: [...READ.vault, ...parts.flatMap(({ vault }) => vault)],
  data: parts.flatMap(({ data }) => data),
  keyPermissions: parts.flatMap(({ keyPermissions }) => keyPermissions),
  hsm: [...READ_HSM, ...parts.flatMap(({ hsm }) => hsm)],
});

/** Sizes whose parts have this permission model. Default: any. */
const sizesFor = (model?: RevokeRights['model']) => {
  const size = (role: string, ...parts: RevokeRights[]) =>
    sizeOf(
      role,
      ...parts.filter(part => !model || !part.model || part.model === model),
    );
  return [
    size('registry-key-revoker', REVOKE_POLICIES, REVOKE_ROLES, REVOKE_KEYS),
    size('registry-key-revoker-keys', REVOKE_KEYS),
    size('registry-key-revoker-grants', REVOKE_POLICIES, REVOKE_ROLES),
  ] as const;
};

/** Sizes of the role of the revoke credential, the one with every right first. */
export const REVOKER_SIZES = sizesFor();

const [REVOKE_EVERYTHING] = REVOKER_SIZES;

/** Part of each size that applies in a vault of a permission model. A Managed HSM works with roles. */
export const REVOKER_SIZES_AT: Record<
  VaultFacts['permissionModel'],
  readonly [RevokerSize, ...RevokerSize[]]
> = {
  rbac: sizesFor('rbac'),
  'access-policy': sizesFor('access-policy'),
};

/** Data actions at each Managed HSM, by roles of its own. docs/permissions.md names the roles. */
export const HSM_RIGHTS: Record<CredentialName, readonly string[]> = {
  read: READ_HSM,
  rotate: [
    ...READ_HSM,
    ...onHsm('keys/rotate', 'keys/write'),
    keyAction('keys/create/action', true),
  ],
  revoke: REVOKE_EVERYTHING.hsm,
  provision: [],
};

/** Rights of the roles in docs/roles; a test compares them. */
export const NEEDED_RIGHTS: Record<CredentialName, NeededRights> = {
  read: {
    subscription: [],
    ...READ,
    scope: [
      ...READ.scope,
      `${REGISTRIES}/replications/read`,
      'Microsoft.Resources/subscriptions/resourceGroups/read',
    ],
    data: [],
    keyPermissions: [],
  },
  rotate: {
    subscription: [],
    scope: [
      ...READ.scope,
      `${REGISTRIES}/write`,
      `${REGISTRIES}/operationStatuses/read`,
    ],
    identity: [...READ.identity, `${IDENTITIES}/assign/action`],
    vault: READ.vault,
    data: [
      `${VAULTS}/keys/read`,
      `${VAULTS}/keys/create/action`,
      `${VAULTS}/keys/rotate/action`,
      `${VAULTS}/keyrotationpolicies/read`,
      `${VAULTS}/keyrotationpolicies/write`,
    ],
    keyPermissions: [
      'get',
      'list',
      'create',
      'rotate',
      'getrotationpolicy',
      'setrotationpolicy',
    ],
  },
  revoke: {
    subscription: [],
    scope: READ.scope,
    identity: READ.identity,
    vault: REVOKE_EVERYTHING.vault,
    data: REVOKE_EVERYTHING.data,
    keyPermissions: REVOKE_EVERYTHING.keyPermissions,
  },
  provision: {
    subscription: [
      'Microsoft.ContainerRegistry/checkNameAvailability/read',
      'Microsoft.Resources/subscriptions/providers/read',
    ],
    scope: [
      ...READ.scope,
      `${REGISTRIES}/write`,
      `${REGISTRIES}/operationStatuses/read`,
      `${IDENTITIES}/write`,
      `${IDENTITIES}/assign/action`,
    ],
    identity: READ.identity,
    vault: READ.vault,
    data: [],
    keyPermissions: [],
  },
};
