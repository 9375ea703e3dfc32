import { isTerminal, type Operation } from 'backstage-plugin-acr-cmk-common';

/** What is known of one operation, and how the news of it come. */
export interface OperationFollowed {
  operation?: Operation;
  /** When the newest revision came, by the viewer's clock. ISO 8601. */
  at?: string;
  /** Why no news come at the moment. */
  trouble?: Error;
}

export type OperationEvent =
  | { type: 'seen'; operation: Operation; at: string }
  | { type: 'cut off'; error: Error };

/**
 * The newest revision wins: replayed, reordered and doubled events end in the same state.
 */
export function operationReducer(
  state: OperationFollowed,
  event: OperationEvent,
): OperationFollowed {
  const known = state.operation;
  if (event.type === 'cut off') {
    return known && isTerminal(known.state)
      ? state
      : { ...state, trouble: event.error };
  }
  const newer =
    !known ||
    known.id !== event.operation.id ||
    event.operation.revision > known.revision;
  return newer
    ? { operation: event.operation, at: event.at }
    : { operation: known, at: state.at };
}
