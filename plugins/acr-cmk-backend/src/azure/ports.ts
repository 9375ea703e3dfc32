/**
 * What the rest of the backend may ask of Azure. One port for each of Azure's services; the files
 * beside this one implement them with Azure's own SDKs.
 *
 * Every method throws `AzureError` and nothing else. Every method that reads says when Azure
 * answered, by Azure's clock. A method that writes sends at most one write, and never repeats it.
 */
import type {
  AccessPolicyEntry,
  KeyFacts,
  KeyIdentifier,
  KeyVersionFacts,
  RegistryFacts,
  RegistryId,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';

/** Which of the configured credentials a call is made with. */
export type CredentialName = 'read' | 'rotate' | 'revoke';

/** An answer with Azure's time: its `Date` header, epoch milliseconds. */
export interface AzureAnswer<T> {
  value: T;
  azureAt: number;
  correlationId?: string;
}

/** A write that Azure took. */
export interface AzureReceipt {
  correlationId?: string;
  /** Where an asynchronous operation of ARM can be polled. */
  operationUrl?: string;
}

/** How an asynchronous operation of ARM stands. */
export type ArmOperationStatus =
  | { status: 'running'; retryAfterSeconds?: number }
  | { status: 'succeeded' }
  | { status: 'failed'; code: string; message: string };

/** What a registry's data plane said to an anonymous pull. */
export interface PullProbe {
  /** HTTP status of `GET https://<login server>/v2/`. */
  status: number;
}

export interface RegistriesPort {
  get(id: RegistryId): Promise<AzureAnswer<RegistryFacts>>;
  /** All registries of a subscription that the read credential may see, every page. */
  listBySubscription(
    subscriptionId: string,
  ): Promise<AzureAnswer<RegistryFacts[]>>;
  /**
   * Sends the smallest PATCH: `properties.encryption` and nothing else. Waits for the answer to
   * the PATCH, never for the operation behind it.
   */
  updateEncryption(
    id: RegistryId,
    encryption: {
      keyIdentifier: string;
      /** Client id, or `system`. */
      identity: string;
    },
    credential: CredentialName,
  ): Promise<AzureReceipt>;
  /** `operationUrl` must be of this registry; any other is refused before a request leaves. */
  operationStatus(
    id: RegistryId,
    operationUrl: string,
    credential: CredentialName,
  ): Promise<ArmOperationStatus>;
  /** Asks the registry's own endpoint, without any credential. */
  probePull(loginServer: string): Promise<PullProbe>;
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

export interface KeysPort {
  /** Key with all its versions and its rotation policy, over ARM: needs no right in the vault. */
  get(vaultId: string, keyName: string): Promise<AzureAnswer<KeyFacts>>;
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
}

export interface AccessPort {
  /**
   * Role assignments that apply to a principal at `scope` (an ARM id): direct, inherited and by
   * group, each with what its role allows.
   */
  assignmentsFor(
    principalId: string,
    scope: string,
  ): Promise<AzureAnswer<RoleAssignmentFacts[]>>;
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

/** Everything of Azure that the product uses. */
export interface AzurePorts {
  registries: RegistriesPort;
  vaults: VaultsPort;
  keys: KeysPort;
  access: AccessPort;
  /** Is this credential configured? */
  has(credential: CredentialName): boolean;
}
