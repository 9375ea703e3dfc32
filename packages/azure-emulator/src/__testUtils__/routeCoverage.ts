import type { RegistrySignIn } from '../registrySignIn';
import type { DeliveryTokens } from '../deliveryTokens';
import type { EventDelivery } from '../eventDelivery';
import { nameOfRoute } from '../router';
import { OTHER_ROUTES } from './otherRoutes';
import { allRoutes } from '../routes';
import { Tokens } from '../tokens';
import type { Emulated } from './emulated';

/** All routes of the emulator, by their names in the request log. */
export const ROUTES = allRoutes({
  tokens: new Tokens('', ''),
  secrets: new Map(),
  registrySignIn: {} as RegistrySignIn,
  deliveryTokens: {} as DeliveryTokens,
  eventDelivery: {} as EventDelivery,
}).map(nameOfRoute);

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

/** All of them, whichever test calls them. */
export const ROUTES_OF_OTHER_CLIENTS = new Set(
  Object.values(OTHER_ROUTES).flatMap(routes => Object.keys(routes)),
);

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

/** The routes of a part of OTHER_ROUTES that were not called, and those that were only refused. */
export function gapsIn(
  file: keyof typeof OTHER_ROUTES,
  called: CalledRoute[],
): { uncalled: string[]; refused: string[] } {
  const routes = Object.keys(OTHER_ROUTES[file]);
  const found = new Set(called.map(({ route }) => route));
  return {
    uncalled: routes.filter(route => !found.has(route)),
    refused: called
      .filter(({ route, answered }) => routes.includes(route) && !answered)
      .map(({ route }) => route)
      .filter(route => !ROUTES_THAT_ONLY_REFUSE.includes(route)),
  };
}
