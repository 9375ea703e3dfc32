// An Azure with a fleet in a process of its own, and in this one what keeps an inventory of it, in a file of
// SQLite or in PostgreSQL. Azure's clock is the only one, so that hours pass in seconds; calls are counted by Azure's own log.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { credentialsOf } from '../../plugins/acr-cmk-backend/src/__testUtils__/engine';
import { PostgresDatabases } from '../../plugins/acr-cmk-backend/src/__testUtils__/databases';
import { CallBudget } from '../../plugins/acr-cmk-backend/src/azure/transport/budget';
import { createAzurePorts } from '../../plugins/acr-cmk-backend/src/azure/azurePorts';
import { createCredentials } from '../../plugins/acr-cmk-backend/src/azure/credentials/credentials';
import type { AzurePorts } from '../../plugins/acr-cmk-backend/src/azure/ports';
import { writeAhead } from '../../plugins/acr-cmk-backend/src/database/sqlite';
import { createInventory } from '../../plugins/acr-cmk-backend/src/wiring/createInventory';
import type { InventoryRows } from '../../plugins/acr-cmk-backend/src/inventory/rows';
import {
  createSync,
  createSyncStores,
  type InventorySync,
} from '../../plugins/acr-cmk-backend/src/inventory/sync';
import { type AzureElsewhere, startAzureElsewhere } from './azureElsewhere';
import { ROOT } from './process';

export const TURN_MS = 60_000;
export const INTERVAL_MS = 5 * TURN_MS;
export const ARM = 'https://management.azure.com';

export async function startWorld(options: {
  registries: number;
  throttle: boolean;
  /** Default: a file of SQLite. */
  database?: 'postgres';
}) {
  const azure = await startAzureElsewhere({
    world: `fleet:${options.registries}` as never,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
    throttle: options.throttle,
  });
  const clock = { now: async () => azure.now() };
  const subscriptions = [
    ...new Set(azure.registryIds.map(id => id.split('/')[2])),
  ];
  const ports = createAzurePorts({
    credentials: createCredentials(credentialsOf(azure)),
    now: () => azure.now(),
    // Whoever waits for Azure's limits moves Azure's clock.
    budget: new CallBudget({
      monotonic: () => azure.now(),
      now: () => azure.now(),
      sleep: ms => azure.advance(ms),
    }),
  });
  const db =
    options.database === 'postgres'
      ? // Its server ends with this process.
        await new PostgresDatabases().open()
      : await openFile();
  const world = { azure, clock, db, ports, subscriptions };
  return { ...world, ...replicaOf(world) };
}

/** One more backend over the same database, as far as it reads Azure without anybody's asking. */
export function replicaOf({
  clock,
  db,
  ports,
  subscriptions,
}: Pick<World, 'clock' | 'db' | 'ports' | 'subscriptions'>) {
  const logger = {
    warn: (message: string) => console.error(message),
    info: () => undefined,
  };
  const { inventory, rows, judge, background } = createInventory({
    db,
    clock,
    azure: ports,
    logger,
    scope: { subscriptions, includes: () => true },
    sync: { enabled: true, everyMs: INTERVAL_MS },
  });
  const sync = createSync({
    db,
    clock,
    azure: ports,
    rows,
    stores: createSyncStores({ db, clock }),
    judge: () => judge.judgeDue(),
    subscriptions: async () => subscriptions,
    logger,
    everyMs: INTERVAL_MS,
  });
  return { inventory, background, rows, sync };
}

export interface World {
  azure: AzureElsewhere;
  clock: { now(): Promise<number> };
  db: Knex;
  ports: AzurePorts;
  subscriptions: string[];
  rows: InventoryRows;
  sync: InventorySync;
}

/** As a backend has it: what is stored is not in its memory. */
async function openFile(): Promise<Knex> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'acr-cmk-bench-'));
  process.once('exit', () =>
    fs.rmSync(folder, { recursive: true, force: true }),
  );
  const db = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: path.join(folder, 'inventory.sqlite') },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await writeAhead(db);
  await db.migrate.latest({
    directory: path.join(ROOT, 'plugins/acr-cmk-backend/migrations'),
  });
  return db;
}

/** Calls with a token, by Azure's log. */
export async function callsIn({ azure }: Pick<World, 'azure'>) {
  const requests = await azure.ask('requests');
  return requests.filter(({ principal }) => principal !== undefined);
}

/** Counts the calls with a token and clears Azure's log. */
export async function takeCalls(world: Pick<World, 'azure'>): Promise<number> {
  const calls = await world.azure.ask('calls');
  await world.azure.ask('clearRequests');
  return calls;
}

export async function turns(
  { azure, sync }: Pick<World, 'azure' | 'sync'>,
  count: number,
): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    const began = azure.now();
    await sync.turn();
    await untilTurnAfter(azure, began);
  }
}

/** The scheduler begins turns a minute apart, however much of it one has waited for Azure's limits. */
export async function untilTurnAfter(
  azure: AzureElsewhere,
  began: number,
): Promise<void> {
  await azure.advance(Math.max(0, began + TURN_MS - azure.now()));
}
