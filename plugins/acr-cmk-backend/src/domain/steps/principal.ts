import type { StepOutputs } from './step';

/**
 * Object id of a principal. `system-identity` stands for the registry's own one, which has none
 * before it is switched on, `created-identity` for the one that the operation makes.
 */
export type Principal = 'system-identity' | 'created-identity' | string;

/** A principal for the reader of a plan. */
export const principalInWords = (principal: Principal) =>
  ({
    'system-identity': "the registry's system-assigned identity",
    'created-identity': 'the new identity',
  })[principal] ?? `the object id ${principal}`;

/** Object id of a principal of a step; of one that an earlier step made, from its outputs. */
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
