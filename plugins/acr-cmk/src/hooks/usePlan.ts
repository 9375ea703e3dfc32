import { useApi } from '@backstage/core-plugin-api';
import type { Plan, PlanRequest } from 'backstage-plugin-acr-cmk-common';
import { useCallback } from 'react';
import { acrCmkApiRef } from '../api';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** The plan for an intent, made once for each request and again on demand. */
export function usePlan(request: PlanRequest): {
  plan: Loaded<Plan>;
  /** Makes a new plan from fresh facts. */
  again(): void;
} {
  const api = useApi(acrCmkApiRef);
  const { loaded, ask } = useResource<Plan>(JSON.stringify(request), {
    load: () => api.plan(request),
    pauseAfter: () => undefined,
  });
  return {
    plan: loaded,
    again: useCallback(() => ask({ refresh: true }), [ask]),
  };
}
