import { OK, type PlainRegistryRule } from './rule';

/** The registry has no customer-managed key, and cannot get one any more. */
export const encryptionOff: PlainRegistryRule = {
  id: 'encryption-off',
  severity: 'info',
  check(registry) {
    if (registry.encryption.status === 'enabled') return OK;
    return {
      verdict: 'found',
      message:
        'The registry is encrypted with a key of Microsoft. A customer-managed key can be chosen only when a registry is created',
      remedy:
        'Create an encrypted registry (Premium) and copy the images, if your rules ask for a customer-managed key.',
    };
  },
};
