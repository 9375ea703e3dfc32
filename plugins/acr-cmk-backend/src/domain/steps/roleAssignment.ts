/** Parts shared by the steps about role assignments. */
import {
  opensData,
  type RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import { hsmScopeOf, isHsmScope } from '../../azure/armIds';
import { HSM_ACTION } from '../../azure/permissions';
import type { LockedScope, Right } from './rights';
import type { Observation } from './step';

export function observeAssignments(
  assignments: readonly RoleAssignmentFacts[],
): Observation[] {
  const opening = assignments.filter(({ keyUses }) => opensData(keyUses));
  return [
    {
      what: 'role assignments that let the identity use the key',
      value:
        opening.length === 0
          ? 'none'
          : opening
              .map(({ roleName, scope }) => `${roleName} at ${scope}`)
              .join('; '),
    },
  ];
}

/** The right to change role assignments at a scope: ARM's, or those of a Managed HSM's own. */
export function changeAssignments(
  action: 'write' | 'delete',
  scope: string,
): Omit<Right, 'credential'> {
  const hsm = hsmScopeOf(scope);
  return hsm
    ? {
        scope,
        action: `${HSM_ACTION}roleAssignments/${action}/action`,
        data: { vaultName: hsm.hsm },
      }
    : { scope, action: `Microsoft.Authorization/roleAssignments/${action}` };
}

/** Management locks stop changes through ARM, which those of a Managed HSM's own roles are not. */
export const lockedBelow = (
  scope: string,
  deletes: boolean,
): LockedScope | undefined =>
  isHsmScope(scope) ? undefined : { scope, deletes };

/** Prefix of `role` in commands of `az`. */
export const ofScope = (scope: string) =>
  isHsmScope(scope) ? 'keyvault ' : '';
