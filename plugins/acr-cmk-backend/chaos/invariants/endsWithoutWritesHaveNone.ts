import { type Invariant, inWords } from './invariant';

export const endsWithoutWritesHaveNone: Invariant = {
  name: 'what was cancelled or rejected has written nothing',
  violations: ({ operations, audit }) =>
    operations
      .filter(({ state }) => state === 'cancelled' || state === 'rejected')
      .flatMap(operation => {
        const attempts = operation.steps.reduce(
          (sum, step) => sum + step.attempts,
          0,
        );
        const records = audit.filter(
          ({ operationId, event }) =>
            operationId === operation.id && event === 'azure-write',
        ).length;
        return attempts + records === 0
          ? []
          : [
              `${inWords(operation)} is ${operation.state}, after ${Math.max(
                attempts,
                records,
              )} writes`,
            ];
      }),
};
