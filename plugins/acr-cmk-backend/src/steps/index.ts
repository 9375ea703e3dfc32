/** Every kind of step. A new kind is a file beside this one and a line here. */
import type { StepSpec } from '../cmk/steps';
import { addAccessPolicy, removeAccessPolicy } from './accessPolicy';
import { awaitFollowing } from './awaitFollowing';
import { attachIdentity } from './attachIdentity';
import { awaitAccess } from './awaitAccess';
import { confirmRestored, confirmRevoked } from './confirmAccess';
import { confirmKeyState } from './confirmKeyState';
import { createIdentity } from './createIdentity';
import { createKey } from './createKey';
import { createRegistry } from './createRegistry';
import { deleteKey, recoverKey } from './deletedKey';
import { makeKeyVersion } from './makeKeyVersion';
import { resendKey } from './resendKey';
import { pointRegistryAtKey } from './pointRegistryAtKey';
import { createRoleAssignment, deleteRoleAssignment } from './roleAssignment';
import { setRotationPolicy } from './setRotationPolicy';
import { setVersionEnabled } from './setVersionEnabled';
import type { StepDefinition } from './step';

const definitions: { [K in StepSpec['kind']]: StepDefinition } = {
  'make-key-version': makeKeyVersion,
  'create-key': createKey,
  'create-identity': createIdentity,
  'set-rotation-policy': setRotationPolicy,
  'create-registry': createRegistry,
  'attach-identity': attachIdentity,
  'await-access': awaitAccess,
  'set-version-enabled': setVersionEnabled,
  'delete-key': deleteKey,
  'recover-key': recoverKey,
  'confirm-key-state': confirmKeyState,
  'point-registry-at-key': pointRegistryAtKey,
  'await-following': awaitFollowing,
  'remove-access-policy': removeAccessPolicy,
  'add-access-policy': addAccessPolicy,
  'delete-role-assignment': deleteRoleAssignment,
  'create-role-assignment': createRoleAssignment,
  'confirm-revoked': confirmRevoked,
  'resend-key': resendKey,
  'confirm-restored': confirmRestored,
};

/**
 * The definition for a stored step, or nothing when this release does not know the kind in that
 * version: another release made it, and it is parked, not guessed.
 */
export function definitionOf(spec: StepSpec): StepDefinition | undefined {
  const definition = definitions[spec.kind] as StepDefinition | undefined;
  return definition?.version === spec.version ? definition : undefined;
}
