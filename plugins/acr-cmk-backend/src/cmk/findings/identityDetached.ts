import { type FindingRule, OK } from './rule';

/**
 * The encryption identity is not attached to the registry. The same rule as `az acr check-health`
 * has, for the same cause: people remove identities that the key still needs.
 */
export const identityDetached: FindingRule = {
  id: 'identity-detached',
  severity: 'error',
  check({ identity }) {
    if (identity.attached) return OK;
    return identity.kind === 'system'
      ? {
          verdict: 'found',
          message:
            'The registry uses its system-assigned identity for encryption, which is turned off',
          remedy: 'Turn the system-assigned identity on again.',
          intent: {
            kind: 'rotate',
            key: { kind: 'current' },
            identity: 'system',
            grantAccess: true,
          },
        }
      : {
          verdict: 'found',
          message: `The encryption identity (client id ${identity.reference}) is not attached to the registry`,
          remedy:
            'Attach the identity to the registry again, or rotate with another one.',
          intent: {
            kind: 'rotate',
            key: { kind: 'current' },
            identity: identity.reference,
          },
        };
  },
};
