import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openAuthority, SERVED_NAMES, writeBundle } from './authority';
import { Cloud, CloudName } from './cloud';
import { Azure } from './azure';
import { Clock, ClockSetting } from './clock';
import { control } from './control';
import { takeDirectory } from './directory';
import { DeliveryTokens } from './deliveryTokens';
import { Delivery, EventDelivery } from './eventDelivery';
import { Faults } from './faults';
import { LoggedRequest, RequestLog } from './requestLog';
import { ProxyHandlers, startProxy } from './proxy';
import { RegistrySignIn } from './registrySignIn';
import { Router } from './router';
import { allRoutes } from './routes';
import { type OutOfBandAnswer, outOfBand } from './outOfBand';
import { Parts, serve } from './server';
import { StateView } from './stateView';
import { Store, type StoreCopy, writeAtomically } from './store';
import { Throttle } from './throttle';
import { Tokens } from './tokens';
import { AssumptionChanges, AssumptionSettings } from './assumptionSettings';
import { markCurrent, upgradeState } from './upgrade';
import { buildWorld, WorldName } from './worlds';
import { ACTORS, PrincipalName, TENANT_ID } from './worlds/principals';

export interface EmulatorOptions {
  /** `demo`, `demo-hsm`, `empty`, `fleet:N` or `demo-fleet:N`. Default: what the directory holds, else `demo`. */
  world?: WorldName;
  /** Seed of a generated fleet. Default 1. */
  seed?: number;
  /** Port of the proxy. Default 0: a free one. */
  port?: number;
  /** Address on which the proxy listens. Default 127.0.0.1. */
  host?: string;
  /** Where state, authority and secrets are stored. Without it they are lost when the process ends. */
  dataDir?: string;
  /** How long a create or update of a registry takes. Overrides
   *  the assumption `registryOperationSeconds`. */
  operationSeconds?: number;
  /** How long a role assignment takes to be effective. Overrides
   *  the assumptions `roleAssignmentDelaySeconds` and `roleRemovalDelaySeconds`. */
  rolePropagationSeconds?: number;
  /** Whose host names it has: `public`, `usGovernment` or `china`. Default `public`. */
  cloud?: CloudName;
  /** Refuse what is beyond Azure's limits. Default false. */
  throttle?: boolean;
  /** Assumptions about Azure that differ from the defaults. */
  assumptions?: AssumptionChanges;
  /** The wall clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Receives log lines for people. Default: they are dropped. */
  log?: (line: string) => void;
}

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** Connection details for clients: printed by the command line, written to `ready.json`. */
export interface ReadyInfo {
  proxy: string;
  /** The emulator's authority alone; for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** What the system trusts, and the emulator's authority; for clients that take one file. */
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
  /** What only a real subscription can tell; can be changed while the emulator runs. */
  readonly assumptions: AssumptionSettings;
  /** The state as it is now, for assertions. */
  readonly state: StateView;
  /** What came through the proxy, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** A change made by somebody else: sent as admin, bypassing request log, throttling and faults. */
  outOfBand(
    method: string,
    url: string,
    body?: Record<string, unknown>,
  ): Promise<OutOfBandAnswer>;
  /** Lets time pass up to now, sends the events that are due, and ends when they have been answered. */
  deliverEvents(): Promise<void>;
  /** The attempts to deliver events, oldest first. */
  deliveries(): Delivery[];
  /** Closes all open connections, also those of requests whose answer a fault withholds. */
  dropConnections(): void;
  /** Restores the initial world; authority and secrets stay the same. */
  reset(): void;
  /** State and time as they are now, for `restore`. */
  snapshot(): EmulatorSnapshot;
  /** Goes back to the state and the time of a snapshot of this emulator, with an empty request log. */
  restore(snapshot: EmulatorSnapshot): void;
  close(): Promise<void>;
}

export interface EmulatorSnapshot {
  readonly documents: StoreCopy;
  readonly time: number;
  readonly frozen: boolean;
}

interface Secrets {
  tokenSecret: string;
  clientSecrets: Record<string, string>;
}

const LOOPBACK = '127.0.0.1';
const SECRETS = 'secrets.json';
const READY = 'ready.json';

export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const { dataDir, now = Date.now, log = () => undefined } = options;
  const directory =
    dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-'));
  const release = takeDirectory(directory);
  try {
    return await start(options, { directory, release, now, log });
  } catch (error) {
    release();
    throw error;
  }
}

async function start(
  options: EmulatorOptions,
  {
    directory,
    release,
    now,
    log,
  }: {
    directory: string;
    release: () => void;
    now: () => number;
    log: (line: string) => void;
  },
): Promise<Emulator> {
  const cloud = new Cloud(options.cloud ?? 'public');
  // Its keys are generated by other threads, while this one builds the world.
  const openingAuthority = openAuthority(
    directory,
    SERVED_NAMES.map(name => cloud.toExternal(name)),
  );
  // The caller gets the error of a world that fails first; nobody awaits the authority then.
  openingAuthority.catch(() => undefined);
  const secrets = openSecrets(directory);
  const store = new Store(options.dataDir);
  const loaded = store.load();
  const world = checkWorld(store, options, loaded);
  const clock = new Clock(
    now,
    store.setting<ClockSetting>('clock') ?? { offsetMs: 0 },
    setting => store.setSetting('clock', setting),
  );
  const { operationSeconds, rolePropagationSeconds } = options;
  const assumptions = new AssumptionSettings({
    ...options.assumptions,
    ...(operationSeconds !== undefined && {
      registryOperationSeconds: operationSeconds,
    }),
    ...(rolePropagationSeconds !== undefined && {
      roleAssignmentDelaySeconds: rolePropagationSeconds,
      roleRemovalDelaySeconds: rolePropagationSeconds,
    }),
  });
  const azure = new Azure(store, clock, {
    tenantId: TENANT_ID,
    cloud: cloud.name,
    assumptions,
  });
  const build = () => {
    store.replace(() => buildWorld(azure, world.name, world.seed));
    store.setSetting('world', world);
    markCurrent(store);
    store.compact();
  };
  if (loaded) store.replace(() => upgradeState(store, clock.now()));
  else build();

  const tokens = new Tokens(secrets.tokenSecret, TENANT_ID);
  const throttle = new Throttle(options.throttle ?? false, () => clock.now());
  const clientSecrets = new Map(Object.entries(secrets.clientSecrets));
  const registrySignIn = new RegistrySignIn(azure, tokens, clientSecrets);
  const deliveryTokens = new DeliveryTokens(TENANT_ID, directory);
  const eventDelivery = new EventDelivery(azure, cloud, deliveryTokens);
  const parts: Parts = {
    azure,
    cloud,
    router: new Router(
      allRoutes({
        tokens,
        secrets: clientSecrets,
        registrySignIn,
        deliveryTokens,
        eventDelivery,
      }),
    ),
    eventDelivery,
    tokens,
    registrySignIn,
    throttle,
    faults: new Faults(),
    requestLog: new RequestLog(),
    nameOf: ({ id }) =>
      ACTORS.find(({ principal }) => principal.id === id)?.name ?? id,
    log,
  };
  const reset = () => {
    store.clear();
    clock.reset();
    parts.faults.clear();
    parts.requestLog.clear();
    throttle.reset();
    assumptions.reset();
    eventDelivery.clear();
    build();
  };
  const address = { host: options.host ?? LOOPBACK, port: options.port ?? 0 };
  const handlers: ProxyHandlers = {
    isServed: host => cloud.serviceOf(host) !== undefined,
    azure: (request, response) => {
      serve(parts, request, response).catch(error => {
        log(`${request.method} ${request.url}: ${(error as Error).stack}`);
        request.socket.destroy();
      });
    },
    control: (request, response) => {
      control(
        {
          azure,
          faults: parts.faults,
          requestLog: parts.requestLog,
          assumptions,
          eventDelivery,
          world: world.name,
          reset,
        },
        request,
        response,
      ).catch(error => log(String(error)));
    },
  };
  const authority = await openingAuthority;
  const proxy = await startProxy(address, authority, handlers);
  const ready = readyInfo(azure, {
    directory,
    secrets,
    port: proxy.port,
    caPem: authority.caPem,
    cloud: cloud.name,
  });
  writeAtomically(
    path.join(directory, READY),
    `${JSON.stringify(ready, null, 2)}\n`,
  );
  return {
    ready,
    caPem: authority.caPem,
    clock,
    faults: parts.faults,
    assumptions,
    state: new StateView(azure, cloud),
    requests: () => parts.requestLog.all(),
    clearRequests: () => parts.requestLog.clear(),
    outOfBand: (method, url, body) => outOfBand(parts, { method, url, body }),
    deliverEvents: async () => {
      azure.catchUp();
      store.commit();
      await eventDelivery.deliver();
    },
    deliveries: () => eventDelivery.deliveries(),
    dropConnections: () => proxy.dropConnections(),
    reset,
    snapshot: () => ({
      documents: store.copy(),
      time: clock.now(),
      frozen: clock.frozen,
    }),
    restore: ({ documents, time, frozen }) => {
      clock.set(time, { frozen });
      store.paste(documents);
      store.compact();
      parts.requestLog.clear();
      eventDelivery.clear();
    },
    close: async () => {
      eventDelivery.stop();
      await proxy.close();
      store.commit();
      release();
      if (!options.dataDir) {
        fs.rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

interface StoredWorld {
  name: WorldName;
  seed: number;
}

/** A directory holds one world; starting another one there would lose it, so it is refused. */
function checkWorld(
  store: Store,
  options: EmulatorOptions,
  loaded: boolean,
): StoredWorld {
  const stored = loaded ? store.setting<StoredWorld>('world') : undefined;
  const requested = {
    name: options.world ?? stored?.name ?? 'demo',
    seed: options.seed ?? stored?.seed ?? 1,
  };
  if (
    stored &&
    (stored.name !== requested.name || stored.seed !== requested.seed)
  ) {
    throw new Error(
      `The directory holds the world '${stored.name}' (seed ${stored.seed}), not '${requested.name}' (seed ${requested.seed}). Start it with --world ${stored.name} --seed ${stored.seed}, or name another directory.`,
    );
  }
  return requested;
}

function openSecrets(directory: string): Secrets {
  const file = path.join(directory, SECRETS);
  if (fs.existsSync(file)) {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Secrets;
  }
  const random = () => crypto.randomBytes(24).toString('hex');
  const stored: Secrets = {
    tokenSecret: random(),
    clientSecrets: Object.fromEntries(
      ACTORS.map(({ principal }) => [principal.appId, random()]),
    ),
  };
  writeAtomically(file, JSON.stringify(stored));
  return stored;
}

function readyInfo(
  azure: Azure,
  {
    directory,
    secrets,
    port,
    caPem,
    cloud,
  }: {
    directory: string;
    secrets: Secrets;
    port: number;
    caPem: string;
    cloud: CloudName;
  },
): ReadyInfo {
  const whole = path.resolve(directory);
  return {
    proxy: `http://${LOOPBACK}:${port}`,
    caFile: path.join(whole, 'ca.pem'),
    caBundle: writeBundle(whole, caPem),
    cloud,
    tenantId: azure.settings.tenantId,
    subscriptionId: azure.store.all('subscriptions')[0].subscriptionId,
    principals: Object.fromEntries(
      ACTORS.map(({ name, principal: { appId } }) => [
        name,
        { clientId: appId, clientSecret: secrets.clientSecrets[appId] },
      ]),
    ) as ReadyInfo['principals'],
  };
}
