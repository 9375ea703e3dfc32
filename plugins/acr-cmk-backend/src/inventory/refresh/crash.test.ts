import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { testDatabases, type OpenCopy } from '../../__testUtils__/databases';
import {
  type AzureWorld,
  startAzureWorld,
} from '../../azure/__testUtils__/azureWorld';
import type { AzurePorts } from '../../azure/ports';
import { InventoryRows } from '../rows';
import { queued } from '../rows/ReadQueue';
import { smallAzure } from './__testUtils__/smallAzure';
import { SweepRecord } from './SweepRecord';
import { SyncState } from '../rows/SyncState';
import { createSync, createSyncStores } from '.';

jest.setTimeout(600_000);

const INTERVAL_MS = 5 * 60_000;
const START = Date.parse('2026-11-25T12:00:00Z');
/** Two that share a key by RBAC, one with a key of its own in a vault with access policies. */
const REGISTRIES = ['shopimages', 'sharedbase', 'ordersimages'];

/** Moments of which `npm test` tries one. `--all` tries each. */
const ONE_OF = process.env.FAST_TESTS ? 3 : 1;

/** A thing with something done after each call of its methods, which is before the next one. */
function around<T extends object>(target: T, after: () => Promise<void>): T {
  return new Proxy(target, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === 'function') {
        const call = (args: unknown[]) => Reflect.apply(value, target, args);
        if (name === 'of') {
          return (...args: unknown[]) => around(call(args), after);
        }
        return async (...args: unknown[]) => {
          const result = await call(args);
          await after();
          return result;
        };
      }
      return value !== null && typeof value === 'object'
        ? around(value, after)
        : value;
    },
  });
}

/** All that a process leaves behind when it dies at this moment. */
interface Moment {
  /** After how many calls. */
  calls: number;
  openDatabase: OpenCopy;
  now: number;
}

describe.each(testDatabases({ fast: 'SQLite' }))(
  'a sync that is killed, on $name',
  database => {
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

    /** Turns of one process. */
    async function run(
      db: Knex,
      options: {
        from: number;
        turns: number;
        /** Done between any two calls, to Azure or to the database. */
        between?: (now: number) => Promise<void>;
      },
    ): Promise<void> {
      let now = options.from;
      // The clock moves a little all the time, as clocks do.
      const clock = { now: async () => (now += 1) };
      const between = async () => options.between?.(now);
      const stores = createSyncStores({ db, clock });
      const rows = new InventoryRows(db, clock);
      const sync = createSync({
        db,
        clock,
        azure: {
          ...azure,
          ...around({ ...azure, monotonic: undefined }, between),
          monotonic: () => 0,
        } as AzurePorts,
        rows: around(rows, between),
        stores: {
          queue: around(stores.queue, between),
          listed: around(stores.listed, between),
          state: around(stores.state, between),
        },
        judge: async () => undefined,
        subscriptions: async () => [world.subscriptionId],
        logger: mockServices.logger.mock(),
        everyMs: INTERVAL_MS,
        byEvents: true,
      });
      for (let turn = 0; turn < options.turns; turn++) {
        await sync.turn();
        now += INTERVAL_MS;
      }
    }

    const lastSweep = (db: Knex) =>
      new SweepRecord(
        new SyncState({ db, clock: { now: async () => 0 } }),
      ).last();

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
        access: await read(
          'access',
          'principal_id',
          'key_name',
          'facts',
          'path',
        ),
        listings: await db('facts')
          .orderBy(['kind', 'subject'])
          .select('kind', 'subject', 'facts', 'problem'),
        links: await db('links')
          .orderBy('registry_id')
          .select('registry_id', 'entity_ref', 'source'),
        queued: await queued(db).select('kind', 'subject'),
        sweep: (await lastSweep(db))?.state,
      };
    }

    it('resumes wherever that was, and ends with what it would have known: no part lost, duplicated or taken for the whole', async () => {
      // Only what is in the database outlives a process, so that it matters after which write it dies.
      const moments: Moment[] = [];
      let count = 0;
      let writes = 0;
      let writesSeen = 0;
      const undisturbed = await open();
      undisturbed.on('query', ({ sql }: { sql: string }) => {
        if (/^\s*(insert|update|delete|with)/i.test(sql)) writes += 1;
      });
      await run(undisturbed, {
        from: START,
        turns: 1,
        between: async now => {
          count += 1;
          // SQLite's only connection is in use: what has not been committed would be lost anyhow.
          const { pool } = undisturbed.client;
          const isUnderWay = database.name === 'SQLite' && pool.numUsed() > 0;
          if (writes === writesSeen || isUnderWay) return;
          writesSeen = writes;
          const openDatabase = await database.copyOf(undisturbed);
          moments.push({ calls: count, openDatabase, now });
        },
      });
      await run(undisturbed, { from: START + INTERVAL_MS, turns: 3 });
      const expected = await known(undisturbed);
      await undisturbed.destroy();
      expect(count).toBeGreaterThan(80);
      expect(moments.length).toBeGreaterThan(20);
      expect(expected.registries).toHaveLength(REGISTRIES.length);
      expect(expected.queued).toEqual([]);

      for (const { calls: diesAfter, openDatabase, now } of moments.filter(
        (_, index) => index % ONE_OF === 0,
      )) {
        const db = await openDatabase();
        // A part that was not read is never taken for read.
        const read = await db('registries').whereNotNull('facts');
        const listed = await db('facts')
          .where({ kind: 'list-of-registries' })
          .whereNotNull('read_at');
        expect({
          diesAfter,
          believed: read.length < REGISTRIES.length && listed.length > 0,
        }).toEqual({ diesAfter, believed: false });
        await run(db, { from: now + INTERVAL_MS, turns: 3 });
        expect({ diesAfter, ...(await known(db)) }).toEqual({
          diesAfter,
          ...expected,
        });
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
  },
);
