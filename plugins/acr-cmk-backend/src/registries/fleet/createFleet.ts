import { fleetReadPermission } from 'backstage-plugin-acr-cmk-common';
import type { MayRead } from '../../changes/mayRead';
import { CatalogFeed } from '../../inventory/CatalogFeed';
import type { Listings } from '../../inventory/Listings';
import type { KeyUsersReader } from '../../inventory/read/KeyUsersReader';
import { isFirstReading, readingOf } from '../../inventory/refresh/reading';
import { InventoryRows } from '../../inventory/rows';
import { SyncState } from '../../inventory/rows/SyncState';
import { FleetCache } from './FleetCache';
import { createFleetCalendar, type FleetCalendar } from './FleetCalendar';
import type { FleetContext } from './FleetContext';
import { FleetCounts, type FleetScopes } from './FleetCounts';
import { FleetExport } from './FleetExport';
import { createFleetKeys, type FleetKeysReader } from './FleetKeysReader';
import { FleetReader } from './FleetReader';
import { FleetRows } from './FleetRows';
import {
  registryPermissionResourceRef,
  registryPermissionRules,
} from './rules';
import { VisibleEntities } from './VisibleEntities';
import { createVisibleScopes } from './VisibleScope';

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
export function createFleet(
  context: FleetContext,
  parts: {
    /** Subscriptions and management groups of the scopes; may change while the plugin runs. */
    managed: FleetScopes;
    listings: Pick<Listings, 'completeness'>;
    users: Pick<KeyUsersReader, 'services'>;
    mayRead: MayRead;
  },
): Fleet {
  const { db, clock, config } = context;
  const { managed, listings, users, mayRead } = parts;
  const rows = new FleetRows(context);
  context.permissionsRegistry.addResourceType({
    resourceRef: registryPermissionResourceRef,
    permissions: [fleetReadPermission],
    rules: registryPermissionRules,
    async getResources(refs) {
      const found = await rows.resources(refs.map(ref => ref.toLowerCase()));
      return refs.map(ref => found.get(ref.toLowerCase()));
    },
  });
  const visible = new VisibleEntities(context);
  const cache = new FleetCache(context);
  const reader = new FleetReader({
    rows,
    cache,
    visible,
    mayRead,
    visibleScopeOf: createVisibleScopes(context),
  });
  const shared = { reader, rows, cache };
  const keys = createFleetKeys(context, {
    ...shared,
    users,
    allListed: async () => (await listings.completeness('registries')).complete,
  });
  const calendar = createFleetCalendar(context, shared);
  const inventoryRows = new InventoryRows(db, clock);
  const state = new SyncState(context);
  return {
    fleet: reader,
    fleetCounts: new FleetCounts(context, {
      ...shared,
      visible,
      managed,
      listings: inventoryRows.listings,
      reading: now => readingOf(db, { now, state }),
    }),
    fleetKeys: keys,
    fleetCalendar: calendar,
    fleetExport: new FleetExport(context, { ...shared, keys, calendar }),
    catalogFeed: new CatalogFeed({
      db,
      rows: inventoryRows,
      subscriptions: managed.subscriptions,
      config,
      firstReading: () => isFirstReading(db, state),
    }),
  };
}
