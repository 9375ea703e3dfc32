import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {
  AssumptionChanges,
  AssumptionSettings,
} from './assumptionSettings';
import { openAuthority, SERVED_NAMES, writeBundle } from './authority';
import type { Clock } from './clock';
import { Cloud, CloudName } from './cloud';
import { control } from './control';
import { DeliveryTokens } from './deliveryTokens';
import { takeDirectory } from './directory';
import { deliverEvents, type EventDelivery } from './eventDelivery';
import type { Faults } from './faults';
import { type OutOfBandAnswer, outOfBand } from './outOfBand';
import { ProxyHandlers, startProxy } from './proxy';
import type { LoggedRequest } from './requestLog';
import {
  Lasting,
  newWorld,
  openWorld,
  restoreWorld,
  RunningWorld,
} from './runningWorld';
import { Credentials, credentialsFrom, openSecrets } from './secrets';
import { serve } from './server';
import type { StateView } from './stateView';
import { type StoreCopy, writeAtomically } from './store';
import type { WorldName } from './worlds';
import { PrincipalName, TENANT_ID } from './worlds/principals';

/** Options that a reset can change. */
export interface ResetOptions {
  /** `demo`, `demo-hsm`, `empty`, `fleet:N` or `demo-fleet:N`. Default: the one in the directory, else `demo`. */
  world?: WorldName;
  /** Seed of a generated fleet. Default 1. */
  seed?: number;
  /** Seconds that creating or updating a registry takes. Overrides
   *  the assumption `registryOperationSeconds`. */
  operationSeconds?: number;
  /** Seconds until a role assignment is effective. Overrides
   *  the assumptions `roleAssignmentDelaySeconds` and `roleRemovalDelaySeconds`. */
  rolePropagationSeconds?: number;
  /** Refuse requests beyond Azure's limits. Default false. */
  throttle?: boolean;
  /** Assumptions about Azure that differ from the defaults. */
  assumptions?: AssumptionChanges;
  /** The wall clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Receives log lines for people. By default they are dropped. */
  log?: (line: string) => void;
}

export interface EmulatorOptions extends ResetOptions {
  /** Port of the proxy. Default 0: a free one. */
  port?: number;
  /** Address on which the proxy listens. Default 127.0.0.1. */
  host?: string;
  /** Directory for state, authority and secrets. Without it they are lost when the process ends. */
  dataDir?: string;
  /** Cloud whose host names are served: `public`, `usGovernment` or `china`. Default `public`. */
  cloud?: CloudName;
}

/** Connection details for clients: printed by the command line, written to `ready.json`. */
export interface ReadyInfo {
  proxy: string;
  /** The emulator's authority alone; for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** The system's authorities and the emulator's, for clients that take one file. */
  caBundle: string;
  cloud: CloudName;
  tenantId: string;
  subscriptionId: string;
  principals: Record<PrincipalName, Credentials>;
}

export interface Emulator {
  readonly ready: ReadyInfo;
  readonly caPem: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Behaviour of Azure that is not documented; can be changed while the emulator runs. */
  readonly assumptions: AssumptionSettings;
  /** The current state, for assertions. */
  readonly state: StateView;
  /** The requests that came through the proxy, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Sends a request as admin that bypasses the request log, throttling and faults: a change by somebody else. */
  outOfBand(
    method: string,
    url: string,
    body?: Record<string, unknown>,
  ): Promise<OutOfBandAnswer>;
  /** Delivers events as Event Grid does, in one request. */
  deliverEvents(delivery: EventDelivery): Promise<{ status: number }>;
  /** Closes all open connections, also those of requests whose answer a fault withholds. */
  dropConnections(): void;
  /**
   * Replaces state, clock, assumptions, faults, request log and quotas by new ones: of the same world, or as if the
   * emulator had been started with these options. Port, authority and secrets stay, so tokens and connections
   * remain valid. A request that is still running ends in the state in which it began.
   */
  reset(options?: ResetOptions): void;
  /** A copy of the state and the time, for `restore`. */
  snapshot(): EmulatorSnapshot;
  /** Resets, and continues with the state and the time of a snapshot of this emulator. */
  restore(snapshot: EmulatorSnapshot): void;
  close(): Promise<void>;
}

export interface EmulatorSnapshot {
  readonly documents: StoreCopy;
  readonly time: number;
  readonly frozen: boolean;
}

const LOOPBACK = '127.0.0.1';
const READY = 'ready.json';

export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const { dataDir } = options;
  const directory =
    dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-'));
  const release = takeDirectory(directory);
  try {
    return await start(options, directory, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function start(
  options: EmulatorOptions,
  directory: string,
  release: () => void,
): Promise<Emulator> {
  const { dataDir } = options;
  const cloud = new Cloud(options.cloud ?? 'public');
  // Its keys are generated by other threads, while this one builds the world.
  const openingAuthority = openAuthority(
    directory,
    SERVED_NAMES.map(name => cloud.toExternal(name)),
  );
  // The caller gets the error of a world that fails first; nobody awaits the authority then.
  openingAuthority.catch(() => undefined);
  const lasting: Lasting = {
    cloud,
    secrets: openSecrets(directory),
    deliveryTokens: new DeliveryTokens(TENANT_ID, directory),
    ...(dataDir !== undefined && { dataDir }),
  };
  let running = openWorld(lasting, options);
  const deliver = (delivery: EventDelivery) =>
    deliverEvents(delivery, lasting.deliveryTokens);
  const { name, seed } = running.world;
  let initial: ResetOptions = { ...options, world: name, seed };

  const address = { host: options.host ?? LOOPBACK, port: options.port ?? 0 };
  const handlers: ProxyHandlers = {
    isServed: host => cloud.serviceOf(host) !== undefined,
    azure: (request, response) => {
      const { parts } = running;
      serve(parts, request, response).catch(error => {
        parts.log(
          `${request.method} ${request.url}: ${(error as Error).stack}`,
        );
        request.socket.destroy();
      });
    },
    control: (request, response) => {
      const { parts, world } = running;
      const controls = {
        ...parts,
        world: world.name,
        reset,
        deliverEvents: deliver,
      };
      control(controls, request, response).catch(error =>
        parts.log(String(error)),
      );
    },
  };
  const authority = await openingAuthority;
  const proxy = await startProxy(address, authority, handlers);
  const { caPem } = authority;
  const caBundle = writeBundle(path.resolve(directory), caPem);

  function announced(): ReadyInfo {
    const whole = path.resolve(directory);
    const info: ReadyInfo = {
      proxy: `http://${LOOPBACK}:${proxy.port}`,
      caFile: path.join(whole, 'ca.pem'),
      caBundle,
      cloud: cloud.name,
      tenantId: TENANT_ID,
      subscriptionId:
        running.parts.azure.store.all('subscriptions')[0].subscriptionId,
      principals: credentialsFrom(lasting.secrets),
    };
    const text = `${JSON.stringify(info, null, 2)}\n`;
    writeAtomically(path.join(whole, READY), text);
    return info;
  }
  let ready = announced();

  function continueWith(next: RunningWorld) {
    const isOther = next.world.name !== running.world.name;
    running.stop();
    running = next;
    if (isOther) ready = announced();
  }
  function reset(next: ResetOptions = initial) {
    continueWith(newWorld(lasting, next));
    initial = next;
  }

  return {
    caPem,
    get ready() {
      return ready;
    },
    get clock() {
      return running.parts.azure.clock;
    },
    get faults() {
      return running.parts.faults;
    },
    get assumptions() {
      return running.parts.assumptions;
    },
    get state() {
      return running.state;
    },
    requests: () => running.parts.requestLog.all(),
    clearRequests: () => running.parts.requestLog.clear(),
    outOfBand: (method, url, body) =>
      outOfBand(running.parts, { method, url, body }),
    deliverEvents: deliver,
    dropConnections: () => proxy.dropConnections(),
    reset,
    snapshot: () => {
      const { store, clock } = running.parts.azure;
      return {
        documents: store.copy(),
        time: clock.now(),
        frozen: clock.frozen,
      };
    },
    restore: snapshot => continueWith(restoreWorld(lasting, initial, snapshot)),
    close: async () => {
      await proxy.close();
      running.parts.azure.store.commit();
      running.stop();
      release();
      if (dataDir === undefined) {
        fs.rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
