import { keyHome } from 'backstage-plugin-acr-cmk-common';
import { shortVersion } from '../encryptedRegistry';
import { isMissing } from '../isMissing';
import { type FindingRule, OK } from './rule';

/** The key is gone, or the version in use is disabled or gone. */
export const versionUnusable: FindingRule = {
  id: 'version-unusable',
  severity: 'error',
  check({ key, keyFacts, versionInUse }) {
    if (!keyFacts.known) {
      if (isMissing(keyFacts)) {
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
