import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { knownFrom, type Known } from './loaded';
import { useResource } from './useResource';
import { useStructuralSharing } from './useStructuralSharing';

/** Interval of the registries: another person may have started an operation. */
const PAUSE_MS = 15_000;
/** Largest page of the API. */
const LIMIT = 100;

/** The operations on the registries of an entity, newest first. */
export function useOperations(entityRef: string): {
  operations: Known<Operation[]>;
  reload(): void;
} {
  const { loaded, reload } = useResource<Operation[]>(entityRef, {
    load: (api, { signal }) =>
      api.operations({ entityRef, limit: LIMIT }, { signal }),
    pauseAfter: () => PAUSE_MS,
  });
  return {
    operations: useStructuralSharing(knownFrom(loaded)),
    reload,
  };
}
