import { type Invariant, inWords } from './invariant';

/** Records until which an operation of a campaign holds its locks: those are free while its proof is made. */
const WRITES = ['azure-write', 'step-ended'];
const ENDS = ['operation-ended', 'operation-cancelled', 'operation-rejected'];

export const oneWriterAtATime: Invariant = {
  name: 'no two operations wrote to one registry at the same time',
  violations({ operations, audit }) {
    const spans = operations.flatMap(operation => {
      const records = audit.filter(
        ({ operationId }) => operationId === operation.id,
      );
      const first = records.find(({ event }) => event === 'azure-write');
      const last =
        operation.campaignId === undefined
          ? records.find(({ event }) => ENDS.includes(event))
          : records.findLast(({ event }) => WRITES.includes(event));
      return first
        ? [{ operation, from: first.seq, to: last?.seq ?? Infinity }]
        : [];
    });
    return spans.flatMap(one =>
      spans
        .filter(
          other =>
            other.operation.registryKey === one.operation.registryKey &&
            one.from < other.from &&
            other.from < one.to,
        )
        .map(
          other =>
            `${inWords(other.operation)} wrote while ${inWords(
              one.operation,
            )} was at work`,
        ),
    );
  },
};
