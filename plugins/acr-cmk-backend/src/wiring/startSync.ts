import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Context } from '../platform/context';
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

/** The sync as the rest of the backend uses it. */
export interface RunningSync {
  sync: InventorySync;
  events: Events;
  status(): Promise<SyncStatus>;
  lastTurn(): Promise<LastTurn>;
  byState(): Promise<Record<string, number>>;
}

/** The scopes of the configuration, as they were last known. */
export async function openScopes(
  { config, azure, logger }: Pick<Context, 'config' | 'azure' | 'logger'>,
  stores: SyncStores,
): Promise<ManagedScopes> {
  const managed = new ManagedScopes({
    scopes: config.scopes,
    managementGroups: config.managementGroups,
    state: stores.state,
    graph: azure.resourceGraph,
    logger,
  });
  await managed.load();
  return managed;
}

/** Starts the task that keeps the inventory as Azure is, in one replica at a time. */
export async function startSync(
  context: Context,
  parts: {
    rows: InventoryRows;
    judge: Pick<Judge, 'judgeDue'>;
    managed: ManagedScopes;
    stores: SyncStores;
    includes: (id: RegistryId) => boolean;
  },
): Promise<RunningSync> {
  const { db, clock, azure, config, tasks, logger, telemetry } = context;
  const { rows, judge, managed, stores, includes } = parts;
  const { everyMs } = config.sync;
  const sync = createSync({
    db,
    clock,
    azure,
    rows,
    stores,
    judge: isStopped => judge.judgeDue(isStopped),
    subscriptions: async () => managed.refresh(await clock.now()),
    logger,
    everyMs,
    byEvents: config.events !== undefined,
  });
  await tasks.scheduleTask({
    id: 'acr-cmk-inventory',
    frequency: { milliseconds: TURN_MS },
    timeout: { milliseconds: turnTimeoutMs(everyMs) },
    fn: signal => telemetry.span('sync turn', () => sync.turn(signal)),
  });
  if (config.managementGroups.length > 0) {
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
    events: new Events({ db, clock, ...stores, includes }),
    status: () =>
      syncStatus({
        db,
        state: stores.state,
        scopes: managed.scopes,
        subscriptions: managed.subscriptions,
      }),
    lastTurn: () => lastTurn({ state: stores.state, clock, everyMs }),
    byState: () => registriesByState(db, managed.scopes),
  };
}

export { createSyncStores };
