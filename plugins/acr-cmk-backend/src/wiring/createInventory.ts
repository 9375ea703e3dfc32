import { changesOf } from '../engine/changesOf';
import { Background } from '../inventory/Background';
import { Inventory, type InventoryScope } from '../inventory/Inventory';
import { Judge } from '../inventory/Judge';
import { Listings } from '../inventory/Listings';
import { FactReader } from '../inventory/read/FactReader';
import { KIND_OF, ReadQueue } from '../inventory/rows/ReadQueue';
import { ListedRows } from '../inventory/rows/ListedRows';
import { InventoryRows } from '../inventory/rows';
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
    /** Called with the keys of registries that were judged again: something about them has changed. */
    judged?: (registryKeys: readonly string[]) => void;
  },
): InventoryParts {
  const { db, clock, azure, sleep } = context;
  const { scope, everyMs, judged } = parts;
  const { subscriptions } = scope;
  const rows = new InventoryRows(db, clock);
  const background = new Background(context);
  const queue = new ReadQueue({ db, clock });
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
    listed: new ListedRows(db),
    readMissing: (kind, ids) =>
      queue.add(
        ids.map(subject => ({
          kind: KIND_OF[kind],
          subject,
          reason: 'missing',
        })),
      ),
    reader,
    azure,
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
