/** A backend that is killed while it sweeps: a real process, a real signal, and another one after it. */
import { type Emulator, startEmulator } from 'azure-emulator';
import type { Knex } from 'knex';
import { TestProcess } from '../../__testUtils__/TestProcess';
import { PostgresDatabases } from '../../__testUtils__/databases';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { credentialsOf } from '../../__testUtils__/engine';
import type {
  ReplicaReady,
  ReplicaSettings,
} from '../../__testUtils__/replica';
import { until } from '../../__testUtils__/until';
import { SweepRecord } from './SweepRecord';
import { SyncState } from '../rows/SyncState';

/** The longest of what a test here waits for. */
const LONG_MS = 120_000;

// Processes of their own start here; on a busy machine that takes a minute.
jest.setTimeout(150_000);

const RESOURCE_GRAPH = '/providers/Microsoft.ResourceGraph/resources';

/**
 * Queries of a first sweep: which subscriptions can be read, three counts, the parts of vaults, identities, registries,
 * other services and assignments, two counts after them, and two about what disk encryption sets encrypt.
 */
const BEFORE_IDENTITIES = 5;
const BEFORE_LAST_COUNT = 9;
const QUERIES = 13;

const postgres = new PostgresDatabases();
let azure: Emulator;
beforeAll(async () => {
  azure = await startEmulator({ world: 'demo' });
});
afterAll(async () => {
  await postgres.stop();
  await azure.close();
});

describe('a backend that is killed in the middle of a sweep', () => {
  let db: Knex;
  let processes: TestProcess<ReplicaReady>[];
  beforeEach(async () => {
    processes = [];
    db = await postgres.open();
    azure.clearRequests();
  });
  afterEach(async () => {
    azure.faults.clear();
    await Promise.all(processes.map(each => each.kill()));
    await db.destroy();
  });

  async function start(): Promise<TestProcess<ReplicaReady>> {
    const { caFile, proxy } = azure.ready;
    const started = await TestProcess.start<ReplicaSettings, ReplicaReady>(
      'replica.ts',
      {
        database: db.client.config.connection,
        credentials: credentialsOf(azure),
        task: 'acr-cmk-inventory',
      },
      { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: caFile },
    );
    processes.push(started);
    return started;
  }

  const queries = () =>
    azure
      .requests()
      .filter(
        ({ path, principal }) =>
          principal !== undefined &&
          path.toLowerCase() === RESOURCE_GRAPH.toLowerCase(),
      ).length;
  const lastSweep = () =>
    new SweepRecord(
      new SyncState({ db, clock: { now: async () => 0 } }),
    ).last();

  /** Azure does not answer the query after so many. @returns when it was asked */
  function noAnswerAfter(count: number): () => Promise<unknown> {
    azure.faults.add({ path: RESOURCE_GRAPH, skip: count, lostAnswer: true });
    return () =>
      until(
        `query ${count + 1} has come`,
        async () => queries(),
        come => come > count,
        LONG_MS,
      );
  }

  /** Blocks writers of registries halfway through. @returns when one is blocked, and how to release it */
  async function noTagIsKept() {
    const gate = await db.transaction();
    await gate.raw('lock table links in exclusive mode');
    return {
      wait: () =>
        until(
          'registries are kept, and their tags are about to be',
          () =>
            db('pg_stat_activity')
              .where({ wait_event_type: 'Lock' })
              .whereRaw('datname = current_database()')
              .whereLike('query', 'delete from "links"%'),
          waiting => waiting.length === 1,
          LONG_MS,
        ),
      letGo: () => gate.rollback(),
    };
  }

  it.each([
    {
      moment: 'while it waits for a part',
      hold: async () => ({
        wait: noAnswerAfter(BEFORE_IDENTITIES),
        letGo: async () => azure.faults.clear(),
      }),
      read: 1,
    },
    {
      moment: 'while it keeps a part',
      hold: noTagIsKept,
      read: 2,
    },
    {
      moment: 'between the last part and the end',
      hold: async () => ({
        wait: noAnswerAfter(BEFORE_LAST_COUNT),
        letGo: async () => azure.faults.clear(),
      }),
      read: 5,
    },
  ])(
    '$moment leaves a sweep that the next one continues: no part lost, doubled or believed before the end',
    async ({ hold, read }) => {
      const { wait, letGo } = await hold();
      try {
        const first = await start();
        await first.work();
        await wait();
        await first.kill();
      } finally {
        await letGo();
      }

      expect(await lastSweep()).toMatchObject({
        state: 'running',
        partitions: { all: 5, read },
      });
      // Nothing of what was read counts as all there is.
      expect(await db('facts').where({ kind: 'list-of-registries' })).toEqual(
        [],
      );

      const second = await start();
      await second.work();
      await until(
        'the sweep has ended',
        lastSweep,
        sweep => sweep?.state !== 'running',
        LONG_MS,
      );
      expect(await lastSweep()).toMatchObject({
        state: 'whole',
        partitions: { all: 5, read: 5 },
      });
      // Only the query without an answer, or whose answer was not kept, is sent again.
      expect(queries()).toBe(QUERIES + 1);
      const there = azure.state
        .registries()
        .map(name => azure.state.registry(name).id.toLowerCase())
        .filter(id => id.startsWith(`/subscriptions/${SUBSCRIPTION}/`));
      const known = await db('registries').whereNotNull('facts').pluck('id');
      expect(known.sort()).toEqual(there.sort());
      expect(
        await db('facts').where({ kind: 'list-of-registries' }).first('facts'),
      ).toEqual({ facts: String(there.length) });
    },
  );
});
