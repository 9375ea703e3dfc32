import { keyHome, keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { policyInWords } from '../../steps/rotationPolicy';
import { shortVersion } from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** A manual registry whose vault rotates the key by policy: no new version will ever reach it. */
export const pinnedKeyTrap: FindingRule = {
  id: 'pinned-key-trap',
  severity: 'error',
  check({ mode, registry, key, keyFacts }) {
    if (mode !== 'manual') return OK;
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine whether the ${keyHomeKind(
          key.vaultName,
        )} rotates this key by policy: ${keyFacts.problem.message}`,
      };
    }
    if (!keyFacts.value.rotatesByPolicy) return OK;
    const { rotationPolicy } = keyFacts.value;
    return {
      verdict: 'found',
      message: `The ${keyHome(key.vaultName)} rotates the key ${
        key.keyName
      } by policy${
        rotationPolicy ? ` (${policyInWords(rotationPolicy)})` : ''
      }, but ${registry.name} is pinned to version ${shortVersion(
        key.version ?? '',
      )} and never follows`,
      remedy:
        'Have the registry follow new versions (automatic mode), or rotate it manually after each new version.',
      intent: { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    };
  },
};
