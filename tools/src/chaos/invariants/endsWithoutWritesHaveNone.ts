import type { Evidence, OperationRow } from '../evidence';
import { type Invariant, inWords } from './invariant';
import { writeOf } from './steps';
import { isRefusedWrite, isWrite, nameOf } from './writesBelongToOperations';

/**
 * Writes that an operation reports in the audit record, that reached Azure, and that Azure did not refuse. One for
 * which there was no token never left.
 */
function writesWithEffect(operation: OperationRow, { audit, log }: Evidence) {
  const reported = audit.filter(
    ({ operationId, event }) =>
      operationId === operation.id && event === 'azure-write',
  );
  const requests = new Set(
    reported.flatMap(({ details }) => {
      const step = operation.steps.find(
        ({ position }) => position === details.step,
      );
      return (step && writeOf(step)) ?? [];
    }),
  );
  const sent = log.filter(
    entry => isWrite(entry) && requests.has(nameOf(entry)),
  );
  const refused = sent.filter(isRefusedWrite).length;
  return Math.max(
    0,
    Math.min(reported.length - refused, sent.length - refused),
  );
}

export const endsWithoutWritesHaveNone: Invariant = {
  name: 'what was cancelled or rejected has written nothing',
  violations: evidence =>
    evidence.operations
      .filter(({ state }) => state === 'cancelled' || state === 'rejected')
      .flatMap(operation => {
        const attempts = operation.steps.reduce(
          (sum, step) => sum + step.attempts,
          0,
        );
        const writes = Math.max(
          attempts,
          writesWithEffect(operation, evidence),
        );
        return writes === 0
          ? []
          : [
              `${inWords(operation)} is ${
                operation.state
              }, after ${writes} writes`,
            ];
      }),
};
