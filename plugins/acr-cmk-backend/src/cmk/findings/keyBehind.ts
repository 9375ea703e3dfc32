import { day, latestVersion, shortVersion } from '../encryptedRegistry';
import { FOLLOW_HOUR_MS } from '../timing';
import { ifNewerVersion } from './ifNewerVersion';
import { type FindingRule, OK } from './rule';

/** An automatic registry that has not followed a new version within Azure's hour. */
export const keyBehind: FindingRule = {
  id: 'key-behind',
  severity: 'warning',
  check(encrypted) {
    if (encrypted.mode !== 'automatic') return OK;
    return ifNewerVersion(encrypted, ({ version, created }) =>
      encrypted.now - Date.parse(created) <= FOLLOW_HOUR_MS
        ? OK
        : {
            verdict: 'found',
            message: `The registry has not followed version ${shortVersion(
              version,
            )}, created on ${day(
              created,
            )}; Azure documents that it does within an hour`,
            remedy:
              'Rotate, or send the current key again, so that the registry reads it now. If that fails, check its access to the key.',
            intent: { kind: 'rotate', key: { kind: 'current' } },
          },
    );
  },
  changesAt({ keyFacts }) {
    const latest = keyFacts.known ? latestVersion(keyFacts.value) : undefined;
    return latest ? [Date.parse(latest.created) + FOLLOW_HOUR_MS + 1] : [];
  },
};
