import type { KeyVersionFacts } from 'backstage-plugin-acr-cmk-common';
import {
  type EncryptedRegistry,
  latestVersion,
  shortVersion,
  versionNotReadYet,
} from '../encryptedRegistry';
import { OK, type Verdict } from './rule';

/**
 * Is there a newer version of the key than the one in use? If so, `judge` says what that means; it is not
 * asked while this is not known.
 */
export function ifNewerVersion(
  encrypted: EncryptedRegistry,
  judge: (latest: KeyVersionFacts) => Verdict,
): Verdict {
  const { keyFacts, versionInUse } = encrypted;
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
  return judge(latest);
}
