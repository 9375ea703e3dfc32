import { readStep, type StepSpec } from './index';

/**
 * What a step gives back, as a text that is equal for two steps which give back the same under other
 * names. Nothing for a step that gives nothing back.
 */
export function givesBack(spec: StepSpec): string | undefined {
  const given = readStep(spec)?.givesBack;
  return given && JSON.stringify([given.what, ...given.of]).toLowerCase();
}
