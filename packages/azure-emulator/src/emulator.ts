import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openAuthority, writeBundle } from './authority';
import { Azure } from './azure';
import { Clock, ClockSetting } from './clock';
import { control } from './control';
import { takeDirectory } from './directory';
import { seconds } from './durations';
import { Faults } from './faults';
import { LoggedRequest, RequestLog } from './requestLog';
import { startProxy } from './proxy';
import { Router } from './router';
import { allRoutes } from './routes';
import { Parts, perform, serve } from './server';
import { StateView } from './stateView';
import { Store, type StoreCopy, writeAtomically } from './store';
import { Throttle } from './throttle';
import { Tokens } from './tokens';
import { parseTarget, serviceOfHost } from './request';
import { newGuid } from './ids';
import { OPERATION_MS, ROLE_PROPAGATION_MS } from './unknowns';
import { buildWorld, WorldName } from './worlds';
import { ACTORS, PrincipalName, TENANT_ID } from './worlds/principals';

export interface EmulatorOptions {
  /** `demo`, `empty`, or `fleet:N`. Default: what the directory holds, else `demo`. */
  world?: WorldName;
  /** What a fleet is grown from. Default 1. */
  seed?: number;
  /** Port on the loopback interface. Default 0: a free one. */
  port?: number;
  /** Where state, authority and secrets are kept. Without it nothing outlives the process. */
  dataDir?: string;
  /** How long a create or update of a registry takes. Default: see OPERATION_MS. */
  operationSeconds?: number;
  /** How long a role assignment takes to be effective. Default: see ROLE_PROPAGATION_MS. */
  rolePropagationSeconds?: number;
  /** Refuse what is beyond Azure's limits. Default false. */
  throttle?: boolean;
  /** The wall clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Where lines for people go. Default: nowhere. */
  say?: (line: string) => void;
}

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** What a client needs to know: printed by the command line, written to `ready.json`. */
export interface ReadyInfo {
  proxy: string;
  /** Our authority alone; for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** What the system trusts, and our authority; for clients that take one file. */
  caBundle: string;
  tenantId: string;
  subscriptionId: string;
  principals: Record<PrincipalName, Credentials>;
}

export interface OutOfBandAnswer {
  status: number;
  body: unknown;
}

export interface Emulator {
  readonly ready: ReadyInfo;
  readonly caPem: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The state as it is now, for assertions. */
  readonly state: StateView;
  /** What came through the proxy, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Something that somebody else does: as admin, past the log, the throttle and the faults. */
  outOfBand(
    method: string,
    url: string,
    body?: Record<string, unknown>,
  ): Promise<OutOfBandAnswer>;
  /** Cuts every connection that is open: the end of requests whose answer a fault has swallowed. */
  dropConnections(): void;
  /** The world as it was made, with the same authority and secrets. */
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

interface Kept {
  tokenSecret: string;
  clientSecrets: Record<string, string>;
}

const SECRETS = 'secrets.json';
const READY = 'ready.json';

export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const { dataDir, now = Date.now, say = () => undefined } = options;
  const directory =
    dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-'));
  const release = takeDirectory(directory);
  try {
    return await start(options, directory, release, { now, say });
  } catch (error) {
    release();
    throw error;
  }
}

async function start(
  options: EmulatorOptions,
  directory: string,
  release: () => void,
  { now, say }: { now: () => number; say: (line: string) => void },
): Promise<Emulator> {
  const authority = await openAuthority(directory);
  const secrets = openSecrets(directory);
  const store = new Store(options.dataDir);
  const loaded = store.load();
  const world = checkWorld(store, options, loaded);
  const clock = new Clock(
    now,
    store.setting<ClockSetting>('clock') ?? { offsetMs: 0 },
    setting => store.setSetting('clock', setting),
  );
  const azure = new Azure(store, clock, {
    tenantId: TENANT_ID,
    operationMs:
      options.operationSeconds === undefined
        ? OPERATION_MS
        : seconds(options.operationSeconds),
    rolePropagationMs:
      options.rolePropagationSeconds === undefined
        ? ROLE_PROPAGATION_MS
        : seconds(options.rolePropagationSeconds),
  });
  const build = () => {
    buildWorld(azure, world.name, world.seed);
    store.setSetting('world', world);
    store.compact();
  };
  if (!loaded) build();

  const tokens = new Tokens(secrets.tokenSecret, TENANT_ID);
  const throttle = new Throttle(options.throttle ?? false, () => clock.now());
  const parts: Parts = {
    azure,
    router: new Router(
      allRoutes(tokens, new Map(Object.entries(secrets.clientSecrets))),
    ),
    tokens,
    throttle,
    faults: new Faults(),
    log: new RequestLog(),
    nameOf: ({ id }) =>
      ACTORS.find(({ principal }) => principal.id === id)?.name ?? id,
    say,
  };
  const reset = () => {
    store.clear();
    clock.reset();
    parts.faults.clear();
    parts.log.clear();
    throttle.reset();
    build();
  };
  const proxy = await startProxy(options.port ?? 0, authority, {
    azure: (request, response) => {
      serve(parts, request, response).catch(error => {
        say(`${request.method} ${request.url}: ${(error as Error).stack}`);
        request.socket.destroy();
      });
    },
    control: (request, response) => {
      control(
        {
          azure,
          faults: parts.faults,
          log: parts.log,
          world: world.name,
          reset,
        },
        request,
        response,
      ).catch(error => say(String(error)));
    },
  });
  const ready = readyInfo(azure, directory, secrets, {
    port: proxy.port,
    caPem: authority.caPem,
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
    state: new StateView(azure),
    requests: () => parts.log.all(),
    clearRequests: () => parts.log.clear(),
    outOfBand: (method, url, body) => outOfBand(parts, method, url, body),
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
      parts.log.clear();
    },
    close: async () => {
      await proxy.close();
      store.commit();
      release();
      if (!options.dataDir) {
        fs.rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

interface KeptWorld {
  name: WorldName;
  seed: number;
}

/** A directory holds one world; asking for another one there is a mistake that would lose it. */
function checkWorld(
  store: Store,
  options: EmulatorOptions,
  loaded: boolean,
): KeptWorld {
  const kept = loaded ? store.setting<KeptWorld>('world') : undefined;
  const asked = {
    name: options.world ?? kept?.name ?? 'demo',
    seed: options.seed ?? kept?.seed ?? 1,
  };
  if (kept && (kept.name !== asked.name || kept.seed !== asked.seed)) {
    throw new Error(
      `The directory holds the world '${kept.name}' (seed ${kept.seed}), not '${asked.name}' (seed ${asked.seed}). Start it with --world ${kept.name} --seed ${kept.seed}, or name another directory.`,
    );
  }
  return asked;
}

function openSecrets(directory: string): Kept {
  const file = path.join(directory, SECRETS);
  if (fs.existsSync(file)) {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Kept;
  }
  const random = () => crypto.randomBytes(24).toString('hex');
  const kept: Kept = {
    tokenSecret: random(),
    clientSecrets: Object.fromEntries(
      ACTORS.map(({ principal }) => [principal.appId, random()]),
    ),
  };
  writeAtomically(file, JSON.stringify(kept));
  return kept;
}

function readyInfo(
  azure: Azure,
  directory: string,
  secrets: Kept,
  { port, caPem }: { port: number; caPem: string },
): ReadyInfo {
  const whole = path.resolve(directory);
  return {
    proxy: `http://127.0.0.1:${port}`,
    caFile: path.join(whole, 'ca.pem'),
    caBundle: writeBundle(whole, caPem),
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

async function outOfBand(
  parts: Parts,
  method: string,
  url: string,
  body: Record<string, unknown> = {},
): Promise<OutOfBandAnswer> {
  const { host, pathname, search } = new URL(url);
  const service = serviceOfHost(host);
  if (!service) {
    throw new Error(`The emulator does not answer for ${host}`);
  }
  const request = {
    ...parseTarget(`${pathname}${search}`),
    id: newGuid(),
    service,
    host,
    method: method.toUpperCase(),
    headers: {},
    body,
    remoteAddress: '127.0.0.1',
  };
  if (!request.query.has('api-version')) {
    request.query.set('api-version', '2025-11-01');
  }
  parts.azure.catchUp();
  const answer = await perform(
    parts,
    request,
    ACTORS[0].principal,
    parts.router.find(request),
  );
  parts.azure.store.commit();
  return { status: answer.status, body: answer.body };
}
