import { keyHome, keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { type FindingRule, OK } from './rule';

/** A deleted key of this vault could be purged, and the registry's data with it. */
export const purgeProtectionOff: FindingRule = {
  id: 'purge-protection-off',
  severity: 'warning',
  check({ key, vault }) {
    if (!vault.known) {
      return {
        verdict: 'undecided',
        message: `Whether the ${keyHomeKind(
          key.vaultName,
        )} has purge protection is not known: ${vault.problem.message}`,
      };
    }
    if (vault.value.purgeProtection) return OK;
    return {
      verdict: 'found',
      message: `The ${keyHome(
        key.vaultName,
      )} has no purge protection: who deletes and purges the key destroys the registry's data for good`,
      remedy: `Switch purge protection on in the ${keyHomeKind(
        key.vaultName,
      )}. It cannot be switched off again.`,
    };
  },
};
