import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { useCallback, useMemo, useReducer } from 'react';
import type { Known } from '../../hooks/loaded';

/** An operation that is shown in full, with what is known of it already. */
export interface Shown {
  id: string;
  first?: Operation;
}

interface Kept {
  shown: Shown[];
  /** Ids that somebody has put away. */
  away: string[];
}

type KeptEvent =
  | { type: 'show'; operations: Shown[] }
  | { type: 'hide'; id: string };

function keptReducer(kept: Kept, event: KeptEvent): Kept {
  switch (event.type) {
    case 'show': {
      const added = event.operations.filter(
        ({ id }) => !kept.shown.some(known => known.id === id),
      );
      return {
        shown: [...added, ...kept.shown],
        away: kept.away.filter(
          id => !event.operations.some(shown => shown.id === id),
        ),
      };
    }
    case 'hide':
    default:
      return {
        shown: kept.shown.filter(({ id }) => id !== event.id),
        away: [...kept.away, event.id],
      };
  }
}

/**
 * The operations to show in full: those that are not over or that wait for somebody's word, whoever
 * asked for them; and after their end the same ones until they are put away.
 */
export function useShownOperations(options: {
  registryId: string;
  runningOperationId: string | null;
  operations: Known<Operation[]>;
}): { shown: Shown[]; show(operation: Shown): void; hide(id: string): void } {
  const { runningOperationId, operations } = options;
  const registryId = options.registryId.toLowerCase();
  const [kept, dispatch] = useReducer(keptReducer, { shown: [], away: [] });

  const current = useMemo(() => {
    const open: Shown[] =
      operations.status === 'ready'
        ? operations.data
            .filter(
              operation =>
                operation.registryId.toLowerCase() === registryId &&
                isOpen(operation),
            )
            .map(first => ({ id: first.id, first }))
        : [];
    const listed = open.some(({ id }) => id === runningOperationId);
    return runningOperationId && !listed
      ? [{ id: runningOperationId }, ...open]
      : open;
  }, [operations, registryId, runningOperationId]);

  // What is current now stays on screen when it ends.
  const missing = current.filter(
    ({ id }) =>
      !kept.away.includes(id) && !kept.shown.some(known => known.id === id),
  );
  if (missing.length > 0) dispatch({ type: 'show', operations: missing });

  return {
    shown: kept.shown,
    show: useCallback(
      (operation: Shown) => dispatch({ type: 'show', operations: [operation] }),
      [],
    ),
    hide: useCallback((id: string) => dispatch({ type: 'hide', id }), []),
  };
}

function isOpen({ state, actions }: Operation): boolean {
  return !isTerminal(state) || actions.some(({ allowed }) => allowed);
}
