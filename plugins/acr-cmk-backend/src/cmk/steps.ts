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

/** Makes one new version of a key by Key Vault's own rotation. */
export interface MakeKeyVersion {
  kind: 'make-key-version';
  version: 1;
  /** Versionless. */
  key: string;
}

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
  identity: string;
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
    principalId: string;
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
export interface NudgeRegistry {
  kind: 'nudge-registry';
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
  | PointRegistryAtKey
  | AwaitFollowing
  | RemoveAccessPolicy
  | AddAccessPolicy
  | DeleteRoleAssignment
  | CreateRoleAssignment
  | ConfirmRevoked
  | NudgeRegistry
  | ConfirmRestored;

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
    case 'point-registry-at-key':
      return {
        kind,
        title:
          step.mode === 'automatic'
            ? `Send ${lastPart(
                step.registryId,
              )} its key again, so that it takes the new version now`
            : `Point ${lastPart(step.registryId)} at the ${
                step.use === 'new-version' ? 'new version' : 'version'
              }`,
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
        title: `Give ${step.entry.keys.join(', ')} to the object id ${
          step.entry.objectId
        } in the vault ${lastPart(step.vaultId)}`,
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
        )} to the object id ${step.assignment.principalId}`,
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
    case 'nudge-registry':
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
