import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  WriteStream,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../../../../scripts/lib/child.mjs';
import { pathsOfFilledCatalog } from './demoCatalog';
import { EmulatedAzure } from './EmulatedAzure';

// By import(), since Playwright turns static imports into require(), which these do not bear.
const processes = import('../../../../scripts/lib/portal.mjs');
const ports = import('../../../../scripts/lib/child.mjs');
const digests = import('../../../../scripts/lib/digests.mjs');

/** A world beside the usual demo, as `npm start -- --world` takes it. */
export type WorldName = 'us-government' | 'managed-hsm';

/**
 * The demo's Azure takes ten seconds for an update of a registry and five for a grant, as the real one
 * does. What those waits do is tested with a clock that is moved; here they would only be sat through.
 */
const QUICK_AZURE = [
  ['--operation-seconds', '1'],
  ['--role-propagation-seconds', '1'],
].flat();

/** A short lease: a killed backend's operation waits for its end. */
const QUICK_ENGINE = {
  demo_limits_leaseSeconds: 30,
  demo_limits_pollMs: 200,
};

/** A catalog that has just started, on a machine that is busy with other things. */
const CATALOG_FILLS_MS = 120_000;

const DIGESTS_TAKE_MS = 60_000;

/** The demo's users, see app-config.yaml. */
export type DemoUser = 'olivia' | 'daniel' | 'priya' | 'paul' | 'vera';

export interface ApiAnswer {
  status: number;
  /** The parsed body: an answer of the API, or `{ error: { name, message } }`. */
  body: any;
}

/**
 * A whole portal of its own for a test: emulator, backend and the built app, on free ports,
 * with an empty database and the demo world.
 */
export class Portal {
  readonly url: string;
  readonly azure: EmulatedAzure;
  readonly #directory: string;
  readonly #port: number;
  readonly #emulator: Child;
  readonly #log: WriteStream;
  readonly #settings: Record<string, unknown>;
  readonly #config: string | undefined;
  #backend: Child | undefined;

  private constructor(options: {
    directory: string;
    port: number;
    emulator: Child;
    azure: EmulatedAzure;
    log: WriteStream;
    settings: Record<string, unknown>;
    config?: string;
  }) {
    this.url = `http://localhost:${options.port}`;
    this.azure = options.azure;
    this.#directory = options.directory;
    this.#port = options.port;
    this.#emulator = options.emulator;
    this.#log = options.log;
    this.#settings = options.settings;
    this.#config = options.config;
  }

  /**
   * @param name - for the log file, `test-results/NAME.log`
   * @param settings - of app-config, by their path: `{ acrCmk_approvals_revoke: 'required' }`
   * @param options.fleet - so many registries of many teams beside those of the demo. Default: none
   * @param options.world - a world beside the usual demo
   */
  static async start(
    name: string,
    settings: Record<string, unknown> = {},
    { fleet, world: worldName }: { fleet?: number; world?: WorldName } = {},
  ): Promise<Portal> {
    const logDirectory = join(__dirname, '../../../../test-results');
    mkdirSync(logDirectory, { recursive: true });
    const log = createWriteStream(join(logDirectory, `${name}.log`));
    const directory = mkdtempSync(join(tmpdir(), 'acr-cmk-portal-'));

    const { freePort } = await ports;
    const { startEmulator, fleetSettings, WORLDS } = await processes;
    const world = worldName && WORLDS[worldName];
    const { child, azure } = await startEmulator({
      env: process.env,
      log,
      dataDirectory: join(directory, 'azure'),
      port: await freePort(),
      flags: [...QUICK_AZURE, ...(world?.flags ?? [])],
      world: fleet ? `demo-fleet:${fleet}` : world?.world,
    });
    const portal = new Portal({
      directory,
      port: await freePort(),
      emulator: child,
      azure: new EmulatedAzure(azure),
      log,
      config: world?.config,
      settings: {
        ...QUICK_ENGINE,
        ...(fleet && fleetSettings(azure)),
        ...settings,
      },
    });
    try {
      await portal.startBackend();
      await portal.#untilCatalogIsFilled();
      if (fleet) await portal.#fillCatalog();
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  async #untilCatalogIsFilled(): Promise<void> {
    const { until } = await ports;
    for (const path of pathsOfFilledCatalog()) {
      await until(
        async () => {
          const { status, body } = await this.api('priya', 'GET', path);
          if (status !== 200) {
            throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
          }
          return true;
        },
        {
          process: this.#backend!,
          what: 'the catalog is not filled',
          timeoutMs: CATALOG_FILLS_MS,
        },
      );
    }
  }

  async #fillCatalog(): Promise<void> {
    const { fillCatalog } = await processes;
    await fillCatalog(this.url, {
      azure: this.azure.address,
      process: this.#backend!,
    });
  }

  /** Starts a scheduled task now, without waiting for its end. */
  async trigger(plugin: string, task: string): Promise<void> {
    const { triggerTask } = await processes;
    await triggerTask(this.url, { plugin, task });
  }

  /** Makes the digests of notifications now, as if an hour had passed since the last ones. */
  async makeDigests(): Promise<void> {
    const { until } = await ports;
    const { passHourForDigests, digestsBegunAt } = await digests;
    const directory = join(this.#directory, 'database');
    const begunAt = digestsBegunAt(directory);
    passHourForDigests(directory);
    await until(
      async () => {
        await this.trigger('acr-cmk', 'acr-cmk-notifications');
        return digestsBegunAt(directory) > begunAt;
      },
      {
        process: this.#backend!,
        what: 'no digests were made',
        timeoutMs: DIGESTS_TAKE_MS,
      },
    );
  }

  /** Starts the backend on the port and the database that it had before. */
  async startBackend(): Promise<void> {
    const { startBackend } = await processes;
    const { child } = await startBackend({
      env: process.env,
      log: this.#log,
      azure: this.azure.address,
      port: this.#port,
      databaseDirectory: join(this.#directory, 'database'),
      settings: this.#settings,
      config: this.#config,
    });
    this.#backend = child;
  }

  /** Ends the backend; the emulated Azure keeps running. SIGKILL leaves it no chance to clean up. */
  async killBackend(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#backend?.kill(signal);
    this.#backend = undefined;
  }

  async stop(): Promise<void> {
    await this.#backend?.stop();
    await this.#emulator.stop();
    this.#log.end();
  }

  /** A Backstage token of this user. */
  async token(user: DemoUser): Promise<string> {
    const { demoToken } = await processes;
    return demoToken(this.url, user);
  }

  /** Calls the backend as this user, or as nobody: `api('olivia', 'GET', '/api/acr-cmk/v1/…')`. */
  async api(
    user: DemoUser | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(user && { authorization: `Bearer ${await this.token(user)}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text ? JSON.parse(text) : undefined,
    };
  }
}
