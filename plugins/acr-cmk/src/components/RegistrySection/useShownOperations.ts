import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { dataOf, type Known } from '../../hooks/loaded';
import { isAbout } from '../OperationView/isAbout';
import { isSame } from '../shared/isSame';
import { permissionIn } from '../shared/permissions';

/** An operation that is shown in full, with what is known of it already. */
interface ShownOperation {
  id: string;
  first?: Operation;
}

interface State {
  /** Started here, before the list has them. */
  started: ShownOperation[];
  /** Opened by the viewer, however long ago they ended. */
  opened: ShownOperation[];
  /** Seen to end, while the list may still say that they run. */
  ended: Operation[];
  dismissed: string[];
  /** The viewer has seen how they ended. */
  read: string[];
}

type Event =
  | { type: 'started' | 'opened'; operation: ShownOperation }
  | { type: 'ended'; operation: Operation }
  | { type: 'dismissed' | 'read'; id: string };

const EMPTY: State = {
  started: [],
  opened: [],
  ended: [],
  dismissed: [],
  read: [],
};

function reducer(state: State, event: Event): State {
  switch (event.type) {
    case 'started':
    case 'opened': {
      const { id } = event.operation;
      const others = state[event.type].filter(known => known.id !== id);
      return {
        ...state,
        [event.type]: [event.operation, ...others],
        dismissed: state.dismissed.filter(known => known !== id),
      };
    }
    case 'ended': {
      const { id } = event.operation;
      if (state.ended.some(known => known.id === id)) return state;
      return {
        ...state,
        started: state.started.filter(known => known.id !== id),
        ended: [event.operation, ...state.ended],
      };
    }
    case 'read':
      return { ...state, read: [...state.read, event.id] };
    case 'dismissed':
    default:
      return {
        ...state,
        opened: state.opened.filter(({ id }) => id !== event.id),
        dismissed: [...state.dismissed, event.id],
        read: [...state.read, event.id],
      };
  }
}

/**
 * The operations to show in full: those that run, those that wait for the viewer, and those that the
 * viewer has opened. What has ended is in the history; the latest to end has a line at
 * the top until it is dismissed.
 */
export function useShownOperations(options: {
  registryId: string;
  runningOperationId: string | null;
  operations: Known<Operation[]>;
}) {
  const { registryId, runningOperationId } = options;
  const [state, dispatch] = useReducer(reducer, EMPTY);
  const onEnd = useCallback((operation: Operation) => {
    if (!isOpen(operation)) dispatch({ type: 'ended', operation });
  }, []);

  const operations = useMemo((): Known<Operation[]> => {
    if (options.operations.status !== 'ready') return options.operations;
    const own = options.operations.data.filter(
      operation =>
        isAbout(operation, registryId) ||
        (isTerminal(operation.state) && affects(operation, registryId)),
    );
    return {
      status: 'ready',
      data: own.map(known => newer(known, state.ended)),
    };
  }, [options.operations, registryId, state.ended]);

  const open = useMemo((): ShownOperation[] => {
    const listed = (dataOf(operations) ?? [])
      .filter(operation => isOpen(operation) && isAbout(operation, registryId))
      .map((first): ShownOperation => ({ id: first.id, first }));
    const running = runningOperationId ? [{ id: runningOperationId }] : [];
    return unique([...state.started, ...listed, ...running]).filter(
      ({ id }) => !state.ended.some(known => known.id === id),
    );
  }, [operations, registryId, runningOperationId, state.started, state.ended]);

  // The list may say that an operation has ended before its own stream does.
  const watched = useRef(new Set<string>());
  useEffect(() => {
    open.forEach(({ id }) => watched.current.add(id));
    for (const operation of dataOf(operations) ?? []) {
      if (!isOpen(operation) && watched.current.delete(operation.id)) {
        onEnd(operation);
      }
    }
  }, [open, operations, onEnd]);

  const [newest] = state.ended;
  const isNews =
    newest !== undefined &&
    !state.read.includes(newest.id) &&
    isStillNews(newest, operations);
  return {
    shown: unique([...state.opened, ...open])
      .filter(({ id }) => !state.dismissed.includes(id))
      .map(operation => ({
        ...operation,
        live: open.some(({ id }) => id === operation.id),
      })),
    /** The operation that ended last, unless the viewer has read its result. */
    notice: isNews ? newest : undefined,
    /** The operations of this registry, and those that ended of others that share its key. */
    operations,
    start: useCallback(
      (operation: ShownOperation) => dispatch({ type: 'started', operation }),
      [],
    ),
    open: useCallback(
      (id: string) => dispatch({ type: 'opened', operation: { id } }),
      [],
    ),
    onEnd,
    /** The viewer has seen elsewhere how it ended. */
    read: useCallback((id: string) => dispatch({ type: 'read', id }), []),
    dismiss: useCallback(
      (id: string) => dispatch({ type: 'dismissed', id }),
      [],
    ),
  };
}

/** True until a later operation on the registry is requested. */
function isStillNews(
  notice: Operation,
  operations: Known<Operation[]>,
): boolean {
  return !dataOf(operations)?.some(
    ({ id, createdAt }) =>
      id !== notice.id && createdAt > (notice.endedAt ?? notice.createdAt),
  );
}

/** True for operations of other registries that took an approval, where this registry shares the key. */
function affects({ approval, plan }: Operation, id: string): boolean {
  return (
    approval !== undefined &&
    plan.consumers.some(({ registryId }) => isSame(registryId, id))
  );
}

/** True while the operation runs, or the viewer can decide about it or reads why they cannot. */
function isOpen({ state, actions }: Operation): boolean {
  return (
    !isTerminal(state) ||
    actions.some(({ allowed, reason }) => allowed || !permissionIn(reason))
  );
}

function newer(listed: Operation, ended: Operation[]): Operation {
  const end = ended.find(({ id }) => id === listed.id);
  return end && end.revision > listed.revision ? end : listed;
}

function unique(operations: ShownOperation[]): ShownOperation[] {
  return operations.filter(
    ({ id }, index) => operations.findIndex(other => other.id === id) === index,
  );
}
