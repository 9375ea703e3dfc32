import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AzurePorts } from '../azure/ports';
import type { Scope } from '../platform/config';
import type { Clock } from '../platform/database/clock';
import type { Judge } from '../inventory/Judge';
import { ManagedScopes } from '../inventory/ManagedScopes';
import type { InventoryRows } from '../inventory/rows';
import {
  createSync,
  createSyncStores,
  type InventorySync,
  type SyncStores,
  TURN_MS,
  turnTimeoutMs,
} from '../inventory/refresh';
import { Events } from '../inventory/refresh/Events';
import {
  type LastTurn,
  lastTurn,
  registriesByState,
  syncStatus,
  type SyncStatus,
} from '../inventory/refresh/status';
import type { TaskScheduler } from '../platform/time/Tasks';

/** Configuration of the sync. */
export interface SyncSettings {
  /** Is filled with what is in scope at the moment. */
  scopes: Scope[];
  managementGroups: readonly string[];
  sync: { everyMs: number };
  /** Present where events of Azure are accepted. */
  events?: object;
}

/** The sync as the rest of the backend uses it. */
export interface RunningSync {
  sync: InventorySync;
  events: Events;
  status(): Promise<SyncStatus>;
  lastTurn(): Promise<LastTurn>;
  byState(): Promise<Record<string, number>>;
}

/** The scopes of the configuration, as they were last known. */
export async function openScopes(options: {
  settings: SyncSettings;
  stores: SyncStores;
  azure: AzurePorts;
  logger: Pick<LoggerService, 'warn'>;
}): Promise<ManagedScopes> {
  const { settings, stores, azure, logger } = options;
  const managed = new ManagedScopes({
    scopes: settings.scopes,
    managementGroups: settings.managementGroups,
    state: stores.state,
    graph: azure.resourceGraph,
    logger,
  });
  await managed.load();
  return managed;
}

/** Starts the task that keeps the inventory as Azure is, in one replica at a time. */
export async function startSync(options: {
  db: Knex;
  clock: Clock;
  azure: AzurePorts;
  rows: InventoryRows;
  judge: Pick<Judge, 'judgeDue'>;
  managed: ManagedScopes;
  stores: SyncStores;
  settings: SyncSettings;
  includes: (id: RegistryId) => boolean;
  tasks: TaskScheduler;
  logger: LoggerService;
  /** Each turn is a span of it. */
  span: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}): Promise<RunningSync> {
  const { db, clock, azure, rows, managed, stores, settings } = options;
  const { tasks, logger } = options;
  const sync = createSync({
    db,
    clock,
    azure,
    rows,
    stores,
    judge: isStopped => options.judge.judgeDue(isStopped),
    subscriptions: async () => managed.refresh(await clock.now()),
    logger,
    everyMs: settings.sync.everyMs,
    byEvents: settings.events !== undefined,
  });
  await tasks.scheduleTask({
    id: 'acr-cmk-inventory',
    frequency: { milliseconds: TURN_MS },
    timeout: { milliseconds: turnTimeoutMs(settings.sync.everyMs) },
    fn: signal => options.span('sync turn', () => sync.turn(signal)),
  });
  if (settings.managementGroups.length > 0) {
    await tasks.scheduleTask({
      id: 'acr-cmk-scopes',
      scope: 'local',
      frequency: { minutes: 1 },
      timeout: { minutes: 1 },
      fn: () => managed.load(),
    });
  }
  return {
    sync,
    events: new Events({ db, clock, ...stores, includes: options.includes }),
    status: () =>
      syncStatus({
        db,
        state: stores.state,
        scopes: managed.scopes,
        subscriptions: managed.subscriptions,
      }),
    lastTurn: () =>
      lastTurn({ state: stores.state, clock, everyMs: settings.sync.everyMs }),
    byState: () => registriesByState(db, managed.scopes),
  };
}

export { createSyncStores };
