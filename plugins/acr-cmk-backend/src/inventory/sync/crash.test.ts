import type { Knex } from 'knex';
import { testDatabases, type OpenCopy } from '../../__testUtils__/databases';
import {
  type AzureWorld,
  startAzureWorld,
} from '../../azure/__testUtils__/azureWorld';
import type { AzurePorts } from '../../azure/ports';
import { InventoryRows } from '../rows';
import { smallAzure } from './__testUtils__/smallAzure';
import { createSync, createSyncStores } from '.';

jest.setTimeout(600_000);

const INTERVAL_MS = 5 * 60_000;
const START = Date.parse('2026-11-25T12:00:00Z');
/** Two that share a key by RBAC, one with a key of its own in a vault with access policies. */
const REGISTRIES = ['shopimages', 'sharedbase', 'ordersimages'];

class WorkerDied extends Error {}

/** Dies at one of the places between two things that a process does, and does nothing from then on. */
class Boundaries {
  passed = 0;
  constructor(readonly diesAt = Infinity) {}

  get isDead() {
    return this.passed >= this.diesAt;
  }

  pass(): void {
    this.passed += 1;
    if (this.isDead) throw new WorkerDied('The process has died');
  }

  /** A thing whose methods have a boundary after each call, which is the one before the next. */
  around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_target, name) => {
        const value: any = Reflect.get(target, name, target);
        if (name === 'of') {
          return (...args: unknown[]) => this.around(value.apply(target, args));
        }
        if (typeof value === 'function') {
          return async (...args: unknown[]) => {
            if (this.isDead) throw new WorkerDied('The process has died');
            const result = await value.apply(target, args);
            this.pass();
            return result;
          };
        }
        return value !== null && typeof value === 'object'
          ? this.around(value)
          : value;
      },
    });
  }
}

describe.each(testDatabases())('a sync that is killed, on $name', database => {
  let world: AzureWorld;
  let azure: AzurePorts;
  let calls: string[];
  let empty: Knex;
  let open: OpenCopy;
  beforeAll(async () => {
    world = await startAzureWorld();
    ({ azure, calls } = await smallAzure(world, REGISTRIES));
    empty = await database.open();
    open = await database.copyOf(empty);
  });
  afterAll(async () => {
    await empty.destroy();
    await world.close();
  });

  /** Turns of one process, until it dies. */
  async function run(
    db: Knex,
    options: {
      from: number;
      turns: number;
      everyMs: number;
      boundaries: Boundaries;
    },
  ): Promise<number> {
    const { boundaries } = options;
    let now = options.from;
    // The clock moves a little all the time, as clocks do.
    const clock = { now: async () => (now += 1) };
    const stores = createSyncStores({ db, clock });
    const rows = new InventoryRows(db, clock);
    const sync = createSync({
      db,
      clock,
      azure: {
        ...azure,
        ...boundaries.around({ ...azure, stopwatch: undefined }),
        stopwatch: () => 0,
      } as AzurePorts,
      rows: boundaries.around(rows),
      stores: {
        sweeps: boundaries.around(stores.sweeps),
        dirty: boundaries.around(stores.dirty),
        listed: boundaries.around(stores.listed),
        state: boundaries.around(stores.state),
      },
      judge: async () => undefined,
      subscriptions: async () => [world.subscriptionId],
      logger: { warn: () => undefined, info: () => undefined },
      everyMs: INTERVAL_MS,
    });
    for (let turn = 0; turn < options.turns && !boundaries.isDead; turn++) {
      await sync.turn();
      now += options.everyMs;
    }
    return now;
  }

  /** All that is known, without the times at which it became so. */
  async function known(db: Knex) {
    const read = (table: string, ...columns: string[]) =>
      db(table).orderBy(columns[0]).orderBy(columns[1]).select(columns);
    return {
      registries: await read(
        'registries',
        'id',
        'facts',
        'version_in_use',
        'problem',
        'listed_as',
      ),
      vaults: await read('vaults', 'id', 'facts', 'problem', 'listed_as'),
      identities: await read('identities', 'id', 'facts', 'listed_as'),
      keys: await read('keys', 'vault_host', 'name', 'facts', 'listed'),
      access: await read('access', 'principal_id', 'key_name', 'facts', 'path'),
      listings: await db('listings')
        .orderBy(['kind', 'part'])
        .select('kind', 'part', 'items', 'problem'),
      links: await db('links')
        .orderBy('registry_id')
        .select('registry_id', 'entity_ref', 'source'),
      dirty: await db('dirty').select('kind', 'subject'),
      running: await db('sweeps').where({ state: 'running' }),
      pending: await db('partitions').where({ state: 'pending' }),
    };
  }

  it('goes on wherever that was, and knows in the end what it would have known: no part lost, doubled or believed when partial', async () => {
    const calm = await open();
    const undisturbed = new Boundaries();
    await run(calm, {
      from: START,
      turns: 1,
      everyMs: INTERVAL_MS,
      boundaries: undisturbed,
    });
    const boundaries = undisturbed.passed;
    await run(calm, {
      from: START + INTERVAL_MS,
      turns: 3,
      everyMs: INTERVAL_MS,
      boundaries: new Boundaries(),
    });
    const expected = await known(calm);
    await calm.destroy();
    expect(boundaries).toBeGreaterThan(80);
    expect(expected.registries).toHaveLength(REGISTRIES.length);
    expect(expected.dirty).toEqual([]);

    for (let diesAt = 1; diesAt <= boundaries; diesAt++) {
      const db = await open();
      const now = await run(db, {
        from: START,
        turns: 1,
        everyMs: INTERVAL_MS,
        boundaries: new Boundaries(diesAt),
      });
      // A part that was not read is never taken for read.
      const unread = await db('partitions')
        .where({ kind: 'registries' })
        .whereNotIn('state', ['done', 'split']);
      const listed = await db('listings')
        .where({ kind: 'registries' })
        .whereNotNull('read_at');
      expect({
        diesAt,
        believed: unread.length > 0 && listed.length > 0,
      }).toEqual({ diesAt, believed: false });
      await run(db, {
        from: now,
        turns: 3,
        everyMs: INTERVAL_MS,
        boundaries: new Boundaries(),
      });
      expect({ diesAt, ...(await known(db)) }).toEqual({ diesAt, ...expected });
      await db.destroy();
    }
  });

  it('has written nothing to Azure', () => {
    expect(calls.length).toBeGreaterThan(0);
    expect(
      world.emulator
        .requests()
        .filter(
          ({ method, path, principal }) =>
            principal !== undefined &&
            method !== 'GET' &&
            !/resourcegraph/i.test(path),
        ),
    ).toEqual([]);
  });
});
