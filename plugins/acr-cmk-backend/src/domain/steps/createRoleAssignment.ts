import type { KeyUse } from 'backstage-plugin-acr-cmk-common';
import { az, inHsm, principalArgument } from './az';
import { type Principal, principalInWords, principalOf } from './principal';
import {
  changeAssignments,
  lockedBelow,
  observeAssignments,
  ofScope,
} from './roleAssignment';
import { defineStep } from './step';
import { lastPart, scopeInWords } from './words';

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
    /** Uses of keys that the role allows. Default: the three that a registry needs. */
    keyUses?: KeyUse[];
    condition?: string;
    conditionVersion?: string;
  };
}

/** The name is that of the plan, so a repetition makes nothing new. */
export const createRoleAssignment = defineStep<CreateRoleAssignment>({
  kind: 'create-role-assignment',
  version: 1,
  credential: 'revoke',

  title: ({ assignment }) =>
    `Assign ${assignment.roleName} at ${scopeInWords(
      assignment.scope,
    )} to ${principalInWords(assignment.principalId)}`,
  target: ({ assignment }) => assignment.scope,
  commands: ({ assignment }) => [
    az(`${ofScope(assignment.scope)}role assignment create`, {
      name: assignment.name,
      ...(inHsm(assignment.scope) ?? { scope: assignment.scope }),
      role: lastPart(assignment.roleDefinitionId),
      'assignee-object-id': principalArgument(assignment.principalId),
      'assignee-principal-type': assignment.principalType,
      ...(assignment.condition && {
        condition: assignment.condition,
        'condition-version': assignment.conditionVersion ?? '2.0',
      }),
    }),
  ],
  effects: ({ assignment: { scope, principalId } }) => [
    { does: 'grant', scope, principalId },
  ],
  givesBack: ({
    assignment: { scope, principalId, roleDefinitionId, condition },
  }) => ({
    what: 'access',
    of: [scope, principalId, roleDefinitionId, condition ?? ''],
  }),
  rights: ({ assignment }) => [changeAssignments('write', assignment.scope)],
  lockedScope: ({ assignment }) => lockedBelow(assignment.scope, false),
  // An identity that was just made is not known everywhere at once.
  expectsFreshAccess: () => true,

  async observe({ spec, azure, outputs }) {
    const { scope, roleDefinitionId } = spec.assignment;
    const principalId = principalOf(spec.assignment.principalId, outputs);
    const { value } = await azure.access.assignmentsFor(principalId, scope);
    const observations = observeAssignments(value);
    const there = value.some(
      one =>
        one.scope.toLowerCase() === scope.toLowerCase() &&
        one.principalId.toLowerCase() === principalId.toLowerCase() &&
        isSameRole(one.roleDefinitionId, roleDefinitionId),
    );
    return there
      ? { status: 'done', observations, message: 'The assignment is there' }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure, outputs }) =>
    azure.access.createAssignment({
      ...spec.assignment,
      principalId: principalOf(spec.assignment.principalId, outputs),
    }),
});

/** Azure spells the same definition with and without its subscription: its GUID decides. */
function isSameRole(a: string, b: string): boolean {
  return lastPart(a).toLowerCase() === lastPart(b).toLowerCase();
}
