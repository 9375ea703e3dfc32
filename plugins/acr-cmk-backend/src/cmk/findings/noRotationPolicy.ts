import { keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { type FindingRule, OK } from './rule';

/** What the form begins with: Azure recommends no number. Our choice. */
const RECOMMENDED = { timeAfterCreate: 'P90D' };

/** A registry that follows new versions of a key of which nobody makes any by itself. */
export const noRotationPolicy: FindingRule = {
  id: 'no-rotation-policy',
  severity: 'info',
  check({ mode, key, keyFacts }) {
    if (mode !== 'automatic') return OK; // Nothing would follow a policy: pinnedKeyTrap.
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine whether the ${keyHomeKind(
          key.vaultName,
        )} rotates this key by policy: ${keyFacts.problem.message}`,
      };
    }
    if (keyFacts.value.rotatesByPolicy) return OK;
    return {
      verdict: 'found',
      message: `The registry follows new versions, but the key ${key.keyName} has no rotation policy: it rotates only when someone rotates it`,
      remedy: 'Set up automatic rotation, if the key is to rotate by itself.',
      intent: {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy: RECOMMENDED },
      },
    };
  },
};
