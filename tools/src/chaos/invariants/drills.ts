/** Invariants of what happens in each run. */
import { OWN_REGISTRIES } from '../world/people';
import { type Invariant, inWords } from './invariant';

/** Longest delay of a restore after its time. Milliseconds. */
const RESTORED_WITHIN_MS = 60_000;

/** Principal of a role assignment, as `AzureState` names it. */
const principalOf = (assignment: string) => assignment.split('/').at(-2);

export const drillsTakePlace: Invariant = {
  name: 'each drill takes place, and goes as it has to',
  violations: ({ drills }) =>
    drills.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [`not so: ${name}: ${problem}`],
    ),
};

export const timersRestoreInTime: Invariant = {
  name: 'each timer restores within a minute of its time',
  violations: ({ timers, operations }) =>
    timers.flatMap(({ operationId, dueAt }) => {
      const revoke = operations.find(({ id }) => id === operationId)!;
      const restore = operations.find(({ id }) => id === revoke.undoneBy);
      if (restore?.origin !== 'timer') {
        return [`${inWords(revoke)} was not restored by its timer`];
      }
      const late = restore.createdAt - dueAt;
      return late > RESTORED_WITHIN_MS
        ? [`${inWords(revoke)} was restored ${late} ms after its time`]
        : [];
    }),
};

export const grantsAreAsBefore: Invariant = {
  name: 'after its restores each registry of the drills has the grants and versions that it had before',
  violations({ azure: { before, after } }) {
    const gone = before.roleAssignments
      .filter(each => !after.roleAssignments.includes(each))
      .map(each => `the role assignment ${each} is gone`);
    const principals = new Set(before.roleAssignments.map(principalOf));
    const more = after.roleAssignments
      .filter(each => principals.has(principalOf(each)))
      .filter(each => !before.roleAssignments.includes(each))
      .map(each => `there is one role assignment more: ${each}`);
    const versions = OWN_REGISTRIES.filter(
      name => name !== 'drillretire',
    ).flatMap(name => {
      const key = before.registries[name]?.keyIdentifier?.replace(
        /\/[0-9a-f]{32}$/,
        '',
      );
      if (!key) return [];
      return before.keys[key].versions.flatMap(({ version, enabled }) =>
        after.keys[key]?.versions.find(one => one.version === version)
          ?.enabled === enabled
          ? []
          : [`the version ${key}/${version} is not as before`],
      );
    });
    return [...gone, ...more, ...versions];
  },
};

export const inventoryIsAsAzure: Invariant = {
  name: 'the inventory shows Azure as it is, two intervals after the last change',
  violations: ({ inventory }) => [...inventory],
};
