import type { Principal } from '../../cmk/steps';
import type { Shared } from '../types';

/** Object id of a principal of a step; the system-assigned identity's comes from the step that switched it on. */
export function principalOf(
  principal: Principal,
  shared: Readonly<Shared>,
): string {
  if (principal !== 'system-identity') return principal;
  if (!shared.systemPrincipalId) {
    throw new Error(
      'The object id of the system-assigned identity is not known: no step has switched it on',
    );
  }
  return shared.systemPrincipalId;
}
