import type { Loaded } from './loaded';
import { replaceEqualDeep } from './structuralSharing';
import { missingPermission } from './refusal';

/** Event of a numbered request. */
export type ResourceEvent<T> =
  | { type: 'asked'; request: number }
  | { type: 'answered'; request: number; data: T; at: string }
  | { type: 'refused'; request: number; error: Error };

export interface ResourceState<T> {
  /** Number of the newest request. */
  asked: number;
  /** Number of the newest request that has ended. Older ones that end later are dropped. */
  ended: number;
  newest?: { data: T; at: string };
  error?: Error;
}

export const NOTHING_ASKED = { asked: 0, ended: 0 } as const;

/**
 * A late answer never overwrites a newer one, a failure never removes data, and what an answer repeats
 * stays the same object.
 */
export function resourceReducer<T>(
  state: ResourceState<T>,
  event: ResourceEvent<T>,
): ResourceState<T> {
  if (event.type === 'asked') {
    return { ...state, asked: Math.max(state.asked, event.request) };
  }
  if (event.request <= state.ended) return state;
  return event.type === 'answered'
    ? {
        asked: state.asked,
        ended: event.request,
        newest: {
          data: replaceEqualDeep(state.newest?.data, event.data),
          at: event.at,
        },
      }
    : { ...state, ended: event.request, error: event.error };
}

export function loadedFrom<T>(
  state: ResourceState<T>,
  retry: () => void,
): Loaded<T> {
  return loadedOf({ ...state, refreshing: state.asked > state.ended }, retry);
}

/** State of a resource for views, from its newest data and the error after it. */
export function loadedOf<T>(
  state: Pick<ResourceState<T>, 'newest' | 'error'> & { refreshing: boolean },
  retry: () => void,
): Loaded<T> {
  // A viewer who has lost the permission does not keep the old data.
  const denied = state.error && missingPermission(state.error);
  if (denied) return { status: 'denied', ...denied };
  if (state.newest) {
    return {
      status: 'ready',
      data: state.newest.data,
      checkedAt: state.newest.at,
      refreshing: state.refreshing,
      refreshError: state.error,
    };
  }
  return state.error
    ? { status: 'failed', error: state.error, retry }
    : { status: 'loading' };
}
