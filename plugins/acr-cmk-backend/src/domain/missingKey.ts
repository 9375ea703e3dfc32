import { keyHome, utcDay } from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistryFacts } from './encryptedRegistry';
import { isMissing } from './isMissing';

type Facts = Pick<EncryptedRegistryFacts, 'key' | 'keyFacts' | 'deletedKey'>;

/**
 * Whether the vault is known not to have the key. Of a vault that no subscription in scope holds, nothing is
 * known.
 */
export const isKeyMissing = ({ keyFacts }: Pick<Facts, 'keyFacts'>): boolean =>
  isMissing(keyFacts) &&
  !keyFacts.known &&
  keyFacts.problem.code !== 'VaultNotFound';

/** A missing key in words: since when it is deleted, and until when it can be recovered. */
export function missingKeyInWords({
  key,
  deletedKey,
}: Pick<Facts, 'deletedKey'> & {
  key: Pick<Facts['key'], 'keyName' | 'vaultName'>;
}): {
  message: string;
  detail?: string;
} {
  const name = `The key ${key.keyName}`;
  const home = keyHome(key.vaultName);
  if (deletedKey?.known) {
    const { deletedAt, scheduledPurgeAt } = deletedKey.value;
    return {
      message: `${name} was deleted${
        deletedAt ? ` on ${utcDay(deletedAt)}` : ''
      }${
        scheduledPurgeAt
          ? `, recoverable until ${utcDay(scheduledPurgeAt)}`
          : ' and can be recovered'
      }`,
    };
  }
  const missing = `${name} does not exist in the ${home}`;
  if (deletedKey && isMissing(deletedKey)) {
    return {
      message: missing,
      detail:
        'It is not among the deleted keys. A deletion takes some seconds to show there',
    };
  }
  return {
    message: `${missing}, or is deleted`,
    detail: `Could not determine until when it can be recovered: ${
      deletedKey?.problem.message ?? 'it was not read'
    }`,
  };
}
