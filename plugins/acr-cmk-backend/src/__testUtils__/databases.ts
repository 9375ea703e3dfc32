/**
 * The two databases that the plugin runs on, for tests: one suite, `describe.each(DATABASES)`.
 */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import knexFactory, { type Knex } from 'knex';
import { type PostgresServer, startPostgres } from './postgres';

const MIGRATIONS = {
  directory: resolvePackagePath(
    'backstage-plugin-acr-cmk-backend',
    'migrations',
  ),
};

/** A new database in memory, with the plugin's tables. */
export async function openSqlite(): Promise<Knex> {
  const db = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await db.migrate.latest(MIGRATIONS);
  return db;
}

/** Databases of one PostgreSQL server, which starts with the first one. */
export class PostgresDatabases {
  #server: Promise<{ server: PostgresServer; admin: Knex }> | undefined;
  #made = 0;
  /** Names of those that are as new. */
  readonly #free: string[] = [];

  async #start() {
    const server = await startPostgres();
    const template = connect(server, 'template1');
    await template.migrate.latest(MIGRATIONS);
    await template.destroy();
    return { server, admin: connect(server, 'postgres', 1) };
  }

  /** Connection of a new database, with the plugin's tables. */
  async create(): Promise<{ host: string; user: string; database: string }> {
    this.#server ??= this.#start();
    const { server, admin } = await this.#server;
    this.#made += 1;
    const database = `test_${this.#made}`;
    await admin.raw('create database ??', [database]);
    return { host: server.host, user: server.user, database };
  }

  /**
   * A new database, with the plugin's tables; or one that is as new, since making one takes longer
   * than most of what is done with it.
   */
  async open(): Promise<Knex> {
    const database = this.#free.pop() ?? (await this.create()).database;
    const { server } = await this.#server!;
    const db = connect(server, database);
    const seeds = await rowsOf(db);
    const { client } = db;
    const close = client.destroy.bind(client);
    client.destroy = async () => {
      await makeNew(db, seeds);
      await close();
      this.#free.push(database);
    };
    return db;
  }

  async stop(): Promise<void> {
    if (!this.#server) return;
    const { server, admin } = await this.#server;
    await admin.destroy();
    await server.stop();
  }
}

/** What the migrations have put into each table. */
async function rowsOf(db: Knex): Promise<Map<string, object[]>> {
  const tables: string[] = await db('pg_tables')
    .where({ schemaname: 'public' })
    .whereNot('tablename', 'like', 'knex_%')
    .pluck('tablename');
  const rows = new Map<string, object[]>();
  for (const table of tables) rows.set(table, await db(table));
  return rows;
}

async function makeNew(db: Knex, seeds: Map<string, object[]>): Promise<void> {
  const tables = [...seeds.keys()];
  await db.raw(`truncate ${tables.map(() => '??').join(', ')}`, tables);
  for (const [table, rows] of seeds) {
    if (rows.length > 0) await db(table).insert(rows);
  }
}

function connect(
  { host, user }: { host: string; user: string },
  database: string,
  max = 4,
): Knex {
  return knexFactory({
    client: 'pg',
    connection: { host, user, database },
    pool: { min: 0, max },
  });
}

export interface TestDatabase {
  name: 'SQLite' | 'PostgreSQL';
  /** A new database, with the plugin's tables. Destroy it. */
  open(): Promise<Knex>;
}

/**
 * Both, for `describe.each`. To be called once, at the top of a test file: its PostgreSQL starts
 * when it is first used and ends with the file's tests.
 */
export function testDatabases(): TestDatabase[] {
  const postgres = new PostgresDatabases();
  afterAll(() => postgres.stop());
  return [
    { name: 'SQLite', open: openSqlite },
    { name: 'PostgreSQL', open: () => postgres.open() },
  ];
}
