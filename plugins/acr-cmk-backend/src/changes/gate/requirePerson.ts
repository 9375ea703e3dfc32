import { ActionRefused } from 'backstage-plugin-acr-cmk-common';
import type { Origin } from '../../engine/types';

/**
 * Programs ask, and people agree.
 *
 * @param options.where - people do it
 * @throws ActionRefused when a program would agree to something in the place of a person
 */
export function requirePerson(
  action: string,
  { origin, where }: { origin: Origin; where: string },
): void {
  if (origin === 'person') return;
  throw new ActionRefused(action, `Only a person can ${action} this, ${where}`);
}
