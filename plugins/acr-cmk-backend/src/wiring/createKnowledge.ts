import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { type Catalog, createCatalog } from '../catalog/createCatalog';
import { inScope } from '../platform/config';
import { changesOf } from '../engine/changesOf';
import {
  createInventory,
  type InventoryParts,
} from '../inventory/createInventory';
import type { ManagedScopes } from '../inventory/ManagedScopes';
import { createSyncStores } from '../inventory/refresh';
import {
  openScopes,
  type RunningSync,
  startSync,
} from '../inventory/refresh/startSync';
import { ChangeSignals } from '../platform/signals/ChangeSignals';
import {
  type ChangeTokenOf,
  openChangeTokens,
} from '../platform/signals/changeTokens';
import type { Context } from '../platform/context';

/** Known facts of Azure and of the catalog. */
export interface Knowledge extends InventoryParts, RunningSync, Catalog {
  managed: ManagedScopes;
  /** Notify open tabs of what has changed. */
  signals: ChangeSignals;
  changeTokenOf: ChangeTokenOf;
}

export async function createKnowledge(context: Context): Promise<Knowledge> {
  const { config, db, clock, sleep, telemetry, budget } = context;
  const stores = createSyncStores({ db, clock });
  const managed = await openScopes(context, stores);
  const includes = (id: RegistryId) => inScope(config.scopes, id);
  const changeTokenOf = await openChangeTokens(db, clock);
  const signals = new ChangeSignals({
    signals: context.signals,
    tokenOf: changeTokenOf,
    sleep,
    logger: context.logger,
  });
  const inventory = createInventory(context, {
    scope: {
      subscriptions: managed.subscriptions,
      includes,
      problem: () => managed.problem(),
    },
    everyMs: config.sync.everyMs,
    changesOf,
    judged: keys => signals.changed(keys.map(key => ({ key }))),
  });
  const running = await startSync(context, {
    ...inventory,
    managed,
    stores,
    includes,
  });
  telemetry.watch({
    budget: () => budget.left(),
    figures: async () => {
      const [known, states, now] = await Promise.all([
        running.status(),
        running.byState(),
        clock.now(),
      ]);
      return {
        ...known,
        now,
        failedKeyLists: known.keyLists.failed,
        byState: states,
        bySubscriptionState: countBy(known.scopes.map(({ state }) => state)),
      };
    },
  });
  return {
    ...inventory,
    ...running,
    managed,
    ...createCatalog(context, {
      links: inventory.rows.links,
      background: inventory.background,
    }),
    signals,
    changeTokenOf,
  };
}

function countBy(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
