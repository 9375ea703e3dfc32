import { requireAction } from './authorise';
import { arm, authorization as errors, unsupported } from '../errors';
import { isGuid, parseResourceId, same } from '../state/ids';
import { RoleAssignment } from '../state/model';
import { checkLocks } from '../arm/checkLocks';
import {
  coversScope,
  findManagementGroup,
  managementGroupOf,
} from '../arm/managementGroupTree';
import { definitionId, permissionsOf } from './roleDefinitions';
import { dotnetTime } from '../arm/systemData';
import type { Answer, Azure, Call, Route } from '../types';
import { asRecord, optionalString, requiredString } from '../http/body';
import { noContent, ok } from '../http/answers';
import { NEEDS_TOKEN, needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.Authorization/roleAssignments';
const ALL = `{scope*}/providers/${ACTION}`;
const ONE = `${ALL}/{name}`;
const scopeOf = ({ params }: Call) => params.scope;

/** Role assignments at any scope, and the caller's permissions there. */
export const authorizationRoutes: Route[] = [
  route(`GET ${ALL}`, needsAction(`${ACTION}/read`, scopeOf), list),
  // Checked in the handler: a condition on the caller's role may refer to the assignment.
  route(`PUT ${ONE}`, NEEDS_TOKEN, put),
  route(`DELETE ${ONE}`, NEEDS_TOKEN, remove),
  route(
    'GET {scope*}/providers/Microsoft.Authorization/permissions',
    NEEDS_TOKEN,
    call => {
      checkScopeExists(call);
      return ok({ value: permissionsOf(call, call.params.scope) });
    },
  ),
];

const assignmentId = (scope: string, name: string) =>
  `${scope === '/' ? '' : scope}/providers/${ACTION}/${name}`;

function assignmentOf({ azure, params }: Call): RoleAssignment | undefined {
  const found = azure.store.get(
    'roleAssignments',
    assignmentId(params.scope, params.name),
  );
  return found?.removedAt === undefined ? found : undefined;
}

export function assignmentJson(assignment: RoleAssignment) {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(assignment.scope)?.[0];
  return {
    id: assignment.id,
    name: assignment.name,
    type: ACTION,
    properties: {
      roleDefinitionId: `${subscription ?? ''}${definitionId(
        assignment.roleId,
      )}`,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.conditionVersion ?? null,
      createdOn: dotnetTime(assignment.createdAt),
      updatedOn: dotnetTime(assignment.createdAt),
      createdBy: assignment.createdBy,
      updatedBy: assignment.createdBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description ?? null,
    },
  };
}

const FILTER =
  /^\s*(?:(atScope\(\))|assignedTo\('([^']+)'\)|principalId\s+eq\s+'([^']+)')\s*$/i;

/** Without a filter: at the scope, above it and below it. `atScope()` leaves out what is below. */
function list(call: Call): Answer {
  const { azure, params, request } = call;
  checkScopeExists(call);
  const filter = request.query.get('$filter') ?? '';
  let rows: RoleAssignment[] | undefined;
  let below = true;
  for (const clause of filter ? filter.split(/\s+and\s+/i) : []) {
    const [, atScope, assignedTo, principal] = FILTER.exec(clause) ?? [];
    if (atScope) {
      below = false;
    } else if (assignedTo) {
      rows = azure.assignmentsByPrincipal.find(assignedTo);
    } else if (principal) {
      rows = azure.assignmentsByPrincipal.find(principal);
    } else {
      throw arm.invalidFilter(filter);
    }
  }
  const found = (rows ?? azure.store.all('roleAssignments')).filter(
    ({ scope, removedAt }) =>
      removedAt === undefined &&
      (coversScope(azure, scope, params.scope) ||
        (below && coversScope(azure, params.scope, scope))),
  );
  return ok({ value: found.map(assignmentJson) });
}

/** Refuses a scope in a group or resource that does not exist. */
function checkScopeExists({ azure, params }: Call) {
  const { scope } = params;
  const managementGroup = managementGroupOf(scope);
  if (managementGroup && !findManagementGroup(azure, managementGroup)) {
    throw arm.managementGroupNotFound(managementGroup);
  }
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(scope);
  if (!subscription) return;
  if (!azure.store.get('subscriptions', subscription[0])) {
    throw arm.subscriptionNotFound(subscription[1]);
  }
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(scope);
  if (group && !azure.store.get('groups', group[0])) {
    throw arm.groupNotFound(group[1]);
  }
  const resource =
    /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+)/i.exec(
      scope,
    );
  if (resource && !resourceExists(azure, resource[1])) {
    const { type, name, group: inGroup } = parseResourceId(resource[1])!;
    throw arm.resourceNotFound(type, name, inGroup);
  }
}

function resourceExists({ store }: Azure, id: string): boolean {
  return Boolean(
    store.get('vaults', id) ||
    store.get('registries', id) ||
    store.get('identities', id) ||
    store.get('genericResources', id),
  );
}

const isOther = (desired: string | undefined, known = '') =>
  desired !== undefined && desired !== known;

function put(call: Call): Answer {
  const { azure, params, request, caller } = call;
  if (!isGuid(params.name)) {
    throw errors.invalidId(params.name);
  }
  checkScopeExists(call);
  const desired = asRecord(request.body.properties, 'properties');
  const roleId = requiredString(
    desired.roleDefinitionId,
    'properties.roleDefinitionId',
  )
    .split('/')
    .pop()!
    .toLowerCase();
  const principalId = requiredString(
    desired.principalId,
    'properties.principalId',
  );
  const principal = azure.store.get('principals', principalId);
  const givenType = optionalString(
    desired.principalType,
    'properties.principalType',
  );
  const principalType = givenType ?? 'ServicePrincipal';
  requireAction(call, {
    action: `${ACTION}/write`,
    scope: params.scope,
    request: { roleId, principalId, principalType },
  });
  checkLocks(azure, `${ACTION}/write`, assignmentId(params.scope, params.name));
  if (!azure.store.get('roleDefinitions', roleId)) {
    throw errors.roleNotFound(roleId);
  }
  // With a principal type, Azure does not look the principal up, so that slow replication does not matter.
  if (!principal && !givenType) {
    throw errors.principalNotFound(principalId, azure.settings.tenantId);
  }
  const condition = optionalString(desired.condition, 'properties.condition');
  const description = optionalString(
    desired.description,
    'properties.description',
  );
  const existing = assignmentOf(call);
  if (existing) {
    if (
      existing.roleId !== roleId ||
      !same(existing.principalId, principalId)
    ) {
      throw errors.updateNotPermitted();
    }
    if (
      isOther(condition, existing.condition) ||
      isOther(description, existing.description)
    ) {
      throw unsupported.feature(
        'changing the condition or description of a role assignment',
      );
    }
    return ok(assignmentJson(existing));
  }
  const duplicate = azure.assignmentsByPrincipal
    .find(principalId)
    .find(
      other =>
        other.removedAt === undefined &&
        other.roleId === roleId &&
        same(other.scope, params.scope),
    );
  if (duplicate) {
    throw errors.exists();
  }
  const assignment: RoleAssignment = {
    id: assignmentId(params.scope, params.name),
    name: params.name,
    scope: params.scope,
    roleId,
    principalId,
    principalType,
    ...(condition && { condition, conditionVersion: '2.0' }),
    ...(description && { description }),
    createdAt: azure.now(),
    createdBy: caller.id,
  };
  azure.store.put('roleAssignments', assignment);
  return { status: 201, body: assignmentJson(assignment) };
}

/** Removed from every list at once; effective until the change has propagated. */
function remove(call: Call): Answer {
  const { azure, params } = call;
  const found = assignmentOf(call);
  requireAction(call, {
    action: `${ACTION}/delete`,
    scope: params.scope,
    request: found,
  });
  checkLocks(
    azure,
    `${ACTION}/delete`,
    assignmentId(params.scope, params.name),
  );
  if (!found) {
    return noContent();
  }
  azure.store.put('roleAssignments', { ...found, removedAt: azure.now() });
  azure.catchUp();
  return ok(assignmentJson(found));
}
