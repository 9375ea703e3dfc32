import type { EntityRegistries } from 'backstage-plugin-acr-cmk-common';
import { dataOf, type Loaded } from './loaded';
import { tokensOf, useChanges } from './useChanges';
import { cachesOf, useResource } from './useResource';

/**
 * Interval at which an open tab checks for changes. The backend answers from its own tables, so this is not a
 * rate of requests to Azure.
 */
const PAUSE_MS = 15_000;
/** Interval while an operation runs on one of the registries. */
const BUSY_PAUSE_MS = 5_000;
/** Shortest interval between requests after change signals. */
export const CHANGES_PAUSE_MS = 3_000;

/** The card and the tab share their data, so the second of them need not wait. */
const cacheOf = cachesOf<EntityRegistries>();

/** The encryption of the registries that an entity names. */
export function useEncryption(entityRef: string): {
  encryption: Loaded<EntityRegistries>;
  /** The backend reads Azure again. */
  refresh(): void;
  /** Requests what the backend knows by now. */
  reload(): void;
} {
  const { loaded, reload, refresh } = useResource<EntityRegistries>(entityRef, {
    cache: cacheOf,
    load: (api, options) => api.registriesOf(entityRef, options),
    pauseAfter: ({ registries }) =>
      registries.some(r => r.kind === 'registry' && r.runningOperationId)
        ? BUSY_PAUSE_MS
        : PAUSE_MS,
  });
  const shown = dataOf(loaded);
  useChanges(tokensOf(shown), { reload, pauseMs: CHANGES_PAUSE_MS });
  return { encryption: loaded, refresh, reload };
}
