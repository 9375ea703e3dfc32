import crypto, { KeyObject } from 'node:crypto';
import { unsupported, vault as errors } from '../errors';
import { Answer, Call, ok, requiredString } from '../http';
import { keyUri } from '../ids';
import { privateJwkOf } from '../keyMaterial';
import type { Route } from '../router';
import { checkUsable, needsKey, versionOf } from './keys';
import { signDigest, verifyDigest } from './rsaSignature';

interface Operation {
  /** As the path and access policies write it. */
  name: string;
  /** As the data action writes it. */
  verb: string;
  /** Allowed although the version is expired or not yet valid. */
  outsideDates: boolean;
  run(
    key: KeyObject,
    algorithm: string,
    body: Record<string, unknown>,
  ): unknown;
}

const bytes = (value: unknown, field: string) =>
  Buffer.from(requiredString(value, field), 'base64url');

const OPERATIONS: Operation[] = [
  { name: 'encrypt', verb: 'encrypt', outsideDates: false, run: encrypt },
  { name: 'decrypt', verb: 'decrypt', outsideDates: true, run: decrypt },
  { name: 'wrapKey', verb: 'wrap', outsideDates: false, run: encrypt },
  { name: 'unwrapKey', verb: 'unwrap', outsideDates: true, run: decrypt },
  {
    name: 'sign',
    verb: 'sign',
    outsideDates: false,
    run: (key, algorithm, body) =>
      signDigest(key, algorithm, bytes(body.value, 'value')).toString(
        'base64url',
      ),
  },
  {
    name: 'verify',
    verb: 'verify',
    outsideDates: true,
    run: (key, algorithm, body) =>
      verifyDigest(key, algorithm, {
        digest: bytes(body.digest, 'digest'),
        signature: bytes(body.value, 'value'),
      }),
  },
];

/** Cryptographic operations: real RSA, because clients verify the result. */
export const keyCryptoRoutes: Route[] = OPERATIONS.flatMap(operation =>
  ['/keys/{key}', '/keys/{key}/{version}'].map((path): Route => ({
    service: 'vault',
    method: 'POST',
    path: `${path}/${operation.name}`,
    needs: needsKey(operation.name, `${operation.verb}/action`),
    answer: call => perform(call, operation),
  })),
);

async function perform(call: Call, operation: Operation): Promise<Answer> {
  const { azure, request } = call;
  const { vault, key, version } = versionOf(call);
  const { name, outsideDates, run } = operation;
  const { disabledVersionUnwraps, expiredVersionUnwraps } = azure.assumptions;
  const unwraps = name === 'unwrapKey';
  checkUsable(
    unwraps && disabledVersionUnwraps ? { ...version, enabled: true } : version,
    name,
    {
      now: azure.now(),
      outsideDates: unwraps ? expiredVersionUnwraps : outsideDates,
    },
  );
  if (!version.keyOps.includes(name)) {
    throw errors.keyOperation(name);
  }
  if (!version.kty.startsWith('RSA')) {
    throw unsupported.feature(
      `${name} with a key of type ${version.kty}`,
      'azure/keyCrypto.ts',
    );
  }
  const jwk = await privateJwkOf(azure, key, version);
  const value = run(
    crypto.createPrivateKey({ key: jwk, format: 'jwk' }),
    requiredString(request.body.alg, 'alg'),
    request.body,
  );
  return ok(
    name === 'verify'
      ? { value }
      : { kid: keyUri(vault.name, key.name, version.version), value },
  );
}

function padding(algorithm: string) {
  switch (algorithm.toUpperCase()) {
    case 'RSA1_5':
      return { padding: crypto.constants.RSA_PKCS1_PADDING };
    case 'RSA-OAEP':
      return {
        padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha1',
      };
    case 'RSA-OAEP-256':
      return {
        padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      };
    default:
      throw errors.badParameter(
        `Unsupported algorithm '${algorithm}': it must be RSA1_5, RSA-OAEP or RSA-OAEP-256`,
      );
  }
}

function encrypt(
  key: KeyObject,
  algorithm: string,
  body: Record<string, unknown>,
): string {
  const how = { key: crypto.createPublicKey(key), ...padding(algorithm) };
  try {
    return crypto
      .publicEncrypt(how, bytes(body.value, 'value'))
      .toString('base64url');
  } catch {
    throw errors.badParameter('The value is too long for this key');
  }
}

function decrypt(
  key: KeyObject,
  algorithm: string,
  body: Record<string, unknown>,
): string {
  const how = { key, ...padding(algorithm) };
  try {
    return crypto
      .privateDecrypt(how, bytes(body.value, 'value'))
      .toString('base64url');
  } catch {
    throw errors.badParameter(
      'The parameter is incorrect: the value cannot be decrypted with this key',
    );
  }
}
