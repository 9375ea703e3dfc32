import { type FindingRule, OK } from './rule';

/** A manual registry whose vault rotates the key by policy: no new version will ever reach it. */
export const pinnedKeyTrap: FindingRule = {
  id: 'pinned-key-trap',
  severity: 'error',
  check({ mode, keyFacts }) {
    if (mode !== 'manual') return OK;
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Whether the vault rotates this key by policy is not known: ${keyFacts.problem.message}`,
      };
    }
    if (!keyFacts.value.rotatesByPolicy) return OK;
    return {
      verdict: 'found',
      message:
        'The vault rotates this key by policy, but the registry is pinned to one version and never follows',
      remedy:
        'Have the registry follow new versions (automatic mode), or rotate it manually after each new version.',
      intent: { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
    };
  },
};
