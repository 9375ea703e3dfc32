/**
 * Ports through which the rest of the backend calls Azure, one for each of its services. `arm/`, `vault/`,
 * `hsm/` and `graph/` implement them with Azure's own SDKs.
 *
 * Every method throws `AzureError` and nothing else. Every method that reads says when Azure
 * answered, by Azure's clock. A method that writes sends at most one write, and never repeats it.
 * Where a method takes a credential, that is its last parameter: `azureAs` binds it.
 */
import type { MonotonicClock } from '../platform/time/realClock';
import type {
  AccessPolicyEntry,
  KeyFacts,
  KeyIdentifier,
  KeyVersionFacts,
  RegistryFacts,
  RegistryId,
  RoleAssignmentFacts,
  RotationPolicy,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { ResourceGraphPort } from './graph/resourceGraphPort';
import type { IdentityFacts } from './arm/identityFacts';
import type { AzureAnswer } from './transport/answer';

/** Name of the configured credential that a call is made with. */
export type CredentialName = 'read' | 'rotate' | 'revoke' | 'provision';

/** A write that Azure took. */
export interface AzureReceipt {
  correlationId?: string;
  /** URL to poll for the status of an asynchronous operation of ARM. */
  operationUrl?: string;
}

/** Status of an asynchronous operation of ARM. */
export type ArmOperationStatus =
  | { status: 'running'; retryAfterSeconds?: number }
  | { status: 'succeeded' }
  | { status: 'failed'; code: string; message: string };

/**
 * One identity more for a registry, sent in the same PATCH as the encryption that uses it. Nothing
 * is ever detached.
 */
export interface IdentityChange {
  /** Resource id of a user-assigned identity, or `system` to turn the registry's own one on. */
  attach: string;
  /** Identities that are on now, as just read. The PATCH has to name them, or Azure turns them off. */
  current: { system: boolean; userAssigned: boolean };
}

/** Encryption to set on a registry. */
export interface EncryptionChange {
  keyIdentifier: string;
  /** Client id, or `system`. */
  identity: string;
  identityChange?: IdentityChange;
}

/** Answer of a registry to a test of pulls. */
export interface PullAnswer {
  /**
   * `signed-in`: the manifest of an image was requested with the read credential, or the requests before it were
   * refused with 403. `anonymous`: `GET /v2/` without a credential, because that was not answered with 401, or the
   * read credential may not pull, or there is no image. It does not show whether a pull works.
   */
  how: 'anonymous' | 'signed-in';
  status: number;
  /** The registry says that its network rules do not admit this address. */
  notAdmitted?: true;
}

/** A registry that is to be made. */
export interface NewRegistry {
  location: string;
  tags: Record<string, string>;
  /** Resource id of a user-assigned identity: the only kind that a new registry can use. */
  identityId: string;
  /** Client id of that identity. */
  identityClientId: string;
  keyIdentifier: string;
}

export interface RegistriesPort {
  get(id: RegistryId): Promise<AzureAnswer<RegistryFacts>>;
  /** All registries of a subscription that the read credential may see, every page. */
  listBySubscription(
    subscriptionId: string,
  ): Promise<AzureAnswer<RegistryFacts[]>>;
  /**
   * Sends the smallest PATCH: `properties.encryption` and nothing else, unless an identity is to be
   * attached with it. Waits for the answer to the PATCH, never for the operation behind it.
   */
  updateEncryption(
    id: RegistryId,
    change: EncryptionChange,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /**
   * PUT of a registry that is not there: Premium, encrypted, with one user-assigned identity. Waits
   * for the answer to the PUT, never for the operation behind it.
   */
  create(
    id: RegistryId,
    registry: NewRegistry,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /** Is the name free in all of Azure? Asked with the credential that would take it. */
  checkName(
    subscriptionId: string,
    name: string,
    credential: CredentialName,
  ): Promise<AzureAnswer<{ free: boolean; message?: string }>>;
  /** Locations in which registries can be created, as names such as `westeurope`. */
  locations(
    subscriptionId: string,
    credential: CredentialName,
  ): Promise<AzureAnswer<string[]>>;
  /**
   * Polls once. A 404 is `not-found`: the operation cannot be read any more, which says nothing of
   * how it ended; the registry's `provisioningState` does.
   *
   * `operationUrl` must be of this registry; any other is refused before a request leaves.
   */
  operationStatus(
    id: RegistryId,
    operationUrl: string,
    credential: CredentialName,
  ): Promise<ArmOperationStatus>;
  /** Regions in which the registry serves pulls: its own, and one for each replication, without duplicates. */
  regions(
    registry: Pick<RegistryFacts, 'id' | 'location'>,
  ): Promise<AzureAnswer<string[]>>;
  /** Tests at the registry's own endpoint whether a pull works. */
  testPull(loginServer: string): Promise<PullAnswer>;
}

export interface VaultsPort {
  get(vaultId: string): Promise<AzureAnswer<VaultFacts>>;
  listBySubscription(
    subscriptionId: string,
  ): Promise<AzureAnswer<VaultFacts[]>>;
  /** PUT …/accessPolicies/add: merges the permissions of this entry into what is there. */
  addAccessPolicy(
    vaultId: string,
    entry: AccessPolicyEntry,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /** PUT …/accessPolicies/remove: takes exactly the permissions of this entry away. */
  removeAccessPolicy(
    vaultId: string,
    entry: AccessPolicyEntry,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
}

/** A key of a vault, as a list shows it. */
export interface ListedKey {
  name: string;
  /** `RSA`, `RSA-HSM`, …; some answers leave it out. */
  type?: string;
  /** Bits. */
  size?: number;
  enabled?: boolean;
  /** Times of the newest version: they show that there is another one, or that this one was changed. */
  created?: string;
  updated?: string;
  expires?: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
}

export interface KeysPort {
  /** Every key of a vault, over ARM: needs no right in the vault. */
  list(vaultId: string): Promise<AzureAnswer<ListedKey[]>>;
  /**
   * Key with all its versions and its rotation policy, over ARM: needs no right in the vault. Two calls.
   *
   * @param known - has the versions alone read, in one call, and the rest returned as it is known
   */
  get(
    vaultId: string,
    keyName: string,
    known?: KeyFacts,
  ): Promise<AzureAnswer<KeyFacts>>;
  /** All versions, asked of the vault itself. */
  listVersions(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureAnswer<KeyVersionFacts[]>>;
  /** POST /keys/{name}/rotate, once, without a retry of any kind. Answers with the new version. */
  rotate(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureReceipt & { version: string }>;
  /** The key, or the version that `key` names, asked of the vault itself. */
  getInVault(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureAnswer<VaultKeyFacts>>;
  /**
   * POST /keys/{name}/create, once: a new key, or a new version of one that is there. `rotate`
   * keeps type and size by itself; this takes whatever it is given, so give it the current ones.
   */
  create(
    key: KeyIdentifier,
    spec: NewKeySpec,
    credential: CredentialName,
  ): Promise<AzureReceipt & { version: string }>;
  /** The rotation policy of a key, asked of the vault itself. Without one, Key Vault answers with its default. */
  rotationPolicy(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureAnswer<RotationPolicy>>;
  /** Sets the rotation policy of a key. The one that is there is replaced. */
  setRotationPolicy(
    key: KeyIdentifier,
    policy: RotationPolicy,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /** Enables or disables one version: `key` must name it. */
  setEnabled(
    key: KeyIdentifier,
    enabled: boolean,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /**
   * Soft-deletes the whole key with all its versions; Key Vault has nothing smaller. It shows among
   * the deleted ones, and can be recovered, only some seconds later. Purging is not offered.
   */
  delete(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureReceipt & { deleted: DeletedKeyFacts }>;
  /** A soft-deleted key; `not-found` when there is none, or not yet. */
  getDeleted(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureAnswer<DeletedKeyFacts>>;
  /** POST /deletedkeys/{name}/recover, once. The key can be read again some seconds later. */
  recover(
    key: KeyIdentifier,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
}

/** A key or a version of it, as the vault itself answers. */
export interface VaultKeyFacts extends KeyVersionFacts {
  /** `RSA`, `RSA-HSM`, … */
  type: string;
  /** Bits. */
  size?: number;
  operations: string[];
  recoveryLevel?: string;
}

/** Properties of a new key, or of a new version. */
export interface NewKeySpec {
  type: 'RSA' | 'RSA-HSM';
  /** Bits: 2048, 3072 or 4096. */
  size: number;
  /** Such as `wrapKey` and `unwrapKey`; Key Vault allows every operation when absent. */
  operations?: string[];
}

/** A key in the vault's bin. */
export interface DeletedKeyFacts {
  name: string;
  /** Absent in some answers of Azure while the deletion spreads. */
  deletedAt?: string;
  /** Time when Azure purges it by itself. */
  scheduledPurgeAt?: string;
  /** With `Purgeable` in it, somebody with the right may purge it before. */
  recoveryLevel?: string;
}

/** One block of a role: an action is allowed when a block has it and does not take it back. */
export interface PermissionSet {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

export interface AccessPort {
  /**
   * Role assignments that apply to a principal at `scope` (an ARM id): direct, inherited and by
   * group, each with what its role allows. Those below `scope` are left out: ask at the key's own
   * scope, `<vault id>/keys/<name>`, for the ones of one key. What a condition of an assignment
   * comes to is not judged.
   */
  assignmentsFor(
    principalId: string,
    scope: string,
  ): Promise<AzureAnswer<RoleAssignmentFacts[]>>;
  /** Permissions of the holder of a credential at `scope`, including inherited ones and those of its groups. */
  permissionsOfCaller(
    scope: string,
    credential: CredentialName,
  ): Promise<AzureAnswer<PermissionSet[]>>;
  /**
   * Object id of the holder of a credential, as its token says; nothing when it does not. Asks
   * Azure only for a token.
   */
  objectIdOf(credential: CredentialName): Promise<string | undefined>;
  /** PUT with the name given, so that a repeated call makes nothing new. */
  createAssignment(
    assignment: {
      scope: string;
      /** A GUID. */
      name: string;
      principalId: string;
      principalType: string;
      roleDefinitionId: string;
      condition?: string;
      conditionVersion?: string;
    },
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /** DELETE by full id; one that is gone already is no error. */
  deleteAssignment(
    assignmentId: string,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
}

export interface IdentitiesPort {
  /** PUT of a user-assigned identity; one that is there stays as it is. */
  create(
    resourceId: string,
    location: string,
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  get(resourceId: string): Promise<AzureAnswer<IdentityFacts>>;
  listBySubscription(
    subscriptionId: string,
  ): Promise<AzureAnswer<IdentityFacts[]>>;
}

/** A resource group, as ARM answers. */
export interface GroupFacts {
  id: string;
  name: string;
  location: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
}

export interface GroupsPort {
  get(groupId: string): Promise<AzureAnswer<GroupFacts>>;
  listBySubscription(
    subscriptionId: string,
  ): Promise<AzureAnswer<GroupFacts[]>>;
}

/** A management lock: `CanNotDelete` also stops the deletion of role assignments below it. */
export interface LockFacts {
  id: string;
  name: string;
  level: 'CanNotDelete' | 'ReadOnly';
  /** Scope that has the lock: the requested one, or one above it. */
  scope: string;
  notes?: string;
}

export interface LocksPort {
  /** Locks that hold at `scope` (an ARM id), those of its resource group and subscription included. */
  list(scope: string): Promise<AzureAnswer<LockFacts[]>>;
  /** Locks of a subscription, and of everything in it. */
  listAll(subscriptionId: string): Promise<AzureAnswer<LockFacts[]>>;
}

/** Everything of Azure that the product uses. */
export interface AzurePorts {
  registries: RegistriesPort;
  vaults: VaultsPort;
  keys: KeysPort;
  access: AccessPort;
  identities: IdentitiesPort;
  locks: LocksPort;
  groups: GroupsPort;
  resourceGraph: ResourceGraphPort;
  /** Is this credential configured? */
  has(credential: CredentialName): boolean;
  /** Time limit of one call that writes. */
  callLimitMs: number;
  /** Times the calls. A deadline for them comes from the same one. */
  monotonic: MonotonicClock;
}
