import { keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { day, shortVersion } from '../encryptedRegistry';
import { nextRotationAt } from '../rotation';
import { type FindingRule, OK } from './rule';

/** The newest version, from which the vault's policy counts. */
const newestOf = ({ keyFacts }: Parameters<FindingRule['check']>[0]) =>
  keyFacts.known && keyFacts.value.rotatesByPolicy
    ? keyFacts.value.versions[0]
    : undefined;

/** The vault rotates the key by policy, but the newest version expires before that. */
export const expiryBeforeRotation: FindingRule = {
  id: 'expiry-before-rotation',
  severity: 'warning',
  check(encrypted) {
    const { key, keyFacts, now } = encrypted;
    const home = keyHomeKind(key.vaultName);
    const newest = newestOf(encrypted);
    if (!keyFacts.known || !newest?.expires) return OK; // keyExpiresSoon says that the key is not known.
    const expires = Date.parse(newest.expires);
    if (expires <= now) return OK; // Too late for a warning: keyExpired.
    const next = nextRotationAt(keyFacts.value);
    if (next === undefined) {
      return {
        verdict: 'undecided',
        message: `Version ${shortVersion(newest.version)} expires on ${day(
          newest.expires,
        )}; could not determine when the ${home} rotates the key by its policy`,
      };
    }
    if (next < expires) return OK;
    return {
      verdict: 'found',
      message: `Version ${shortVersion(newest.version)} expires on ${day(
        newest.expires,
      )}, before the ${home} rotates the key by its policy on ${day(
        new Date(next).toISOString(),
      )}`,
      remedy:
        'Rotate before the version expires, or have the policy rotate sooner.',
      intent: { kind: 'rotate' },
    };
  },
  changesAt(encrypted) {
    const expires = newestOf(encrypted)?.expires;
    return expires ? [Date.parse(expires)] : [];
  },
};
