import { Background } from './Background';
import { Inventory, type InventoryScope } from './Inventory';
import { Judge, type JudgeDeps } from './Judge';
import { Listings } from './Listings';
import { FactReader } from './read/FactReader';
import { ReadQueue } from './rows/ReadQueue';
import { ListedRows } from './rows/ListedRows';
import { InventoryRows } from './rows';
import { createSubscriptionLists } from './SubscriptionLists';
import type { Context } from '../platform/context';

/** The inventory, with all its parts over one database. */
export interface InventoryParts {
  inventory: Inventory;
  rows: InventoryRows;
  listings: Listings;
  judge: Judge;
  background: Background;
}

export function createInventory(
  context: Pick<Context, 'db' | 'clock' | 'azure' | 'sleep'> & {
    logger: Pick<Context['logger'], 'warn'>;
  },
  parts: {
    scope: InventoryScope;
    /** Interval of the sync. Milliseconds. */
    everyMs: number;
    /** Operations that explain which versions registries use. */
    changesOf: JudgeDeps['changesOf'];
    /** Called with the keys of registries that were judged again: something about them has changed. */
    judged?: (registryKeys: readonly string[]) => void;
  },
): InventoryParts {
  const { db, clock, azure, sleep } = context;
  const { scope, everyMs, changesOf, judged } = parts;
  const { subscriptions } = scope;
  const rows = new InventoryRows(db, clock);
  const background = new Background(context);
  const judge = new Judge({
    db,
    clock,
    subscriptions,
    scopeProblem: scope.problem,
    changesOf,
    judged,
  });
  const reader = new FactReader({
    clock,
    sleep,
    kept: () => background.add('judging', () => judge.judgeDue()),
  });
  const listings = new Listings({
    rows,
    lists: createSubscriptionLists(context, {
      rows,
      listed: new ListedRows(db),
      queue: new ReadQueue({ db, clock }),
    }),
    reader,
    clock,
    subscriptions,
    scopeProblem: scope.problem,
    everyMs,
  });
  const inventory = new Inventory({
    rows,
    azure,
    clock,
    scope,
    reader,
    listings,
    changesOf: registries => changesOf(db, registries),
  });
  return { inventory, rows, listings, judge, background };
}
