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
        message: `Could not determine whether the ${keyHomeKind(
          key.vaultName,
        )} has purge protection: ${vault.problem.message}`,
      };
    }
    if (vault.value.purgeProtection) return OK;
    return {
      verdict: 'found',
      message: `The ${keyHome(
        key.vaultName,
      )} has no purge protection: anyone who purges the key permanently destroys the registry's data`,
      remedy: `Turn on purge protection for the ${keyHomeKind(
        key.vaultName,
      )}. It cannot be turned off again.`,
    };
  },
};
