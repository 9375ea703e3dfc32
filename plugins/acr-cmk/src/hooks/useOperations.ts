import { useApi } from '@backstage/core-plugin-api';
import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { useCallback } from 'react';
import { acrCmkApiRef } from '../api';
import { knownFrom, type Known } from './loaded';
import { useResource } from './useResource';
import { useUnchanged } from './useUnchanged';

/** As often as the tab looks at the registries: somebody else may have asked for something. */
const PAUSE_MS = 15_000;
/** As many as the API gives at once. */
const LIMIT = 100;

/** The operations on the registries of an entity, newest first. */
export function useOperations(entityRef: string): {
  operations: Known<Operation[]>;
  reload(): void;
} {
  const api = useApi(acrCmkApiRef);
  const { loaded, ask } = useResource<Operation[]>(entityRef, {
    load: ({ signal }) =>
      api.operations({ entityRef, limit: LIMIT }, { signal }),
    pauseAfter: () => PAUSE_MS,
  });
  return {
    operations: useUnchanged(knownFrom(loaded)),
    reload: useCallback(() => ask({ refresh: false }), [ask]),
  };
}
