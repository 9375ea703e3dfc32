import type { OperationRow } from '../evidence';
import { type Invariant, inWords } from './invariant';
import { replay, type Said, type Things, writtenBy } from './replay';

/** It was taken away for certain, and is not known to be back. */
const isGone = (said: Said | undefined) => said?.value === false;

export const restoresAreExact: Invariant = {
  name: 'a restore brings back what the revokes took that it undoes, and nothing else',
  violations(evidence) {
    const { operations } = evidence;
    const found: string[] = [];
    /** Operation that last disabled a version, before the restore that is checked. */
    const offBy = new Map<string, OperationRow>();
    const missing = (restore: OperationRow, things: Things) =>
      operations
        .filter(({ undoneBy }) => undoneBy === restore.id)
        .flatMap(revoke =>
          writtenBy(revoke, evidence)
            .filter(({ value }) => !value)
            .filter(({ thing }) => isGone(things.get(thing)))
            .map(
              ({ thing }) =>
                `${inWords(restore)} says that it undid the ${inWords(
                  revoke,
                )}, and nothing gave the ${thing} back`,
            ),
        );
    const tooMuch = (restore: OperationRow) =>
      writtenBy(restore, evidence)
        .filter(({ thing, value }) => value && thing.startsWith('version '))
        .filter(({ thing }) => offBy.get(thing)?.kind === 'retire')
        .filter(
          ({ thing }) => thing !== `version ${restore.versionInUseBefore}`,
        )
        .map(
          ({ thing }) =>
            `${inWords(restore)} enabled the ${thing}, which the ${inWords(
              offBy.get(thing)!,
            )} had switched off for good`,
        );
    replay(evidence, (operation, things) => {
      if (operation.kind === 'restore') {
        if (operation.state === 'succeeded') {
          found.push(...missing(operation, things));
        }
        found.push(...tooMuch(operation));
      }
      for (const { thing, value } of writtenBy(operation, evidence)) {
        if (value) offBy.delete(thing);
        else offBy.set(thing, operation);
      }
    });
    return found;
  },
};
