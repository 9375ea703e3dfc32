import { type Invariant, inWords } from './invariant';

/**
 * A late write holds its operation for as long as a call to Azure takes, twenty seconds from the beginning of the
 * transaction that records it. That may have waited for others. Milliseconds.
 */
const LEAST_AFTER_LATE_MS = 5_000;

const hasWritten = ({ steps }: { steps: readonly { attempts: number }[] }) =>
  steps.some(({ attempts }) => attempts > 0);

export const endsSettle: Invariant = {
  name: 'no operation ends while a write of a former worker may still arrive',
  violations({ operations, audit }) {
    const early = operations
      .filter(hasWritten)
      .filter(
        ({ endedAt, settlesAt }) =>
          endedAt !== undefined &&
          settlesAt !== undefined &&
          endedAt < settlesAt,
      )
      .map(
        operation =>
          `${inWords(operation)} ended ${
            operation.settlesAt! - operation.endedAt!
          } ms before its former worker's writes could not arrive any more`,
      );
    const afterLate = operations.flatMap(operation => {
      const records = audit.filter(
        ({ operationId }) => operationId === operation.id,
      );
      const end = records.find(({ event }) => event === 'operation-ended');
      const settlesAt = operation.settlesAt ?? -Infinity;
      return records
        .filter(
          ({ event, seq }) => event === 'late-write' && end && seq < end.seq,
        )
        .filter(({ at }) => settlesAt < at + LEAST_AFTER_LATE_MS)
        .map(() => `${inWords(operation)} was not held open by its late write`);
    });
    return [...early, ...afterLate];
  },
};
