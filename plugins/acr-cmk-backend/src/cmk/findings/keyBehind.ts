import { FOLLOW_HOUR_MS } from '../timing';
import {
  day,
  latestVersion,
  shortVersion,
  versionNotReadYet,
} from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** An automatic registry that has not followed a new version within Azure's hour. */
export const keyBehind: FindingRule = {
  id: 'key-behind',
  severity: 'warning',
  check(encrypted) {
    const { mode, keyFacts, versionInUse, now } = encrypted;
    if (mode !== 'automatic') return OK;
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine whether there is a newer version: ${keyFacts.problem.message}`,
      };
    }
    const latest = latestVersion(keyFacts.value);
    if (!latest || latest.version === versionInUse) return OK;
    const why = versionNotReadYet(encrypted);
    if (why !== undefined) {
      return {
        verdict: 'undecided',
        message: `Whether there is a newer version than ${shortVersion(
          versionInUse ?? '',
        )} is not known: ${why}`,
      };
    }
    const age = now - Date.parse(latest.created);
    if (age <= FOLLOW_HOUR_MS) return OK;
    return {
      verdict: 'found',
      message: `The registry has not followed version ${shortVersion(
        latest.version,
      )}, created on ${day(
        latest.created,
      )}; Azure documents that it does within an hour`,
      remedy:
        'Rotate, or send the current key again, so that the registry reads it now. If that fails, check its access to the key.',
      intent: { kind: 'rotate', key: { kind: 'current' } },
    };
  },
  changesAt({ keyFacts }) {
    const latest = keyFacts.known ? latestVersion(keyFacts.value) : undefined;
    return latest ? [Date.parse(latest.created) + FOLLOW_HOUR_MS + 1] : [];
  },
};
