import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';

/** State of one operation, and of the connection for its updates. */
export interface OperationFollowed {
  operation?: Operation;
  /** Time when the newest revision came, by the viewer's clock. ISO 8601. */
  at?: string;
  /** Reason why no updates arrive at the moment. */
  connectionError?: Error;
  /** Time of the disconnection, by the viewer's clock. ISO 8601. */
  disconnectedAt?: string;
}

export type OperationEvent =
  | { type: 'received'; operation: Operation; at: string }
  | { type: 'disconnected'; error: Error; at: string };

/**
 * The newest revision wins: replayed, reordered and duplicate events lead to the same state.
 */
export function operationReducer(
  state: OperationFollowed,
  event: OperationEvent,
): OperationFollowed {
  const known = state.operation;
  if (event.type === 'disconnected') {
    return known && isTerminal(known.state)
      ? state
      : {
          ...state,
          connectionError: event.error,
          disconnectedAt: state.disconnectedAt ?? event.at,
        };
  }
  const newer =
    !known ||
    known.id !== event.operation.id ||
    event.operation.revision > known.revision;
  return newer
    ? { operation: event.operation, at: event.at }
    : { operation: known, at: state.at };
}
