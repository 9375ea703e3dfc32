import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import { az, inHsm } from './az';
import {
  changeAssignments,
  lockedBelow,
  observeAssignments,
} from './roleAssignment';
import { defineStep } from './step';
import { scopeInWords } from './words';

/** Deletes one role assignment. */
export interface DeleteRoleAssignment {
  kind: 'delete-role-assignment';
  version: 1;
  assignment: RoleAssignmentFacts;
}

/** Done when the assignment is gone, no matter who deleted it. */
export const deleteRoleAssignment = defineStep<DeleteRoleAssignment>({
  kind: 'delete-role-assignment',
  version: 1,
  credential: 'revoke',

  title: ({ assignment }) =>
    `Delete the assignment of ${assignment.roleName} at ${scopeInWords(
      assignment.scope,
    )}`,
  target: ({ assignment }) => assignment.id,
  commands: ({ assignment: { id, scope } }) => {
    const hsm = inHsm(scope);
    return hsm
      ? [
          az('keyvault role assignment delete', {
            'hsm-name': hsm['hsm-name'],
            ids: `${hsm.scope.replace(/\/$/, '')}${id.slice(scope.length)}`,
          }),
        ]
      : [az('role assignment delete', { ids: id })];
  },
  effects: ({ assignment: { scope, principalId } }) => [
    { does: 'remove-access', scope, principalId },
  ],
  rights: ({ assignment }) => [changeAssignments('delete', assignment.scope)],
  lockedScope: ({ assignment }) => lockedBelow(assignment.scope, true),

  async observe({ spec, azure }) {
    const { id, principalId, scope } = spec.assignment;
    const { value } = await azure.access.assignmentsFor(principalId, scope);
    const observations = observeAssignments(value);
    return value.some(one => one.id.toLowerCase() === id.toLowerCase())
      ? { status: 'needs-write', observations }
      : { status: 'done', observations, message: 'The assignment is gone' };
  },

  act: ({ spec, azure }) => azure.access.deleteAssignment(spec.assignment.id),
});
