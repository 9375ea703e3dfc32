/** Checks of the key that a registry uses, is to be pointed at, or that is to be created for it. */
import {
  type Check,
  type KeyIdentifier,
  keyHome,
  keyHomeKind,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import { isMissing } from '../isMissing';
import { isKeyMissing } from '../missingKey';
import { EXPIRY_WARNING_MS, FOLLOW_HOUR_MS } from '../timing';
import { unknown } from './checks';
import type { PlanContext } from './draft';

/**
 * Checks a key that a registry is to begin to use: its version must not have expired. Of one that expires soon, warns:
 * the registry would report `key-expires-soon`.
 */
export function keyCanWrap(
  target: Pick<EncryptedRegistry, 'keyFacts' | 'versionInUse' | 'now'>,
): Check {
  const { keyFacts, versionInUse, now } = target;
  const version = keyFacts.known
    ? keyFacts.value.versions.find(one => one.version === versionInUse)
    : undefined;
  const usable = keyUsable(target);
  if (usable.status === 'fail' || !version?.expires) return usable;
  const left = Date.parse(version.expires) - now;
  const name = shortVersion(version.version);
  const day = utcDay(version.expires);
  if (left <= 0) {
    return {
      id: usable.id,
      status: 'fail',
      message: `Version ${name} expired on ${day}.`,
      remedy: 'Choose another version or key, or create a new version first.',
    };
  }
  return usable.status === 'pass' && left <= EXPIRY_WARNING_MS
    ? {
        id: usable.id,
        status: 'warn',
        message: `Version ${name} expires on ${day}.`,
        remedy:
          'Choose a version that lasts longer, or create a new one first.',
      }
    : usable;
}

/** Type, enabled, dates and operations of the key as it is. */
export function keyUsable({
  keyFacts,
  versionInUse,
  now,
}: Pick<EncryptedRegistry, 'keyFacts' | 'versionInUse' | 'now'>): Check {
  const id = 'key-usable';
  if (!keyFacts.known) {
    return isKeyMissing({ keyFacts })
      ? {
          id,
          status: 'fail',
          message: 'The key does not exist, or is deleted.',
          remedy: 'Recover the key.',
        }
      : unknown(id, 'the state of the key', keyFacts);
  }
  const key = keyFacts.value;
  if (key.type !== '' && !/^RSA(-HSM)?$/i.test(key.type)) {
    return {
      id,
      status: 'fail',
      message: `The key type is ${key.type}; a registry needs RSA or RSA-HSM.`,
      remedy: 'Choose another key.',
    };
  }
  const lacking = ['wrapKey', 'unwrapKey'].filter(
    operation =>
      key.operations.length > 0 &&
      !key.operations.some(
        allowed => allowed.toLowerCase() === operation.toLowerCase(),
      ),
  );
  if (lacking.length > 0) {
    return {
      id,
      status: 'fail',
      message: `The key does not allow ${lacking.join(' and ')}.`,
      remedy: 'Allow wrapKey and unwrapKey on the key.',
    };
  }
  const inUse = key.versions.find(({ version }) => version === versionInUse);
  if (inUse && !inUse.enabled) {
    return {
      id,
      status: 'fail',
      message: `Version ${shortVersion(
        inUse.version,
      )}, which wraps the registry's data keys now, is disabled. Without it they cannot be wrapped with another version.`,
      remedy: 'Enable the version first.',
    };
  }
  if (inUse?.notBefore && Date.parse(inUse.notBefore) > now) {
    return {
      id,
      status: 'fail',
      message: `Version ${shortVersion(
        inUse.version,
      )} is not valid before ${utcDay(inUse.notBefore)}.`,
      remedy: 'Choose another version, or wait until then.',
    };
  }
  if (key.type === '') {
    return {
      id,
      status: 'unknown',
      message:
        'The key is of a type that is not shown: a Managed HSM shows it of enabled versions only.',
      remedy: 'Enable a version of the key.',
    };
  }
  if (inUse?.expires && Date.parse(inUse.expires) <= now) {
    return {
      id,
      status: 'warn',
      message: `The version in use expired on ${utcDay(
        inUse.expires,
      )}. The ${keyHomeKind(key.vaultName)} still unwraps with it.`,
      remedy: 'Continue: a new version fixes this.',
    };
  }
  return {
    id,
    status: 'pass',
    message: `The key is ${key.type}${key.size ? ` ${key.size}` : ''}${
      inUse ? ', and its version in use is enabled' : ''
    }.`,
  };
}

/** A check of the version in use, of a registry that does not show it. */
export const versionNotShown = (id: string, remedy: string): Check => ({
  id,
  status: 'unknown',
  message:
    'The registry does not show which version it uses, so whether that version is enabled is not known.',
  remedy,
});

/** Warns about a rotation before the registry has followed the last one: it would follow two at once. */
export function hasConverged({
  mode,
  keyFacts,
  versionInUse,
  now,
}: EncryptedRegistry): Check {
  const id = 'converged';
  if (!keyFacts.known) return unknown(id, 'The latest version', keyFacts);
  const latest = latestVersion(keyFacts.value);
  if (!latest || latest.version === versionInUse) {
    return {
      id,
      status: 'pass',
      message: 'The registry uses the latest version.',
    };
  }
  return mode === 'automatic'
    ? {
        id,
        status: 'warn',
        message: `The registry has not taken version ${shortVersion(
          latest.version,
        )} yet; this plan makes a newer one.`,
        remedy:
          now - Date.parse(latest.created) > FOLLOW_HOUR_MS
            ? `The registry has not followed that version since ${utcDay(
                latest.created,
              )}. If you meant it, have the registry read its key again: Version mode only, automatic.`
            : 'If you meant that version, wait until the registry uses it, within an hour.',
      }
    : {
        id,
        status: 'warn',
        message: `The key has version ${shortVersion(
          latest.version,
        )}, which this registry does not use; this plan makes a newer one.`,
        remedy: 'If you meant that version, point the registry at it instead.',
      };
}

/** Checks that there is an enabled version. */
export function versionExists(
  { keyFacts }: Pick<EncryptedRegistry, 'keyFacts'>,
  wanted: KeyIdentifier,
): Check {
  const id = 'version-exists';
  if (!keyFacts.known) {
    return {
      id,
      status: isMissing(keyFacts) ? 'fail' : 'unknown',
      message: `The versions of the key could not be read: ${keyFacts.problem.message}.`,
      remedy: 'Choose a key that exists and that the read credential can read.',
    };
  }
  const enabled = keyFacts.value.versions.filter(one => one.enabled);
  const found = wanted.version
    ? enabled.some(({ version }) => version === wanted.version)
    : enabled.length > 0;
  return found
    ? { id, status: 'pass', message: 'The version exists and is enabled.' }
    : {
        id,
        status: 'fail',
        message: wanted.version
          ? `The key has no enabled version ${shortVersion(wanted.version)}.`
          : 'The key has no enabled version.',
        remedy: `Choose another version, or enable one in the ${keyHomeKind(
          wanted.vaultName,
        )}.`,
      };
}

/** A check that needs to know the vault or HSM, which is in no subscription that the reader sees. */
export function vaultUnknown(
  id: string,
  { vaultName }: { vaultName: string },
  problem: { message: string },
): Check {
  return {
    id,
    status: 'fail',
    message: `The ${keyHome(vaultName)} could not be read: ${problem.message}.`,
    remedy: `Choose a ${keyHomeKind(
      vaultName,
    )} in the subscriptions of acrCmk.scopes.`,
  };
}

/** Checks that the vault can create a key of this type. */
export function keyTypeFits(
  { vault, key }: Pick<EncryptedRegistry, 'vault' | 'key'>,
  type: 'RSA' | 'RSA-HSM',
): Check {
  const id = 'key-type';
  if (!vault.known) return vaultUnknown(id, key, vault.problem);
  if (key.isInHsm) {
    return type === 'RSA-HSM'
      ? { id, status: 'pass', message: 'A Managed HSM has RSA-HSM keys.' }
      : {
          id,
          status: 'fail',
          message: `The ${keyHome(key.vaultName)} has RSA-HSM keys only.`,
          remedy: 'Choose the type RSA-HSM.',
        };
  }
  return type === 'RSA' || vault.value.sku.toLowerCase() === 'premium'
    ? { id, status: 'pass', message: `The vault supports ${type} keys.` }
    : {
        id,
        status: 'fail',
        message: `The vault ${key.vaultName} has the Standard tier, which does not support RSA-HSM keys.`,
        remedy: 'Choose an RSA key, or a vault with the Premium tier.',
      };
}

/** Checks that the name of a key to be created is free, also among the deleted keys of the vault. */
export function keyNameFree(
  { keyFacts, key }: Pick<EncryptedRegistry, 'keyFacts' | 'key'>,
  { deletedKey }: Pick<PlanContext, 'deletedKey'>,
): Check {
  const id = 'key-name-free';
  if (keyFacts.known) {
    return {
      id,
      status: 'fail',
      message: `The ${keyHome(key.vaultName)} already has a key ${
        key.keyName
      }.`,
      remedy: 'Choose another name, or rotate to it as an existing key.',
    };
  }
  if (!isMissing(keyFacts)) {
    return {
      id,
      status: 'unknown',
      message: `Could not determine whether the name ${key.keyName} is free: ${keyFacts.problem.message}.`,
      remedy: 'Give the read credential the missing permission.',
    };
  }
  if (deletedKey?.known) {
    const { scheduledPurgeAt } = deletedKey.value;
    return {
      id,
      status: 'fail',
      message: `The name ${key.keyName} belongs to a soft-deleted key${
        scheduledPurgeAt ? ` until ${utcDay(scheduledPurgeAt)}` : ''
      }.`,
      remedy:
        'Choose another name, or recover the deleted key and rotate to it as an existing key.',
    };
  }
  if (deletedKey && !isMissing(deletedKey)) {
    return {
      id,
      status: 'unknown',
      message: `Could not determine whether a soft-deleted key has the name ${key.keyName}: ${deletedKey.problem.message}.`,
      remedy: `Continue: the ${keyHomeKind(
        key.vaultName,
      )} refuses a name that is taken.`,
    };
  }
  return {
    id,
    status: 'pass',
    message: `The name ${key.keyName} is free in the ${keyHomeKind(
      key.vaultName,
    )}, also among its deleted keys.`,
  };
}
