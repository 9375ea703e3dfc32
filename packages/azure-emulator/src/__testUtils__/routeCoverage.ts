import { nameOfRoute } from '../router';
import { allRoutes } from '../routes';
import { Tokens } from '../tokens';
import type { Emulated } from './emulated';

/** All routes of the emulator, by their names in the request log. */
export const ROUTES = allRoutes(new Tokens('', ''), new Map()).map(nameOfRoute);

/** The packages whose clients call every route that they support: `sdkRoutes.test.ts`. */
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

/** Routes that none of those packages call, and why they exist: `otherClients.test.ts`. */
export const ROUTES_OF_OTHER_CLIENTS: Record<string, string> = {
  'login GET /common/discovery/instance':
    'az requests it to sign in; @azure/identity has the public cloud built in.',
  'login GET /{tenant}/v2.0/.well-known/openid-configuration':
    'az requests it to sign in; @azure/identity has the endpoints of the public cloud built in.',
  'login GET /{tenant}/.well-known/openid-configuration':
    'The v1 endpoint, for older clients.',
  'login GET /{tenant}/discovery/v2.0/keys':
    'The OpenID configuration links to it; no client that requests a token verifies its signature.',
  'login POST /{tenant}/oauth2/token':
    'The v1 endpoint, with `resource` instead of `scope`; MSAL uses v2 only.',
  'arm GET /tenants':
    'az lists tenants when none was given; that is @azure/arm-subscriptions, which is not among these packages.',
  'arm GET /subscriptions':
    'az lists subscriptions when it signs in; that is @azure/arm-subscriptions, which is not among these packages.',
  [SUBSCRIPTION]:
    'Terraform reads its subscription; that is @azure/arm-subscriptions, which is not among these packages.',
  [`${SUBSCRIPTION}/providers`]:
    'Terraform reads which providers are registered; that is @azure/arm-resources, which is not among these packages.',
  [`${SUBSCRIPTION}/providers/{namespace}`]:
    'az reads a provider before it uses it; that is @azure/arm-resources, which is not among these packages.',
  'arm POST /subscriptions/{subscription}/providers/{namespace}/register':
    'az and Terraform register providers; that is @azure/arm-resources, which is not among these packages.',
  [`${SUBSCRIPTION}/resourceGroups`]:
    '`az group list`; groups belong to @azure/arm-resources, which is not among these packages.',
  [`arm GET ${GROUP}`]:
    'az reads the location of a group; groups belong to @azure/arm-resources, which is not among these packages.',
  [`arm HEAD ${GROUP}`]:
    '`az group exists`; groups belong to @azure/arm-resources, which is not among these packages.',
  [`arm PUT ${GROUP}`]:
    '`az group create`; groups belong to @azure/arm-resources, which is not among these packages.',
  [`arm DELETE ${GROUP}`]:
    '`az group delete`; groups belong to @azure/arm-resources, which is not among these packages.',
  [`arm GET ${LOCKS}`]:
    '`az lock list`; locks belong to @azure/arm-locks, which is not among these packages.',
  [`arm GET ${LOCKS}/{name}`]:
    '`az lock show`; locks belong to @azure/arm-locks, which is not among these packages.',
  [`arm PUT ${LOCKS}/{name}`]:
    '`az lock create`; locks belong to @azure/arm-locks, which is not among these packages.',
  [`arm DELETE ${LOCKS}/{name}`]:
    '`az lock delete`; locks belong to @azure/arm-locks, which is not among these packages.',
  'registry GET /v2':
    'The first request of a container runtime; no management client uses the data plane.',
  'registry GET /v2/_catalog':
    'Registry tools list repositories; no management client uses the data plane.',
  'registry GET /v2/{repository}/tags/list':
    'Registry tools list tags; no management client uses the data plane.',
  'registry GET /v2/{repository}/manifests/{reference}':
    'The pull itself; no management client uses the data plane.',
  'registry HEAD /v2/{repository}/manifests/{reference}':
    'A container runtime resolves the digest before it pulls; no management client uses the data plane.',
  'registry GET /v2/{repository}/blobs/{digest}':
    'The rest of a pull; no management client uses the data plane.',
  'vault GET /':
    'Terraform waits until a new vault answers here, with any status; @azure/keyvault-keys does not call it.',
  'vault GET /certificates/contacts':
    'Terraform reads the contacts of every vault; that is @azure/keyvault-certificates, which is not among these packages.',
  'graph GET /v1.0/me':
    'az requests it when it creates a vault; Graph has its own SDK, which is not among these packages.',
  'graph GET /v1.0/servicePrincipals':
    'az turns a client id into an object id; Graph has its own SDK, which is not among these packages.',
  'graph GET /v1.0/servicePrincipals/{id}':
    '`az ad sp show`; Graph has its own SDK, which is not among these packages.',
  'graph GET /v1.0/users':
    'az looks up an assignee among the users; Graph has its own SDK, which is not among these packages.',
  'graph GET /v1.0/groups':
    'az looks up an assignee among the groups; Graph has its own SDK, which is not among these packages.',
  'graph POST /v1.0/groups':
    '`az ad group create`; Graph has its own SDK, which is not among these packages.',
  'graph GET /v1.0/groups/{id}':
    '`az ad group show`; Graph has its own SDK, which is not among these packages.',
  'graph POST /v1.0/groups/{id}/members/$ref':
    '`az ad group member add`; Graph has its own SDK, which is not among these packages.',
  'graph POST /v1.0/directoryObjects/getByIds':
    'az turns the object ids of role assignments into names; Graph has its own SDK, which is not among these packages.',
};

/** The ones among them that Azure refuses too. */
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
  /** Whether any answer was a success. */
  answered: boolean;
}

/** How the packages call themselves: `azsdk-js-identity/…`, the older ones `@azure/arm-…/…`. */
const SDK_CLIENT = /(?:azsdk-js-|@azure\/)([a-z]+(?:-[a-z]+)*)\/\d/;

/**
 * The routes that the tests of a file called, from the request log. Collected after each test, because
 * the next one resets the world and the log.
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
