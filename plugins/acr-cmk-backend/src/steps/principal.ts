import type { Principal } from '../cmk/steps';
import type { StepOutputs } from '../operations/engine/types';

/** Object id of a principal of a step; one that an earlier step brought forth comes from there. */
export function principalOf(
  principal: Principal,
  outputs: Readonly<StepOutputs>,
): string {
  if (principal !== 'system-identity' && principal !== 'created-identity') {
    return principal;
  }
  const objectId =
    principal === 'system-identity'
      ? outputs.systemPrincipalId
      : outputs.createdIdentity?.principalId;
  if (!objectId) {
    throw new Error(`The object id of the ${principal} is not known yet`);
  }
  return objectId;
}
