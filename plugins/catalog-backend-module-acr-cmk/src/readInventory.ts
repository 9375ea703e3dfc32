import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { InventoryClient } from 'backstage-plugin-acr-cmk-common';
import { type Inventory, parseRecords } from './records';

const PLUGIN_ID = 'acr-cmk';
/** Timeout of a request. Milliseconds. */
const REQUEST_MS = 60_000;
/** Registries of one request, which is the most that the backend gives. */
const PAGE = 1000;
/** Limit on pages: more than any portal has registries. */
const MOST_PAGES = 1000;

export interface Ports {
  auth: Pick<AuthService, 'getOwnServiceCredentials' | 'getPluginRequestToken'>;
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
  fetch: typeof fetch;
}

/** Client of the backend plugin, as the catalog plugin. */
async function clientOf({
  auth,
  discovery,
  fetch: send,
}: Ports): Promise<InventoryClient> {
  return new InventoryClient({
    baseUrl: await discovery.getBaseUrl(PLUGIN_ID),
    fetch: async (url, init) => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: PLUGIN_ID,
      });
      return send(url, {
        ...init,
        signal: AbortSignal.timeout(REQUEST_MS),
        headers: { ...init?.headers, Authorization: `Bearer ${token}` },
      });
    },
  });
}

/**
 * Whether the backend plugin is reading things from Azure for the first time.
 *
 * @throws when the backend does not answer
 */
export async function isFirstReading(ports: Ports): Promise<boolean> {
  const client = await clientOf(ports);
  return (await client.registries({ limit: 1 })).firstReading;
}

/**
 * Reads all registries in scope from the backend plugin.
 *
 * @throws when the backend does not answer, or not to the end
 */
export async function readInventory(
  ports: Ports,
  tags: readonly string[],
): Promise<Inventory> {
  const client = await clientOf(ports);
  const items: unknown[] = [];
  const subscriptions = new Map<string, boolean>();
  let othersOutOfScope = true;
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await client.registries({
      tags,
      cursor,
      limit: PAGE,
    });
    items.push(...page.items);
    // A subscription is whole only if all pages agree.
    for (const { subscriptionId, whole } of page.subscriptions) {
      const before = subscriptions.get(subscriptionId) ?? true;
      subscriptions.set(subscriptionId, before && whole);
    }
    othersOutOfScope &&= page.othersOutOfScope;
    cursor = page.nextCursor;
    if (cursor === undefined) {
      return { ...parseRecords(items), subscriptions, othersOutOfScope };
    }
  }
  throw new Error(`The inventory did not end after ${MOST_PAGES} pages`);
}
