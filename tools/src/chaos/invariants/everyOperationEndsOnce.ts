import { type Invariant, inWords, TERMINAL } from './invariant';

const ENDS = ['operation-ended', 'operation-cancelled', 'operation-rejected'];

export const everyOperationEndsOnce: Invariant = {
  name: 'every accepted operation ends once',
  violations: ({ operations, audit }) =>
    operations.flatMap(operation => {
      if (!TERMINAL.includes(operation.state)) {
        return [
          `${inWords(operation)} has not ended: it is ${operation.state}`,
        ];
      }
      const records = audit.filter(
        ({ operationId }) => operationId === operation.id,
      );
      const of = (events: string[]) =>
        records.filter(({ event }) => events.includes(event)).length;
      const counts = [of(['operation-accepted']), of(ENDS)];
      return counts.every(count => count === 1)
        ? []
        : [
            `${inWords(operation)} is on record with ${
              counts[0]
            } acceptances and ${counts[1]} ends`,
          ];
    }),
};
