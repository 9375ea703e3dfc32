import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { CallBudget } from '../azure/transport/budget';
import { createAzurePorts } from '../azure/azurePorts';
import type { AzurePorts } from '../azure/ports';
import { CatalogLinks } from '../catalog/CatalogLinks';
import { CatalogSweep } from '../catalog/CatalogSweep';
import { inScope } from '../platform/config';
import { createInventory, type InventoryParts } from './createInventory';
import type { ManagedScopes } from '../inventory/ManagedScopes';
import {
  createSyncStores,
  openScopes,
  type RunningSync,
  startSync,
} from './startSync';
import { monotonicClock, sleep } from '../platform/time/realClock';
import { ChangeSignals } from '../platform/signals/ChangeSignals';
import {
  type ChangeTokenOf,
  openChangeTokens,
} from '../platform/signals/changeTokens';
import { Telemetry } from '../platform/telemetry/Telemetry';
import type { Base } from './PluginServices';

/** Azure, and what is known of it and of the catalog. */
export interface Knowledge extends InventoryParts, RunningSync {
  azure: AzurePorts;
  budget: CallBudget;
  telemetry: Telemetry;
  managed: ManagedScopes;
  catalog: CatalogLinks;
  catalogSweep: CatalogSweep;
  /** Notify open tabs of what has changed. */
  signals: ChangeSignals;
  changeTokenOf: ChangeTokenOf;
}

export async function createKnowledge(base: Base): Promise<Knowledge> {
  const { deps, config, db, clock } = base;
  const budget = new CallBudget();
  const telemetry = new Telemetry({
    metrics: deps.metrics,
    tracing: deps.tracing,
    monotonic: monotonicClock,
  });
  const azure = createAzurePorts({
    budget,
    observer: telemetry,
    cloud: config.cloud,
    credentials: base.credentials,
  });
  const stores = createSyncStores({ db, clock });
  const managed = await openScopes({
    settings: config,
    stores,
    azure,
    logger: deps.logger,
  });
  const includes = (id: RegistryId) => inScope(config.scopes, id);
  const changeTokenOf = await openChangeTokens(db, clock);
  const signals = new ChangeSignals({
    signals: deps.signals,
    tokenOf: changeTokenOf,
    sleep,
    logger: deps.logger,
  });
  const inventory = createInventory({
    db,
    clock,
    azure,
    logger: deps.logger,
    scope: {
      subscriptions: managed.subscriptions,
      includes,
      problem: () => managed.problem(),
    },
    sync: config.sync,
    judged: keys => signals.changed(keys.map(key => ({ key }))),
  });
  const running = await startSync({
    db,
    clock,
    azure,
    rows: inventory.rows,
    judge: inventory.judge,
    managed,
    stores,
    settings: config,
    includes,
    tasks: base.tasks,
    logger: deps.logger,
    span: (name, work) => telemetry.span(name, work),
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
  const catalog = new CatalogLinks({
    catalog: deps.catalog,
    auth: deps.auth,
    links: inventory.rows.links,
  });
  const catalogSweep = new CatalogSweep({
    sweep: () => catalog.refreshLinks(clock),
    last: () => inventory.rows.links.lastSweep(),
    clock,
    background: inventory.background,
  });
  return {
    ...inventory,
    ...running,
    azure,
    budget,
    telemetry,
    managed,
    catalog,
    catalogSweep,
    signals,
    changeTokenOf,
  };
}

function countBy(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
