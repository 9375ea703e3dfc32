// The sync over an Azure with a fleet, in a process of its own. Prints one line of JSON, and on stderr what a
// quiet interval asks for and what is stored. Calls are counted by Azure's own log; Azure's clock is the only
// one, so that hours pass in seconds.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { createSyncStores } from '../../plugins/acr-cmk-backend/src/inventory/sync';
import { Events } from '../../plugins/acr-cmk-backend/src/inventory/sync/Events';
import { LiveWatch, MemoryWatch } from './memory';
import { storedIn } from './stored';
import {
  ARM,
  callsIn,
  INTERVAL_MS,
  startWorld,
  takeCalls,
  TURN_MS,
  turns,
  type World,
} from './syncWorld';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    what: { type: 'string' },
    registries: { type: 'string' },
    /** One registry in so many is changed. */
    changed: { type: 'string', default: '100' },
  },
});

type Figures = Record<string, number>;

const registries = Number(values.registries);

/** Everything once, as a program would that keeps nothing: lists, then each key that is used, once. */
async function fanOut({ ports, subscriptions }: World): Promise<number> {
  const keys = new Set<string>();
  const vaults = new Map<string, string>();
  for (const subscription of subscriptions) {
    const { value } = await ports.registries.listBySubscription(subscription);
    for (const { encryption } of value) {
      const key = KeyIdentifier.tryParse(encryption.keyIdentifier);
      if (key) keys.add(`${key.vaultName} ${key.keyName}`);
    }
    const listed = await ports.vaults.listBySubscription(subscription);
    for (const { name, id } of listed.value) vaults.set(name.toLowerCase(), id);
  }
  const queue = [...keys];
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [vault, name] = next.split(' ');
        const id = vaults.get(vault.toLowerCase());
        // The key, and its versions.
        if (id) await ports.keys.get(id, name).catch(() => undefined);
      }
    }),
  );
  return keys.size;
}

/** Clients, tokens and compiled code are there in any backend, whatever the size of its fleet. */
async function warmUp(world: World): Promise<void> {
  await world.ports.resourceGraph.readable(world.subscriptions);
  await world.azure.ask('clearRequests');
}

/** Turns until everything is known. @returns the calls that they took */
async function firstTurns(world: World): Promise<number> {
  let cold = 0;
  for (let turn = 0; turn < 30; turn++) {
    await turns(world, 1);
    cold += await takeCalls(world);
    const [{ n }] = await world.db('dirty').count({ n: '*' });
    if (Number(n) === 0 && turn > 0) break;
  }
  return cold;
}

/** The first sweep of everything. */
async function coldSweep(world: World) {
  await warmUp(world);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const memory = new MemoryWatch();
  delay.enable();
  const cold = await firstTurns(world);
  delay.disable();
  return { cold, ...memory.end(), loopP99: delay.percentile(99) / 1e6 };
}

/** Measures the first sweep of a backend with PostgreSQL. */
async function withPostgres(): Promise<Figures> {
  const world = await startWorld({
    registries,
    throttle: false,
    database: 'postgres',
  });
  return coldSweep(world);
}

/** Measures the memory that the first sweep holds, without garbage. */
async function heldDuringSweep(): Promise<Figures> {
  const world = await startWorld({
    registries,
    throttle: false,
    database: 'postgres',
  });
  await warmUp(world);
  const held = new LiveWatch();
  await firstTurns(world);
  const { moments, mostMb } = held.end();
  return {
    mostMb,
    ...Object.fromEntries(moments.map((mb, at) => [`moment${at + 1}`, mb])),
  };
}

async function calls(): Promise<Figures> {
  const world = await startWorld({ registries, throttle: false });
  const { azure, db } = world;
  const { cold, peakMb, keptMb, loopP99 } = await coldSweep(world);
  const known = await db('registries').whereNotNull('facts').count({ n: '*' });
  const encrypted = await db('registries')
    .whereNotNull('vault_host')
    .count({ n: '*' });
  // Until what converges has done so, and every vault had its moment.
  const stored = await storedIn(db);
  await azure.advance(3 * 60 * TURN_MS);
  await turns(world, 10);
  await azure.ask('clearRequests');
  await turns(world, INTERVAL_MS / TURN_MS);
  console.error(kindsOf(await callsIn(world)));
  const warm = await takeCalls(world);

  const changedIds = azure.registryIds.filter(
    (_, index) => index % Number(values.changed) === 0,
  );
  for (const id of changedIds) {
    await azure.ask(
      'outOfBand',
      'PATCH',
      `${ARM}${id}?api-version=2025-11-01`,
      {
        tags: { changed: String(azure.now()) },
      },
    );
  }
  await azure.ask('clearRequests');
  await turns(world, INTERVAL_MS / TURN_MS);
  const changed = await takeCalls(world);

  const keys = await fanOut(world);
  // A program that does not know that ARM shows the rotation policy with the key asks for it as well.
  const fan = (await takeCalls(world)) + keys;
  console.error(stored.tables);
  return {
    known: Number(known[0].n),
    encrypted: Number(encrypted[0].n),
    cold,
    warm,
    changed,
    changedRegistries: changedIds.length,
    fan,
    bytesEach: stored.bytes / Number(known[0].n),
    peakMb,
    keptMb,
    loopP99,
  };
}

/** Lists the number of calls of each kind, the most frequent first. */
function kindsOf(calls: Awaited<ReturnType<typeof callsIn>>): string {
  const counts = new Map<string, number>();
  for (const { route, method, path, status } of calls) {
    const kind = `${route ?? `${method} ${path}`} ${status}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} ${kind}`)
    .join('\n');
}

/** Fifteen minutes of a sync that knows everything, with Azure's limits on; then a storm of 429. */
async function limits(): Promise<Figures> {
  const world = await startWorld({ registries, throttle: true });
  const { azure } = world;
  const isRefused = ({ status }: { status?: number }) => status === 429;
  const refused = async () => (await callsIn(world)).filter(isRefused).length;
  const takeRefused = async () => {
    const count = await refused();
    await azure.ask('clearRequests');
    return count;
  };
  await azure.ask('clearRequests');
  let coldRefused = 0;
  for (let turn = 0; turn < 10; turn++) {
    await turns(world, 1);
    coldRefused += await takeRefused();
  }
  await turns(world, 15);
  const steadyRefused = await takeRefused();
  await azure.ask('addFault', {
    path: '/providers/Microsoft.ResourceGraph/resources',
    retryAfter: '7',
    times: 20,
  });
  // A turn lists only when it is time to.
  await world.sync.ask();
  while ((await refused()) < 20) await turns(world, 1);
  const queries = (await callsIn(world)).filter(({ path }) =>
    /resourcegraph/i.test(path),
  );
  const first = queries.findIndex(isRefused);
  const end = queries.find(
    (query, index) => index > first && !isRefused(query),
  );
  const took =
    (Date.parse(String(end?.time)) - Date.parse(queries[first].time)) / 1000;
  return {
    coldRefused,
    steadyRefused,
    stormRefused: await refused(),
    stormTook: took,
    stormDemanded: 20 * 7,
  };
}

/** A rotation that somebody makes outside: until it is known, by the sync, and by an event. */
async function rotation(): Promise<Figures> {
  const world = await startWorld({ registries, throttle: false });
  const { azure, db, rows, sync } = world;
  await turns(world, 6);
  const [{ vault_host, key_name }] = await db('registries')
    .join('keys', join =>
      join
        .on('keys.vault_host', 'registries.vault_host')
        .on('keys.name', 'registries.key_name'),
    )
    .whereNotNull('keys.newest_version')
    .orderBy('registries.id')
    .limit(1)
    .select('registries.vault_host', 'registries.key_name');
  const key = {
    vaultName: String(vault_host).split('.')[0],
    keyName: String(key_name),
  };
  const newest = async () =>
    (await rows.keys.get(key))?.value?.versions[0]?.version;
  const rotate = () =>
    azure.ask(
      'outOfBand',
      'POST',
      `https://${vault_host}/keys/${key_name}/rotate?api-version=7.5`,
    );
  let before = await newest();
  await rotate();
  const rotatedAt = azure.now();
  while ((await newest()) === before) {
    await azure.advance(TURN_MS);
    await sync.turn();
    if (azure.now() - rotatedAt > 3_600_000) break;
  }
  const byPoll = (azure.now() - rotatedAt) / 1000;

  before = await newest();
  await rotate();
  const clock = { now: async () => azure.now() };
  const stores = createSyncStores({ db, clock });
  const events = new Events({ db, clock, ...stores, includes: () => true });
  const started = performance.now();
  await events.take([
    {
      id: 'bench',
      source: 'bench',
      type: 'Microsoft.KeyVault.KeyNewVersionCreated',
      vaultName: key.vaultName,
      objectType: 'Key',
      objectName: key.keyName,
    },
  ]);
  await sync.readDirty();
  const byEvent = (performance.now() - started) / 1000;
  return {
    byPoll,
    byEvent,
    seen: (await newest()) === before ? 0 : 1,
    intervalSeconds: INTERVAL_MS / 1000,
  };
}

async function main(): Promise<void> {
  const measure = {
    calls,
    limits,
    held: heldDuringSweep,
    postgres: withPostgres,
    rotation,
  }[String(values.what)];
  if (!measure) throw new Error(`--what ${values.what} is not measured here`);
  process.stdout.write(`FIGURES ${JSON.stringify(await measure())}\n`);
  process.exit(0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
