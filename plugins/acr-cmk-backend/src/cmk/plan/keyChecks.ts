/** Checks of a key that a registry is to be pointed at, or that is to be made for it. */
import type { Check, KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  day,
  shortVersion,
  type EncryptedRegistry,
} from '../encryptedRegistry';
import type { PlanContext } from './draft';

/** Is there an enabled version to point at? */
export function versionExists(
  { keyFacts }: Pick<EncryptedRegistry, 'keyFacts'>,
  wanted: KeyIdentifier,
): Check {
  const id = 'version-exists';
  if (!keyFacts.known) {
    return {
      id,
      status: keyFacts.problem.kind === 'not-found' ? 'fail' : 'unknown',
      message: `The versions of the key are not known: ${keyFacts.problem.message}.`,
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
        remedy: 'Choose another version, or enable one in the vault.',
      };
}

/** Can the vault make a key of this type? */
export function keyTypeFits(
  { vault, key }: Pick<EncryptedRegistry, 'vault' | 'key'>,
  type: 'RSA' | 'RSA-HSM',
): Check {
  const id = 'key-type';
  if (!vault.known) {
    return {
      id,
      status: 'fail',
      message: `The vault ${key.vaultName} is not known: ${vault.problem.message}.`,
      remedy: 'Choose a vault in the subscriptions of acrCmk.scopes.',
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

/** Is the name of a key that is to be created free, also among the deleted keys of the vault? */
export function keyNameFree(
  { keyFacts, key }: Pick<EncryptedRegistry, 'keyFacts' | 'key'>,
  { deletedKey }: Pick<PlanContext, 'deletedKey'>,
): Check {
  const id = 'key-name-free';
  if (keyFacts.known) {
    return {
      id,
      status: 'fail',
      message: `The vault ${key.vaultName} already has a key ${key.keyName}.`,
      remedy: 'Choose another name, or rotate to it as an existing key.',
    };
  }
  if (keyFacts.problem.kind !== 'not-found') {
    return {
      id,
      status: 'unknown',
      message: `Whether the name ${key.keyName} is free is not known: ${keyFacts.problem.message}.`,
      remedy: 'Give the read credential the missing permission.',
    };
  }
  if (deletedKey?.known) {
    const { scheduledPurgeAt } = deletedKey.value;
    return {
      id,
      status: 'fail',
      message: `The name ${key.keyName} belongs to a soft-deleted key${
        scheduledPurgeAt ? ` until ${day(scheduledPurgeAt)}` : ''
      }.`,
      remedy:
        'Choose another name, or recover the deleted key and rotate to it as an existing key.',
    };
  }
  if (deletedKey && deletedKey.problem.kind !== 'not-found') {
    return {
      id,
      status: 'unknown',
      message: `Whether a soft-deleted key has the name ${key.keyName} is not known: ${deletedKey.problem.message}.`,
      remedy: 'Continue: Key Vault refuses a name that is taken.',
    };
  }
  return {
    id,
    status: 'pass',
    message: `The name ${key.keyName} is free in the vault, also among its deleted keys.`,
  };
}
