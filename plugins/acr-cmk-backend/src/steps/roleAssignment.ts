import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import type { CreateRoleAssignment, DeleteRoleAssignment } from '../cmk/steps';
import type { Observation } from '../operations/engine/types';
import { principalOf } from './principal';
import { defineStep } from './step';

function observationsOf(
  assignments: readonly RoleAssignmentFacts[],
): Observation[] {
  const wrapping = assignments.filter(({ wrapsKeys }) => wrapsKeys);
  return [
    {
      what: 'role assignments that let the identity use the key',
      value:
        wrapping.length === 0
          ? 'none'
          : wrapping
              .map(({ roleName, scope }) => `${roleName} at ${scope}`)
              .join('; '),
    },
  ];
}

/** Deletes one role assignment. One that is gone is as wanted. */
export const deleteRoleAssignment = defineStep<DeleteRoleAssignment>({
  kind: 'delete-role-assignment',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure }) {
    const { id, principalId, scope } = spec.assignment;
    const { value } = await azure.access.assignmentsFor(principalId, scope);
    const observations = observationsOf(value);
    return value.some(one => one.id.toLowerCase() === id.toLowerCase())
      ? { status: 'needs-write', observations }
      : { status: 'done', observations, message: 'The assignment is gone' };
  },

  act: ({ spec, azure }) =>
    azure.access.deleteAssignment(spec.assignment.id, 'revoke'),
});

/** Makes one role assignment, under the name that the plan chose: a repetition makes nothing new. */
export const createRoleAssignment = defineStep<CreateRoleAssignment>({
  kind: 'create-role-assignment',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure, outputs }) {
    const { scope, roleDefinitionId } = spec.assignment;
    const principalId = principalOf(spec.assignment.principalId, outputs);
    const { value } = await azure.access.assignmentsFor(principalId, scope);
    const observations = observationsOf(value);
    const there = value.some(
      one =>
        one.scope.toLowerCase() === scope.toLowerCase() &&
        one.principalId.toLowerCase() === principalId.toLowerCase() &&
        sameRole(one.roleDefinitionId, roleDefinitionId),
    );
    return there
      ? { status: 'done', observations, message: 'The assignment is there' }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure, outputs }) =>
    azure.access.createAssignment(
      {
        ...spec.assignment,
        principalId: principalOf(spec.assignment.principalId, outputs),
      },
      'revoke',
    ),

  // An identity that was just made is not known everywhere at once.
  passes: error => error.code === 'PrincipalNotFound',
});

/** Azure spells the same definition with and without its subscription: its GUID decides. */
function sameRole(a: string, b: string): boolean {
  const guid = (id: string) => id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  return guid(a) === guid(b);
}
