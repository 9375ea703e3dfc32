import { type Invariant, inWords } from './invariant';

const PATHS = 'access paths to the key';

export const proofsAreSeen: Invariant = {
  name: 'whatever is called revoked or restored was seen so',
  violations: ({ operations, audit }) =>
    operations.flatMap(operation =>
      audit
        .filter(
          ({ operationId, event }) =>
            operationId === operation.id && event === 'step-ended',
        )
        .flatMap(({ details }) => {
          const seen: { what: string; value: string }[] = details.after ?? [];
          const paths = seen.find(({ what }) => what === PATHS)?.value;
          const isWrong =
            (details.kind === 'confirm-restored' && paths === 'none') ||
            (details.kind === 'confirm-revoked' &&
              paths !== undefined &&
              paths !== 'none');
          return isWrong
            ? [
                `${inWords(operation)} calls its ${details.kind} done, and saw these access paths: ${paths}`,
              ]
            : [];
        }),
    ),
};
