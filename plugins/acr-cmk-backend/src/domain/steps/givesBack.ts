import { readStep, type StepSpec } from './index';

/**
 * Text for what a step gives back. Equal for two steps that give back the same under other names;
 * undefined for a step that gives nothing back.
 */
export function givesBack(spec: StepSpec): string | undefined {
  const given = readStep(spec)?.givesBack;
  return given && JSON.stringify([given.what, ...given.of]).toLowerCase();
}
