import { keyHome } from 'backstage-plugin-acr-cmk-common';
import { shortVersion, versionNotReadYet } from '../encryptedRegistry';
import { isMissing } from '../isMissing';
import { type FindingRule, OK } from './rule';

/** The key is gone, or the version in use is disabled or gone. */
export const versionUnusable: FindingRule = {
  id: 'version-unusable',
  severity: 'error',
  check(encrypted) {
    const { key, keyFacts, versionInUse } = encrypted;
    if (!keyFacts.known) {
      // Of a vault that no subscription in scope holds, nothing is known.
      if (isMissing(keyFacts) && keyFacts.problem.code !== 'VaultNotFound') {
        return {
          verdict: 'found',
          message: `The key ${key.keyName} does not exist in the ${keyHome(
            key.vaultName,
          )}, or is deleted`,
          remedy: 'Restore recovers the key if it is soft-deleted.',
          intent: { kind: 'restore' },
        };
      }
      return {
        verdict: 'undecided',
        message: `Could not determine whether the version in use is enabled: ${keyFacts.problem.message}`,
      };
    }
    if (!versionInUse) {
      return {
        verdict: 'undecided',
        message: 'The registry does not show which version it uses',
      };
    }
    const version = keyFacts.value.versions.find(
      candidate => candidate.version === versionInUse,
    );
    if (!version) {
      const why = versionNotReadYet(encrypted);
      if (why !== undefined) {
        return {
          verdict: 'undecided',
          message: `Whether the version ${shortVersion(
            versionInUse,
          )}, which the registry uses, is enabled is not known: ${why}`,
        };
      }
      return {
        verdict: 'found',
        message: `The key has no version ${shortVersion(
          versionInUse,
        )}, which the registry uses`,
        remedy: 'Rotate to a version that exists.',
      };
    }
    if (version.enabled) return OK;
    return {
      verdict: 'found',
      message: `Version ${shortVersion(
        versionInUse,
      )}, which the registry uses, is disabled`,
      remedy: 'Restore enables the version again.',
      intent: { kind: 'restore' },
    };
  },
};
