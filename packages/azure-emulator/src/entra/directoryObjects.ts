import { AzureError, unsupported } from '../errors';
import { Principal } from '../state/model';
import type { Answer, Call, Route } from '../types';
import { ok } from '../http/answers';
import { optionalArray, requiredString } from '../http/body';
import { NEEDS_TOKEN, routesOf } from '../http/route';

const route = routesOf('graph');
const CONTEXT = 'https://graph.microsoft.com/v1.0/$metadata#';

/** The directory look-ups that clients use to turn names into object ids. */
export const graphRoutes: Route[] = [
  route('GET /v1.0/me', NEEDS_TOKEN, () => {
    // Every caller is a service principal, for which `me` does not exist.
    throw new AzureError(
      400,
      'BadRequest',
      '/me request is only valid with delegated authentication flow.',
    );
  }),
  route('GET /v1.0/servicePrincipals', NEEDS_TOKEN, search),
  route(
    'POST /v1.0/directoryObjects/getByIds',
    NEEDS_TOKEN,
    ({ azure, request }) => {
      const ids = (optionalArray(request.body.ids, 'ids') ?? []).map(id =>
        requiredString(id, 'ids'),
      );
      const found = ids.flatMap(id => azure.store.get('principals', id) ?? []);
      return ok({
        '@odata.context': `${CONTEXT}directoryObjects`,
        value: found.map(objectJson),
      });
    },
  ),
];

function objectJson({ id, appId, displayName, kind, resourceId }: Principal) {
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
}

const FILTER =
  /^\s*servicePrincipalNames\/any\(\s*(\w+)\s*:\s*\1\s+eq\s+'([^']*)'\s*\)\s*$/i;

function search({ azure, request }: Call): Answer {
  const filter = request.query.get('$filter') ?? '';
  const match = FILTER.exec(filter);
  if (!match) {
    throw unsupported.feature(`the filter '${filter}'`);
  }
  return ok({
    '@odata.context': `${CONTEXT}servicePrincipals`,
    value: azure.principalsByAppId.find(match[2]).map(objectJson),
  });
}
