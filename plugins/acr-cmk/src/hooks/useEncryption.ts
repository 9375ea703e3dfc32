import { useApi } from '@backstage/core-plugin-api';
import type { EntityRegistries } from 'backstage-plugin-acr-cmk-common';
import { useCallback } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import type { Loaded } from './loaded';
import { useResource, type Memory } from './useResource';

/**
 * How often an open tab looks for changes that others made. The backend answers from its own
 * tables, so this is not a rate of requests to Azure.
 */
export const PAUSE_MS = 15_000;
/** The same while an operation is at work on one of the registries. */
export const BUSY_PAUSE_MS = 5_000;

/** The card and the tab show the same: what one has read, the other need not wait for. */
const memories = new WeakMap<AcrCmkApi, Memory<EntityRegistries>>();

function memoryOf(api: AcrCmkApi): Memory<EntityRegistries> {
  const memory = memories.get(api) ?? new Map();
  memories.set(api, memory);
  return memory;
}

/** The encryption of the registries that an entity names. */
export function useEncryption(entityRef: string): {
  encryption: Loaded<EntityRegistries>;
  /** Has the backend read Azure again. */
  refresh(): void;
  /** Asks for what the backend knows by now. */
  reload(): void;
} {
  const api = useApi(acrCmkApiRef);
  const { loaded, ask } = useResource<EntityRegistries>(entityRef, {
    memory: memoryOf(api),
    load: options => api.registriesOf(entityRef, options),
    pauseAfter: ({ registries }) =>
      registries.some(r => r.kind === 'registry' && r.runningOperationId)
        ? BUSY_PAUSE_MS
        : PAUSE_MS,
  });
  return {
    encryption: loaded,
    refresh: useCallback(() => ask({ refresh: true }), [ask]),
    reload: useCallback(() => ask({ refresh: false }), [ask]),
  };
}
