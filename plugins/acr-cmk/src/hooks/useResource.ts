import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { Loaded } from './loaded';
import { startPolling, type Polling, type PollingOptions } from './polling';
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

/** Events of another key belong to another resource: they start from nothing. */
function keyedReducer<T>(
  { key, state }: Keyed<T>,
  event: { key: string; event: ResourceEvent<T> },
): Keyed<T> {
  const base = key === event.key ? state : NOTHING_ASKED;
  return { key: event.key, state: resourceReducer<T>(base, event.event) };
}

/**
 * One resource of the backend, kept up to date while the tab is seen.
 *
 * @param key - what the resource is; with another key everything starts anew. Nothing is asked
 *   while there is none
 */
export function useResource<T>(
  key: string | undefined,
  options: Omit<PollingOptions<T>, 'tell'>,
): { loaded: Loaded<T>; ask: Polling['ask'] } {
  const [keyed, dispatch] = useReducer(keyedReducer<T>, {
    key,
    state: NOTHING_ASKED,
  });
  const latestOptions = useRef(options);
  useEffect(() => {
    latestOptions.current = options;
  });
  const polling = useRef<Polling>();

  useEffect(() => {
    if (key === undefined) return undefined;
    const started = startPolling<T>({
      load: how => latestOptions.current.load(how),
      pauseAfter: data => latestOptions.current.pauseAfter(data),
      tell: event => dispatch({ key, event }),
    });
    polling.current = started;
    return () => started.stop();
  }, [key]);

  const ask = useCallback(
    (how: { refresh: boolean }) => polling.current?.ask(how),
    [],
  );
  const retry = useCallback(() => ask({ refresh: false }), [ask]);
  const state = keyed.key === key ? keyed.state : NOTHING_ASKED;
  return { loaded: loadedFrom<T>(state, retry), ask };
}
