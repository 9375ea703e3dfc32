import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { openSqlite } from '../../__testUtils__/databases';
import { startPortal } from '../../__testUtils__/portal';
import { sleep } from './realClock';
import { Tasks } from './Tasks';

const MINUTE_MS = 60_000;
/** Interval at which Backstage frees tasks whose replica was killed. */
const JANITOR_MS = MINUTE_MS;

describe('tasks', () => {
  it('end their turn when the backend stops, and are free for another replica at once', async () => {
    const db = await openSqlite();
    const events: string[] = [];
    const begun = Promise.withResolvers<void>();
    const backend = await startTestBackend({
      features: [
        schedulerServiceFactory,
        mockServices.database.mock({ getClient: async () => db }).factory,
        createBackendPlugin({
          pluginId: 'acr-cmk',
          register(env) {
            env.registerInit({
              deps: {
                scheduler: coreServices.scheduler,
                lifecycle: coreServices.lifecycle,
                rootLifecycle: coreServices.rootLifecycle,
              },
              async init({ scheduler, lifecycle, rootLifecycle }) {
                // The database is closed then.
                rootLifecycle.addShutdownHook(() => {
                  events.push('closed');
                });
                const tasks = new Tasks({ scheduler, db, sleep });
                lifecycle.addShutdownHook(() => tasks.stop());
                await tasks.scheduleTask({
                  id: 'turn',
                  frequency: { minutes: 1 },
                  timeout: { minutes: 2 },
                  async fn(signal) {
                    begun.resolve();
                    await new Promise(resolve => {
                      signal.addEventListener('abort', resolve);
                    });
                    // The calls that are under way.
                    for (let call = 0; call < 100; call++) {
                      await new Promise(resolve => {
                        setImmediate(resolve);
                      });
                    }
                    events.push('ended');
                  },
                });
              },
            });
          },
        }),
      ],
    });
    await begun.promise;
    const ticket = () =>
      db('backstage_backend_tasks__tasks' as 'facts')
        .where({ id: 'turn' } as never)
        .pluck('current_run_ticket' as never);
    expect(await ticket()).toEqual([expect.any(String)]);
    await backend.stop();
    expect(events).toEqual(['ended', 'closed']);
    expect(await ticket()).toEqual([null]);
    await db.destroy();
  });

  it('do not keep a backend from stopping when a turn does not end', async () => {
    const db = await openSqlite();
    const begun = Promise.withResolvers<void>();
    const waits: number[] = [];
    const tasks = new Tasks({
      scheduler: {
        scheduleTask: async ({ fn }) => {
          fn(new AbortController().signal);
        },
      },
      db,
      sleep: async ms => {
        waits.push(ms);
      },
    });
    await tasks.scheduleTask({
      id: 'stuck',
      frequency: { minutes: 1 },
      timeout: { minutes: 1 },
      fn: () => {
        begun.resolve();
        return new Promise(() => undefined);
      },
    });
    await begun.promise;
    await tasks.stop();
    expect(waits[0]).toBeGreaterThan(1_000);
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(30_000);
    await db.destroy();
  });

  it('do not keep a backend from stopping when the only connection of its database is taken', async () => {
    const db = await openSqlite();
    const waits: number[] = [];
    const tasks = new Tasks({
      scheduler: { scheduleTask: async () => undefined },
      db,
      sleep: async ms => {
        waits.push(ms);
      },
    });
    const connection = await db.client.acquireConnection();
    await tasks.stop();
    expect(waits.at(-1)).toBeLessThan(5_000);
    await db.client.releaseConnection(connection);
    await db.destroy();
  });

  it('of the plugin begin again within two intervals after a kill', async () => {
    const scheduled: Parameters<Tasks['scheduleTask']>[0][] = [];
    const scheduler = mockServices.scheduler.mock();
    scheduler.scheduleTask.mockImplementation(async task => {
      scheduled.push(task as never);
    });
    const portal = await startPortal({
      config: {
        notifications: {},
      },
      waitsForSync: false,
      features: [scheduler.factory],
    });
    await portal.stop();
    /** Their work has an interval of its own. */
    const intervals: Record<string, number> = {
      'acr-cmk-inventory': 5 * MINUTE_MS,
      'acr-cmk-links': 3 * MINUTE_MS,
    };
    const inMs = (duration: object) =>
      Object.entries(duration).reduce(
        (sum, [unit, n]) =>
          sum +
          n * { milliseconds: 1, seconds: 1000, minutes: MINUTE_MS }[unit]!,
        0,
      );
    const late = scheduled
      .filter(({ scope }) => scope !== 'local')
      .filter(
        ({ id, frequency, timeout }) =>
          inMs(timeout) + JANITOR_MS > 2 * (intervals[id] ?? inMs(frequency)),
      );
    expect(scheduled.length).toBeGreaterThan(5);
    expect(late.map(({ id }) => id)).toEqual([]);
  });
});
