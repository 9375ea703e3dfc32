import crypto, { KeyObject } from 'node:crypto';
import { vault as errors } from '../errors';

interface Scheme {
  hash: string;
  /** The DER that stands before the digest in a PKCS #1 v1.5 signature; none for PSS. */
  prefix?: string;
}

const SCHEMES: Record<string, Scheme> = {
  RS256: { hash: 'sha256', prefix: '3031300d060960864801650304020105000420' },
  RS384: { hash: 'sha384', prefix: '3041300d060960864801650304020205000430' },
  RS512: { hash: 'sha512', prefix: '3051300d060960864801650304020305000440' },
  PS256: { hash: 'sha256' },
  PS384: { hash: 'sha384' },
  PS512: { hash: 'sha512' },
};

function schemeOf(algorithm: string, digest: Buffer): Scheme {
  const scheme = SCHEMES[algorithm.toUpperCase()];
  if (!scheme) {
    throw errors.badParameter(
      `Unsupported algorithm '${algorithm}': it must be one of ${Object.keys(
        SCHEMES,
      ).join(', ')}`,
    );
  }
  const length = crypto.createHash(scheme.hash).digest().length;
  if (digest.length !== length) {
    throw errors.badParameter(
      `Invalid length of the digest: ${algorithm} takes ${length} bytes`,
    );
  }
  return scheme;
}

/** Key Vault signs digests, Node signs messages: so the padding is computed here, RFC 8017 sections 8 and 9. */
export function signDigest(
  key: KeyObject,
  algorithm: string,
  digest: Buffer,
): Buffer {
  const { hash, prefix } = schemeOf(algorithm, digest);
  if (prefix) {
    return crypto.privateEncrypt(
      { key, padding: crypto.constants.RSA_PKCS1_PADDING },
      Buffer.concat([Buffer.from(prefix, 'hex'), digest]),
    );
  }
  const bits = key.asymmetricKeyDetails!.modulusLength!;
  return crypto.privateEncrypt(
    { key, padding: crypto.constants.RSA_NO_PADDING },
    encodePss(digest, hash, bits - 1),
  );
}

export function verifyDigest(
  key: KeyObject,
  algorithm: string,
  { digest, signature }: { digest: Buffer; signature: Buffer },
): boolean {
  const { hash, prefix } = schemeOf(algorithm, digest);
  const publicKey = crypto.createPublicKey(key);
  const bits = key.asymmetricKeyDetails!.modulusLength!;
  try {
    if (prefix) {
      const signed = crypto.publicDecrypt(
        { key: publicKey, padding: crypto.constants.RSA_PKCS1_PADDING },
        signature,
      );
      return signed.equals(Buffer.concat([Buffer.from(prefix, 'hex'), digest]));
    }
    const encoded = crypto.publicDecrypt(
      { key: publicKey, padding: crypto.constants.RSA_NO_PADDING },
      signature,
    );
    return isPssOf(encoded, digest, { hash, bits: bits - 1 });
  } catch {
    // A signature of the wrong length or shape is simply not a signature of this digest.
    return false;
  }
}

function mask(seed: Buffer, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; Buffer.concat(blocks).length < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    blocks.push(crypto.createHash(hash).update(seed).update(count).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (left: Buffer, right: Buffer) =>
  Buffer.from(left.map((byte, index) => byte ^ right[index]));

function pssHash(digest: Buffer, salt: Buffer, hash: string): Buffer {
  return crypto
    .createHash(hash)
    .update(Buffer.alloc(8))
    .update(digest)
    .update(salt)
    .digest();
}

/** The bits of the first byte that lie above the encoded message. */
const topMask = (bits: number) => 0xff >> (8 * Math.ceil(bits / 8) - bits);

function encodePss(digest: Buffer, hash: string, bits: number): Buffer {
  const length = Math.ceil(bits / 8);
  const salt = crypto.randomBytes(digest.length);
  const tail = pssHash(digest, salt, hash);
  const block = Buffer.alloc(length - tail.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const masked = xor(block, mask(tail, block.length, hash));
  masked[0] &= topMask(bits);
  return Buffer.concat([masked, tail, Buffer.from([0xbc])]);
}

function isPssOf(
  encoded: Buffer,
  digest: Buffer,
  { hash, bits }: { hash: string; bits: number },
): boolean {
  const tail = encoded.subarray(-digest.length - 1, -1);
  const masked = encoded.subarray(0, encoded.length - tail.length - 1);
  if (encoded[encoded.length - 1] !== 0xbc) {
    return false;
  }
  const block = xor(masked, mask(tail, masked.length, hash));
  block[0] &= topMask(bits);
  const salt = block.subarray(block.indexOf(1) + 1);
  return pssHash(digest, salt, hash).equals(tail);
}
