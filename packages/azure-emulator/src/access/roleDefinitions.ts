import { arm, authorization as errors } from '../errors';
import { isGuid, same } from '../state/ids';
import { Permission, RoleDefinition } from '../state/model';
import { effectiveAssignments } from './roleAccess';
import { coversScope } from '../arm/managementGroupTree';
import { dotnetTime } from '../arm/systemData';
import type { Answer, Call, Route } from '../types';
import {
  asRecord,
  optionalArray,
  optionalString,
  requiredString,
} from '../http/body';
import { ok } from '../http/answers';
import { NEEDS_TOKEN, needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.Authorization/roleDefinitions';
const ALL = `{scope*}/providers/${ACTION}`;
const ONE = `${ALL}/{name}`;
const scopeOf = ({ params }: Call) => params.scope;

export const definitionId = (roleId: string) =>
  `/providers/${ACTION}/${roleId}`;

/** Role definitions: built-in roles, and custom roles that can be created. */
export const roleDefinitionRoutes: Route[] = [
  // Azure shows the roles of a scope to everyone who can read it.
  route(`GET ${ALL}`, NEEDS_TOKEN, list),
  route(`GET ${ONE}`, NEEDS_TOKEN, call =>
    ok(definitionJson(call, definitionOf(call))),
  ),
  route(`PUT ${ONE}`, needsAction(`${ACTION}/write`, scopeOf), put),
];

export function definitionJson(
  { params }: Pick<Call, 'params'>,
  role: RoleDefinition,
) {
  const subscription =
    /^\/subscriptions\/[^/]+/i.exec(params.scope ?? '')?.[0] ?? '';
  return {
    id: `${subscription}${definitionId(role.id)}`,
    type: ACTION,
    name: role.id,
    properties: {
      roleName: role.roleName,
      type: role.type,
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: role.permissions,
      createdOn: dotnetTime(role.createdAt),
      updatedOn: dotnetTime(role.updatedAt),
      createdBy: role.createdBy ?? null,
      updatedBy: role.updatedBy ?? null,
    },
  };
}

function definitionOf({ azure, params }: Call): RoleDefinition {
  const found = azure.store.get('roleDefinitions', params.name);
  if (!found) {
    throw errors.roleNotFound(params.name);
  }
  return found;
}

/** Between two clauses, and not in the name of a role. */
const AND = /\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i;
const FILTER =
  /^\s*(?:roleName\s+eq\s+'([^']*)'|type\s+eq\s+'([^']*)'|(atScopeAndBelow\(\)))\s*$/i;

function list(call: Call): Answer {
  const { azure, params, request } = call;
  const filter = request.query.get('$filter') ?? '';
  const tests = (filter ? filter.split(AND) : []).map(clause => {
    const match = FILTER.exec(clause);
    if (!match) throw arm.invalidFilter(filter);
    const [, name, type] = match;
    return (role: RoleDefinition) =>
      (name === undefined || same(role.roleName, name)) &&
      (type === undefined || same(role.type, type));
  });
  const value = azure.store
    .all('roleDefinitions')
    .filter(role =>
      role.assignableScopes.some(
        scope =>
          coversScope(azure, scope, params.scope) ||
          coversScope(azure, params.scope, scope),
      ),
    )
    .filter(role => tests.every(test => test(role)))
    .map(role => definitionJson(call, role));
  return ok({ value });
}

function strings(value: unknown, field: string): string[] {
  return (optionalArray(value, field) ?? []).map(text =>
    requiredString(text, field),
  );
}

function put(call: Call): Answer {
  const { azure, params, request, caller } = call;
  const before = azure.store.get('roleDefinitions', params.name);
  if (!isGuid(params.name)) {
    throw arm.invalidBody('The role definition ID must be a GUID');
  }
  const desired = asRecord(request.body.properties, 'properties');
  const permissions: Permission[] = (
    optionalArray(desired.permissions, 'permissions') ?? []
  ).map(entry => {
    const permission = asRecord(entry, 'permissions');
    return {
      actions: strings(permission.actions, 'actions'),
      notActions: strings(permission.notActions, 'notActions'),
      dataActions: strings(permission.dataActions, 'dataActions'),
      notDataActions: strings(permission.notDataActions, 'notDataActions'),
    };
  });
  const role: RoleDefinition = {
    id: params.name.toLowerCase(),
    roleName: requiredString(desired.roleName, 'properties.roleName'),
    description:
      optionalString(desired.description, 'properties.description') ?? '',
    type: 'CustomRole',
    permissions,
    assignableScopes: strings(desired.assignableScopes, 'assignableScopes'),
    createdAt: before?.createdAt ?? azure.now(),
    updatedAt: azure.now(),
    createdBy: before?.createdBy ?? caller.id,
    updatedBy: caller.id,
  };
  azure.store.put('roleDefinitions', role);
  return { status: 201, body: definitionJson(call, role) };
}

/** The caller's permissions at a scope, one entry per role. */
export function permissionsOf(
  { azure, caller }: Call,
  scope: string,
): Permission[] {
  if (caller.admin) {
    return [
      {
        actions: ['*'],
        notActions: [],
        dataActions: ['*'],
        notDataActions: [],
      },
    ];
  }
  return effectiveAssignments(azure, caller.id, azure.now())
    .filter(assignment => coversScope(azure, assignment.scope, scope))
    .flatMap(
      ({ roleId }) =>
        azure.store.get('roleDefinitions', roleId)?.permissions ?? [],
    );
}
