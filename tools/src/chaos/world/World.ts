import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SUBSCRIPTION } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';
import type { Random } from '../random';
import { Azure } from './Azure';
import { Backend } from './Backend';
import type { ChildProcess } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/ChildProcess';
import {
  type Database,
  type DatabaseClient,
  PostgresDatabase,
  SqliteFile,
} from './Database';
import { OWNER } from './people';
import { freePort } from './ports';

/** Time in which the requests of a frozen backend arrive where they were sent. Milliseconds. */
const UNDER_WAY_MS = 100;

/** Log of a run, in its folder. */
export const RUN_LOG = 'run.log';

/** Number of starts of a backend before it is given up, and the delay between two. */
const STARTS = 30;
const BETWEEN_STARTS_MS = 1000;

/** Everything that a run works on: processes of their own, in a folder of their own. */
export class World {
  readonly folder: string;
  readonly database: Database;
  readonly azure: Azure;
  readonly backends: readonly Backend[];
  /** Settings below `acrCmk.approvals` that require a second person. */
  readonly approvals: readonly string[];
  /** Names of backends that ended without a request to stop. */
  readonly endedByThemselves: string[] = [];
  /** Number of starts of a backend that failed because its database was away. */
  failedStarts = 0;

  private constructor(options: {
    folder: string;
    database: Database;
    azure: Azure;
    backends: Backend[];
    approvals: string[];
  }) {
    this.folder = options.folder;
    this.database = options.database;
    this.azure = options.azure;
    this.backends = options.backends;
    this.approvals = options.approvals;
  }

  /** @param random - decides what the site's configuration asks for */
  static async start(options: {
    folder: string;
    client?: DatabaseClient;
    replicas: number;
    random: Random;
  }): Promise<World> {
    const { folder, client = 'pg', replicas, random } = options;
    mkdirSync(folder, { recursive: true });
    const database =
      client === 'pg'
        ? await PostgresDatabase.start(random)
        : new SqliteFile(join(folder, 'sqlite'));
    const azure = await Azure.start({
      dataDirectory: World.azureFolder(folder),
      port: await freePort(),
      logFile: join(folder, 'azure.log'),
    });
    const acrCmk = configuration(azure, random);
    const backends: Backend[] = [];
    for (let n = 1; n <= replicas; n++) {
      backends.push(
        new Backend({
          name: `backend-${n}`,
          environment: azure.environment,
          logFile: join(folder, `backend-${n}.log`),
          settings: {
            port: await freePort(),
            database: database.settings,
            acrCmk,
          },
        }),
      );
    }
    const approvals = Object.entries(acrCmk.approvals).flatMap(
      ([setting, value]) => (value === 'required' ? [setting] : []),
    );
    const world = new World({ folder, database, azure, backends, approvals });
    world.note(`configuration: ${JSON.stringify(acrCmk.approvals)}`);
    // The first one makes the tables.
    const [first, ...others] = backends;
    await first.process.start();
    await Promise.all(others.map(({ process }) => process.start()));
    return world;
  }

  static azureFolder(folder: string): string {
    return join(folder, 'azure');
  }

  /** A line in the log of the run. */
  note(line: string): void {
    appendFileSync(
      join(this.folder, RUN_LOG),
      `${new Date().toISOString()} ${line}\n`,
    );
  }

  /** Kills Azure at a moment without requests, so that its log is complete. */
  async killAzure(): Promise<void> {
    const woken = this.backends.map(({ process }) => process.pause());
    try {
      await delay(UNDER_WAY_MS);
      await this.azure.kill();
    } finally {
      for (const wake of woken) wake();
    }
  }

  /** A backend that holds an operation just now. */
  async backendAtWork(): Promise<Backend | undefined> {
    const owners: (string | null)[] = await this.database
      .db('operations')
      .whereNotNull('lease_until')
      .pluck('lease_owner')
      // The database may be away, by another thread of the nemesis.
      .catch(() => []);
    return this.backends.find(({ process }) =>
      owners.some(owner => owner?.endsWith(`:${process.pid}`)),
    );
  }

  /**
   * Starts a backend again, as a supervisor in production does: repeatedly, because its database may be
   * away.
   */
  async revive(process: ChildProcess): Promise<void> {
    for (let left = STARTS; ; left--) {
      try {
        await process.start();
        return;
      } catch (error) {
        this.failedStarts += 1;
        this.note(`${process.name}: ${(error as Error).message}`);
        if (left <= 1) throw error;
        await delay(BETWEEN_STARTS_MS);
      }
    }
  }

  /** Starts backends again that end by themselves, which none should, until the time is over. */
  async supervise(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      for (const { process } of this.backends) {
        if (!process.hasEndedByItself) continue;
        this.note(`${process.name} has ended by itself`);
        this.endedByThemselves.push(process.name);
        await this.revive(process);
      }
      await delay(500, undefined, { signal: over }).catch(() => undefined);
    }
  }

  /** Ends everything that goes wrong. */
  async heal(): Promise<void> {
    const { backends, database, azure } = this;
    for (const { process } of backends) process.resume();
    database.cut();
    await database.calm();
    await azure.restart();
    await azure.clearFaults();
    for (const { process } of backends) {
      if (!process.isRunning) await this.revive(process);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.backends.map(({ process }) => process.stop()));
    await this.azure.stop();
    await this.database.stop();
  }
}

function configuration(azure: Azure, random: Random) {
  const { tenantId, principals } = azure.ready;
  const of = (name: keyof typeof principals) => ({
    tenantId,
    ...principals[name],
  });
  const own = random.fork('configuration');
  const approval = () => (own.chance(0.25) ? 'required' : 'none');
  return {
    scopes: [`/subscriptions/${SUBSCRIPTION}`],
    azure: {
      credentials: {
        read: of('reader'),
        rotate: of('rotator'),
        revoke: of('revoker'),
        provision: of('provisioner'),
      },
    },
    approvals: {
      rotate: approval(),
      revoke: approval(),
      restore: approval(),
      // One kind that is agreed to in each run.
      retire: 'required',
      // And one that campaigns ask for.
      automaticRotation: 'required',
      createRegistry: approval(),
    },
    keys: ['kv-contoso-rbac', 'kv-contoso-policy'].map(vault => ({
      vault,
      entityRefs: [OWNER],
    })),
    // What is outside of the drills is compared with Azure when a run ends.
    sync: { interval: { minutes: 1 } },
    // Time to cancel, now and then.
    ...(own.chance(0.5) ? { waitingPeriod: { seconds: 2 } } : {}),
    operations: {
      retire: true,
      deleteKey: true,
    },
  };
}
