import crypto from 'node:crypto';
import { KeyVersion } from '../state/model';

const SIZE_OF_CURVE: Record<string, number> = {
  'P-256': 32,
  'P-256K': 32,
  'P-384': 48,
  'P-521': 66,
};
const EXPONENT = 'AQAB';

/** Bytes that only depend on the seed. */
function bytesFrom(seed: string, length: number): string {
  const bytes = crypto
    .createHash('shake256', { outputLength: length })
    .update(seed)
    .digest();
  // A modulus has its full length and is odd.
  bytes[0] |= 0x80;
  bytes[length - 1] |= 1;
  return bytes.toString('base64url');
}

/**
 * The public part of a version, in the form of a JWK. Its numbers have the right length and no private part: the
 * emulator does not encrypt.
 */
export function publicKeyOf({ kty, version, keySize = 2048, crv }: KeyVersion) {
  if (kty.startsWith('RSA')) {
    return { n: bytesFrom(version, keySize / 8), e: EXPONENT };
  }
  const size = SIZE_OF_CURVE[crv ?? 'P-256'];
  return {
    crv,
    x: bytesFrom(`${version} x`, size),
    y: bytesFrom(`${version} y`, size),
  };
}
