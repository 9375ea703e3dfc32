import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Router } from 'express';
import knexFactory, { type Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { startPortal, type TestPortal } from '../../__testUtils__/portal';
import { DatabaseUnusable, openDatabase } from './migrate';

// Waits for nobody: the lock of these tests is never given back.
jest.mock('../time/realClock', () => ({
  ...jest.requireActual('../time/realClock'),
  sleep: async () => undefined,
}));

const serviceOf = (db: Knex) =>
  mockServices.database.mock({
    getClient: async () => db,
  });

/** Any other plugin. */
const neighbour = createBackendPlugin({
  pluginId: 'neighbour',
  register(env) {
    env.registerInit({
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        http.use(Router().get('/', (_req, res) => void res.json('works')));
      },
    });
  },
});

describe('a database that this release cannot work with', () => {
  let db: Knex;
  let portal: TestPortal;
  const errors: string[] = [];
  const logger = mockServices.logger.mock({
    error: message => void errors.push(message),
    child: () => logger,
  });

  beforeEach(async () => {
    errors.length = 0;
    db = await openSqlite();
  });
  afterEach(() => portal.stop());

  it.each([
    [
      'a lock for migrations that was left behind',
      () => db('knex_migrations_lock').update({ is_locked: 1 }),
      /run `update knex_migrations_lock set is_locked = 0`/,
    ],
    [
      'a migration of a newer release',
      () =>
        db('knex_migrations').insert({
          name: '20991231_from_the_future.js',
          batch: 99,
          migration_time: new Date(),
        }),
      /does not know 20991231_from_the_future\.js\. Deploy that release again/,
    ],
  ])(
    '%s stops this plugin with the remedy, and no other one',
    async (_what, spoil, remedy) => {
      await spoil();
      const before = await db('knex_migrations').select();
      portal = await startPortal({
        db,
        features: [neighbour, logger.factory],
        waitsForSync: false,
      });
      const port = portal.backend.server.port();
      const other = await fetch(`http://127.0.0.1:${port}/api/neighbour/`, {
        headers: {
          Authorization: mockCredentials.user.header('user:default/olivia'),
        },
      });
      expect(await other.json()).toBe('works');

      expect(await portal.request('GET', '/v1/registries')).toMatchObject({
        status: 503,
        body: { error: { message: expect.stringMatching(remedy) } },
      });
      expect(await portal.request('GET', '/health')).toMatchObject({
        status: 503,
        body: { message: expect.stringMatching(remedy) },
      });
      expect(errors[0]).toMatch(remedy);
      expect(await db('knex_migrations').select()).toEqual(before);
    },
  );
});

describe('a database whose user may not make tables', () => {
  it.each([
    "Failed to connect to the database to make sure that 'backstage_plugin_acr-cmk' exists, error: permission denied to create database",
    'create table "facts" ("kind" text) - permission denied for schema public',
  ])('is named with the right that is missing: %s', async message => {
    const database = mockServices.database.mock({
      getClient: async () => {
        throw new Error(message);
      },
    });
    const opened = openDatabase(database, { sleep: async () => undefined });
    await expect(opened).rejects.toThrow(DatabaseUnusable);
    await expect(opened).rejects.toThrow(
      /because the backend's database user may not: [^"]*permission denied .*CREATEDB/,
    );
  });

  it('is not confused with one that is away', async () => {
    const database = mockServices.database.mock({
      getClient: async () => {
        throw new Error('connect ECONNREFUSED');
      },
    });
    await expect(
      openDatabase(database, { sleep: async () => undefined }),
    ).rejects.not.toThrow(DatabaseUnusable);
  });
});

describe('a database that takes no writes', () => {
  const open = (db: Knex) =>
    openDatabase(serviceOf(db), { sleep: async () => undefined });
  const toSayWhatToDo =
    /cannot be written: .*read-?only .* Connect the backend to a database that takes writes/;

  it('is found before anything starts, also when every migration has run', async () => {
    const db = await openSqlite();
    await expect(open(db)).resolves.toBe(db);
    await db.raw('PRAGMA query_only = ON');
    await expect(open(db)).rejects.toThrow(DatabaseUnusable);
    await expect(open(db)).rejects.toThrow(toSayWhatToDo);
    await db.destroy();
  });

  it('is named in the words of PostgreSQL too', async () => {
    const database = mockServices.database.mock({
      getClient: async () => {
        throw new Error(
          'update "knex_migrations_lock" set "is_locked" = $1 - cannot execute UPDATE in a read-only transaction',
        );
      },
    });
    await expect(
      openDatabase(database, { sleep: async () => undefined }),
    ).rejects.toThrow(toSayWhatToDo);
  });
});

describe('a lock for migrations', () => {
  it('that another replica holds is waited for', async () => {
    const db = await openSqlite();
    await db('knex_migrations_lock').update({ is_locked: 1 });
    let waited = 0;
    const sleep = async () => {
      waited += 1;
      if (waited === 3)
        await db('knex_migrations_lock').update({ is_locked: 0 });
    };
    await expect(openDatabase(serviceOf(db), { sleep })).resolves.toBe(db);
    expect(waited).toBe(3);
    await db.destroy();
  });
});

describe('a file of SQLite', () => {
  it('is written ahead, has each commit on the disk, and the pages of ten thousand registries in memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-sqlite-'));
    const db = knexFactory({
      client: 'better-sqlite3',
      connection: { filename: join(folder, 'acr-cmk.sqlite') },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
    await openDatabase(serviceOf(db), { sleep: async () => undefined });
    expect(await db.raw('PRAGMA journal_mode')).toEqual([
      { journal_mode: 'wal' },
    ]);
    // 2 is FULL.
    expect(await db.raw('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    // Negative for KiB.
    expect(await db.raw('PRAGMA cache_size')).toEqual([
      { cache_size: -65_536 },
    ]);
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
});
