import { type FindingRule, OK } from './rule';

/**
 * The encryption identity is not attached to the registry. The same rule as `az acr check-health`
 * has, for the same cause: people remove identities that the key still needs.
 */
export const identityDetached: FindingRule = {
  id: 'identity-detached',
  severity: 'error',
  check({ identity }) {
    if (identity.attached || identity.exists === false) return OK; // identityDeleted says it
    return {
      verdict: 'found',
      message: `The encryption identity (client id ${identity.reference}) is not attached to the registry`,
      remedy: identity.exists
        ? 'Attach the identity to the registry again.'
        : 'Attach the identity to the registry again, if it still exists: it is not to be found in the subscriptions of acrCmk.scopes.',
      // One that is not to be found cannot be attached by a plan.
      ...(identity.exists && {
        intent: {
          kind: 'rotate' as const,
          key: { kind: 'current' as const },
          identity: identity.reference,
        },
      }),
    };
  },
};
