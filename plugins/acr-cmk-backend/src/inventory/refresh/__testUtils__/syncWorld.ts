import type { EmulatorOptions, LoggedRequest } from 'azure-emulator';
import type { Knex } from 'knex';
import type { TestDatabase } from '../../../__testUtils__/databases';
import {
  type AzureWorld,
  startAzureWorld,
} from '../../../azure/__testUtils__/azureWorld';
import { CallBudget } from '../../../azure/transport/budget';
import { InventoryRows } from '../../rows';
import { createSync, createSyncStores, type InventorySync } from '..';

export const INTERVAL_MS = 5 * 60_000;
const TURN_MS = 60_000;

/** A sync over an emulated Azure; both have the emulator's clock. */
export interface SyncWorld {
  azure: AzureWorld;
  db: Knex;
  rows: InventoryRows;
  sync: InventorySync;
  /** The sync of another replica, over the same database. */
  replica(): InventorySync;
  warnings: string[];
  /** Turns, a minute apart. */
  turns(count: number): Promise<void>;
  /** Turns until a whole interval has passed. */
  interval(): Promise<void>;
  /** Requests with a token since the last time, without those for tokens. */
  calls(): LoggedRequest[];
  close(): Promise<void>;
}

/** Its clock runs so fast that every bucket is full again at once. */
export function unlimited(): CallBudget {
  let at = 0;
  return new CallBudget({ monotonic: () => (at += 3_600_000) });
}

export async function startSyncWorld(options: {
  database: TestDatabase;
  azure?: EmulatorOptions;
  subscriptions?: string[];
}): Promise<SyncWorld> {
  const azure = await startAzureWorld(options.azure);
  azure.emulator.clock.freeze();
  const db = await options.database.open();
  const clock = { now: async () => azure.emulator.clock.now() };
  const rows = new InventoryRows(db, clock);
  const warnings: string[] = [];
  const logger = {
    warn: (message: string) => {
      warnings.push(message);
    },
    info: () => undefined,
    debug: () => undefined,
  };
  const subscriptions = options.subscriptions ?? [azure.subscriptionId];
  const replica = () =>
    createSync({
      db,
      clock,
      azure: azure.portsWith({
        budget: unlimited(),
        // One time for all, as if the machine's clock were Azure's.
        now: () => azure.emulator.clock.now(),
      }),
      rows,
      stores: createSyncStores({ db, clock }),
      judge: async () => undefined,
      subscriptions: async () => subscriptions,
      logger,
      everyMs: INTERVAL_MS,
      byEvents: true,
    });
  const sync = replica();
  const turns = async (count: number) => {
    for (let each = 0; each < count; each++) {
      await sync.turn();
      azure.emulator.clock.advance(TURN_MS);
    }
  };
  return {
    azure,
    db,
    rows,
    sync,
    replica,
    warnings,
    turns,
    interval: () => turns(INTERVAL_MS / TURN_MS),
    calls: () => {
      const calls = azure.emulator
        .requests()
        .filter(({ principal }) => principal !== undefined);
      azure.emulator.clearRequests();
      return calls;
    },
    close: async () => {
      await db.destroy();
      await azure.close();
    },
  };
}
