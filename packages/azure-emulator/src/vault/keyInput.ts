import { seconds } from '../state/durations';
import { vault as errors } from '../errors';
import { same } from '../state/ids';
import { KeyVersion, Vault } from '../state/model';
import { optionalArray, optionalString, requiredString } from '../http/body';

const RSA_SIZES = [2048, 3072, 4096];
const CURVES = ['P-256', 'P-256K', 'P-384', 'P-521'];
const KEY_TYPES = ['RSA', 'RSA-HSM', 'EC', 'EC-HSM'];

const RSA_OPS = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'wrapKey',
  'unwrapKey',
];
const EC_OPS = ['sign', 'verify'];
const KNOWN_OPS = [...RSA_OPS, 'import', 'export'];

/** The default operations of a key. */
const defaultOps = (kty: string) => (kty.startsWith('RSA') ? RSA_OPS : EC_OPS);

/** Type, size and curve of a requested key; throws Key Vault's error for values that do not exist. */
export function readKind(
  input: { kty: unknown; size: unknown; curve: unknown },
  vault: Vault,
): Pick<KeyVersion, 'kty' | 'keySize' | 'crv'> {
  const kty = KEY_TYPES.find(known =>
    same(known, requiredString(input.kty, 'kty')),
  );
  if (!kty) {
    throw invalidValue('kty', KEY_TYPES);
  }
  const size = input.size ?? undefined;
  if (size !== undefined && !RSA_SIZES.includes(size as number)) {
    throw invalidValue('key_size', RSA_SIZES.map(String));
  }
  const curve = optionalString(input.curve, 'crv');
  if (curve !== undefined && !CURVES.includes(curve)) {
    throw invalidValue('crv', CURVES);
  }
  if (vault.hsm && !/-HSM$/i.test(kty)) {
    throw invalidValue('kty', ['RSA-HSM', 'EC-HSM']);
  }
  if (/-HSM$/i.test(kty) && !vault.hsm && vault.sku.name !== 'premium') {
    throw errors.badParameter(
      'HSM-protected keys are not supported by vaults of the standard SKU.',
    );
  }
  return kty.startsWith('RSA')
    ? { kty, keySize: (size as number | undefined) ?? RSA_SIZES[0] }
    : { kty, crv: curve ?? CURVES[0] };
}

function invalidValue(property: string, values: string[]) {
  return errors.badParameter(
    `Property ${property} has invalid value: it must be one of ${values.join(
      ', ',
    )}`,
  );
}

/** The requested operations; undefined when none are named, as in an empty list. */
export function readOps(value: unknown): string[] | undefined {
  const ops = (optionalArray(value, 'key_ops') ?? []).map(op => {
    const text = requiredString(op, 'key_ops');
    const known = KNOWN_OPS.find(name => same(name, text));
    if (!known) {
      throw invalidValue('key_ops', KNOWN_OPS);
    }
    return known;
  });
  return ops.length ? [...new Set(ops)] : undefined;
}

export const opsOrDefault = (value: unknown, kty: string) =>
  readOps(value) ?? defaultOps(kty);

export function readFlag(value: unknown, field: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') {
    throw errors.badParameter(`Property ${field} must be true or false`);
  }
  return value;
}

export function readTime(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value)) {
    throw errors.badParameter(
      `Property ${field} must be whole seconds since 1970`,
    );
  }
  return seconds(value as number);
}
