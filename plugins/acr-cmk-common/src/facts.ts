/**
 * Facts from Azure about a registry and everything its encryption depends on, in our own shapes.
 *
 * The module `azure/` makes these, `domain/` judges them; both know nothing else of each other. Every
 * time in them is Azure's own, as an ISO 8601 text in UTC.
 */
import type { RegistryNetwork, RotationPolicy } from './model';

/** A refusal or failure of Azure, without secrets. */
export interface AzureProblem {
  /** Kind of failure, for a switch. */
  kind:
    | 'denied'
    | 'not-found'
    | 'throttled'
    | 'unavailable'
    | 'refused'
    | 'unconfigured';
  /** Azure's own code, such as `AuthorizationFailed` or `ForbiddenByFirewall`. */
  code: string;
  /** Message for a person: what failed, and which action at which scope is missing. */
  message: string;
  /** Azure's correlation id, for a support case. */
  correlationId?: string;
}

/** Something read from Azure: the value with its age, or why there is none. */
export type Fact<T> =
  | {
      known: true;
      value: T;
      /**
       * Time for which it is certain, by the database's clock: when it was read, less the lag of the source.
       * Epoch milliseconds.
       */
      observedAt: number;
      /** Lag of the source. Absent when it has none. */
      lagMs?: number;
      /** Time when Azure answered, by Azure's clock (its `Date` header). Epoch milliseconds. */
      azureAt: number;
      /** Time when a list last showed that nothing has changed since it was read, by the database's clock. */
      confirmedAt?: number;
      /** Time since which it is known to be unchanged, by the database's clock. */
      changedAt?: number;
      /** The last attempt to read it again failed so. */
      refreshProblem?: AzureProblem;
    }
  | { known: false; problem: AzureProblem };

/** `properties.encryption` of a registry. */
export interface EncryptionFacts {
  status: 'enabled' | 'disabled';
  keyIdentifier?: string;
  /** Client id of a user-assigned identity, or `system`. */
  identity?: string;
  versionedKeyIdentifier?: string;
  keyRotationEnabled?: boolean;
  /** Absent until the first rotation. */
  lastKeyRotation?: string;
}

/** A user-assigned identity that is attached to a registry. */
export interface AttachedIdentity {
  resourceId: string;
  clientId?: string;
  principalId?: string;
}

/** One registry, as ARM answers. */
export interface RegistryFacts {
  id: string;
  name: string;
  location: string;
  sku: string;
  loginServer: string;
  provisioningState: string;
  tags: Record<string, string>;
  network: RegistryNetwork;
  encryption: EncryptionFacts;
  /** Last change of anything about it, as Azure names it. Resource Graph does not show it. */
  lastModified?: { at: string; by?: string };
  /** Object id of the system-assigned identity, when it is on. */
  systemPrincipalId?: string;
  userAssignedIdentities: AttachedIdentity[];
}

/** Permissions of one principal in a vault with access policies. */
export interface AccessPolicyEntry {
  tenantId: string;
  objectId: string;
  applicationId?: string;
  keys: string[];
  secrets: string[];
  certificates: string[];
  storage: string[];
}

/** One vault or Managed HSM, as ARM answers. */
export interface VaultFacts {
  id: string;
  /**
   * Name; of a Managed HSM with the suffix `.managedhsm`, which distinguishes it from a vault of the same name.
   */
  name: string;
  /** Azure region. */
  location?: string;
  tenantId: string;
  sku: string;
  permissionModel: 'rbac' | 'access-policy';
  /** Absent when Azure does not show it: the default of a Managed HSM is not the one of a vault. */
  purgeProtection?: boolean;
  softDeleteRetentionDays: number;
  publicNetworkAccess: boolean;
  /** Action of the firewall for an address that no rule names. */
  defaultAction: 'allow' | 'deny';
  /** True when Azure's trusted services, such as Container Registry, may pass the firewall. */
  trustedServicesBypass: boolean;
  accessPolicies: AccessPolicyEntry[];
  /** Activation state of a Managed HSM, in Azure's words, such as `Active` or `NotActivated`. */
  securityDomain?: string;
  /** Absent when there are none. */
  tags?: Record<string, string>;
}

/** One version of a key. */
export interface KeyVersionFacts {
  /** 32 lower-case hex digits. */
  version: string;
  enabled: boolean;
  created: string;
  notBefore?: string;
  expires?: string;
}

/** One key with all its versions, newest first. */
export interface KeyFacts {
  vaultName: string;
  name: string;
  /** `RSA`, `RSA-HSM`, … */
  type: string;
  /** Bits. */
  size?: number;
  /** Allowed operations, such as `wrapKey`. Empty when Azure did not say. */
  operations: string[];
  /** Such as `CustomizedRecoverable`; with `Purgeable` in it, a deleted key can be lost. */
  recoveryLevel?: string;
  versions: KeyVersionFacts[];
  /** True when the vault's rotation policy creates new versions. */
  rotatesByPolicy: boolean;
  /** The policy itself. Absent when none was ever set. */
  rotationPolicy?: RotationPolicy;
  /** Tags of the key's newest version, which is where Key Vault keeps them. Absent when there are none. */
  tags?: Record<string, string>;
}

/** A role assignment that applies to a principal at a scope, inherited and by group included. */
export interface RoleAssignmentFacts {
  id: string;
  /** Name of the assignment: a GUID. */
  name: string;
  scope: string;
  principalId: string;
  principalType: string;
  roleDefinitionId: string;
  roleName: string;
  /** Uses of keys that the role's data actions allow. */
  keyUses: KeyUse[];
  condition?: string;
  conditionVersion?: string;
}

/** Permissions of an access policy that together let a registry use a key. */
export const WRAP_PERMISSIONS = ['get', 'wrapKey', 'unwrapKey'] as const;

/**
 * Uses of a key that decide what a registry can do with it, named as the permissions of access policies. A registry
 * serves images as long as its identity may unwrap; Azure lets it change its key with the three of `WRAP_PERMISSIONS`.
 */
export const KEY_USES = [...WRAP_PERMISSIONS, 'decrypt'] as const;

/** Use of a key, as access policies name it. */
export type KeyUse = (typeof KEY_USES)[number];

/** Uses that open the data keys of a registry: a revoke ends each of them. */
const OPENING: readonly KeyUse[] = ['unwrapKey', 'decrypt'];

/** Uses that a registry needs and these grants do not allow. */
export const missingUses = (uses: readonly KeyUse[]): KeyUse[] =>
  WRAP_PERMISSIONS.filter(use => !uses.includes(use));

/** Does a grant of these uses let a registry read its images? */
export const opensData = (uses: readonly KeyUse[]): boolean =>
  uses.some(use => OPENING.includes(use));

/** The role of a Managed HSM's own with exactly these rights: Managed HSM Crypto Service Encryption User. */
export const HSM_CRYPTO_SERVICE_ENCRYPTION_USER =
  '33413926-3206-4cdd-b39a-83574fe37a17';

/**
 * Built-in role whose data actions are exactly read, wrap and unwrap: Key Vault Crypto Service
 * Encryption User.
 */
export const CRYPTO_SERVICE_ENCRYPTION_USER =
  'e147488a-f6f5-4113-8e2d-b22465e65bf6';
