/**
 * The emulator's state: one plain document per Azure object. Times are milliseconds since 1970. A
 * document is never changed in place: it is copied with the change and put back, so that the store
 * knows what to persist.
 */

export interface Subscription {
  id: string;
  subscriptionId: string;
  displayName: string;
  /** The name of the management group that holds it; the tenant's root group when absent. */
  managementGroup?: string;
}

/** A group of subscriptions and other such groups. The tenant's root group is not stored: it always exists. */
export interface ManagementGroup {
  /** The name, in lower case. */
  id: string;
  name: string;
  displayName: string;
  /** The name of the group above; the tenant's root group when absent. */
  parent?: string;
}

export interface Group {
  id: string;
  subscriptionId: string;
  name: string;
  location: string;
  /** Absent until some were sent. */
  tags?: Record<string, string>;
}

export interface Resource {
  id: string;
  subscriptionId: string;
  group: string;
  name: string;
  location: string;
  tags: Record<string, string>;
  createdAt: number;
  createdBy: string;
  modifiedAt: number;
  modifiedBy: string;
}

export interface Identity extends Resource {
  principalId: string;
  clientId: string;
}

/** The managed identities of a resource. */
export interface AttachedIdentities {
  system?: { principalId: string };
  /** Resource ids, as Azure writes them back (`resourcegroups` in lower case). */
  users: string[];
}

export interface RegistryEncryption {
  /** As it was sent: with a version (manual) or without (automatic). */
  keyIdentifier: string;
  /** A client id, or the word `system`. */
  identity: string;
  /** The version that wraps the registry's data keys now. */
  versionInUse: string;
  lastRotatedAt?: number;
  /** Before it followed its key, which is no write through ARM: what Resource Graph may still show. */
  beforeFollow?: { versionInUse: string; lastRotatedAt?: number };
  /** Automatic only: when it checks the key next. */
  nextFollowAt?: number;
  /** Automatic only: follows no version until the encryption is sent again. */
  stalled?: true;
  /** Time when the identity was removed from the registry or deleted. */
  identityLostAt?: number;
}

/** The state of a registry after its create or update operation. */
export interface RegistryOutcome {
  tags: Record<string, string>;
  sku: string;
  identity: AttachedIdentities;
  settings: Record<string, unknown>;
  encryption?: RegistryEncryption;
}

/** A running operation on a registry. */
export type PendingChange = {
  operationId: string;
  /** Absent: it never ends (only with a fault). */
  endsAt?: number;
  failure?: OperationFailure;
} & (
  | { kind: 'Creating' | 'Updating'; outcome: RegistryOutcome }
  | { kind: 'Deleting' }
);

interface OperationFailure {
  status: 'Failed' | 'Canceled';
  code: string;
  message: string;
}

export interface Registry extends Resource, RegistryOutcome {
  provisioningState: string;
  /** Regions beside its own in which it is replicated. Default: none. */
  replicas?: string[];
  change?: PendingChange;
}

/** The record behind the address of an asynchronous operation. */
export interface Operation {
  id: string;
  resourceId: string;
  endsAt?: number;
  failure?: OperationFailure;
}

/** A resource of a type that the emulator does not know: kept as it was sent. */
export interface GenericResource extends Resource {
  /** As it is in the path. A child's has three parts, and its name is the last part of its path. */
  type: string;
  kind?: string;
  sku?: Record<string, unknown>;
  identity?: AttachedIdentities & { type: string };
  properties: Record<string, unknown>;
}

export interface AccessPolicy {
  tenantId: string;
  objectId: string;
  applicationId?: string;
  permissions: Record<string, string[]>;
}

export interface NetworkAcls {
  bypass: string;
  defaultAction: string;
  ipRules: { value: string }[];
  virtualNetworkRules: { id: string }[];
}

export interface Vault extends Resource {
  tenantId: string;
  sku: { family: string; name: string };
  accessPolicies: AccessPolicy[];
  enableRbacAuthorization?: boolean;
  softDeleteRetentionInDays: number;
  /** A new vault answers under its host name from this time on. */
  readyAt?: number;
  enablePurgeProtection?: true;
  networkAcls?: NetworkAcls;
  publicNetworkAccess: string;
  /** enabledForDeployment and the like: kept as sent, of no effect here. */
  flags: Record<string, boolean>;
  /** A Managed HSM. Its name ends in `.managedhsm` here, so that a vault may have the same one. */
  hsm?: true;
}

/** A role assignment of a Managed HSM's own. */
export interface HsmAssignment {
  /** `hsm/name`, lower case. */
  id: string;
  hsm: string;
  /** `/`, `/keys` or `/keys/{name}`. */
  scope: string;
  /** A GUID. */
  name: string;
  /** The role's GUID. */
  roleId: string;
  principalId: string;
}

export interface KeyVersion {
  version: string;
  kty: string;
  keySize?: number;
  crv?: string;
  keyOps: string[];
  enabled: boolean;
  createdAt: number;
  updatedAt: number;
  notBefore?: number;
  expiresAt?: number;
  tags?: Record<string, string>;
}

export interface RotationPolicy {
  lifetimeActions: {
    trigger: { timeAfterCreate?: string; timeBeforeExpiry?: string };
    action: { type: string };
  }[];
  attributes: { expiryTime?: string };
  createdAt: number;
  updatedAt: number;
}

export interface Key {
  /** `vault/name`, lower case. */
  id: string;
  vault: string;
  name: string;
  /** Oldest first; the last one is what Key Vault calls the latest. */
  versions: KeyVersion[];
  rotationPolicy?: RotationPolicy;
  deleted?: { at: number; purgeAt: number };
  recoveredAt?: number;
}

export interface Principal {
  /** The object id: what access policies and role assignments name. */
  id: string;
  /** The client id, with which it signs in. */
  appId: string;
  displayName: string;
  kind: 'application' | 'managedIdentity';
  /** Managed identities: the resource behind them. */
  resourceId?: string;
  /** Grants every permission at every scope. */
  admin?: true;
}

export interface Permission {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
  condition?: string;
  conditionVersion?: string;
}

export interface RoleDefinition {
  /** The GUID. */
  id: string;
  roleName: string;
  description: string;
  type: 'BuiltInRole' | 'CustomRole';
  permissions: Permission[];
  assignableScopes: string[];
  createdAt: number;
  updatedAt: number;
  /** Object ids; absent for built-in roles. */
  createdBy?: string;
  updatedBy?: string;
}

export interface RoleAssignment {
  id: string;
  name: string;
  scope: string;
  /** The role's GUID. */
  roleId: string;
  principalId: string;
  principalType: string;
  condition?: string;
  conditionVersion?: string;
  description?: string;
  createdAt: number;
  createdBy: string;
  /** Removed, but still effective until the removal has propagated. */
  removedAt?: number;
}

export interface Lock {
  id: string;
  name: string;
  scope: string;
  level: 'CanNotDelete' | 'ReadOnly';
  notes?: string;
  owners?: string[];
  createdAt: number;
  createdBy: string;
  modifiedAt: number;
  modifiedBy: string;
}

export interface Tables {
  managementGroups: ManagementGroup;
  subscriptions: Subscription;
  groups: Group;
  identities: Identity;
  registries: Registry;
  genericResources: GenericResource;
  operations: Operation;
  vaults: Vault;
  keys: Key;
  principals: Principal;
  roleDefinitions: RoleDefinition;
  roleAssignments: RoleAssignment;
  hsmAssignments: HsmAssignment;
  locks: Lock;
}

export type TableName = keyof Tables;

export const TABLE_NAMES: readonly TableName[] = [
  'managementGroups',
  'subscriptions',
  'groups',
  'identities',
  'registries',
  'genericResources',
  'operations',
  'vaults',
  'keys',
  'principals',
  'roleDefinitions',
  'roleAssignments',
  'hsmAssignments',
  'locks',
];
