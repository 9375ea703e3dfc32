import { seconds } from '../state/durations';
import { AccessPolicy, Key, RoleAssignment, Vault } from '../state/model';
import { same } from '../state/ids';
import { permits } from './permits';
import { conditionAllows, ConditionRequest } from './conditions';
import { hsmAction, permitsInHsm } from '../hsm/hsmAccess';
import {
  coversScope,
  managementGroupOf,
  subscriptionsIn,
} from '../arm/managementGroupTree';
import type { Azure } from '../types';

export const KEY_ACTION = 'Microsoft.KeyVault/vaults/keys';

/** The role assignments in effect for a principal at a time. */
export function effectiveAssignments(
  azure: Azure,
  principalId: string,
  at: number,
): RoleAssignment[] {
  return azure.assignmentsByPrincipal
    .find(principalId)
    .filter(assignment => isEffective(azure, assignment, at));
}

function isEffective(
  azure: Azure,
  assignment: RoleAssignment,
  at: number,
): boolean {
  const { roleAssignmentDelaySeconds, roleRemovalDelaySeconds } =
    azure.assumptions;
  const { createdAt, removedAt } = assignment;
  return (
    createdAt + seconds(roleAssignmentDelaySeconds) <= at &&
    (removedAt === undefined ||
      at < removedAt + seconds(roleRemovalDelaySeconds))
  );
}

interface Question {
  principalId: string;
  action: string;
  scope: string;
  plane: 'control' | 'data';
  /** Input of the condition on the assignment; without it conditions are ignored. */
  request?: ConditionRequest;
}

/** Whether any role of the principal permits the action at the scope. */
export function permitsByRole(azure: Azure, question: Question): boolean {
  const { principalId, action, scope, plane, request } = question;
  return effectiveAssignments(azure, principalId, azure.now()).some(
    assignment =>
      coversScope(azure, assignment.scope, scope) &&
      azure.store
        .get('roleDefinitions', assignment.roleId)
        ?.permissions.some(
          permission =>
            permits(permission, action, plane) &&
            meets(permission.condition, action, request),
        ) &&
      meets(assignment.condition, action, request),
  );
}

/** Scopes at which the principal may do this and below; subscriptions in place of management groups. */
export function scopesPermitting(
  azure: Azure,
  { id, admin }: { id: string; admin?: true },
  action: string,
): string[] {
  if (admin) return ['/'];
  return effectiveAssignments(azure, id, azure.now())
    .filter(({ roleId }) => roleActs(azure, roleId, action))
    .flatMap(({ scope }) => {
      const group = managementGroupOf(scope);
      return group === undefined
        ? [scope]
        : subscriptionsIn(azure, group).map(subscription => subscription.id);
    });
}

function roleActs(azure: Azure, roleId: string, action: string): boolean {
  return Boolean(
    azure.store
      .get('roleDefinitions', roleId)
      ?.permissions.some(permission => permits(permission, action, 'control')),
  );
}

/** Whether an assignment means anything to the subscriptions below: reading management groups does not. */
export function reachesSubscriptions(
  azure: Azure,
  { scope, roleId }: RoleAssignment,
): boolean {
  return (
    managementGroupOf(scope) === undefined ||
    Boolean(
      azure.store
        .get('roleDefinitions', roleId)
        ?.permissions.some(({ actions, dataActions }) =>
          [...actions, ...dataActions].some(
            pattern => !/^Microsoft\.Management\//i.test(pattern),
          ),
        ),
    )
  );
}

function meets(
  condition: string | undefined,
  action: string,
  request: ConditionRequest | undefined,
): boolean {
  return !condition || !request || conditionAllows(condition, action, request);
}

function permitsByPolicy(
  policies: AccessPolicy[],
  principalId: string,
  permission: string,
): boolean {
  return policies
    .filter(policy => same(principalId, policy.objectId))
    .some(policy =>
      (policy.permissions.keys ?? []).some(
        granted => same(granted, permission) || same(granted, 'all'),
      ),
    );
}

/** One permission on a vault's keys, as both permission models name it. */
interface KeyPermission {
  policy: string;
  action: string;
}

/** A principal and the key that it uses. */
interface KeyUser {
  vault: Vault;
  /** Absent for what concerns all keys of the vault. */
  keyName: string | undefined;
  principalId: string;
}

/** Whether the principal may do this to the key, by the permission model of the vault. */
export function mayUseKey(
  azure: Azure,
  { vault, keyName, principalId }: KeyUser,
  permission: KeyPermission,
): boolean {
  if (vault.hsm) {
    return permitsInHsm(azure, vault, {
      principalId,
      action: hsmAction(permission.action),
      scope: keyName === undefined ? '/keys' : `/keys/${keyName}`,
    });
  }
  if (vault.enableRbacAuthorization) {
    return permitsByRole(azure, {
      principalId,
      action: permission.action,
      scope: keyName === undefined ? vault.id : `${vault.id}/keys/${keyName}`,
      plane: 'data',
    });
  }
  return permitsByPolicy(
    azure.policies.inEffect(vault),
    principalId,
    permission.policy,
  );
}

/** The three permissions that a registry needs on its key. */
export function wrapRights(
  azure: Azure,
  { vault, key }: { vault?: Vault; key?: Key },
  principalId: string | undefined,
): { get: boolean; wrap: boolean; unwrap: boolean } {
  const may = (policy: string, verb: string) =>
    vault !== undefined &&
    principalId !== undefined &&
    mayUseKey(
      azure,
      { vault, keyName: key?.name, principalId },
      { policy, action: `${KEY_ACTION}/${verb}` },
    );
  return {
    get: may('get', 'read'),
    wrap: may('wrapKey', 'wrap/action'),
    unwrap: may('unwrapKey', 'unwrap/action'),
  };
}
