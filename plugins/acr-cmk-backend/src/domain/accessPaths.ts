import {
  type AccessPath,
  type AccessPolicyEntry,
  type AzureProblem,
  type KeyIdentifier,
  type KeyUse,
  missingUses,
  opensData,
  type RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import { entryOf, othersThatOpen, usesOfEntry } from './steps/accessPolicy';
import { scopeInWords } from './steps/words';
import type { EncryptedRegistryFacts } from './encryptedRegistry';

/** The role that lets a registry use its key and nothing else. */
export const encryptionRole = ({ isInHsm }: Pick<KeyIdentifier, 'isInHsm'>) =>
  `${isInHsm ? 'Managed HSM' : 'Key Vault'} Crypto Service Encryption User`;

/** One grant by which the encryption identity may open the data keys. */
export type Path =
  | { kind: 'access-policy'; entry: AccessPolicyEntry; direct: true }
  | {
      kind: 'role-assignment';
      assignment: RoleAssignmentFacts;
      /** Made for the identity itself, at the key or at the vault. */
      direct: boolean;
    };

/** Every access path of the identity, or why they are not known. */
export type Paths =
  | {
      known: true;
      paths: Path[];
      /** Permissions that a registry needs and no grant of the identity has, the rights of all grants added up. */
      missing: KeyUse[];
      /** Other grants that Azure does not tell from those of a group of the identity. */
      mayBeByGroup: boolean;
    }
  | { known: false; problem: AzureProblem };

/** Access paths of the registry's identity to its key. */
export function accessPathsOf(encrypted: EncryptedRegistryFacts): Paths {
  const { vault, identity, assignments } = encrypted;
  if (!identity.principalId) {
    return {
      known: false,
      problem: {
        kind: 'not-found',
        code: 'IdentityDetached',
        message:
          identity.kind === 'system'
            ? 'The system-assigned identity is turned off, so it has no access path'
            : 'The encryption identity is not attached to the registry, so its object ID could not be determined',
      },
    };
  }
  if (!vault.known) return { known: false, problem: vault.problem };
  if (vault.value.permissionModel === 'access-policy') {
    const entry = entryOf(vault.value, identity.principalId);
    const uses = entry ? usesOfEntry(entry) : [];
    return {
      known: true,
      paths:
        entry && opensData(uses)
          ? [{ kind: 'access-policy', entry, direct: true }]
          : [],
      missing: missingUses(uses),
      mayBeByGroup:
        othersThatOpen(vault.value, identity.principalId).length > 0,
    };
  }
  if (!assignments) {
    return {
      known: false,
      problem: {
        kind: 'unavailable',
        code: 'NotRead',
        message: 'The role assignments have not been read',
      },
    };
  }
  if (!assignments.known) return { known: false, problem: assignments.problem };
  const principal = identity.principalId.toLowerCase();
  const narrow = [
    vault.value.id.toLowerCase(),
    // In a Managed HSM, all keys are a scope of their own.
    `${vault.value.id}/keys`.toLowerCase(),
    `${vault.value.id}/keys/${encrypted.key.keyName}`.toLowerCase(),
  ];
  return {
    known: true,
    paths: assignments.value
      .filter(({ keyUses }) => opensData(keyUses))
      .map(assignment => ({
        kind: 'role-assignment',
        assignment,
        direct:
          assignment.principalId.toLowerCase() === principal &&
          narrow.includes(assignment.scope.toLowerCase()),
      })),
    missing: missingUses(assignments.value.flatMap(({ keyUses }) => keyUses)),
    mayBeByGroup: encrypted.key.isInHsm,
  };
}

/** A path, as people read it. */
export function describePath(path: Path, vaultName: string): AccessPath {
  if (path.kind === 'access-policy') {
    return {
      kind: 'access-policy',
      direct: true,
      message: `Access policy of the vault ${vaultName}: ${path.entry.keys.join(
        ', ',
      )}`,
      permissions: path.entry.keys,
    };
  }
  const { assignment } = path;
  return {
    kind: 'role-assignment',
    direct: path.direct,
    role: assignment.roleName,
    scope: assignment.scope,
    assignmentId: assignment.id,
    message: path.direct
      ? `Role ${assignment.roleName} at ${scopeInWords(assignment.scope)}`
      : `Role ${assignment.roleName}, ${
          assignment.principalType.toLowerCase() === 'group'
            ? 'by a group'
            : 'inherited'
        }, at ${scopeInWords(assignment.scope)}`,
  };
}

/** Text after "no access to the key": a Managed HSM shows the role assignments of the identity itself only. */
export const hsmGroupNote = ({ isInHsm }: Pick<KeyIdentifier, 'isInHsm'>) =>
  isInHsm ? ' of its own; a group may give it' : '';
