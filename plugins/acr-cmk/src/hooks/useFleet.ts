import {
  fleetQuery,
  type FleetApi,
  type FleetCalendarFilter,
  type FleetExpiries,
  type FleetFilter,
  type FleetKeyFilter,
  type FleetKeys,
  type FleetListQuery,
  type FleetPage,
  type FleetRegistries,
  type FleetRegistryView,
  type FleetSummary,
  type FleetWaiting,
} from 'backstage-plugin-acr-cmk-common';
import { useChanges } from './useChanges';
import {
  cachesOf,
  useResource,
  useStaleWhileLoading,
  type Cache,
  type StaleWhileLoading,
} from './useResource';

/** Interval at which fleet data is loaded again. It changes slowly. */
const PAUSE_MS = 30_000;
/** Shortest interval between requests after change signals, which are frequent in a fleet. */
const CHANGES_PAUSE_MS = 10_000;

/**
 * A page that is opened again has its rows at once, and shares the counts with the card of the home page.
 * What waits for a decision is never shown from before.
 */
const CACHED = new Set(['registries', 'summary']);
const cacheOf = cachesOf<unknown>();

export function useFleetRegistries(
  query: FleetListQuery,
): StaleWhileLoading<FleetRegistries> {
  return useFleet('registries', query, (fleet, options) =>
    fleet.registries(query, options),
  );
}

/** Filter of the whole fleet. */
export const EVERYTHING: FleetFilter = {};

/** @param filter - undefined: no request, for a caller that needs no summary */
export function useFleetSummary(
  filter: FleetFilter | undefined,
): StaleWhileLoading<FleetSummary> {
  return useFleet('summary', filter, (fleet, options) =>
    fleet.summary(filter, options),
  );
}

export function useFleetKeys(
  query: FleetKeyFilter & FleetPage,
): StaleWhileLoading<FleetKeys> {
  return useFleet('keys', query, (fleet, options) =>
    fleet.keys(query, options),
  );
}

export function useFleetExpiries(
  filter: FleetCalendarFilter,
): StaleWhileLoading<FleetExpiries> {
  return useFleet('expiries', filter, (fleet, options) =>
    fleet.expiries(filter, options),
  );
}

export function useFleetWaiting(): StaleWhileLoading<FleetWaiting> {
  return useFleet('waiting', {}, (fleet, options) => fleet.waiting(options));
}

export function useFleetRegistry(
  registryId: string,
): StaleWhileLoading<FleetRegistryView> & {
  /** The backend reads Azure again. */
  refresh(): void;
} {
  return useFleet('registry', { registryId }, (fleet, options) =>
    fleet.registry(registryId, options),
  );
}

function useFleet<T>(
  what: string,
  query: object | undefined,
  load: (
    fleet: FleetApi,
    options: { refresh: boolean; signal: AbortSignal },
  ) => Promise<T>,
): StaleWhileLoading<T> & { refresh(): void } {
  const { loaded, reload, refresh } = useResource<T>(
    query && `${what}?${fleetQuery(query)}`,
    {
      // The key begins with what it is.
      cache: CACHED.has(what) ? api => cacheOf(api) as Cache<T> : undefined,
      load: (api, options) => load(api.fleet, options),
      pauseAfter: () => PAUSE_MS,
    },
  );
  useChanges('any', { reload, pauseMs: CHANGES_PAUSE_MS });
  return { ...useStaleWhileLoading(loaded), reload, refresh };
}
