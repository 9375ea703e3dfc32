import { AzureError, unsupported } from '../errors';
import {
  Answer,
  Call,
  noContent,
  ok,
  optionalArray,
  requiredString,
} from '../http';
import { newGuid, same } from '../ids';
import { Principal } from '../model';
import type { Route } from '../router';

const CONTEXT = 'https://graph.microsoft.com/v1.0/$metadata#';

/** The directory look-ups that clients use to turn names into object ids. */
export const graphRoutes: Route[] = [
  route('GET', '/v1.0/me', () => {
    // Every caller is a service principal, for which `me` does not exist.
    throw new AzureError(
      400,
      'BadRequest',
      '/me request is only valid with delegated authentication flow.',
    );
  }),
  route('GET', '/v1.0/servicePrincipals', call =>
    search(call, 'servicePrincipals', isServicePrincipal),
  ),
  route('GET', '/v1.0/servicePrincipals/{id}', call =>
    one(call, isServicePrincipal),
  ),
  route('GET', '/v1.0/users', call =>
    search(call, 'users', ({ kind }) => kind === 'user'),
  ),
  route('GET', '/v1.0/groups', call =>
    search(call, 'groups', ({ kind }) => kind === 'group'),
  ),
  route('POST', '/v1.0/groups', createGroup),
  route('GET', '/v1.0/groups/{id}', call =>
    one(call, ({ kind }) => kind === 'group'),
  ),
  route('POST', '/v1.0/groups/{id}/members/$ref', addMember),
  route('POST', '/v1.0/directoryObjects/getByIds', ({ azure, request }) => {
    const ids = (optionalArray(request.body.ids, 'ids') ?? []).map(id =>
      requiredString(id, 'ids'),
    );
    const found = ids.flatMap(id => azure.store.get('principals', id) ?? []);
    return ok({
      '@odata.context': `${CONTEXT}directoryObjects`,
      value: found.map(objectJson),
    });
  }),
];

function route(method: string, path: string, answer: Route['answer']): Route {
  return { service: 'graph', method, path, needs: { kind: 'token' }, answer };
}

function isServicePrincipal({ kind }: Principal): boolean {
  return kind === 'application' || kind === 'managedIdentity';
}

function objectJson(principal: Principal) {
  const { id, appId, displayName, kind, resourceId } = principal;
  switch (kind) {
    case 'group':
      return { '@odata.type': '#microsoft.graph.group', id, displayName };
    case 'user':
      return {
        '@odata.type': '#microsoft.graph.user',
        id,
        displayName,
        userPrincipalName: appId,
      };
    case 'application':
    case 'managedIdentity':
      return {
        '@odata.type': '#microsoft.graph.servicePrincipal',
        id,
        appId,
        displayName,
        appDisplayName: displayName,
        accountEnabled: true,
        servicePrincipalNames: [appId],
        servicePrincipalType:
          kind === 'application' ? 'Application' : 'ManagedIdentity',
        alternativeNames: resourceId ? ['isExplicit=True', resourceId] : [],
      };
    default:
      throw new Error(`No Graph object for ${kind satisfies never}`);
  }
}

const FILTER =
  /^\s*(?:servicePrincipalNames\/any\(\s*(\w+)\s*:\s*\1\s+eq\s+'([^']*)'\s*\)|(appId|id|displayName|userPrincipalName)\s+eq\s+'([^']*)'|startswith\((displayName),\s*'([^']*)'\))\s*$/i;

function search(
  { azure, request }: Call,
  collection: string,
  wanted: (principal: Principal) => boolean,
): Answer {
  const filter = request.query.get('$filter') ?? '';
  const tests = (filter ? filter.split(/\s+or\s+/i) : []).map(clause => {
    const match = FILTER.exec(clause);
    if (!match) {
      throw unsupported.feature(`the filter '${clause}'`, 'azure/graph.ts');
    }
    const [, , name, field, value, , prefix] = match;
    return (principal: Principal) => {
      if (name !== undefined) return same(principal.appId, name);
      if (prefix !== undefined) {
        return principal.displayName
          .toLowerCase()
          .startsWith(prefix.toLowerCase());
      }
      return same(fieldOf(principal, field), value);
    };
  });
  const found = azure.store
    .all('principals')
    .filter(wanted)
    .filter(principal => !tests.length || tests.some(test => test(principal)));
  return ok({
    '@odata.context': `${CONTEXT}${collection}`,
    value: found.map(objectJson),
  });
}

function notFound(id: string): AzureError {
  return new AzureError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

function fieldOf(principal: Principal, field: string): string {
  switch (field.toLowerCase()) {
    case 'id':
      return principal.id;
    case 'displayname':
      return principal.displayName;
    default:
      return principal.appId;
  }
}

function one(
  { azure, params }: Call,
  wanted: (principal: Principal) => boolean,
): Answer {
  const found = azure.store.get('principals', params.id);
  if (!found || !wanted(found)) {
    throw notFound(params.id);
  }
  return ok({
    '@odata.context': `${CONTEXT}directoryObjects/$entity`,
    ...objectJson(found),
  });
}

/** Groups exist because role assignments to them apply to their members. */
function createGroup({ azure, request, caller }: Call): Answer {
  requireAdmin(caller);
  const group: Principal = {
    id: newGuid(),
    appId: '',
    displayName: requiredString(request.body.displayName, 'displayName'),
    kind: 'group',
    members: [],
  };
  azure.store.put('principals', group);
  return { status: 201, body: objectJson(group) };
}

function addMember({ azure, request, params, caller }: Call): Answer {
  requireAdmin(caller);
  const group = azure.store.get('principals', params.id);
  const member = requiredString(request.body['@odata.id'], '@odata.id')
    .split('/')
    .pop()!;
  if (!group?.members || !azure.store.get('principals', member)) {
    throw notFound(group?.members ? member : params.id);
  }
  azure.store.put('principals', {
    ...group,
    members: [...new Set([...group.members, member])],
  });
  return noContent();
}

/** Only admin may change the directory. */
function requireAdmin(caller: Principal) {
  if (!caller.admin) {
    throw new AzureError(
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    );
  }
}
