import { requestThrough } from '../http/client';
import { registryUrl, signIn, useEmulator } from '../__testUtils__/emulated';
import type { PrincipalName } from '../worlds/principals';

const world = useEmulator();
const { call } = world;
const HOST = 'shopimages.azurecr.io';
const REGISTRY = `https://${HOST}`;
const PULL_SCOPE = 'repository:app:pull';

interface Answered {
  status: number;
  challenge?: string;
  digest?: string;
  json: any;
}

async function send(
  path: string,
  options: {
    method?: string;
    authorization?: string;
    form?: Record<string, string>;
  } = {},
): Promise<Answered> {
  const { method = 'GET', authorization, form } = options;
  const answer = await requestThrough(world.emulator, `${REGISTRY}${path}`, {
    method,
    headers: {
      ...(authorization && { authorization }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  return {
    status: answer.status,
    challenge: answer.headers['www-authenticate'],
    digest: answer.headers['docker-content-digest'] as string | undefined,
    json: /json/.test(answer.headers['content-type'] ?? '')
      ? JSON.parse(answer.text || '{}')
      : answer.text,
  };
}

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function servicePrincipal(name: PrincipalName) {
  const { clientId, clientSecret } = world.emulator.ready.principals[name];
  return basic(clientId, clientSecret);
}

async function entraToken(name: PrincipalName): Promise<string> {
  const audience = 'https://management.azure.com';
  return (await signIn(world.emulator, name, audience)).access_token;
}

/** Exchanges the token of Entra and gets an access token for a scope, as the SDKs do. */
async function tokenFor(name: PrincipalName, scope: string): Promise<string> {
  const exchanged = await send('/oauth2/exchange', {
    method: 'POST',
    form: {
      grant_type: 'access_token',
      service: HOST,
      access_token: await entraToken(name),
    },
  });
  const { json } = await send('/oauth2/token', {
    method: 'POST',
    form: {
      grant_type: 'refresh_token',
      service: HOST,
      scope,
      refresh_token: exchanged.json.refresh_token,
    },
  });
  return `Bearer ${json.access_token}`;
}

describe('signing in to a registry', () => {
  it('a request without credentials gets the realm, the service and the scope', async () => {
    const ping = await send('/v2/');
    expect([ping.status, ping.challenge]).toEqual([
      401,
      `Bearer realm="${REGISTRY}/oauth2/token",service="${HOST}"`,
    ]);
    const pulled = await send('/v2/app/manifests/1.0');
    expect([pulled.status, pulled.challenge]).toEqual([
      401,
      `Bearer realm="${REGISTRY}/oauth2/token",service="${HOST}",scope="${PULL_SCOPE}"`,
    ]);
    expect(pulled.json.errors[0].code).toBe('UNAUTHORIZED');
  });

  it('an exchanged token reads what its scope names, and nothing else', async () => {
    const authorization = await tokenFor('admin', PULL_SCOPE);
    const status = async (path: string) =>
      (await send(path, { authorization })).status;
    expect(await status('/v2/')).toBe(200);
    expect(await status('/v2/app/manifests/1.0')).toBe(200);
    expect(await status('/v2/_catalog')).toBe(401);
    const refused = await send('/v2/_catalog', { authorization });
    expect(refused.challenge).toContain('error="insufficient_scope"');
  });

  it('a principal without AcrPull gets a token without access, and one with it may pull', async () => {
    const path = '/v2/app/manifests/1.0';
    const pulls = async () => [
      (
        await send(path, {
          authorization: await tokenFor('reader', PULL_SCOPE),
        })
      ).status,
      (await send(path, { authorization: servicePrincipal('reader') })).status,
    ];
    expect(await pulls()).toEqual([401, 401]);
    await world.assign(
      registryUrl('shopimages'),
      '7f951dda-4ed3-4680-a7ca-43fe172d538d',
      'acr-cmk-reader',
    );
    expect(await pulls()).toEqual([200, 200]);
  });

  it.each([
    ['an invalid token', 'Bearer nonsense'],
    ['a wrong secret', basic('aaaaaaaa-0000-4000-8000-000000000001', 'wrong')],
    ['an unknown user', basic('unknown', 'secret')],
  ])('%s is refused', async (_why, authorization) => {
    expect((await send('/v2/', { authorization })).status).toBe(401);
  });

  it('a refresh token is not accepted as an access token', async () => {
    const { json } = await send('/oauth2/exchange', {
      method: 'POST',
      form: {
        grant_type: 'access_token',
        service: HOST,
        access_token: await entraToken('admin'),
      },
    });
    const authorization = `Bearer ${json.refresh_token}`;
    expect((await send('/v2/', { authorization })).status).toBe(401);
  });

  it('a token of one registry is not valid for another', async () => {
    const authorization = await tokenFor('admin', PULL_SCOPE);
    const answer = await requestThrough(
      world.emulator,
      'https://ordersimages.azurecr.io/v2/app/manifests/1.0',
      { headers: { authorization } },
    );
    expect(answer.status).toBe(401);
  });
});

// container-registry-health-error-reference.md: "the challenge endpoint for the given registry responded with a 403
// Forbidden … access to the registry's public endpoint isn't allowed"; container-registry-vnet.md: "login attempt to
// https://xxxxxxx.azurecr.io/v2/ failed with status: 403 Forbidden".
describe('network rules', () => {
  const OUTSIDE = {
    networkRuleSet: {
      defaultAction: 'Deny',
      ipRules: [{ action: 'Allow', value: '203.0.113.0/24' }],
    },
  };
  const set = (properties: object) =>
    call('admin', 'PATCH', registryUrl('shopimages'), { properties });

  it.each([
    ['the public endpoint is off', { publicNetworkAccess: 'Disabled' }],
    ['no rule names the address', OUTSIDE],
  ])(
    'refuse everybody while %s, with and without credentials',
    async (_why, rules) => {
      await set(rules);
      const form = {
        grant_type: 'access_token',
        service: HOST,
        access_token: await entraToken('admin'),
      };
      for (const answer of [
        await send('/v2/'),
        await send('/v2/app/manifests/1.0', {
          authorization: servicePrincipal('admin'),
        }),
        await send('/v2/', { authorization: 'Bearer nonsense' }),
        await send('/oauth2/exchange', { method: 'POST', form }),
      ]) {
        expect([answer.status, answer.json.errors]).toEqual([
          403,
          [
            expect.objectContaining({
              code: 'DENIED',
              message:
                "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
            }),
          ],
        ]);
      }
    },
  );

  it('admit the addresses that they name', async () => {
    await set({
      networkRuleSet: {
        ...OUTSIDE.networkRuleSet,
        ipRules: [{ action: 'Allow', value: '127.0.0.0/8' }],
      },
    });
    expect((await send('/v2/')).status).toBe(401);
  });
});

describe('reading a registry', () => {
  const read = (path: string, method = 'GET') =>
    send(path, { method, authorization: servicePrincipal('admin') });

  it('the image can be found from the catalog to its manifest', async () => {
    expect((await read('/v2/_catalog')).json).toEqual({
      repositories: ['app'],
    });
    expect((await read('/v2/app/tags/list')).json).toEqual({
      name: 'app',
      tags: ['1.0'],
    });
    expect((await read('/v2/app/manifests/1.0', 'HEAD')).status).toBe(200);
    const { json, digest } = await read('/v2/app/manifests/1.0');
    expect(json.layers).toHaveLength(1);
    expect((await read(`/v2/app/manifests/${digest}`)).json).toEqual(json);
    expect((await read('/v2/app/manifests/2.0')).json.errors[0].code).toBe(
      'MANIFEST_UNKNOWN',
    );
    expect((await read('/v2/other/manifests/1.0')).json.errors[0].code).toBe(
      'NAME_UNKNOWN',
    );
  });

  it.each([
    '/v2/',
    '/v2/_catalog',
    '/v2/app/tags/list',
    '/v2/app/manifests/1.0',
  ])('a registry without access to its key refuses %s', async path => {
    const { emulator } = world;
    await emulator.outOfBand(
      'PATCH',
      emulator.state.registry('shopimages').versionedKeyIdentifier!,
      { attributes: { enabled: false } },
    );
    expect((await read(path)).status).toBe(403);
    expect((await send(path)).status).toBe(403);
  });
});
