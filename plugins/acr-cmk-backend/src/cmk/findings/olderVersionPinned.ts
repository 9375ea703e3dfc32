import {
  day,
  latestVersion,
  shortVersion,
  versionNotReadYet,
} from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

/** A manual registry on a version that is not the latest. */
export const olderVersionPinned: FindingRule = {
  id: 'older-version-pinned',
  severity: 'info',
  check(encrypted) {
    const { mode, key, keyFacts, versionInUse } = encrypted;
    if (mode !== 'manual') return OK;
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
    return {
      verdict: 'found',
      message: `The registry stays on an older version; the latest is ${shortVersion(
        latest.version,
      )} of ${day(latest.created)}`,
      remedy: 'Rotate if you want the newer version.',
      intent: {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: key.at(latest.version).toString(),
        },
      },
    };
  },
};
