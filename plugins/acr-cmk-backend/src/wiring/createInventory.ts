import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { AzurePorts } from '../azure/ports';
import type { Clock } from '../platform/database/clock';
import { Background } from '../inventory/Background';
import { FactReader } from '../inventory/read/FactReader';
import { FactStore } from '../inventory/FactStore';
import { Inventory, type InventoryScope } from '../inventory/Inventory';
import { Judge } from '../inventory/Judge';
import { LISTED_WITHIN_MS, Listings } from '../inventory/Listings';
import { InventoryRows } from '../inventory/rows';
import { DirtyReader } from '../inventory/refresh/DirtyReader';
import { DIRTY_KIND, DirtyStore } from '../inventory/refresh/DirtyStore';
import { ListedRows } from '../inventory/refresh/ListedRows';
import { changesOf } from '../engine/changesOf';
import { ViewReads } from '../inventory/read/ViewReads';

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
  /** The sync beside it: its interval in milliseconds. Default: none runs. */
  sync?: { enabled: boolean; everyMs: number };
  /** Called with the keys of registries that were judged again: something about them has changed. */
  judged?: (registryKeys: readonly string[]) => void;
}): InventoryParts {
  const { db, clock, azure, scope, logger, sync } = options;
  const { subscriptions } = scope;
  const rows = new InventoryRows(db, clock);
  const background = new Background({ logger });
  const dirty = new DirtyStore({ db, clock });
  const dirtyReader = new DirtyReader({ dirty, rows, azure, clock });
  const isStopped = () => background.isStopped;
  const readDue = async (then: Judge) => {
    await dirtyReader.readDue(isStopped);
    await then.judgeDue(isStopped);
  };
  const judge = new Judge({
    db,
    clock,
    subscriptions,
    scopeProblem: scope.problem,
    changesOf,
    judged: options.judged,
  });
  const viewReads = sync?.enabled ? new ViewReads({ db, clock }) : undefined;
  const reader = new FactReader({
    clock,
    background,
    kept: () => background.add('judging', () => judge.judgeDue()),
    ...(sync &&
      viewReads && {
        sync: { everyMs: sync.everyMs, viewReads },
      }),
  });
  const listings = new Listings({
    rows,
    listed: new ListedRows(db),
    readMissing: (kind, ids) =>
      background.add(`reading ${kind} that a list lacks`, async () => {
        await dirty.mark(
          ids.map(subject => ({
            kind: DIRTY_KIND[kind],
            subject,
            reason: 'missing',
          })),
        );
        await readDue(judge);
      }),
    reader,
    azure,
    clock,
    background,
    subscriptions,
    scopeProblem: scope.problem,
    viewReads,
    listedWithinMs: Math.max(LISTED_WITHIN_MS, 3 * (sync?.everyMs ?? 0)),
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
    changesOf: registries => changesOf(db, registries),
  });
  return { inventory, rows, listings, judge, background };
}
