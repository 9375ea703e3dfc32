import { type FindingRule, OK } from './rule';

/** A deleted key of this vault could be purged, and the registry's data with it. */
export const purgeProtectionOff: FindingRule = {
  id: 'purge-protection-off',
  severity: 'warning',
  check({ key, vault }) {
    if (!vault.known) {
      return {
        verdict: 'undecided',
        message: `Whether the vault has purge protection is not known: ${vault.problem.message}`,
      };
    }
    if (vault.value.purgeProtection) return OK;
    return {
      verdict: 'found',
      message: `The vault ${key.vaultName} has no purge protection: who deletes and purges the key destroys the registry's data for good`,
      remedy:
        'Switch purge protection on in the vault. It cannot be switched off again.',
    };
  },
};
