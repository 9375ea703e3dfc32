import { keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { EXPIRY_WARNING_MS } from '../timing';
import { day, shortVersion } from '../encryptedRegistry';
import { type FindingRule, OK } from './rule';

function versionInUseOf({
  keyFacts,
  versionInUse,
}: Parameters<FindingRule['check']>[0]) {
  return keyFacts.known
    ? keyFacts.value.versions.find(({ version }) => version === versionInUse)
    : undefined;
}

/** The version in use expires soon. */
export const keyExpiresSoon: FindingRule = {
  id: 'key-expires-soon',
  severity: 'warning',
  check(encrypted) {
    const { keyFacts, now } = encrypted;
    if (!keyFacts.known) {
      return {
        verdict: 'undecided',
        message: `Could not determine when the key expires: ${keyFacts.problem.message}`,
      };
    }
    const version = versionInUseOf(encrypted);
    if (!version?.expires) return OK;
    const left = Date.parse(version.expires) - now;
    if (left <= 0 || left > EXPIRY_WARNING_MS) return OK;
    return {
      verdict: 'found',
      message: `Version ${shortVersion(version.version)} expires on ${day(
        version.expires,
      )}`,
      remedy: 'Rotate before then. Nothing can be wrapped with an expired key.',
      intent: { kind: 'rotate' },
    };
  },
  changesAt(encrypted) {
    const expires = versionInUseOf(encrypted)?.expires;
    if (!expires) return [];
    const at = Date.parse(expires);
    return [at - EXPIRY_WARNING_MS, at];
  },
};

/** The version in use has expired. */
export const keyExpired: FindingRule = {
  id: 'key-expired',
  severity: 'error',
  check(encrypted) {
    const { keyFacts, now } = encrypted;
    if (!keyFacts.known) return OK; // keyExpiresSoon says that it is not known
    const version = versionInUseOf(encrypted);
    if (!version?.expires || Date.parse(version.expires) > now) return OK;
    return {
      verdict: 'found',
      message: `Version ${shortVersion(version.version)} expired on ${day(
        version.expires,
      )}; the ${keyHomeKind(
        encrypted.key.vaultName,
      )} still unwraps with it, but no longer wraps`,
      remedy: 'Rotate to a new version.',
      intent: { kind: 'rotate' },
    };
  },
  changesAt(encrypted) {
    const expires = versionInUseOf(encrypted)?.expires;
    return expires ? [Date.parse(expires)] : [];
  },
};
