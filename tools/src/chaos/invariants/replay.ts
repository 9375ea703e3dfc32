import type { Evidence, OperationRow, StepRow } from '../evidence';
import { changesOf } from './steps';

/** Value of one thing in Azure, as operations reported it. */
export interface Said {
  /** Undefined while a write is under way, or when nobody has looked since. */
  value: boolean | undefined;
  /** Operation that reported it, or wrote last. */
  by: OperationRow;
}

export type Things = Map<string, Said>;

const isDone = ({ state }: StepRow) =>
  state === 'done' || state === 'unchanged';

/**
 * Replays what operations reported about Azure, in the order of the audit record: a write makes a thing
 * unknown, the end of a step sets it to what the step wanted.
 *
 * @param onEnd - called at the end of each operation, with what is known of things at that moment
 */
export function replay(
  { operations, audit }: Evidence,
  onEnd?: (operation: OperationRow, things: Things) => void,
): Things {
  const byId = new Map(operations.map(one => [one.id, one]));
  const things: Things = new Map();
  for (const { event, operationId, details } of audit) {
    const operation = byId.get(operationId ?? '');
    if (!operation) continue;
    if (event === 'operation-ended') onEnd?.(operation, things);
    const step = operation.steps.find(one => one.position === details.step);
    if (!step) continue;
    for (const { thing, value } of changesOf(step, operation)) {
      if (event === 'azure-write') {
        things.set(thing, { value: undefined, by: operation });
      } else if (event === 'step-ended' && isDone(step)) {
        things.set(thing, { value, by: operation });
      }
    }
  }
  return things;
}

/**
 * Things that an operation wrote to, by the audit record: `false` for those that it took away, `true` for those
 * that it gave.
 */
export function writtenBy(
  operation: OperationRow,
  { audit }: Evidence,
): { thing: string; value: boolean }[] {
  const positions = new Set(
    audit
      .filter(
        ({ event, operationId }) =>
          event === 'azure-write' && operationId === operation.id,
      )
      .map(({ details }) => details.step),
  );
  return operation.steps
    .filter(({ position }) => positions.has(position))
    .flatMap(step => changesOf(step, operation));
}
