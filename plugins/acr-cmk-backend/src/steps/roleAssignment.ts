/** What the steps about role assignments share. */
import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import type { Observation } from './step';

export function observeAssignments(
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

/** An action on role assignments. */
export const onAssignments = (action: 'write' | 'delete') =>
  `Microsoft.Authorization/roleAssignments/${action}`;
