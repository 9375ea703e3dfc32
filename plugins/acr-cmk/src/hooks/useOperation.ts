import { useApi } from '@backstage/core-plugin-api';
import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { acrCmkApiRef } from '../api';
import { followOperation } from './followOperation';
import type { Loaded } from './loaded';
import { operationReducer, type OperationFollowed } from './operationReducer';
import { loadedOf } from './resourceReducer';

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
  const known = followed.operation?.id === id ? followed.operation : undefined;
  return {
    operation: loadedOf(
      {
        newest: known && { data: known, at: followed.at ?? known.createdAt },
        error: followed.connectionError,
        refreshing: known !== undefined && !isTerminal(known.state),
      },
      retry,
    ),
    update,
    disconnectedAt: followed.disconnectedAt,
  };
}

function start(first: Operation | undefined): OperationFollowed {
  return first ? { operation: first } : {};
}
