import type { Plan, PlanRequest } from 'backstage-plugin-acr-cmk-common';
import type { Loaded } from './loaded';
import { useResource } from './useResource';
import { useDebounced } from './useDebounced';

/**
 * The plan for an intent, made once for each request and again on demand.
 *
 * @param request - undefined while it is incomplete: no plan is requested
 * @param typed - it is being typed: a plan is requested when typing pauses
 */
export function usePlan(
  request: PlanRequest | undefined,
  typed: boolean,
): {
  plan: Loaded<Plan>;
  /** Makes a new plan from fresh facts. */
  again(): void;
} {
  const key = useDebounced(request && JSON.stringify(request), typed);
  const { loaded, refresh } = useResource<Plan>(key, {
    load: api => api.plan(JSON.parse(key!)),
  });
  return { plan: loaded, again: refresh };
}
