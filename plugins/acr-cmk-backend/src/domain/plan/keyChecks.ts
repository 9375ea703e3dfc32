/** Checks of the key that a registry uses, is to be pointed at, or that is to be created for it. */
import {
  type Check,
  type KeyIdentifier,
  keyHome,
  keyHomeKind,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import {
  latestVersion,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import { isMissing } from '../isMissing';
import { isKeyMissing } from '../missingKey';
import { EXPIRY_WARNING_MS, FOLLOW_HOUR_MS } from '../timing';
import type { PlanContext } from './draft';

/**
 * Checks a key that a registry is to begin to use: its version must not have expired. Of one that expires soon, warns:
 * the registry would report `key-expires-soon`.
 */
export function keyCanWrap(
  target: Pick<EncryptedRegistry, 'keyFacts' | 'versionInUse' | 'now'>,
): Check {
  const { warn, fail } = check('key-usable');
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
    return fail(
      `Version ${name} expired on ${day}.`,
      'Choose another version or key, or create a new version first.',
    );
  }
  return usable.status === 'pass' && left <= EXPIRY_WARNING_MS
    ? warn(
        `Version ${name} expires on ${day}.`,
        'Choose a version that lasts longer, or create a new one first.',
      )
    : usable;
}

/** Type, enabled, dates and operations of the key as it is. */
export function keyUsable({
  keyFacts,
  versionInUse,
  now,
}: Pick<EncryptedRegistry, 'keyFacts' | 'versionInUse' | 'now'>): Check {
  const { pass, warn, fail, unknown, undetermined } = check('key-usable');
  if (!keyFacts.known) {
    return isKeyMissing({ keyFacts })
      ? fail('The key does not exist, or is deleted.', 'Recover the key.')
      : undetermined('the state of the key', keyFacts);
  }
  const key = keyFacts.value;
  if (key.type !== '' && !/^RSA(-HSM)?$/i.test(key.type)) {
    return fail(
      `The key type is ${key.type}; a registry needs RSA or RSA-HSM.`,
      'Choose another key.',
    );
  }
  const lacking = ['wrapKey', 'unwrapKey'].filter(
    operation =>
      key.operations.length > 0 &&
      !key.operations.some(
        allowed => allowed.toLowerCase() === operation.toLowerCase(),
      ),
  );
  if (lacking.length > 0) {
    return fail(
      `The key does not allow ${lacking.join(' and ')}.`,
      'Allow wrapKey and unwrapKey on the key.',
    );
  }
  const inUse = key.versions.find(({ version }) => version === versionInUse);
  if (inUse && !inUse.enabled) {
    return fail(
      `Version ${shortVersion(
        inUse.version,
      )}, which wraps the registry's data keys now, is disabled. Without it they cannot be wrapped with another version.`,
      'Enable the version first.',
    );
  }
  if (inUse?.notBefore && Date.parse(inUse.notBefore) > now) {
    return fail(
      `Version ${shortVersion(
        inUse.version,
      )} is not valid before ${utcDay(inUse.notBefore)}.`,
      'Choose another version, or wait until then.',
    );
  }
  if (key.type === '') {
    return unknown(
      'The key is of a type that is not shown: a Managed HSM shows it of enabled versions only.',
      'Enable a version of the key.',
    );
  }
  if (inUse?.expires && Date.parse(inUse.expires) <= now) {
    return warn(
      `The version in use expired on ${utcDay(
        inUse.expires,
      )}. The ${keyHomeKind(key.vaultName)} still unwraps with it.`,
      'Continue: a new version fixes this.',
    );
  }
  return pass(
    `The key is ${key.type}${key.size ? ` ${key.size}` : ''}${
      inUse ? ', and its version in use is enabled' : ''
    }.`,
  );
}

/** Message about the version in use, of a registry that does not show it. */
export const VERSION_NOT_SHOWN =
  'The registry does not show which version it uses, so whether that version is enabled is not known.';

/** Warns about a rotation before the registry has followed the last one: it would follow two at once. */
export function hasConverged({
  mode,
  keyFacts,
  versionInUse,
  now,
}: EncryptedRegistry): Check {
  const { pass, warn, undetermined } = check('converged');
  if (!keyFacts.known) return undetermined('The latest version', keyFacts);
  const latest = latestVersion(keyFacts.value);
  if (!latest || latest.version === versionInUse) {
    return pass('The registry uses the latest version.');
  }
  return mode === 'automatic'
    ? warn(
        `The registry has not taken version ${shortVersion(
          latest.version,
        )} yet; this plan makes a newer one.`,
        now - Date.parse(latest.created) > FOLLOW_HOUR_MS
          ? `The registry has not followed that version since ${utcDay(
              latest.created,
            )}. If you meant it, have the registry read its key again: Version mode only, automatic.`
          : 'If you meant that version, wait until the registry uses it, within an hour.',
      )
    : warn(
        `The key has version ${shortVersion(
          latest.version,
        )}, which this registry does not use; this plan makes a newer one.`,
        'If you meant that version, point the registry at it instead.',
      );
}

/** Checks that there is an enabled version. */
export function versionExists(
  { keyFacts }: Pick<EncryptedRegistry, 'keyFacts'>,
  wanted: KeyIdentifier,
): Check {
  const { pass, fail, unknown } = check('version-exists');
  if (!keyFacts.known) {
    const outcome = isMissing(keyFacts) ? fail : unknown;
    return outcome(
      `The versions of the key could not be read: ${keyFacts.problem.message}.`,
      'Choose a key that exists and that the read credential can read.',
    );
  }
  const enabled = keyFacts.value.versions.filter(one => one.enabled);
  const found = wanted.version
    ? enabled.some(({ version }) => version === wanted.version)
    : enabled.length > 0;
  return found
    ? pass('The version exists and is enabled.')
    : fail(
        wanted.version
          ? `The key has no enabled version ${shortVersion(wanted.version)}.`
          : 'The key has no enabled version.',
        `Choose another version, or enable one in the ${keyHomeKind(
          wanted.vaultName,
        )}.`,
      );
}

/** Message and remedy for a vault or HSM that is in no subscription of the read credential. */
export const vaultUnknown = (
  { vaultName }: { vaultName: string },
  problem: { message: string },
): [message: string, remedy: string] => [
  `The ${keyHome(vaultName)} could not be read: ${problem.message}.`,
  `Choose a ${keyHomeKind(vaultName)} in the subscriptions of acrCmk.scopes.`,
];

/** Checks that the vault can create a key of this type. */
export function keyTypeFits(
  { vault, key }: Pick<EncryptedRegistry, 'vault' | 'key'>,
  type: 'RSA' | 'RSA-HSM',
): Check {
  const { pass, fail } = check('key-type');
  if (!vault.known) return fail(...vaultUnknown(key, vault.problem));
  if (key.isInHsm) {
    return type === 'RSA-HSM'
      ? pass('A Managed HSM has RSA-HSM keys.')
      : fail(
          `The ${keyHome(key.vaultName)} has RSA-HSM keys only.`,
          'Choose the type RSA-HSM.',
        );
  }
  return type === 'RSA' || vault.value.sku.toLowerCase() === 'premium'
    ? pass(`The vault supports ${type} keys.`)
    : fail(
        `The vault ${key.vaultName} has the Standard tier, which does not support RSA-HSM keys.`,
        'Choose an RSA key, or a vault with the Premium tier.',
      );
}

/** Checks that the name of a key to be created is free, also among the deleted keys of the vault. */
export function keyNameFree(
  { keyFacts, key }: Pick<EncryptedRegistry, 'keyFacts' | 'key'>,
  { deletedKey }: Pick<PlanContext, 'deletedKey'>,
): Check {
  const { pass, fail, unknown } = check('key-name-free');
  if (keyFacts.known) {
    return fail(
      `The ${keyHome(key.vaultName)} already has a key ${key.keyName}.`,
      'Choose another name, or rotate to it as an existing key.',
    );
  }
  if (!isMissing(keyFacts)) {
    return unknown(
      `Could not determine whether the name ${key.keyName} is free: ${keyFacts.problem.message}.`,
      'Give the read credential the missing permission.',
    );
  }
  if (deletedKey?.known) {
    const { scheduledPurgeAt } = deletedKey.value;
    return fail(
      `The name ${key.keyName} belongs to a soft-deleted key${
        scheduledPurgeAt ? ` until ${utcDay(scheduledPurgeAt)}` : ''
      }.`,
      'Choose another name, or recover the deleted key and rotate to it as an existing key.',
    );
  }
  if (deletedKey && !isMissing(deletedKey)) {
    return unknown(
      `Could not determine whether a soft-deleted key has the name ${key.keyName}: ${deletedKey.problem.message}.`,
      `Continue: the ${keyHomeKind(
        key.vaultName,
      )} refuses a name that is taken.`,
    );
  }
  return pass(
    `The name ${key.keyName} is free in the ${keyHomeKind(
      key.vaultName,
    )}, also among its deleted keys.`,
  );
}
