import { useApi } from '@backstage/core-plugin-api';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { acrCmkApiRef, type AcrCmkApi } from '../api';
import { dataOf, type Loaded } from './loaded';
import { missingPermission } from './refusal';
import { startPolling, type Polling } from './polling';
import { useLatestDefined } from './useLatestDefined';
import {
  loadedFrom,
  NOTHING_ASKED,
  resourceReducer,
  type ResourceEvent,
  type ResourceState,
} from './resourceReducer';

interface Keyed<T> {
  key: string | undefined;
  state: ResourceState<T>;
}

/** Events of another key belong to another resource, which starts from nothing. */
function keyedReducer<T>(
  { key, state }: Keyed<T>,
  event: { key: string; first: ResourceState<T>; event: ResourceEvent<T> },
): Keyed<T> {
  const base = key === event.key ? state : event.first;
  return { key: event.key, state: resourceReducer<T>(base, event.event) };
}

/** The newest answers, so that a view that opens again has data at once. */
export type Cache<T> = Map<string, { data: T; at: string }>;
/** Limit on cached answers; the oldest is dropped. */
const MAX_CACHED = 20;

/** Caches by API client, which is one per signed-in user. */
export function cachesOf<T>(): (api: object) => Cache<T> {
  const caches = new WeakMap<object, Cache<T>>();
  return api => {
    const cache = caches.get(api) ?? new Map();
    caches.set(api, cache);
    return cache;
  };
}

function cached<T>(
  cache: Cache<T> | undefined,
  key: string | undefined,
): ResourceState<T> {
  const newest = key === undefined ? undefined : cache?.get(key);
  return { ...NOTHING_ASKED, newest };
}

function store<T>(
  cache: Cache<T> | undefined,
  key: string,
  event: ResourceEvent<T>,
): void {
  if (event.type === 'answered') {
    cache?.delete(key);
    cache?.set(key, { data: event.data, at: event.at });
    const [oldest] = cache?.keys() ?? [];
    if (cache && cache.size > MAX_CACHED) cache.delete(oldest);
  } else if (event.type === 'refused' && missingPermission(event.error)) {
    cache?.delete(key);
  }
}

/**
 * One resource of the backend, kept up to date while the tab is visible.
 *
 * @param key - what the resource is; another key starts from nothing. No request is made
 *   while there is none
 */
export function useResource<T>(
  key: string | undefined,
  options: {
    load(
      api: AcrCmkApi,
      options: { refresh: boolean; signal: AbortSignal },
    ): Promise<T>;
    /** Pause until the next reading after this data, in milliseconds. Default: it is read once. */
    pauseAfter?(data: T): number | undefined;
    cache?(api: AcrCmkApi): Cache<T>;
  },
): {
  loaded: Loaded<T>;
  /** Requests what the backend knows by now. */
  reload(): void;
  /** The backend reads Azure again. */
  refresh(): void;
} {
  const api = useApi(acrCmkApiRef);
  const cache = options.cache?.(api);
  const [keyed, dispatch] = useReducer(keyedReducer<T>, {
    key,
    state: cached(cache, key),
  });
  const latest = useRef({ ...options, api, cache });
  useEffect(() => {
    latest.current = { ...options, api, cache };
  });
  const polling = useRef<Polling>();

  useEffect(() => {
    if (key === undefined) return undefined;
    const started = startPolling<T>({
      load: how => latest.current.load(latest.current.api, how),
      pauseAfter: data => latest.current.pauseAfter?.(data),
      onEvent: event => {
        const first = cached(latest.current.cache, key);
        store(latest.current.cache, key, event);
        dispatch({ key, first, event });
      },
    });
    polling.current = started;
    return () => started.stop();
  }, [key]);

  const reload = useCallback(
    () => polling.current?.ask({ refresh: false }),
    [],
  );
  const refresh = useCallback(
    () => polling.current?.ask({ refresh: true }),
    [],
  );
  const state = keyed.key === key ? keyed.state : cached(cache, key);
  return { loaded: loadedFrom<T>(state, reload), reload, refresh };
}

/** Data that stays until the answer to the next query arrives. */
export interface StaleWhileLoading<T> {
  loaded: Loaded<T>;
  /** The newest answer, also to the question before. */
  data?: T;
  /** True while the data belongs to the previous query. */
  stale: boolean;
  /** Requests what the backend knows by now. */
  reload(): void;
}

/** Keeps the newest data on screen while the next is loading. */
export function useStaleWhileLoading<T>(
  loaded: Loaded<T>,
): Pick<StaleWhileLoading<T>, 'loaded' | 'data' | 'stale'> {
  const data = dataOf(loaded);
  const kept = useLatestDefined(data);
  return {
    loaded,
    data: loaded.status === 'denied' ? undefined : kept,
    stale: data === undefined,
  };
}
