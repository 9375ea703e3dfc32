import { expect } from '@playwright/test';
import { accept, API } from './api';
import { DemoUser, Portal } from './Portal';

/** The last subscription of a fleet of up to 4,000: the reader has no role there. */
export const UNREADABLE = '22222222-3333-4444-8555-000000000005';

/** Time limit for background work of the backend on a busy machine. Milliseconds. */
export const SYNC_TAKES = 180_000;

export interface Summary {
  total: number;
  counts: { state: { value: string; count: number }[]; unbound: number };
  scope: { unreadableSubscriptions: number };
}

export async function summaryOf(
  portal: Portal,
  user: DemoUser,
): Promise<Summary> {
  return (await portal.api(user, 'GET', `${API}/fleet/summary`)).body;
}

/** Everything that can be read has been read and judged, and every entity is linked to its registry. */
async function untilKnown(portal: Portal) {
  const readable = await readableRegistries(portal);
  const unbound = readable.filter(({ name, tags }) =>
    tags.owner
      ? !tags['backstage-entity-ref']
      : // The one of the demo that no entity names.
        name === 'shareddata',
  );
  await expect
    .poll(
      async () => {
        const { total, counts } = await summaryOf(portal, 'priya');
        const unknown = counts.state.find(({ value }) => value === 'unknown');
        return {
          total,
          unbound: counts.unbound,
          isJudged: unknown === undefined,
        };
      },
      { timeout: SYNC_TAKES, intervals: [1000] },
    )
    .toEqual({
      total: readable.length,
      unbound: unbound.length,
      isJudged: true,
    });
}

/** Every registry but those of the unreadable subscription. */
export async function readableRegistries(portal: Portal) {
  const all = await portal.azure.registries();
  return all.filter(({ id }) => !id.includes(UNREADABLE));
}

/** The module for the catalog makes an entity of each registry that has none. Not here: some have none. */
const NO_MADE_ENTITIES = {
  catalog_providers_acrCmk_schedule_initialDelay: { hours: 24 },
};

/** A portal with a fleet, of which everything is known that can be. */
export async function startFleet(
  name: string,
  registries: number,
  settings: Record<string, unknown> = {},
): Promise<Portal> {
  const portal = await Portal.start(
    name,
    { ...NO_MADE_ENTITIES, ...settings },
    { fleet: registries },
  );
  await untilKnown(portal);
  return portal;
}

/** Requests a rotation as the owner; it awaits approval by the platform team. */
export const askForRotation = (portal: Portal, reason: string) =>
  accept(portal, 'olivia', {
    entity: 'shop-images',
    registry: 'shopimages',
    intent: { kind: 'rotate' },
    reason,
  });
