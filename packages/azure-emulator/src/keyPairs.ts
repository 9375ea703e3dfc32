import crypto from 'node:crypto';
import { promisify } from 'node:util';
import { KeyVersion } from './model';
import { Store } from './store';

const generateKeyPair = promisify(crypto.generateKeyPair);

export const DEFAULT_RSA_SIZE = 2048;
export const DEFAULT_CURVE = 'P-256';

type PrivateJwk = Record<string, string>;

/** What the pairs of a version may be, and how they are made. */
type Kind = Pick<KeyVersion, 'kty' | 'keySize' | 'crv'>;

const publicPart = ({ n, x }: PrivateJwk) => n ?? x;

const isRsa = ({ kty }: Kind) => kty.toUpperCase().startsWith('RSA');

const nameOf = (kind: Kind) =>
  isRsa(kind)
    ? `RSA ${kind.keySize ?? DEFAULT_RSA_SIZE}`
    : `EC ${kind.crv ?? DEFAULT_CURVE}`;

/** Node's name of a curve. */
const nameOfCurve = (crv: string) => (crv === 'P-256K' ? 'secp256k1' : crv);

async function generate(kind: Kind): Promise<PrivateJwk> {
  const pair = isRsa(kind)
    ? await generateKeyPair('rsa', {
        modulusLength: kind.keySize ?? DEFAULT_RSA_SIZE,
      })
    : await generateKeyPair('ec', {
        namedCurve: nameOfCurve(kind.crv ?? DEFAULT_CURVE),
      });
  return pair.privateKey.export({ format: 'jwk' }) as PrivateJwk;
}

/** All pairs that this process has made, by size or curve. */
const made = new Map<string, PrivateJwk[]>();

/**
 * The key pairs of one world. No two versions in it have the same pair, and a pair that was purged does not
 * return. A world that replaces it, or another world of this process, starts with the pairs that were made
 * before: making one takes longer than anything else that a test asks for.
 */
export class KeyPairs {
  /** The public parts of those that a version has, or had when it was purged. */
  private readonly taken = new Set<string>();

  constructor(store: Store) {
    store.onChange('material', (_before, after) => {
      if (after) this.taken.add(publicPart(after.privateJwk));
    });
  }

  async take(kind: Kind): Promise<PrivateJwk> {
    const name = nameOf(kind);
    const known = made.get(name) ?? [];
    made.set(name, known);
    let pair = known.find(one => !this.taken.has(publicPart(one)));
    if (!pair) {
      pair = await generate(kind);
      known.push(pair);
    }
    this.taken.add(publicPart(pair));
    return pair;
  }
}
