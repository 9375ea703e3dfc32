import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import {
  type PostgresServer,
  startPostgres,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/postgres';
import type { Random } from '../random';
import { Relay } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/Relay';

const PREFIX = 'chaos_';
/** As Backstage names the database of a plugin. */
const NAME = `${PREFIX}acr-cmk`;

const addressOf = ({ host, user }: PostgresServer) => ({ host, user });

/**
 * A PostgreSQL server that can crash and come back, with a relay in front of it for the backends.
 * The suite itself looks past the relay.
 */
export class Database {
  readonly #server: PostgresServer;
  readonly relay: Relay;
  #db: Knex | undefined;

  private constructor(server: PostgresServer, relay: Relay) {
    this.#server = server;
    this.relay = relay;
  }

  static async start(random: Random): Promise<Database> {
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
    return new Database(server, relay);
  }

  /** Connection settings of a backend. */
  get connection() {
    return {
      host: '127.0.0.1',
      port: this.relay.port,
      user: this.#server.user,
    };
  }

  get prefix(): string {
    return PREFIX;
  }

  /** The plugin's database, past the relay. There once a backend has started. */
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

  /** Ends the server as a crash does: connections are cut, nothing is put in order. */
  crash(): void {
    this.#control('stop', '--mode=immediate');
  }

  /** Starts it again, with the settings that it had. */
  restart(): void {
    this.#control('restart', '--mode=immediate');
  }

  async stop(): Promise<void> {
    await this.#db?.destroy();
    await this.relay.stop();
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
