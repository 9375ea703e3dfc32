/**
 * Every kind of step that a plan may hold, as plain data. `operations/steps/` has one file for each
 * kind; `version` says which meaning of the data a stored step was made for.
 */
import {
  type AccessPolicyEntry,
  assertNever,
  KeyIdentifier,
  type PlannedStep,
  type RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import { scopeInWords } from './accessPaths';
import { shortVersion } from './encryptedRegistry';

/** Makes one new version of a key by Key Vault's own rotation. */
export interface MakeKeyVersion {
  kind: 'make-key-version';
  version: 1;
  /** Versionless. */
  key: string;
}

/** Makes a key under a name that was free when the plan was made. */
export interface CreateKey {
  kind: 'create-key';
  version: 1;
  /** Versionless. */
  key: string;
  type: 'RSA' | 'RSA-HSM';
  /** Bits. */
  size: number;
}

/**
 * Puts one more identity at the registry's side, beside those that it has. Nothing is detached.
 */
export interface AttachIdentity {
  kind: 'attach-identity';
  version: 1;
  registryId: string;
  /** Resource id of a user-assigned identity, or `system`. */
  identity: string;
}

/** Waits until Azure shows that a principal may use a key. Writes nothing. */
export interface AwaitAccess {
  kind: 'await-access';
  version: 1;
  vaultId: string;
  keyName: string;
  principalId: Principal;
}

/** Makes a user-assigned identity. One that is there under this id is taken as it is. */
export interface CreateIdentity {
  kind: 'create-identity';
  version: 1;
  /** Resource id. */
  identity: string;
  location: string;
}

/** Has the vault make a new version of a key every so many days. */
export interface SetRotationPolicy {
  kind: 'set-rotation-policy';
  version: 1;
  /** Versionless. */
  key: string;
  rotateEveryDays: number;
}

/** Makes a registry that is encrypted with a customer-managed key. */
export interface CreateRegistry {
  kind: 'create-registry';
  version: 1;
  registryId: string;
  location: string;
  tags: Record<string, string>;
  /** Resource id of the identity. */
  identity: string;
  /** Its client id; absent when the step before makes it. */
  clientId?: string;
  /** Versionless key URI. */
  key: string;
  mode: 'automatic' | 'manual';
  /** For `manual`: the version, or the one that this operation makes. */
  use: 'new-version' | string;
}

/** Enables or disables one version of a key. */
export interface SetVersionEnabled {
  kind: 'set-version-enabled';
  version: 1;
  /** With its version. */
  key: string;
  enabled: boolean;
}

/** Soft-deletes a key with all its versions. */
export interface DeleteKey {
  kind: 'delete-key';
  version: 1;
  /** Versionless. */
  key: string;
}

/** Brings a soft-deleted key back with all its versions. */
export interface RecoverKey {
  kind: 'recover-key';
  version: 1;
  /** Versionless. */
  key: string;
}

/** Looks whether versions of a key can be used, by what the vault says. Writes nothing. */
export interface ConfirmKeyState {
  kind: 'confirm-key-state';
  version: 1;
  vaultId: string;
  keyName: string;
  /** Versions that are looked at. */
  versions: string[];
  usable: boolean;
  /** The registry has left these versions and must go on serving pulls. */
  retired?: true;
  /** Of the registry that is asked for a pull. */
  loginServer: string;
}

/**
 * Object id of a principal. `system-identity` stands for the registry's own one, which has none
 * before it is switched on, `created-identity` for the one that the operation makes.
 */
export type Principal = 'system-identity' | 'created-identity' | string;

/** Sends the registry's encryption settings, and waits until Azure's read-back shows them. */
export interface PointRegistryAtKey {
  kind: 'point-registry-at-key';
  version: 1;
  registryId: string;
  /** Versionless key URI. */
  key: string;
  /** `automatic` stores the versionless URI, `manual` the one with the version. */
  mode: 'automatic' | 'manual';
  /** The version that must be in use at the end: 32 hex digits, or the one this operation makes. */
  use: 'new-version' | string;
  /** Client id, or `system`. */
  identity: string;
  /** The operation gave the access itself, so a refusal may pass while that spreads. */
  afterGrant?: boolean;
}

/** Waits until an automatic registry has followed by itself. Writes nothing. */
export interface AwaitFollowing {
  kind: 'await-following';
  version: 1;
  registryId: string;
}

/** Takes permissions of one principal away from a vault that works with access policies. */
export interface RemoveAccessPolicy {
  kind: 'remove-access-policy';
  version: 1;
  vaultId: string;
  tenantId: string;
  objectId: string;
  /** As the vault spells them. */
  keyPermissions: string[];
}

/** Gives one principal permissions in a vault that works with access policies. */
export interface AddAccessPolicy {
  kind: 'add-access-policy';
  version: 1;
  vaultId: string;
  /** Its `objectId` is a `Principal`. */
  entry: AccessPolicyEntry;
}

/** Deletes one role assignment. */
export interface DeleteRoleAssignment {
  kind: 'delete-role-assignment';
  version: 1;
  assignment: RoleAssignmentFacts;
}

/** Makes one role assignment, with a name that was chosen when the plan was made. */
export interface CreateRoleAssignment {
  kind: 'create-role-assignment';
  version: 1;
  assignment: {
    scope: string;
    name: string;
    principalId: Principal;
    principalType: string;
    roleDefinitionId: string;
    roleName: string;
    condition?: string;
    conditionVersion?: string;
  };
}

/** Looks whether any access path is left, and asks the registry for a pull. Writes nothing. */
export interface ConfirmRevoked {
  kind: 'confirm-revoked';
  version: 1;
  registryId: string;
  vaultId: string;
  keyName: string;
  principalId: string;
  loginServer: string;
}

/** Sends the registry its present settings again, so that it reads the vault now. */
export interface ResendKey {
  kind: 'resend-key';
  version: 1;
  registryId: string;
}

/** Looks whether the access path is there, and asks the registry for a pull. Writes nothing. */
export interface ConfirmRestored {
  kind: 'confirm-restored';
  version: 1;
  registryId: string;
  vaultId: string;
  keyName: string;
  principalId: string;
  loginServer: string;
}

export type StepSpec =
  | MakeKeyVersion
  | CreateKey
  | CreateIdentity
  | SetRotationPolicy
  | CreateRegistry
  | AttachIdentity
  | AwaitAccess
  | PointRegistryAtKey
  | AwaitFollowing
  | RemoveAccessPolicy
  | AddAccessPolicy
  | DeleteRoleAssignment
  | CreateRoleAssignment
  | SetVersionEnabled
  | DeleteKey
  | RecoverKey
  | ConfirmKeyState
  | ConfirmRevoked
  | ResendKey
  | ConfirmRestored;

const principalInWords = (principal: Principal) =>
  ({
    'system-identity': "the registry's system-assigned identity",
    'created-identity': 'the new identity',
  }[principal] ?? `the object id ${principal}`);

function confirmKeyInWords({ usable, retired }: ConfirmKeyState): string {
  if (usable) return 'Make sure that the vault shows the key as usable';
  return retired
    ? 'Make sure that the old version is disabled, and that a pull is still answered'
    : 'Make sure that the vault shows the key as unusable, and try a pull';
}

const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);

/** A step in words. */
export function describeStep(step: StepSpec): PlannedStep {
  const { kind } = step;
  switch (step.kind) {
    case 'make-key-version': {
      const key = KeyIdentifier.parse(step.key);
      return {
        kind,
        title: `Make a new version of the key ${key.keyName}`,
        target: step.key,
        writes: true,
      };
    }
    case 'create-key': {
      const key = KeyIdentifier.parse(step.key);
      return {
        kind,
        title: `Make the key ${key.keyName} (${step.type} ${step.size}) in the vault ${key.vaultName}`,
        target: step.key,
        writes: true,
      };
    }
    case 'attach-identity':
      return {
        kind,
        title:
          step.identity === 'system'
            ? `Switch the system-assigned identity of ${lastPart(
                step.registryId,
              )} on`
            : `Attach the identity ${lastPart(step.identity)} to ${lastPart(
                step.registryId,
              )}`,
        target: step.registryId,
        writes: true,
      };
    case 'await-access':
      return {
        kind,
        title: `Wait until Azure shows that ${principalInWords(
          step.principalId,
        )} may use the key ${step.keyName}`,
        target: `${step.vaultId}/keys/${step.keyName}`,
        writes: false,
      };
    case 'create-identity':
      return {
        kind,
        title: `Make the identity ${lastPart(step.identity)} in ${
          step.location
        }`,
        target: step.identity,
        writes: true,
      };
    case 'set-rotation-policy':
      return {
        kind,
        title: `Have the vault make a new version of the key ${
          KeyIdentifier.parse(step.key).keyName
        } every ${step.rotateEveryDays} days`,
        target: step.key,
        writes: true,
      };
    case 'create-registry':
      return {
        kind,
        title: `Make the registry ${lastPart(step.registryId)} (Premium, ${
          step.location
        }), encrypted with the key ${KeyIdentifier.parse(step.key).keyName}`,
        target: step.registryId,
        writes: true,
      };
    case 'set-version-enabled': {
      const key = KeyIdentifier.parse(step.key);
      return {
        kind,
        title: `${step.enabled ? 'Enable' : 'Disable'} version ${shortVersion(
          key.version ?? '',
        )} of the key ${key.keyName}`,
        target: step.key,
        writes: true,
      };
    }
    case 'delete-key':
      return {
        kind,
        title: `Soft-delete the key ${
          KeyIdentifier.parse(step.key).keyName
        } with all its versions`,
        target: step.key,
        writes: true,
      };
    case 'recover-key':
      return {
        kind,
        title: `Recover the key ${
          KeyIdentifier.parse(step.key).keyName
        } with all its versions`,
        target: step.key,
        writes: true,
      };
    case 'confirm-key-state':
      return {
        kind,
        title: confirmKeyInWords(step),
        target: `${step.vaultId}/keys/${step.keyName}`,
        writes: false,
      };
    case 'point-registry-at-key':
      return {
        kind,
        title:
          step.mode === 'automatic'
            ? `Send ${lastPart(step.registryId)} the key ${
                KeyIdentifier.parse(step.key).keyName
              } without a version, so that it reads the vault now`
            : `Point ${lastPart(step.registryId)} at ${
                step.use === 'new-version'
                  ? 'the new version'
                  : `version ${shortVersion(step.use)}`
              } of the key ${KeyIdentifier.parse(step.key).keyName}`,
        target: step.registryId,
        writes: true,
      };
    case 'await-following':
      return {
        kind,
        title: `Wait until ${lastPart(
          step.registryId,
        )} follows: within an hour, says Azure`,
        target: step.registryId,
        writes: false,
      };
    case 'remove-access-policy':
      return {
        kind,
        title: `Take ${step.keyPermissions.join(', ')} from the object id ${
          step.objectId
        } in the vault ${lastPart(step.vaultId)}`,
        target: step.vaultId,
        writes: true,
      };
    case 'add-access-policy':
      return {
        kind,
        title: `Give ${step.entry.keys.join(', ')} to ${principalInWords(
          step.entry.objectId,
        )} in the vault ${lastPart(step.vaultId)}`,
        target: step.vaultId,
        writes: true,
      };
    case 'delete-role-assignment':
      return {
        kind,
        title: `Delete the assignment of ${
          step.assignment.roleName
        } at ${scopeInWords(step.assignment.scope)}`,
        target: step.assignment.id,
        writes: true,
      };
    case 'create-role-assignment':
      return {
        kind,
        title: `Assign ${step.assignment.roleName} at ${scopeInWords(
          step.assignment.scope,
        )} to ${principalInWords(step.assignment.principalId)}`,
        target: step.assignment.scope,
        writes: true,
      };
    case 'confirm-revoked':
      return {
        kind,
        title: 'Make sure that no access path is left, and try a pull',
        target: step.loginServer,
        writes: false,
      };
    case 'resend-key':
      return {
        kind,
        title: `Send ${lastPart(
          step.registryId,
        )} its present key again, so that it reads the vault now`,
        target: step.registryId,
        writes: true,
      };
    case 'confirm-restored':
      return {
        kind,
        title: 'Make sure that the access path is back, and try a pull',
        target: step.loginServer,
        writes: false,
      };
    default:
      return assertNever(step);
  }
}
