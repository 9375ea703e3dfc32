import {
  type Intent,
  type KeyVersionFacts,
  keyHomeKind,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import {
  type EncryptedRegistryFacts,
  latestVersion,
  shortVersion,
  versionNotReadYet,
} from '../encryptedRegistry';
import { isKeyMissing, missingKeyInWords } from '../missingKey';
import { EXPIRY_WARNING_MS, FOLLOW_HOUR_MS } from '../timing';
import { type FindingRule, OK, type Verdict } from './rule';

function versionInUseOf({ keyFacts, versionInUse }: EncryptedRegistryFacts) {
  return keyFacts.known
    ? keyFacts.value.versions.find(({ version }) => version === versionInUse)
    : undefined;
}

/** Change by which the registry uses a version: an automatic one reads the latest. */
const useOf = (
  version: string,
  { key, mode }: EncryptedRegistryFacts,
): Intent => ({
  kind: 'rotate',
  key:
    mode === 'automatic'
      ? { kind: 'current' }
      : { kind: 'existing', keyIdentifier: key.at(version).toString() },
});

/** Newer enabled versions that the registry can be switched to: an automatic one reads the latest alone. */
function enabledAfter(
  version: KeyVersionFacts,
  { keyFacts, mode }: EncryptedRegistryFacts,
): KeyVersionFacts[] {
  const versions = keyFacts.known ? keyFacts.value.versions : [];
  return versions
    .slice(0, versions.indexOf(version))
    .filter(({ enabled }) => enabled)
    .slice(0, mode === 'automatic' ? 1 : undefined);
}

const isInTime = ({ notBefore, expires }: KeyVersionFacts, now: number) =>
  !(notBefore && Date.parse(notBefore) > now) &&
  !(expires && Date.parse(expires) <= now);

/** Calls `judge` with the latest version if it is newer than the one in use. Undecided while that is not known. */
function ifNewerVersion(
  encrypted: EncryptedRegistryFacts,
  judge: (latest: KeyVersionFacts) => Verdict,
): Verdict {
  const { keyFacts, versionInUse } = encrypted;
  if (isKeyMissing(encrypted)) return OK; // version-unusable reports it.
  if (!keyFacts.known) {
    return {
      verdict: 'undecided',
      message: 'Could not determine whether there is a newer version',
      detail: keyFacts.problem.message,
    };
  }
  const latest = latestVersion(keyFacts.value);
  if (!latest || latest.version === versionInUse) return OK;
  if (versionInUse === undefined) {
    return {
      verdict: 'undecided',
      message: 'Could not determine whether there is a newer version',
      detail: 'the registry does not show which version it uses',
    };
  }
  const used = versionInUseOf(encrypted);
  // The latest that is enabled is an older one where the one in use is disabled.
  if (used && Date.parse(used.created) > Date.parse(latest.created)) return OK;
  const why = versionNotReadYet(encrypted);
  if (why !== undefined) {
    return {
      verdict: 'undecided',
      message: `Could not determine whether there is a newer version than ${shortVersion(
        versionInUse,
      )}`,
      detail: why,
    };
  }
  return judge(latest);
}

/** Rules about the versions of the key. */
export const versionRules: readonly FindingRule[] = [
  /** The key is gone, or the version in use is disabled or gone. */
  {
    id: 'version-unusable',
    severity: 'error',
    state: 'revoked',
    access: 'restorable',
    notifies: 'key-unusable',
    check(encrypted) {
      const { keyFacts, versionInUse } = encrypted;
      if (!keyFacts.known) {
        if (isKeyMissing(encrypted)) {
          return {
            verdict: 'found',
            ...missingKeyInWords(encrypted),
            remedy: `Restore recovers the key${
              encrypted.deletedKey?.known ? '' : ' if it is soft-deleted'
            }.`,
            intent: { kind: 'restore' },
          };
        }
        return {
          verdict: 'undecided',
          message: 'Could not determine whether the version in use is enabled',
          detail: keyFacts.problem.message,
        };
      }
      if (!versionInUse) {
        return {
          verdict: 'undecided',
          message: 'The registry does not show which version it uses',
        };
      }
      const version = keyFacts.value.versions.find(
        candidate => candidate.version === versionInUse,
      );
      if (!version) {
        const why = versionNotReadYet(encrypted);
        if (why !== undefined) {
          return {
            verdict: 'undecided',
            message: `Could not determine whether version ${shortVersion(
              versionInUse,
            )}, which the registry uses, is enabled`,
            detail: why,
          };
        }
        return {
          verdict: 'found',
          message: `The key has no version ${shortVersion(
            versionInUse,
          )}, which the registry uses`,
          remedy: 'Rotate to a version that exists.',
        };
      }
      if (version.enabled) return OK;
      return {
        verdict: 'found',
        message: `Version ${shortVersion(
          versionInUse,
        )}, which the registry uses, is disabled`,
        remedy: 'Restore enables the version again.',
        intent: { kind: 'restore' },
      };
    },
  },
  /** The version in use has expired. */
  {
    id: 'key-expired',
    severity: 'error',
    state: 'expired',
    access: 'none',
    notifies: 'expiry',
    checkAt(encrypted) {
      const { keyFacts, now } = encrypted;
      if (!keyFacts.known) return OK; // key-expires-soon reports that it is not known.
      const version = versionInUseOf(encrypted);
      if (!version?.expires || Date.parse(version.expires) > now) return OK;
      const usable = enabledAfter(version, encrypted).find(one =>
        isInTime(one, now),
      );
      return {
        verdict: 'found',
        message: `Version ${shortVersion(version.version)} expired on ${utcDay(
          version.expires,
        )}: the ${keyHomeKind(
          encrypted.key.vaultName,
        )} unwraps, but no longer wraps`,
        ...(usable
          ? {
              remedy: `Have the registry use version ${shortVersion(usable.version)}, which is newer.`,
              intent: useOf(usable.version, encrypted),
            }
          : { remedy: 'Rotate to a new version.', intent: { kind: 'rotate' } }),
      };
    },
    changesAt(encrypted) {
      const version = versionInUseOf(encrypted);
      if (!version?.expires) return [];
      return [
        version.expires,
        ...enabledAfter(version, encrypted).flatMap(one => [
          one.notBefore,
          one.expires,
        ]),
      ].flatMap(time => (time ? [Date.parse(time)] : []));
    },
  },
  /**
   * The last change of the registry failed: Azure still shows it as failed, or it left the registry on an
   * older version. A registry on the latest version has lost nothing by it.
   */
  {
    id: 'last-change-failed',
    severity: 'warning',
    state: 'last-change-failed',
    access: 'none',
    notifies: null,
    check(encrypted) {
      const { changes, keyFacts, registry, versionInUse } = encrypted;
      const { failed } = changes;
      const inAzure = /^(failed|cancell?ed)$/i.test(registry.provisioningState);
      const latest = keyFacts.known ? latestVersion(keyFacts.value) : undefined;
      const isBehind = latest !== undefined && latest.version !== versionInUse;
      if (!inAzure && !(failed && isBehind)) return OK;
      const made =
        keyFacts.known && failed?.newVersion !== versionInUse
          ? keyFacts.value.versions.find(
              ({ version, enabled }) =>
                enabled && version === failed?.newVersion,
            )
          : undefined;
      const detail = failed
        ? failed.message.replace(/\.$/, '')
        : `Azure ended it as ${registry.provisioningState}`;
      return made && versionInUse
        ? {
            verdict: 'found',
            message: `Version ${shortVersion(
              made.version,
            )} was made; the registry still uses ${shortVersion(versionInUse)}`,
            detail,
            remedy:
              'Point the registry at the version that was made, or rotate again.',
            intent: useOf(made.version, encrypted),
          }
        : {
            verdict: 'found',
            message: 'The last change of the registry failed',
            detail,
            remedy: 'Remove the cause, then try again.',
            intent: { kind: 'rotate', key: { kind: 'current' } },
          };
    },
  },
  /** An automatic registry that has not followed a new version within Azure's hour. */
  {
    id: 'key-behind',
    mode: 'automatic',
    severity: 'warning',
    state: 'behind',
    access: 'none',
    notifies: 'behind',
    checkAt(encrypted) {
      return ifNewerVersion(encrypted, ({ version, created }) =>
        encrypted.now - Date.parse(created) <= FOLLOW_HOUR_MS
          ? OK
          : {
              verdict: 'found',
              message: `The registry has not followed version ${shortVersion(
                version,
              )} of ${utcDay(created)} within Azure's hour`,
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
  },
  /** The version in use expires soon. */
  {
    id: 'key-expires-soon',
    severity: 'warning',
    state: 'at-risk',
    access: 'none',
    notifies: 'expiry',
    checkAt(encrypted) {
      const { keyFacts, now } = encrypted;
      if (isKeyMissing(encrypted)) return OK; // version-unusable reports it.
      if (!keyFacts.known) {
        return {
          verdict: 'undecided',
          message: 'Could not determine when the key expires',
          detail: keyFacts.problem.message,
        };
      }
      const version = versionInUseOf(encrypted);
      if (!version?.expires) return OK;
      const left = Date.parse(version.expires) - now;
      if (left <= 0 || left > EXPIRY_WARNING_MS) return OK;
      return {
        verdict: 'found',
        message: `Version ${shortVersion(version.version)} expires on ${utcDay(
          version.expires,
        )}`,
        remedy:
          'Rotate before then. Nothing can be wrapped with an expired key.',
        intent: { kind: 'rotate' },
      };
    },
    changesAt(encrypted) {
      const expires = versionInUseOf(encrypted)?.expires;
      if (!expires) return [];
      const at = Date.parse(expires);
      return [at - EXPIRY_WARNING_MS, at];
    },
  },
  /** A manual registry on a version that is not the latest. */
  {
    id: 'older-version-pinned',
    mode: 'manual',
    severity: 'info',
    state: null,
    access: 'none',
    notifies: null,
    check(encrypted) {
      const { keyFacts } = encrypted;
      if (keyFacts.known && keyFacts.value.rotatesByPolicy) return OK; // pinned-key-trap reports it.
      return ifNewerVersion(encrypted, ({ version, created }) => ({
        verdict: 'found',
        message: `The registry stays on an older version; the latest is ${shortVersion(
          version,
        )} of ${utcDay(created)}`,
        remedy: 'Point the registry at the newer version if you want it.',
        intent: useOf(version, encrypted),
      }));
    },
  },
];
