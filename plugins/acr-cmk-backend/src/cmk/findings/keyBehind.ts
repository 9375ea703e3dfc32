import { FOLLOW_HOUR_MS } from '../timing';
import { day, latestVersion, shortVersion } from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** An automatic registry that has not followed a new version within Azure's hour. */
export const keyBehind: FindingRule = {
  id: 'key-behind',
  severity: 'warning',
  check({ mode, keyFacts, versionInUse, now }) {
    if (mode !== 'automatic') return OK;
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Whether there is a newer version is not known: ${keyFacts.problem.message}`,
      };
    }
    const latest = latestVersion(keyFacts.value);
    if (!latest || latest.version === versionInUse) return OK;
    const age = now - Date.parse(latest.created);
    if (age <= FOLLOW_HOUR_MS) return OK;
    return {
      verdict: 'found',
      message: `The registry has not followed version ${shortVersion(
        latest.version,
      )}, which was made on ${day(
        latest.created,
      )}; Azure says it does so within an hour`,
      remedy:
        'Rotate, or send the present key again, so that the registry reads the vault now. If that fails, its access to the key is in question.',
      intent: { kind: 'rotate', key: { kind: 'current' } },
    };
  },
};
