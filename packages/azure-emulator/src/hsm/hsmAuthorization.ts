import { vaultOfHost } from '../access/authorise';
import { arm, hsm as errors } from '../errors';
import { isGuid, same } from '../state/ids';
import { HsmAssignment, Vault } from '../state/model';
import { assignmentsIn, coversInHsm, HSM_ACTION } from './hsmAccess';
import { HsmRole, HSM_ROLES } from './hsmRoles';
import type { Answer, Call, Needs, Route } from '../types';
import { routesOf } from '../http/route';
import { asRecord, requiredString } from '../http/body';
import { ok } from '../http/answers';

const PROVIDER = '{scope*}/providers/Microsoft.Authorization';
const ONE = `${PROVIDER}/roleAssignments/{name}`;
const DEFINITIONS =
  'Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions';

const needs = (action: string): Needs => ({
  kind: 'key',
  policy: action,
  action: `${HSM_ACTION}/${action}/action`,
});

const vaultRoute = routesOf('vault');
const route = (name: string, action: string, answer: Route['answer']) =>
  vaultRoute(name, needs(action), answer);

/** A Managed HSM's own role assignments and role definitions, at its data plane. */
export const hsmAuthorizationRoutes: Route[] = [
  route(`GET ${PROVIDER}/roleAssignments`, 'roleAssignments/read', list),
  route(`PUT ${ONE}`, 'roleAssignments/write', create),
  route(`DELETE ${ONE}`, 'roleAssignments/delete', call => {
    const found = assignmentOf(call);
    call.azure.store.remove('hsmAssignments', found.id);
    return ok(assignmentJson(found));
  }),
  route(`GET ${PROVIDER}/roleDefinitions`, 'roleDefinitions/read', call => {
    hsmOf(call);
    return ok({ value: HSM_ROLES.map(definitionJson) });
  }),
];

function hsmOf(call: Call): Vault {
  const vault = vaultOfHost(call);
  if (!vault.hsm) throw arm.notFound('Only Managed HSMs have roles here.');
  return vault;
}

/** `/`, `/keys` or `/keys/{name}`. */
function scopeOf({ params: { scope } }: Call): string {
  if (!/^\/(keys(\/[a-z0-9-]{1,127})?)?$/i.test(scope)) {
    throw errors.invalidScope(scope);
  }
  return scope;
}

function roleOf(id: string): HsmRole {
  const found = HSM_ROLES.find(role => same(role.id, id));
  if (!found) throw errors.roleNotFound();
  return found;
}

const idOf = (hsm: Vault, name: string) => `${hsm.name}/${name}`.toLowerCase();

function assignmentOf(call: Call): HsmAssignment {
  const hsm = hsmOf(call);
  const found = call.azure.store.get(
    'hsmAssignments',
    idOf(hsm, call.params.name),
  );
  if (!found || !same(found.scope, scopeOf(call))) {
    throw errors.assignmentNotFound();
  }
  return found;
}

function list(call: Call): Answer {
  const hsm = hsmOf(call);
  const scope = scopeOf(call);
  const filter = call.request.query.get('$filter')?.trim() ?? '';
  const principal = /^principalId eq '([^']+)'$/i.exec(filter)?.[1];
  const onlyAbove = /^atScope\(\)$/i.test(filter);
  if (filter && !onlyAbove && !principal) {
    throw arm.invalidQuery('$filter', filter);
  }
  const rows = assignmentsIn(call.azure, hsm).filter(
    each =>
      (coversInHsm(each.scope, scope) ||
        (!onlyAbove && coversInHsm(scope, each.scope))) &&
      (!principal || same(principal, each.principalId)),
  );
  return ok({ value: rows.map(assignmentJson) });
}

function create(call: Call): Answer {
  const { azure, params, request } = call;
  const hsm = hsmOf(call);
  const properties = asRecord(request.body.properties, 'properties');
  const definition = requiredString(
    properties.roleDefinitionId,
    'properties.roleDefinitionId',
  );
  const principalId = requiredString(
    properties.principalId,
    'properties.principalId',
  );
  const scope = scopeOf(call);
  if (!isGuid(params.name)) throw errors.invalidScope(params.name);
  const role = roleOf(definition.slice(definition.lastIndexOf('/') + 1));
  const isThere = assignmentsIn(azure, hsm).some(
    each =>
      same(each.name, params.name) ||
      (same(each.scope, scope) &&
        same(each.roleId, role.id) &&
        same(each.principalId, principalId)),
  );
  if (isThere) throw errors.assignmentExists();
  const assignment: HsmAssignment = {
    id: idOf(hsm, params.name),
    hsm: hsm.name,
    scope,
    name: params.name,
    roleId: role.id,
    principalId,
  };
  azure.store.put('hsmAssignments', assignment);
  return { status: 201, body: assignmentJson(assignment) };
}

function assignmentJson({ scope, name, roleId, principalId }: HsmAssignment) {
  return {
    id: `${scope.replace(
      /\/$/,
      '',
    )}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      principalId,
      roleDefinitionId: `${DEFINITIONS}/${roleId}`,
      scope,
    },
  };
}

function definitionJson({ id, roleName, dataActions }: HsmRole) {
  return {
    id: `${DEFINITIONS}/${id}`,
    name: id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      assignableScopes: ['/'],
      description: '',
      permissions: [
        { actions: [], dataActions, notActions: [], notDataActions: [] },
      ],
      roleName,
      type: 'AKVBuiltInRole',
    },
  };
}
