import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { AzurePorts } from '../../azure/ports';
import type { Clock } from '../../platform/database/clock';
import type { InventoryRows } from '../rows';
import { ConsumerRights } from '../consumerRights';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { createSubscriptionLists } from '../SubscriptionLists';
import { QueueReader } from './QueueReader';
import { ReadQueue } from '../rows/ReadQueue';
import { StaleRows } from './StaleRows';
import { InventorySync } from './InventorySync';
import { KeyLists } from './KeyLists';
import { ListedRows } from '../rows/ListedRows';
import { PartitionReader } from './PartitionReader';
import { Sweeper } from './Sweeper';
import { SweepRecord } from './SweepRecord';
import { SyncState } from '../rows/SyncState';

export type { InventorySync } from './InventorySync';

/** Stores of the sync's state. Tests may wrap them. */
export interface SyncStores {
  queue: ReadQueue;
  listed: ListedRows;
  state: SyncState;
}

export function createSyncStores(options: {
  db: Knex;
  clock: Clock;
}): SyncStores {
  return {
    queue: new ReadQueue(options),
    listed: new ListedRows(options.db),
    state: new SyncState(options),
  };
}

/** The sync, with all its parts over one database. */
export function createSync(options: {
  db: Knex;
  clock: Clock;
  azure: AzurePorts;
  rows: InventoryRows;
  stores: SyncStores;
  /** Judges the registries behind what was read. */
  judge: (isStopped: () => boolean) => Promise<unknown>;
  /** Returns the subscriptions that are in scope now. */
  subscriptions: () => Promise<readonly string[]>;
  logger: Pick<LoggerService, 'warn' | 'info' | 'debug'>;
  /** Interval of whole listings. Milliseconds. */
  everyMs: number;
  /** Events of Azure are accepted. */
  byEvents: boolean;
}): InventorySync {
  const { db, clock, azure, rows, stores, logger } = options;
  const { queue, listed, state } = stores;
  const lists = createSubscriptionLists(
    { azure },
    { rows, listed, queue, pause: () => backgroundThrottle.turn() },
  );
  const reader = new PartitionReader({ db, clock, azure, rows, listed, queue });
  return new InventorySync({
    sweeper: new Sweeper({
      record: new SweepRecord(state),
      clock,
      graph: azure.resourceGraph,
      reader,
      rows,
      lists,
      listed,
      rights: new ConsumerRights({ rows, azure, clock }),
      queue,
      state,
      logger,
    }),
    keys: new KeyLists({
      db,
      clock,
      azure,
      rows,
      queue,
      byEvents: options.byEvents,
    }),
    stale: new StaleRows({ db, clock, queue }),
    reader: new QueueReader({ queue, rows, lists, azure, clock, logger }),
    state,
    clock,
    subscriptions: options.subscriptions,
    judge: options.judge,
    logger,
    everyMs: options.everyMs,
  });
}
