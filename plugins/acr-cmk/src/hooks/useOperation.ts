import { useApi } from '@backstage/core-plugin-api';
import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { acrCmkApiRef } from '../api';
import { followOperation } from './followOperation';
import type { Loaded } from './loaded';
import { operationReducer, type OperationFollowed } from './operationReducer';
import { missingPermission } from './refusal';

/**
 * One operation, live until it has ended.
 *
 * @param first - what is known of it already, so that nothing flickers
 */
export function useOperation(
  id: string,
  first?: Operation,
): {
  operation: Loaded<Operation>;
  /** Takes in the answer to a decision. */
  update(operation: Operation): void;
  /** Time since which no updates arrive; absent while they do. ISO 8601. */
  disconnectedAt?: string;
} {
  const api = useApi(acrCmkApiRef);
  const [attempt, setAttempt] = useState(0);
  const [followed, dispatch] = useReducer(operationReducer, first, start);

  useEffect(
    () => followOperation({ api, id, onEvent: dispatch }),
    [api, id, attempt],
  );

  const update = useCallback(
    (operation: Operation) =>
      dispatch({ type: 'received', operation, at: new Date().toISOString() }),
    [],
  );
  const retry = useCallback(() => setAttempt(number => number + 1), []);
  return {
    operation: loadedFrom(id, followed, retry),
    update,
    disconnectedAt: followed.disconnectedAt,
  };
}

function loadedFrom(
  id: string,
  { operation, at, connectionError }: OperationFollowed,
  retry: () => void,
): Loaded<Operation> {
  const denied = connectionError && missingPermission(connectionError);
  if (denied) return { status: 'denied', ...denied };
  if (operation && operation.id === id) {
    return {
      status: 'ready',
      data: operation,
      checkedAt: at ?? operation.createdAt,
      refreshing: !isTerminal(operation.state),
      refreshError: connectionError,
    };
  }
  return connectionError
    ? { status: 'failed', error: connectionError, retry }
    : { status: 'loading' };
}

function start(first: Operation | undefined): OperationFollowed {
  return first ? { operation: first } : {};
}
