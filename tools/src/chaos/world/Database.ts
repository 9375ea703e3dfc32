import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import {
  type PostgresServer,
  startPostgres,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/postgres';
import type { Random } from '../random';
import type { JsonObject } from '@backstage/types';
import {
  Relay,
  type RelayMode,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/Relay';

const PREFIX = 'chaos_';
/** As Backstage names the database of a plugin. */
const NAME = `${PREFIX}acr-cmk`;
const SQLITE_NAME = 'acr-cmk.sqlite';

const addressOf = ({ host, user }: PostgresServer) => ({ host, user });

/** Database of a run, with what can go wrong with it. */
export interface Database {
  /** The block `backend.database` of a backend's configuration. */
  readonly settings: JsonObject;
  /** The plugin's database, past what goes wrong. There once a backend has started. */
  readonly db: Knex;
  /** Holds, slows or spoils what backends say to it, until `calm`. */
  disturb(mode: RelayMode): Promise<void>;
  /** Cuts the connections of the backends. */
  cut(): void;
  calm(): Promise<void>;
  /** Ends the server as a crash does: connections are cut, nothing is put in order. */
  crash(): Promise<void>;
  /** Starts it again, with the settings that it had. */
  restart(): Promise<void>;
  /** Sessions and the statements they wait for, for a run that does not end. */
  sessions(): Promise<object[]>;
  stop(): Promise<void>;
}

/** PostgreSQL, with a relay in front of it for the backends; or a SQLite file, for one backend. */
export type DatabaseClient = 'pg' | 'sqlite';

const isBusy = (error: unknown) =>
  error instanceof Error &&
  'code' in error &&
  String(error.code).startsWith('SQLITE_BUSY');

/**
 * A SQLite file. What can go wrong with it is that another process, such as a backup, holds its write lock. A crash is
 * that of its backend.
 */
export class SqliteFile implements Database {
  readonly #directory: string;
  #db: Knex | undefined;
  #locker: Knex | undefined;
  #lock: Knex.Transaction | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get settings() {
    return {
      client: 'better-sqlite3',
      connection: { directory: this.#directory },
    };
  }

  get db(): Knex {
    this.#db ??= this.#connect();
    return this.#db;
  }

  async disturb(): Promise<void> {
    this.#locker ??= this.#connect();
    this.#lock ??= await this.#locker.transaction();
    try {
      // Any write takes the lock; this one changes nothing.
      await this.#lock('operations').whereNull('id').delete();
    } catch (error) {
      // A backend that was frozen in a transaction holds it already.
      if (!isBusy(error)) throw error;
    }
  }

  cut(): void {}

  async calm(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.rollback();
  }

  crash(): Promise<void> {
    return this.disturb();
  }

  restart(): Promise<void> {
    return this.calm();
  }

  async sessions(): Promise<object[]> {
    return [];
  }

  async stop(): Promise<void> {
    await this.calm();
    await this.#locker?.destroy();
    await this.#db?.destroy();
  }

  #connect(): Knex {
    return knexFactory({
      client: 'better-sqlite3',
      connection: { filename: join(this.#directory, SQLITE_NAME) },
      useNullAsDefault: true,
    });
  }
}

/**
 * A PostgreSQL server that can crash and come back, with a relay in front of it for the backends.
 * The suite itself looks past the relay.
 */
export class PostgresDatabase implements Database {
  readonly #server: PostgresServer;
  readonly #relay: Relay;
  #db: Knex | undefined;

  private constructor(server: PostgresServer, relay: Relay) {
    this.#server = server;
    this.#relay = relay;
  }

  static async start(random: Random): Promise<PostgresDatabase> {
    const server = await startPostgres();
    const admin = knexFactory({
      client: 'pg',
      connection: { ...addressOf(server), database: 'postgres' },
    });
    // A crash of the server must lose nothing that it has said is committed. Its files need no care:
    // the machine does not crash.
    await admin.raw(`alter role ${server.user} set synchronous_commit = on`);
    await admin.destroy();
    const lateness = random.fork('relay');
    const relay = await Relay.start(
      { path: join(server.host, '.s.PGSQL.5432') },
      () => lateness.next(),
    );
    return new PostgresDatabase(server, relay);
  }

  get settings() {
    return {
      client: 'pg',
      connection: {
        host: '127.0.0.1',
        port: this.#relay.port,
        user: this.#server.user,
      },
      prefix: PREFIX,
    };
  }

  get db(): Knex {
    this.#db ??= knexFactory({
      client: 'pg',
      connection: { ...addressOf(this.#server), database: NAME },
      pool: { min: 0, max: 4 },
      // That it is away now and then is what a run is about.
      log: { warn: () => undefined, error: () => undefined },
    });
    return this.#db;
  }

  async disturb(mode: RelayMode): Promise<void> {
    this.#relay.set(mode);
  }

  cut(): void {
    this.#relay.cut();
  }

  async calm(): Promise<void> {
    this.#relay.set('pass');
  }

  async crash(): Promise<void> {
    this.#control('stop', '--mode=immediate');
  }

  async restart(): Promise<void> {
    this.#control('restart', '--mode=immediate');
  }

  sessions(): Promise<object[]> {
    const { db } = this;
    return db('pg_stat_activity')
      .whereNotNull('datname')
      .whereNot('pid', db.raw('pg_backend_pid()'))
      .select(
        'pid',
        'state',
        'wait_event_type',
        'wait_event',
        db.raw('now() - state_change as since'),
        db.raw('pg_blocking_pids(pid) as blocked_by'),
        'query',
      );
  }

  async stop(): Promise<void> {
    await this.#db?.destroy();
    await this.#relay.stop();
    this.#control('stop', '--mode=immediate');
    await this.#server.stop();
  }

  /** Runs PostgreSQL's own tool as the user of the server. */
  #control(command: string, ...args: string[]): void {
    const { host } = this.#server;
    const data = join(host, 'data');
    const { uid, gid } = statSync(data);
    try {
      execFileSync(
        join(host, 'bin', 'pg_ctl'),
        [
          command,
          `--pgdata=${data}`,
          `--log=${join(host, 'server.log')}`,
          '--wait',
          '--silent',
          ...args,
        ],
        {
          uid,
          gid,
          cwd: host,
          env: { PATH: process.env.PATH, LC_ALL: 'C' },
          stdio: 'ignore',
        },
      );
    } catch (error) {
      // Stopped already is stopped.
      if (command !== 'stop') {
        throw new Error(
          `PostgreSQL did not ${command}: ${readFileSync(
            join(host, 'server.log'),
            'utf8',
          ).slice(-2000)}`,
        );
      }
    }
  }
}
