import type { Evidence } from '../evidence';
import { type Invariant, inWords, TERMINAL } from './invariant';

/** Revokes that have taken something away, or may have, and are not undone. */
function standingRevokes({ operationsWhenEnded }: Evidence) {
  return operationsWhenEnded.filter(
    ({ kind, undoneBy, steps }) =>
      kind === 'revoke' &&
      undoneBy === undefined &&
      steps.some(({ attempts }) => attempts > 0),
  );
}

const keyIn = (identifier: string | undefined) =>
  identifier?.replace(/\/[0-9a-f]{32}$/, '');

export const pullsWorkUnlessRevoked: Invariant = {
  name: 'each registry that is not revoked can be pulled from',
  violations(evidence) {
    const revokes = standingRevokes(evidence);
    return Object.entries(evidence.pulls.ended).flatMap(
      ([registry, status]) => {
        const key = keyIn(
          evidence.azure.after.registries[registry]?.keyIdentifier,
        );
        const isRevoked = revokes.some(
          ({ registryName, keyBefore }) =>
            registryName === registry || keyBefore === key,
        );
        return status === 200 || isRevoked
          ? []
          : [
              `a pull from ${registry} was answered ${status}, and no revoke of it stands`,
            ];
      },
    );
  },
};

export const revokedCanBeRestored: Invariant = {
  name: 'each revoked registry can be restored, and then be pulled from',
  violations({ pulls, restoresRefused, operations }) {
    return [
      ...restoresRefused.map(
        ({ registry, why }) =>
          `a pull from ${registry} is refused, and so is its restore: ${why}`,
      ),
      ...Object.entries(pulls.restored)
        .filter(([, status]) => status !== 200)
        .map(([registry, status]) => {
          const last = operations
            .filter(
              ({ registryName, kind, state }) =>
                registryName === registry &&
                kind === 'restore' &&
                TERMINAL.includes(state),
            )
            .at(-1);
          return `after all restores a pull from ${registry} is answered ${status}; its last one: ${
            last
              ? `${inWords(last)} ${last.state}: ${last.result}`
              : 'there is none'
          }`;
        }),
    ];
  },
};
