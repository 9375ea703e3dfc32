import { nameOfRoute } from '../router';
import { allRoutes } from '../routes';
import { Tokens } from '../tokens';
import type { Emulated } from './emulated';

/** The emulator's whole table, by the names that its log uses. */
export const ROUTES = allRoutes(new Tokens('', ''), new Map()).map(nameOfRoute);

/** The packages whose clients call every route that they know how to call: `sdkRoutes.test.ts`. */
export const SDK_PACKAGES = [
  'arm-authorization',
  'arm-containerregistry',
  'arm-keyvault',
  'arm-msi',
  'arm-resourcegraph',
  'identity',
  'keyvault-keys',
];

const SUBSCRIPTION = 'arm GET /subscriptions/{subscription}';
const GROUP = '/subscriptions/{subscription}/resourceGroups/{group}';
const LOCKS = '{scope*}/providers/Microsoft.Authorization/locks';

/** Routes that none of those packages can call, and why they are there: `otherClients.test.ts`. */
export const ROUTES_OF_OTHER_CLIENTS: Record<string, string> = {
  'login GET /common/discovery/instance':
    'az asks it when it signs in; @azure/identity knows the public cloud by heart.',
  'login GET /{tenant}/v2.0/.well-known/openid-configuration':
    'az asks it when it signs in; @azure/identity knows the endpoints of the public cloud by heart.',
  'login GET /{tenant}/.well-known/openid-configuration':
    'The address of the older endpoint, for clients that speak its dialect.',
  'login GET /{tenant}/discovery/v2.0/keys':
    'The OpenID configuration names it; nobody who asks for a token checks its signature.',
  'login POST /{tenant}/oauth2/token':
    'The older endpoint, with `resource` instead of `scope`; MSAL uses the newer one only.',
  'arm GET /tenants':
    'az lists tenants when no tenant was named; that is @azure/arm-subscriptions, which is not of the seven.',
  'arm GET /subscriptions':
    'az lists subscriptions when it signs in; that is @azure/arm-subscriptions, which is not of the seven.',
  [SUBSCRIPTION]:
    'Terraform looks its subscription up; that is @azure/arm-subscriptions, which is not of the seven.',
  [`${SUBSCRIPTION}/providers`]:
    'Terraform reads which providers are registered; that is @azure/arm-resources, which is not of the seven.',
  [`${SUBSCRIPTION}/providers/{namespace}`]:
    'az looks a provider up before it uses it; that is @azure/arm-resources, which is not of the seven.',
  'arm POST /subscriptions/{subscription}/providers/{namespace}/register':
    'az and Terraform register providers; that is @azure/arm-resources, which is not of the seven.',
  [`${SUBSCRIPTION}/resourceGroups`]:
    '`az group list`; groups belong to @azure/arm-resources, which is not of the seven.',
  [`arm GET ${GROUP}`]:
    'az reads the location of a group; groups belong to @azure/arm-resources, which is not of the seven.',
  [`arm HEAD ${GROUP}`]:
    '`az group exists`; groups belong to @azure/arm-resources, which is not of the seven.',
  [`arm PUT ${GROUP}`]:
    '`az group create`; groups belong to @azure/arm-resources, which is not of the seven.',
  [`arm DELETE ${GROUP}`]:
    '`az group delete`; groups belong to @azure/arm-resources, which is not of the seven.',
  [`arm GET ${LOCKS}`]:
    '`az lock list`; locks belong to @azure/arm-locks, which is not of the seven.',
  [`arm GET ${LOCKS}/{name}`]:
    '`az lock show`; locks belong to @azure/arm-locks, which is not of the seven.',
  [`arm PUT ${LOCKS}/{name}`]:
    '`az lock create`; locks belong to @azure/arm-locks, which is not of the seven.',
  [`arm DELETE ${LOCKS}/{name}`]:
    '`az lock delete`; locks belong to @azure/arm-locks, which is not of the seven.',
  'registry GET /v2':
    'What a container runtime asks first; pulls are not done by any management client.',
  'registry GET /v2/_catalog':
    'Registry tools list repositories with it; it is the data plane, which no management client knows.',
  'registry GET /v2/{repository}/tags/list':
    'Registry tools list tags with it; it is the data plane, which no management client knows.',
  'registry GET /v2/{repository}/manifests/{reference}':
    'The pull itself; it is the data plane, which no management client knows.',
  'registry HEAD /v2/{repository}/manifests/{reference}':
    'A container runtime looks the digest up before it pulls; no management client knows the data plane.',
  'registry GET /v2/{repository}/blobs/{digest}':
    'The rest of a pull; it is the data plane, which no management client knows.',
  'vault GET /':
    'Terraform waits until a new vault answers here, whatever the answer; @azure/keyvault-keys never asks.',
  'vault GET /certificates/contacts':
    'Terraform reads the contacts of every vault; that is @azure/keyvault-certificates, not of the seven.',
  'graph GET /v1.0/me':
    'az asks who it is when it creates a vault; Graph has its own SDK, which is not of the seven.',
  'graph GET /v1.0/servicePrincipals':
    'az turns a client id into an object id; Graph has its own SDK, which is not of the seven.',
  'graph GET /v1.0/servicePrincipals/{id}':
    '`az ad sp show`; Graph has its own SDK, which is not of the seven.',
  'graph GET /v1.0/users':
    'az looks an assignee up among the users; Graph has its own SDK, which is not of the seven.',
  'graph GET /v1.0/groups':
    'az looks an assignee up among the groups; Graph has its own SDK, which is not of the seven.',
  'graph POST /v1.0/groups':
    '`az ad group create`; Graph has its own SDK, which is not of the seven.',
  'graph GET /v1.0/groups/{id}':
    '`az ad group show`; Graph has its own SDK, which is not of the seven.',
  'graph POST /v1.0/groups/{id}/members/$ref':
    '`az ad group member add`; Graph has its own SDK, which is not of the seven.',
  'graph POST /v1.0/directoryObjects/getByIds':
    'az turns the object ids of role assignments into names; Graph has its own SDK, which is not of the seven.',
};

/** Of those, the ones that have nothing to give: Azure refuses them too. */
export const ROUTES_THAT_ONLY_REFUSE = [
  'vault GET /',
  'vault GET /certificates/contacts',
  'graph GET /v1.0/me',
];

export interface CalledRoute {
  route: string;
  /** `keyvault-keys` of `azsdk-js-keyvault-keys/4.10.2 …`; undefined for clients that are no package of
   *  the Azure SDK. */
  sdk?: string;
  /** Whether some answer was no refusal. */
  answered: boolean;
}

/** How the packages call themselves: `azsdk-js-identity/…`, the older ones `@azure/arm-…/…`. */
const SDK_CLIENT = /(?:azsdk-js-|@azure\/)([a-z]+(?:-[a-z]+)*)\/\d/;

/**
 * What the emulator's own log says of the routes that the tests of a file called. Collected after each
 * test, since the next one resets the world, and the log with it.
 */
export function recordRoutes(world: Emulated): () => CalledRoute[] {
  const called = new Map<string, CalledRoute>();
  afterEach(() => {
    for (const { route, client, status } of world.emulator.requests()) {
      if (!route) continue;
      const sdk = client && SDK_CLIENT.exec(client)?.[1];
      const key = `${sdk} ${route}`;
      const answered = status !== undefined && status < 400;
      called.set(key, {
        route,
        ...(sdk && { sdk }),
        answered: answered || Boolean(called.get(key)?.answered),
      });
    }
  });
  return () => [...called.values()];
}
