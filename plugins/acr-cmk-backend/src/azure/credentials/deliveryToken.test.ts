import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose';
import {
  createDeliveryVerifier,
  type DeliveryVerifier,
  entraKeys,
} from './deliveryToken';

const TENANT = '99999999-8888-4777-8666-555555555555';
const PRINCIPAL = '77777777-0000-4000-8000-000000000000';
const NOW = Date.parse('2026-11-25T12:00:00Z');
const SECONDS = NOW / 1000;

describe('the token of a delivery', () => {
  let ours: CryptoKey;
  let foreign: CryptoKey;
  let verify: DeliveryVerifier;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    ours = pair.privateKey;
    foreign = (await generateKeyPair('RS256')).privateKey;
    const jwk = await exportJWK(pair.publicKey);
    verify = createDeliveryVerifier(
      { tenantId: TENANT, audience: 'api://acr-cmk', principalId: PRINCIPAL },
      createLocalJWKSet({ keys: [{ ...jwk, kid: 'k', alg: 'RS256' }] }),
      () => NOW,
    );
  });

  const right: JWTPayload = {
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: 'api://acr-cmk',
    oid: PRINCIPAL,
    tid: TENANT,
    nbf: SECONDS - 10,
    exp: SECONDS + 3600,
  };
  const tokenOf = (payload: JWTPayload, key = ours) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(key);

  it.each<[which: string, change: JWTPayload]>([
    ['of version 1', {}],
    [
      'of version 2',
      { iss: `https://login.microsoftonline.com/${TENANT}/v2.0` },
    ],
    ['for the bare application id', { aud: 'acr-cmk' }],
    ['of the principal in capitals', { oid: PRINCIPAL.toUpperCase() }],
    ['that is over for half a minute', { exp: SECONDS - 30 }],
  ])('is accepted: one %s', async (_which, change) => {
    expect(await verify(await tokenOf({ ...right, ...change }))).toEqual({
      accepted: true,
    });
  });

  it.each<[which: string, change: JWTPayload, why: string]>([
    [
      'of another principal',
      { oid: TENANT },
      'the token is of another principal',
    ],
    [
      'without a principal',
      { oid: undefined },
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    ['of another tenant', { tid: PRINCIPAL }, 'the token is of another tenant'],
    [
      'from another issuer',
      { iss: 'https://login.example.com/' },
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'from the issuer of another tenant',
      { iss: `https://sts.windows.net/${PRINCIPAL}/` },
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'for another audience',
      { aud: 'https://management.azure.com' },
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    ['that is over', { exp: SECONDS - 3600 }, 'ERR_JWT_EXPIRED'],
    ['that never ends', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    [
      'that is not valid yet',
      { nbf: SECONDS + 3600 },
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
  ])('is refused: one %s', async (_which, change, why) => {
    expect(await verify(await tokenOf({ ...right, ...change }))).toEqual({
      accepted: false,
      why,
    });
  });

  it('is refused when somebody else has signed it', async () => {
    expect(await verify(await tokenOf(right, foreign))).toMatchObject({
      accepted: false,
    });
  });

  it.each(['none', 'HS256'])('is refused with the algorithm %s', async alg => {
    const [, payload] = (await tokenOf(right)).split('.');
    const header = Buffer.from(JSON.stringify({ alg, kid: 'k' })).toString(
      'base64url',
    );
    expect(await verify(`${header}.${payload}.AAAA`)).toMatchObject({
      accepted: false,
    });
  });

  it.each(['', 'a.b.c', 'x'.repeat(100_000)])(
    'is refused when it is none',
    async token => {
      expect(await verify(token)).toMatchObject({ accepted: false });
    },
  );
});

describe('the keys that tokens are signed with', () => {
  const token = async (kid: string) => {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT({ tid: TENANT, oid: PRINCIPAL })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setExpirationTime(SECONDS + 60)
      .sign(privateKey);
  };
  const verifierWith = (keys: Parameters<typeof createDeliveryVerifier>[1]) =>
    createDeliveryVerifier(
      { tenantId: TENANT, audience: 'api://acr-cmk', principalId: PRINCIPAL },
      keys,
      () => NOW,
    );

  it.each([
    ['do not come in time', new errors.JWKSTimeout()],
    ['do not come', new TypeError('fetch failed')],
    ['come with an error', new errors.JOSEError('Expected 200 OK')],
  ])('decide nothing when they %s', async (_what, error) => {
    const verify = verifierWith(async () => {
      throw error;
    });
    expect(await verify(await token('k'))).toMatchObject({
      accepted: false,
      undecided: true,
    });
  });

  it('refuse a token of a key that is not among them', async () => {
    const verdict = await verifierWith(createLocalJWKSet({ keys: [] }))(
      await token('k'),
    );
    expect(verdict).toEqual({
      accepted: false,
      why: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });

  it('are fetched through the proxy of the environment', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url }, socket) => {
      tunnels.push(String(url));
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>(ready => proxy.listen(0, '127.0.0.1', ready));
    const { HTTPS_PROXY } = process.env;
    process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const verify = verifierWith(entraKeys(TENANT));
      expect(await verify(await token('k'))).toMatchObject({
        undecided: true,
      });
      expect(tunnels).toEqual(['login.microsoftonline.com:443']);
    } finally {
      if (HTTPS_PROXY === undefined) delete process.env.HTTPS_PROXY;
      else process.env.HTTPS_PROXY = HTTPS_PROXY;
      proxy.close();
    }
  });
});
