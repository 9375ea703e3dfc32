import { day, shortVersion } from '../encryptedRegistry';
import { ifNewerVersion } from './ifNewerVersion';
import { type FindingRule, OK } from './rule';

/** A manual registry on a version that is not the latest. */
export const olderVersionPinned: FindingRule = {
  id: 'older-version-pinned',
  severity: 'info',
  check(encrypted) {
    if (encrypted.mode !== 'manual') return OK;
    return ifNewerVersion(encrypted, ({ version, created }) => ({
      verdict: 'found',
      message: `The registry stays on an older version; the latest is ${shortVersion(
        version,
      )} of ${day(created)}`,
      remedy: 'Rotate if you want the newer version.',
      intent: {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: encrypted.key.at(version).toString(),
        },
      },
    }));
  },
};
