import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { AzurePorts } from '../azure/ports';
import type { Clock } from '../database/clock';
import { Background } from './Background';
import { FactReader } from './FactReader';
import { FactStore } from './FactStore';
import { Inventory, type InventoryScope } from './Inventory';
import { Judge } from './Judge';
import { LISTED_WITHIN_MS, Listings } from './Listings';
import { InventoryRows } from './rows';

/** The inventory, with all its parts over one database. */
export interface InventoryParts {
  inventory: Inventory;
  rows: InventoryRows;
  listings: Listings;
  judge: Judge;
  background: Background;
}

export function createInventory(options: {
  db: Knex;
  clock: Clock;
  azure: AzurePorts;
  scope: InventoryScope;
  logger: Pick<LoggerService, 'warn'>;
  /** How often everything is listed. Default: every 5 minutes. */
  listEveryMs?: number;
}): InventoryParts {
  const { db, clock, azure, scope, logger } = options;
  const { subscriptions } = scope;
  const rows = new InventoryRows(db, clock);
  const background = new Background({ logger });
  const judge = new Judge({ db, clock, subscriptions });
  const reader = new FactReader({
    clock,
    background,
    kept: () => background.add('judging', () => judge.judgeDue()),
  });
  const listings = new Listings({
    rows,
    reader,
    azure,
    clock,
    background,
    subscriptions,
    listedWithinMs: Math.max(LISTED_WITHIN_MS, 3 * (options.listEveryMs ?? 0)),
  });
  const facts = new FactStore(db);
  const inventory = new Inventory({
    rows,
    facts,
    azure,
    clock,
    scope,
    reader,
    listings,
  });
  return { inventory, rows, listings, judge, background };
}
