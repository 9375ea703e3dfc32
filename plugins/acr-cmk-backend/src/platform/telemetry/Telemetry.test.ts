import {
  metricsServiceMock,
  tracingServiceMock,
} from '@backstage/backend-test-utils/alpha';
import { AzureError } from '../../azure/AzureError';
import { intents } from '../../domain/plan/intents';
import { type InventoryFigures, Telemetry } from './Telemetry';

const TARGET = {
  doing: 'read the registry shop',
  scope: '/subscriptions/11111111-2222-4333-8444-555555555555/shop',
  action: 'Microsoft.ContainerRegistry/registries/read',
  role: 'Reader',
  credential: 'read' as const,
  writes: false,
};

describe('metrics', () => {
  let at: number;
  let recorded: { name: string; value: number; labels: unknown }[];
  /** Recorded by the constructor. */
  let initial: typeof recorded;
  let gauges: Map<string, (result: any) => unknown>;
  let telemetry: Telemetry;
  beforeEach(() => {
    at = 0;
    recorded = [];
    gauges = new Map();
    const metrics = metricsServiceMock.mock();
    const note = (name: string) => (value: number, labels: unknown) => {
      recorded.push({ name, value, labels });
    };
    metrics.createCounter.mockImplementation(
      name => ({ add: note(name) }) as never,
    );
    metrics.createHistogram.mockImplementation(
      name => ({ record: note(name) }) as never,
    );
    metrics.createObservableGauge.mockImplementation(
      name =>
        ({
          addCallback: (callback: never) => gauges.set(name, callback),
        }) as never,
    );
    const tracing = tracingServiceMock.mock();
    tracing.startActiveSpan.mockImplementation(((...args: unknown[]) =>
      (args[args.length - 1] as (span: object) => unknown)({})) as never);
    telemetry = new Telemetry({ metrics, tracing, monotonic: () => at });
    initial = recorded.splice(0);
  });

  it('counts the ends that alerts look for from zero, for each intent', () => {
    expect(new Set(initial.map(({ name }) => name))).toEqual(
      new Set(['acr_cmk.operations']),
    );
    expect(initial).toContainEqual({
      name: 'acr_cmk.operations',
      value: 0,
      labels: { intent: 'revoke', end: 'failed' },
    });
    expect(initial).toHaveLength(2 * Object.keys(intents).length);
  });

  const scrape = async (name: string) => {
    const seen: [number, unknown][] = [];
    await gauges.get(name)!({
      observe: (value: number, labels: unknown) => seen.push([value, labels]),
    });
    return seen;
  };

  it('a call to Azure is counted by its action and end, with its duration', async () => {
    await telemetry.around(TARGET, async () => {
      at = 250;
    });
    expect(recorded).toEqual([
      {
        name: 'acr_cmk.azure.calls',
        value: 1,
        labels: {
          action: TARGET.action,
          job: 'read',
          write: false,
          outcome: 'ok',
        },
      },
      {
        name: 'acr_cmk.azure.call.duration',
        value: 0.25,
        labels: { action: TARGET.action, outcome: 'ok' },
      },
    ]);
  });

  it('a call that was refused is counted as that, and still ends in its error', async () => {
    const error = new AzureError({
      kind: 'throttled',
      code: 'x',
      message: 'later',
    });
    await expect(
      telemetry.around(TARGET, async () => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(recorded[0].labels).toMatchObject({ outcome: 'throttled' });
  });

  it('no label is an id', async () => {
    await telemetry.around(TARGET, async () => undefined);
    telemetry.operationEnded({
      intent: 'rotate',
      end: 'succeeded',
      seconds: 9,
    });
    expect(JSON.stringify(recorded)).not.toMatch(
      /subscriptions\/|[0-9a-f]{8}-/,
    );
  });

  const FIGURES: InventoryFigures = {
    now: 1_000_000,
    oldestFactsAt: 400_000,
    dirty: 3,
    failedKeyLists: 2,
    byState: { current: 8, behind: 1 },
    bySubscriptionState: { whole: 2 },
  };

  it('gauges show the inventory, and leave out what is not known', async () => {
    telemetry.watch({ figures: async () => FIGURES, budget: () => [] });
    expect(await scrape('acr_cmk.inventory.oldest_facts.age')).toEqual([
      [600, undefined],
    ]);
    expect(await scrape('acr_cmk.inventory.whole_sweep.age')).toEqual([]);
    expect(await scrape('acr_cmk.inventory.key_lists.failed')).toEqual([
      [2, undefined],
    ]);
    expect(await scrape('acr_cmk.inventory.registries')).toEqual([
      [8, { state: 'current' }],
      [1, { state: 'behind' }],
    ]);
  });

  it('gauges read the database once in half a minute, however often they are scraped', async () => {
    let read = 0;
    telemetry.watch({
      figures: async () => {
        read += 1;
        return FIGURES;
      },
      budget: () => [],
    });
    await scrape('acr_cmk.inventory.dirty');
    await scrape('acr_cmk.inventory.registries');
    at = 29_999;
    await scrape('acr_cmk.inventory.dirty');
    expect(read).toBe(1);
    at = 30_000;
    await scrape('acr_cmk.inventory.dirty');
    expect(read).toBe(2);
  });

  it('a database that was unreachable at one scrape is asked again at the next', async () => {
    let read = 0;
    telemetry.watch({
      figures: async () => {
        read += 1;
        if (read === 1) throw new Error('away');
        return FIGURES;
      },
      budget: () => [],
    });
    await expect(scrape('acr_cmk.inventory.dirty')).rejects.toThrow('away');
    expect(await scrape('acr_cmk.inventory.dirty')).toEqual([[3, undefined]]);
  });

  it('the budget is shown by kind and job, the scarcest subscription of each', async () => {
    const left = {
      quota: 'reads' as const,
      principal: 'read',
      size: 200,
    };
    telemetry.watch({
      figures: async () => FIGURES,
      budget: () => [
        { ...left, of: 'a', left: 50 },
        { ...left, of: 'b', left: 150 },
      ],
    });
    expect(await scrape('acr_cmk.azure.budget')).toEqual([
      [0.25, { quota: 'reads', job: 'read' }],
    ]);
  });
});
