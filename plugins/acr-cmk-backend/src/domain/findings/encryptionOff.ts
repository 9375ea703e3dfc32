import { OK, type PlainRegistryRule } from './rule';

/** The registry has no customer-managed key, and cannot get one any more. */
export const encryptionOff: PlainRegistryRule = {
  id: 'encryption-off',
  severity: 'info',
  check(registry) {
    if (registry.encryption.status === 'enabled') return OK;
    return {
      verdict: 'found',
      message: 'The registry is encrypted with a Microsoft-managed key',
      remedy:
        'A customer-managed key can be chosen only when a registry is created. If your rules require a customer-managed key, create an encrypted registry (Premium) and copy the images.',
    };
  },
};
