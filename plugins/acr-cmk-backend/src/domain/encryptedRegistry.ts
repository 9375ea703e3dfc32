/** One registry with everything its encryption depends on, taken apart once for the rules. */
import type {
  AttachedIdentity,
  Fact,
  KeyFacts,
  KeyIdentifier,
  KeyVersionFacts,
  RegistryFacts,
  RoleAssignmentFacts,
  VaultFacts,
  VersionMode,
} from 'backstage-plugin-acr-cmk-common';
import type { ChangeHistory } from './changeHistory';
import type { Registry } from './registry';

export { shortVersion } from './steps/words';

/** Facts of one moment. A registry without a customer-managed key has no facts about a key. */
export interface RegistryFactBundle {
  registry: Registry;
  vault?: Fact<VaultFacts>;
  key?: Fact<KeyFacts>;
  /** Role assignments of the encryption identity at the key. For vaults that work with RBAC. */
  assignments?: Fact<RoleAssignmentFacts[]>;
  /** Whether the encryption identity exists, attached or not. Absent when not known. */
  identityExists?: boolean;
  /** Time since which the registry is known to be as it is, by our clock. Other facts may be older. */
  registrySince?: number;
  /** Changes by this portal. Absent when there were none. */
  changes?: ChangeHistory;
  /** The soft-deleted key, of a key that its vault does not have. */
  deletedKey?: Fact<DeletedKey>;
}

/** A soft-deleted key. */
export interface DeletedKey {
  /** ISO 8601. Azure leaves out both while the deletion spreads. */
  deletedAt?: string;
  scheduledPurgeAt?: string;
}

/** The identity that a registry uses to reach its key, as far as the registry's own answer shows. */
export interface Identity {
  kind: 'system' | 'user-assigned';
  /** Value in `properties.encryption`: a client id, or `system`. */
  reference: string;
  attached: boolean;
  /** Deleted identities stay in the settings of a registry. Absent when not known. */
  exists?: boolean;
  /** Object id that the vault knows. Unknown when the identity is not attached. */
  principalId?: string;
  userAssigned?: AttachedIdentity;
}

/** A registry with a customer-managed key, without the time of day. */
export interface EncryptedRegistryFacts {
  registry: Registry;
  /** Key identifier that the registry stores: versioned in manual mode, versionless in automatic. */
  key: KeyIdentifier;
  mode: VersionMode;
  /** 32 hex digits. Unknown when the registry does not show it. */
  versionInUse?: string;
  identity: Identity;
  vault: Fact<VaultFacts>;
  keyFacts: Fact<KeyFacts>;
  assignments?: Fact<RoleAssignmentFacts[]>;
  /** Time since which the registry is known to be as it is, by our clock. Absent when no other fact is older. */
  registrySince?: number;
  changes: ChangeHistory;
  /** The soft-deleted key, where the key is missing. */
  deletedKey?: Fact<DeletedKey>;
}

/** A registry with a customer-managed key at one moment. */
export interface EncryptedRegistry extends EncryptedRegistryFacts {
  /** Azure's time, epoch milliseconds. */
  now: number;
}

const NOT_READ = {
  known: false,
  problem: {
    kind: 'unavailable',
    code: 'NotRead',
    message: 'It has not been read',
  },
} as const;

/** The registry taken apart, or nothing when it has no customer-managed key that can be parsed. */
export function encryptedRegistryOf(
  bundle: RegistryFactBundle,
  now: number,
): EncryptedRegistry | undefined {
  const { registry } = bundle;
  const { encryption, key } = registry;
  if (encryption.status !== 'enabled' || !key || !encryption.identity) {
    return undefined;
  }
  return {
    registry,
    key,
    mode: key.version ? 'manual' : 'automatic',
    versionInUse: registry.keyInUse?.version ?? key.version,
    identity: {
      ...identityOf(registry, encryption.identity),
      ...(bundle.identityExists !== undefined && {
        exists: bundle.identityExists,
      }),
    },
    vault: bundle.vault ?? NOT_READ,
    keyFacts: bundle.key ?? NOT_READ,
    assignments: bundle.assignments,
    registrySince: bundle.registrySince,
    changes: bundle.changes ?? {},
    deletedKey: bundle.deletedKey,
    now,
  };
}

/** Time at which a fact was last confirmed, by our clock. */
export function lastConfirmedAt({
  observedAt,
  confirmedAt = 0,
}: {
  observedAt: number;
  confirmedAt?: number;
}): number {
  return Math.max(observedAt, confirmedAt);
}

/**
 * Reason why the version in use is not known although the key is: the key was neither read nor
 * listed as unchanged since the registry uses it. Undefined when the version is known, or known not
 * to exist.
 */
export function versionNotReadYet({
  keyFacts,
  registrySince,
  versionInUse,
}: EncryptedRegistryFacts): string | undefined {
  if (!keyFacts.known || !versionInUse) return undefined;
  const { versions } = keyFacts.value;
  if (versions.some(({ version }) => version === versionInUse)) {
    return undefined;
  }
  if (keyFacts.refreshProblem) return keyFacts.refreshProblem.message;
  return registrySince !== undefined &&
    lastConfirmedAt(keyFacts) < registrySince
    ? 'the key was last read before the registry used it'
    : undefined;
}

/** Resolves the identity of `properties.encryption` with the ids in the registry's own answer. */
export function identityOf(
  registry: RegistryFacts,
  reference: string,
): Identity {
  if (reference.toLowerCase() === 'system') {
    return {
      kind: 'system',
      reference: 'system',
      attached: registry.systemPrincipalId !== undefined,
      principalId: registry.systemPrincipalId,
    };
  }
  const userAssigned = registry.userAssignedIdentities.find(
    identity => identity.clientId?.toLowerCase() === reference.toLowerCase(),
  );
  return {
    kind: 'user-assigned',
    reference,
    attached: userAssigned !== undefined,
    principalId: userAssigned?.principalId,
    userAssigned,
  };
}

/** Object id by which a registry reaches its key. Unknown without an identity that is attached. */
export function principalOf(registry: RegistryFacts): string | undefined {
  const { identity } = registry.encryption;
  return identity ? identityOf(registry, identity).principalId : undefined;
}

/** Newest enabled version, or nothing when there is none. `versions` come newest first. */
export function latestVersion(key: KeyFacts): KeyVersionFacts | undefined {
  return key.versions.find(version => version.enabled);
}
