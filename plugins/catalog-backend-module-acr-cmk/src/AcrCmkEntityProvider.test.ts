import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  EntityProviderConnection,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { AcrCmkEntityProvider } from './AcrCmkEntityProvider';
import { Links } from './Links';
import type { Offer } from './makeOffer';

const entityNames = (count: number) =>
  Array.from({ length: count }, (_, n) => `registry-${n}`);

/**
 * A provider that offers so many entities, and what happens in its run.
 *
 * @param options.checks - times that the inventory is found in its first reading
 */
function providerOf(
  count: number,
  {
    removed = [],
    checks = 0,
  }: { removed?: readonly string[]; checks?: number } = {},
) {
  let left = checks;
  const events: string[] = [];
  const stopped = new AbortController();
  const offer = {
    entities: entityNames(count).map(name => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: { name },
    })),
    removed,
    links: new Links(
      { registries: new Map(), keys: new Map(), vaults: new Map() },
      () => false,
    ),
  } as unknown as Offer;
  const provider = new AcrCmkEntityProvider({
    schedule: { run: async () => undefined },
    offers: {
      read: async () => offer,
      isFirstReading: async () => {
        left -= 1;
        return left >= 0;
      },
    },
    links: {
      store: async () => {
        events.push('links');
      },
    },
    refresher: { connect: () => undefined },
    sleep: async ms => {
      events.push(`wait ${ms}`);
    },
    logger: { info() {}, warn() {}, debug() {} } as unknown as LoggerService,
  });
  const connection = {
    applyMutation: async (mutation: EntityProviderMutation) => {
      if (mutation.type !== 'delta') throw new Error(mutation.type);
      events.push(`${mutation.added.length} -${mutation.removed.length}`);
    },
  } as unknown as EntityProviderConnection;
  return {
    events,
    stopped,
    run: () => provider.run(connection, stopped.signal),
  };
}

describe('the offers of a run', () => {
  it('come in portions with time between them, so that the catalog leaves time for people', async () => {
    const { run, events } = providerOf(501, {
      removed: ['resource:azure/gone'],
    });
    await run();
    expect(events).toEqual([
      '250 -0',
      'wait 1000',
      '250 -0',
      'wait 1000',
      '1 -1',
      'links',
    ]);
  });

  it('remove as much at once as they offer, after all that they offer', async () => {
    const { run, events } = providerOf(251, { removed: entityNames(300) });
    await run();
    expect(events).toEqual([
      '250 -0',
      'wait 1000',
      '1 -249',
      'wait 1000',
      '0 -51',
      'links',
    ]);
  });

  it('are one without entities, which removes what is gone', async () => {
    const { run, events } = providerOf(0, { removed: ['resource:azure/gone'] });
    await run();
    expect(events).toEqual(['0 -1', 'links']);
  });

  it('come all at once when the time of the task is over, so that none is left out for ever', async () => {
    const { run, events, stopped } = providerOf(501);
    stopped.abort();
    await run();
    expect(events).toEqual(['501 -0', 'links']);
  });

  it('wait for the first reading of the inventory, which tells what tags name', async () => {
    const { run, events } = providerOf(1, { checks: 2 });
    await run();
    expect(events).toEqual(['wait 5000', 'wait 5000', '1 -0', 'links']);
    await run();
    expect(events.slice(4)).toEqual(['1 -0', 'links']);
  });

  it('wait no longer than one run, whatever is still being read', async () => {
    const { run, events, stopped } = providerOf(1, { checks: Infinity });
    stopped.abort();
    await run();
    expect(events).toEqual([]);
    await run();
    expect(events).toEqual(['1 -0', 'links']);
  });
});
