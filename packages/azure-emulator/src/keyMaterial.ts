import type { Azure } from './azure';
import { DEFAULT_CURVE, DEFAULT_RSA_SIZE } from './keyPairs';
import { Key, KeyVersion } from './model';

const underWay = new Map<string, Promise<Record<string, string>>>();

/**
 * The private key of a version, generated on first use: a world of ten thousand keys would otherwise
 * take an hour to start, and most keys are never read.
 */
export async function privateJwkOf(
  azure: Azure,
  key: Key,
  version: KeyVersion,
): Promise<Record<string, string>> {
  const id = `${key.id}/${version.version}`;
  const kept = azure.store.get('material', id);
  if (kept) {
    return kept.privateJwk;
  }
  const pending = underWay.get(id) ?? azure.keyPairs.take(version);
  underWay.set(id, pending);
  try {
    const privateJwk = await pending;
    // Two requests may have generated a pair at the same time: the first one stored wins.
    const first = azure.store.get('material', id);
    if (!first) azure.store.put('material', { id, privateJwk });
    return first?.privateJwk ?? privateJwk;
  } finally {
    underWay.delete(id);
  }
}

export const RSA_SIZES = [2048, 3072, 4096];
export const CURVES = ['P-256', 'P-256K', 'P-384', 'P-521'];
export const KEY_TYPES = ['RSA', 'RSA-HSM', 'EC', 'EC-HSM'];

/** Type, size and curve of a new key, with Key Vault's defaults. */
export function kindOfKey(
  kty: string,
  size: number | undefined,
  crv: string | undefined,
): Pick<KeyVersion, 'kty' | 'keySize' | 'crv'> {
  return kty.startsWith('RSA')
    ? { kty, keySize: size ?? DEFAULT_RSA_SIZE }
    : { kty, crv: crv ?? DEFAULT_CURVE };
}
