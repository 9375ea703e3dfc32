import type { AzureState } from '../world/azureState';
import { type Invariant, inWords } from './invariant';
import { replay } from './replay';

/** Is a thing there, or enabled? Undefined: the suite has not looked at it. */
export function lookUp(state: AzureState, thing: string): boolean | undefined {
  const [, kind, name] =
    /^(access policy|role assignment|rotation policy|version|key) (.*)$/.exec(
      thing,
    )!;
  switch (kind) {
    case 'access policy':
      return state.accessPolicies.includes(name);
    case 'role assignment':
      return state.roleAssignments.includes(name);
    case 'rotation policy': {
      const at = name.lastIndexOf('/');
      const key = state.keys[name.slice(0, at)];
      return key && key.rotatesAfter === `P${name.slice(at + 1)}D`;
    }
    case 'key': {
      const key = state.keys[name];
      return key && !key.deleted;
    }
    default: {
      const at = name.lastIndexOf('/');
      return state.keys[name.slice(0, at)]?.versions.find(
        ({ version }) => version === name.slice(at + 1),
      )?.enabled;
    }
  }
}

function word(value: boolean | undefined): string {
  if (value === undefined) return 'not known';
  return value ? 'there or enabled' : 'gone or disabled';
}

export const azureIsAsOperationsSay: Invariant = {
  name: 'Azure is as the operations say, and what none of them is about is as before',
  violations(evidence) {
    const { before, after } = evidence.azure;
    const things = replay(evidence);
    const wrong = [...things].flatMap(([thing, { value, by }]) => {
      const now = lookUp(after, thing);
      return value === undefined || now === value
        ? []
        : [
            `${inWords(by)} was the last to say that the ${thing} is ${word(
              value,
            )}; it is ${word(now)}`,
          ];
    });
    const bystanders = Object.entries(before.keys).flatMap(
      ([key, { versions }]) =>
        versions.flatMap(({ version, enabled }) => {
          const thing = `version ${key}/${version}`;
          const now = lookUp(after, thing);
          return things.has(thing) || now === enabled
            ? []
            : [
                `no operation is about the ${thing}, and it became ${word(
                  now,
                )}`,
              ];
        }),
    );
    return [...wrong, ...bystanders];
  },
};
