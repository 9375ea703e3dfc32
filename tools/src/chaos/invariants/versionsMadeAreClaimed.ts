import type { OperationRow } from '../evidence';
import { type Invariant, inWords } from './invariant';
import { keyMadeBy } from './steps';

/** Does an operation report a version: as what it made, or in what it says to people? */
function reports(operation: OperationRow, key: string, version: string) {
  const makes = operation.steps.filter(step => keyMadeBy(step) === key);
  return (
    makes.length > 0 &&
    (operation.outputs.newVersion === version ||
      [operation.result, ...makes.map(({ message }) => message)].some(text =>
        text?.includes(version),
      ))
  );
}

export const versionsMadeAreClaimed: Invariant = {
  name: 'every version that was made is one that exactly one operation reports',
  violations({ operations, azure: { before, after } }) {
    const made = Object.entries(after.keys).flatMap(([key, { versions }]) => {
      const old = before.keys[key]?.versions ?? [];
      return versions
        .filter(({ version }) => !old.some(one => one.version === version))
        .map(({ version }) => ({ key, version }));
    });
    const orphans = made
      .filter(
        ({ key, version }) =>
          !operations.some(operation => reports(operation, key, version)),
      )
      .map(
        ({ key, version }) =>
          `version ${version} of ${key} was made, and no operation reports it`,
      );
    const claims = operations.filter(({ outputs }) => outputs.newVersion);
    const invented = claims
      .filter(
        ({ outputs }) =>
          !made.some(({ version }) => version === outputs.newVersion),
      )
      .map(
        one =>
          `${inWords(one)} claims ${one.outputs.newVersion}, which nobody made`,
      );
    const shared = claims
      .filter(({ id, outputs }) =>
        claims.some(
          other =>
            other.id < id && other.outputs.newVersion === outputs.newVersion,
        ),
      )
      .map(
        one =>
          `${inWords(one)} claims ${
            one.outputs.newVersion
          }, which another operation claims too`,
      );
    return [...orphans, ...invented, ...shared];
  },
};
