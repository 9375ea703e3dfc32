/**
 * The two databases that the plugin runs on, for tests: one suite, `describe.each(DATABASES)`.
 */
import { randomUUID } from 'node:crypto';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import knexFactory, { type Knex } from 'knex';
import { type PostgresServer, startPostgres } from './postgres';
import { askForShared } from './sharedDatabases';

const MIGRATIONS = {
  directory: resolvePackagePath(
    'backstage-plugin-acr-cmk-backend',
    'migrations',
  ),
};

const sqlite = (content: string | Buffer) =>
  knexFactory({
    client: 'better-sqlite3',
    // The driver takes the content of a database in place of its name, which Knex's types do not know.
    connection: { filename: content as string },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: keepStatements },
  });

/** As much of the driver's connection as is touched here. */
interface SqliteConnection {
  prepare(sql: string): object;
}

/**
 * Knex prepares each statement anew, and SQLite takes longer for that than for the few rows of a test.
 * A kept one notices by itself when a table has changed.
 */
function keepStatements(
  connection: SqliteConnection,
  done: (error: Error | null, made: SqliteConnection) => void,
): void {
  const prepare = connection.prepare.bind(connection);
  const kept = new Map<string, object>();
  connection.prepare = sql => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
  done(null, connection);
}

/** A new database in memory, with the plugin's tables. */
export async function openSqlite(): Promise<Knex> {
  const shared = await askForShared('sqlite');
  if (shared) return sqlite(Buffer.from(shared, 'base64'));
  const db = sqlite(':memory:');
  await db.migrate.latest(MIGRATIONS);
  return db;
}

/** A database with the plugin's tables, for `openSqlite` of every test file. */
export async function contentOfSqlite(): Promise<Buffer> {
  const db = sqlite(':memory:');
  await db.migrate.latest(MIGRATIONS);
  const connection = await db.client.acquireConnection();
  const content: Buffer = connection.serialize();
  await db.client.releaseConnection(connection);
  await db.destroy();
  return content;
}

/** A server whose new databases have the plugin's tables. */
export async function startPostgresWithTables(): Promise<PostgresServer> {
  const server = await startPostgres();
  const template = connect(server, 'template1');
  await template.migrate.latest(MIGRATIONS);
  await template.destroy();
  return server;
}

/** As much of Knex's pool as is touched here. */
interface Pool {
  numUsed(): number;
  numPendingAcquires(): number;
  numPendingValidations(): number;
  on(event: 'release', listener: () => void): void;
  removeListener(event: 'release', listener: () => void): void;
  destroy(): Promise<void>;
}

/** Until all connections are free, and nobody waits for one. */
async function untilIdle(pool: Pool): Promise<void> {
  while (
    pool.numUsed() + pool.numPendingAcquires() + pool.numPendingValidations() >
    0
  ) {
    await new Promise<void>(resolve => {
      const released = () => {
        pool.removeListener('release', released);
        // The pool tells of a release before it.
        setImmediate(resolve);
      };
      pool.on('release', released);
    });
  }
}

/** Opens another database with the rows that one had. */
export type OpenCopy = () => Promise<Knex>;

async function copyOfSqlite(db: Knex): Promise<OpenCopy> {
  const connection = await db.client.acquireConnection();
  try {
    if (connection.inTransaction) throw new Error('A transaction is open');
    const content: Buffer = connection.serialize();
    return async () => sqlite(content);
  } finally {
    await db.client.releaseConnection(connection);
  }
}

/**
 * Databases of a PostgreSQL server: the one that all test files share, or one of its own, which starts with
 * the first database.
 */
export class PostgresDatabases {
  #server:
    | Promise<{
        server: Pick<PostgresServer, 'host' | 'user'>;
        admin: Knex;
        stop(): Promise<void>;
      }>
    | undefined;
  readonly #made: string[] = [];
  /**
   * Columns of the tables, equal in every database and therefore cached: querying them takes longer than
   * reading the rows of a test.
   */
  #columns: Columns | undefined;
  /** Rows that the migrations insert into each table. */
  #seeds: Rows | undefined;
  /** Databases that are free for reuse; they still hold the rows of their last test. */
  readonly #used: { database: string; pool: Pool }[] = [];

  async #start() {
    const shared = await askForShared('postgres');
    const own = shared ? undefined : await startPostgresWithTables();
    const server = shared ?? own!;
    const admin = connect(server, 'postgres', 1);
    return {
      server,
      admin,
      stop: async () => {
        for (const { pool } of this.#used) await pool.destroy();
        if (shared) await dropAll(admin, this.#made);
        await admin.destroy();
        await own?.stop();
      },
    };
  }

  /** Connection of a new database, with the plugin's tables. */
  async create(): Promise<{ host: string; user: string; database: string }> {
    return this.#create('template1');
  }

  async #create(template: string) {
    this.#server ??= this.#start();
    const { server, admin } = await this.#server;
    const database = `test_${randomUUID()}`;
    await admin.raw('create database ?? template ??', [database, template]);
    this.#made.push(database);
    return { host: server.host, user: server.user, database };
  }

  /**
   * A new database, with the plugin's tables; or one that is as new, since making one takes longer
   * than most of what is done with it.
   */
  async open(): Promise<Knex> {
    return this.#openWith(this.#seeds);
  }

  /** A new database without tables. Destroy it. */
  async openEmpty(): Promise<Knex> {
    const { database, ...server } = await this.#create('template0');
    return connect(server, database);
  }

  async copyOf(db: Knex): Promise<OpenCopy> {
    const rows = await this.#rowsOf(db);
    return () => this.#openWith(rows);
  }

  async #rowsOf(db: Knex): Promise<Rows> {
    this.#columns ??= await columnsOf(db);
    return rowsOf(db, this.#columns);
  }

  async #openWith(rows: Rows | undefined): Promise<Knex> {
    const used = this.#used.pop();
    const database = used?.database ?? (await this.create()).database;
    const { server } = await this.#server!;
    const db = connect(server, database);
    const { client } = db;
    // What PostgreSQL does first in a new connection takes longer than most statements.
    const pool: Pool = used?.pool ?? client.pool;
    client.pool = pool;
    client.destroy = async () => {
      await untilIdle(pool);
      if (!client.pool) return;
      client.pool = undefined;
      this.#used.push({ database, pool });
    };
    this.#seeds ??= await this.#rowsOf(db);
    const isAsWanted = !used && rows === undefined;
    if (!isAsWanted) await replaceRows(db, rows ?? this.#seeds);
    return db;
  }

  async stop(): Promise<void> {
    await (await this.#server)?.stop();
  }
}

async function dropAll(admin: Knex, databases: readonly string[]) {
  for (const database of databases) {
    // Also one that something is still connected to, such as a process that a test has killed.
    await admin.raw('drop database ?? with (force)', [database]);
  }
}

/** The rows of each table as JSON text: PostgreSQL reads back what it has written, whatever the type. */
type Rows = {
  table: string;
  columns: readonly string[];
  rows: string | null;
}[];

/** Columns of each table, but for those that Knex keeps about migrations. */
type Columns = ReadonlyMap<string, readonly string[]>;

async function columnsOf(db: Knex): Promise<Columns> {
  const found: { table_name: string; column_name: string }[] = await db(
    'information_schema.columns',
  )
    // The database makes the others itself.
    .where({ table_schema: 'public', is_generated: 'NEVER' })
    .whereNot('table_name', 'like', 'knex_%')
    .select('table_name', 'column_name');
  const columns = new Map<string, string[]>();
  for (const { table_name: table, column_name: column } of found) {
    columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  return columns;
}

/** All rows that there are. */
async function rowsOf(db: Knex, columns: Columns): Promise<Rows> {
  // One statement, so that it sees one moment.
  const texts = [...columns.keys()].map(table =>
    db.raw('(select json_agg(t)::text from ?? t) as ??', [table, table]),
  );
  const rows = await db.select(texts).first();
  return [...columns].map(([table, own]) => ({
    table,
    columns: own,
    rows: rows[table],
  }));
}

/** In one message to the server, as nearly every test on PostgreSQL begins with it. */
async function replaceRows(db: Knex, content: Rows): Promise<void> {
  const connection = await db.client.acquireConnection();
  try {
    const escape = (name: string) => connection.escapeIdentifier(name);
    await connection.query(
      [
        'begin',
        // The tables refer to each other, and are whole again at the end.
        'set local session_replication_role = replica',
        ...content.flatMap(({ table, columns, rows }) => {
          const name = escape(table);
          const own = columns.map(escape).join(', ');
          return [
            `delete from ${name}`,
            ...(rows
              ? [
                  `insert into ${name} (${own}) select ${own} from json_populate_recordset(null::${name}, ${connection.escapeLiteral(
                    rows,
                  )}::json)`,
                ]
              : []),
          ];
        }),
        'commit',
      ].join(';\n'),
    );
  } finally {
    await db.client.releaseConnection(connection);
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

/** Database of a process of its own: one of PostgreSQL, or a file of SQLite. */
export type ProcessDatabase = Knex.PgConnectionConfig | { filename: string };

/** Connection of a process to its database. */
export const connectTo = (database: ProcessDatabase): Knex =>
  'filename' in database
    ? sqlite(database.filename)
    : knexFactory({
        client: 'pg',
        connection: database,
        pool: { min: 0, max: 10 },
      });

export interface TestDatabase {
  name: 'SQLite' | 'PostgreSQL';
  /** A new database, with the plugin's tables. Destroy it. */
  open(): Promise<Knex>;
  /** A new database without tables. Destroy it. */
  openEmpty(): Promise<Knex>;
  /** Takes the rows of a database as they are now. */
  copyOf(db: Knex): Promise<OpenCopy>;
}

/**
 * SQLite and PostgreSQL, for `describe.each`. To be called once, at the top of a test file: its PostgreSQL
 * starts when it is first used and ends with the file's tests.
 *
 * @param options.fast - `SQLite` where PostgreSQL takes long and only repeats what SQLite shows. `npm test` leaves
 *   it out then, and `npm test -- --all` does not.
 */
export function testDatabases({
  fast,
}: { fast?: 'SQLite' } = {}): TestDatabase[] {
  const sqliteDatabases: TestDatabase = {
    name: 'SQLite',
    open: openSqlite,
    openEmpty: async () => sqlite(':memory:'),
    copyOf: copyOfSqlite,
  };
  if (fast && process.env.FAST_TESTS) return [sqliteDatabases];
  const postgres = new PostgresDatabases();
  afterAll(() => postgres.stop());
  return [
    sqliteDatabases,
    {
      name: 'PostgreSQL',
      open: () => postgres.open(),
      openEmpty: () => postgres.openEmpty(),
      copyOf: db => postgres.copyOf(db),
    },
  ];
}
