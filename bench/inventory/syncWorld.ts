// An embedded Azure with a fleet, and what keeps an inventory of it. Azure's clock is the only one, so that
// hours pass in seconds; calls are counted by Azure's own log.
import type { Knex } from 'knex';
import { startEmulator, trustInThisProcess } from 'azure-emulator';
import { openSqlite } from '../../plugins/acr-cmk-backend/src/__testUtils__/databases';
import { credentialsOf } from '../../plugins/acr-cmk-backend/src/__testUtils__/engine';
import { CallBudget } from '../../plugins/acr-cmk-backend/src/azure/budget';
import {
  createAzurePorts,
  createCredentials,
} from '../../plugins/acr-cmk-backend/src/azure/clients';
import type { AzurePorts } from '../../plugins/acr-cmk-backend/src/azure/ports';
import { createInventory } from '../../plugins/acr-cmk-backend/src/inventory/createInventory';
import type { InventoryRows } from '../../plugins/acr-cmk-backend/src/inventory/rows';
import {
  createSync,
  createSyncStores,
  type InventorySync,
} from '../../plugins/acr-cmk-backend/src/inventory/sync';

export const TURN_MS = 60_000;
export const INTERVAL_MS = 5 * TURN_MS;
export const ARM = 'https://management.azure.com';

export async function startWorld(options: {
  registries: number;
  throttle: boolean;
}) {
  const azure = await startEmulator({
    world: `fleet:${options.registries}` as never,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
    throttle: options.throttle,
  });
  trustInThisProcess(azure);
  azure.clock.freeze();
  const clock = { now: async () => azure.clock.now() };
  const subscriptions = [
    ...new Set(
      azure.state
        .registries()
        .map(name => azure.state.registry(name).id.split('/')[2]),
    ),
  ];
  const ports = createAzurePorts({
    credentials: createCredentials(credentialsOf(azure)),
    now: () => azure.clock.now(),
    // Whoever waits for Azure's limits moves Azure's clock.
    budget: new CallBudget({
      stopwatch: () => azure.clock.now(),
      now: () => azure.clock.now(),
      pause: async ms => {
        azure.clock.advance(ms);
      },
    }),
  });
  const db = await openSqlite();
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
  azure: Awaited<ReturnType<typeof startEmulator>>;
  clock: { now(): Promise<number> };
  db: Knex;
  ports: AzurePorts;
  subscriptions: string[];
  rows: InventoryRows;
  sync: InventorySync;
}

/** Calls with a token, by Azure's log. */
export const callsIn = ({ azure }: World) =>
  azure.requests().filter(({ principal }) => principal !== undefined);

export async function turns(
  { azure, sync }: World,
  count: number,
): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await sync.turn();
    azure.clock.advance(TURN_MS);
  }
}
