import type {
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { fleetReadPermission } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { MayRead } from '../../changes/mayRead';
import type { AcrCmkConfig } from '../../platform/config';
import type { Clock } from '../../platform/database/clock';
import type { Listings } from '../../inventory/Listings';
import { InventoryRows } from '../../inventory/rows';
import { isFirstReading, readingOf } from '../../inventory/refresh/reading';
import { SyncState } from '../../inventory/rows/SyncState';
import { FleetCalendar } from './FleetCalendar';
import { FleetCounts, type GroupsInScope } from './FleetCounts';
import { FleetExport } from './FleetExport';
import { FleetKeysReader } from './FleetKeysReader';
import { FleetReader } from './FleetReader';
import { FleetRows } from './FleetRows';
import {
  registryPermissionResourceRef,
  registryPermissionRules,
} from './rules';
import { FleetCache } from './FleetCache';
import { VisibleScopeReader } from './VisibleScope';
import { VisibleEntities } from './VisibleEntities';
import { CatalogFeed } from '../../inventory/CatalogFeed';

/** Services of the fleet. */
export interface Fleet {
  fleet: FleetReader;
  fleetCounts: FleetCounts;
  fleetKeys: FleetKeysReader;
  fleetCalendar: FleetCalendar;
  fleetExport: FleetExport;
  catalogFeed: CatalogFeed;
}

/** The fleet over one database, with its permission. */
export function createFleet(options: {
  db: Knex;
  clock: Clock;
  config: Pick<
    AcrCmkConfig,
    | 'scopes'
    | 'managementGroups'
    | 'cloud'
    | 'bindings'
    | 'keys'
    | 'sync'
    | 'readUnlinked'
  >;
  /** Subscriptions of the scopes; may change while the plugin runs. */
  subscriptions: readonly string[];
  /** Management groups of the scopes; may change while the plugin runs. */
  groups: GroupsInScope;
  listings: Pick<Listings, 'completeness'>;
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  mayRead: MayRead;
}): Fleet {
  const { db, clock, config, subscriptions, listings, mayRead } = options;
  const inventoryRows = new InventoryRows(db, clock);
  const rows = new FleetRows({
    db,
    scopes: config.scopes,
    bindings: config.bindings,
    readUnlinked: config.readUnlinked,
  });
  options.permissionsRegistry.addResourceType({
    resourceRef: registryPermissionResourceRef,
    permissions: [fleetReadPermission],
    rules: registryPermissionRules,
    async getResources(refs) {
      const found = await rows.resources(refs.map(ref => ref.toLowerCase()));
      return refs.map(ref => found.get(ref.toLowerCase()));
    },
  });
  const visible = new VisibleEntities(options);
  const cache = new FleetCache({ db, scopes: config.scopes });
  const fleet = new FleetReader({
    rows,
    cache,
    visible,
    mayRead,
    visibleScopes: new VisibleScopeReader({
      permissions: options.permissions,
      ruleset: options.permissionsRegistry.getPermissionRuleset(
        registryPermissionResourceRef,
      ),
    }),
  });
  const fleetKeys = new FleetKeysReader({
    db,
    reader: fleet,
    rows,
    visible,
    cache,
    cloud: config.cloud,
    allListed: async () => (await listings.completeness('registries')).complete,
  });
  const fleetCalendar = new FleetCalendar({
    db,
    clock,
    reader: fleet,
    rows,
    visible,
    cache,
  });
  const state = new SyncState({ db, clock });
  return {
    fleet,
    fleetCounts: new FleetCounts({
      reader: fleet,
      rows,
      visible,
      cache,
      listings: inventoryRows.listings,
      subscriptions,
      groups: options.groups,
      clock,
      everyMs: config.sync.everyMs,
      reading: now => readingOf(db, { now, state }),
    }),
    fleetKeys,
    fleetCalendar,
    fleetExport: new FleetExport({
      db,
      reader: fleet,
      rows,
      keys: fleetKeys,
      calendar: fleetCalendar,
    }),
    catalogFeed: new CatalogFeed({
      db,
      rows: inventoryRows,
      subscriptions,
      config,
      firstReading: () => isFirstReading(db, state),
    }),
  };
}
