import { expect } from '@playwright/test';
import { DemoUser, Portal } from './Portal';

/** The last subscription of a fleet of up to 4,000: nobody gave the reader a role there. */
export const UNREADABLE = '22222222-3333-4444-8555-000000000005';

/** What the backend does by itself, on a machine that is busy with other things. Milliseconds. */
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
  return (await portal.api(user, 'GET', '/api/acr-cmk/v1/fleet/summary')).body;
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

/** A portal with a fleet, of which everything is known that can be. */
export async function startFleet(
  name: string,
  registries: number,
  settings: Record<string, unknown> = {},
): Promise<Portal> {
  const portal = await Portal.start(name, settings, { fleet: registries });
  await untilKnown(portal);
  return portal;
}
