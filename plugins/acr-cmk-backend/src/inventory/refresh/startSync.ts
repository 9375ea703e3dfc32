import {
  acrCmkVersion,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { atPriority } from '../../azure/transport/budget';
import type { CatalogSweep } from '../../catalog/CatalogSweep';
import { rulesFingerprint } from '../../domain/findings';
import type { Context } from '../../platform/context';
import type { TaskScheduler } from '../../platform/time/Tasks';
import type { Judge } from '../Judge';
import { ManagedScopes } from '../ManagedScopes';
import type { InventoryRows } from '../rows';
import { createSync, type InventorySync, type SyncStores } from '.';
import { Events } from './Events';
import {
  type LastTurn,
  lastTurn,
  registriesByState,
  syncStatus,
  type SyncStatus,
} from './status';
import { TURN_MS, turnTimeoutMs } from './turns';

/** Facts that only plans and checks of names need are of no use after a minute. Our choice. Milliseconds. */
const FACTS_KEPT_MS = 24 * 60 * 60_000;
/** Interval of the check whether the catalog has to be read. Minutes. */
const LINK_EVERY = 0.5;
/** Interval at which verdicts are renewed that time alone changes. Minutes. */
const JUDGE_EVERY = 1;
/**
 * Interval at which the rules of the last verdicts are compared: another release may have judged since.
 * Minutes.
 */
const RULES_EVERY = 10;

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
    await tasks.every(1, {
      id: 'acr-cmk-scopes',
      scope: 'local',
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

/** Starts the tasks that keep links and verdicts as catalog, time and rules are. Each runs in one replica at a time. */
export async function startUpkeep(
  { tasks, clock }: Pick<Context, 'tasks' | 'clock'>,
  parts: { judge: Judge; catalogSweep: CatalogSweep; rows: InventoryRows },
): Promise<void> {
  const { judge, catalogSweep, rows } = parts;
  // Verdicts also depend on code that the fingerprint of the rules does not see: it changes with a release alone.
  const rules = `${acrCmkVersion} ${rulesFingerprint()}`;
  const task = (
    minutes: number,
    { fn, ...of }: Parameters<TaskScheduler['every']>[1],
  ) =>
    tasks.every(minutes, {
      ...of,
      fn: signal => atPriority('sync', () => fn(signal)),
    });
  await task(LINK_EVERY, {
    id: 'acr-cmk-links',
    timeoutMinutes: 5,
    fn: () => catalogSweep.turn(),
  });
  await judge.useRules(rules);
  await task(RULES_EVERY, {
    id: 'acr-cmk-rules',
    fn: () => judge.useRules(rules),
  });
  await task(JUDGE_EVERY, {
    id: 'acr-cmk-verdicts',
    fn: signal => judge.judgeDue(() => signal.aborted),
  });
  await tasks.every(60, {
    id: 'acr-cmk-old-facts',
    fn: async () => rows.facts.deleteOld((await clock.now()) - FACTS_KEPT_MS),
  });
}
