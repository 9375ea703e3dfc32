import { pull, requestThrough } from '../http/client';
import { sdkClients } from '../__testUtils__/sdk';
import { ARM, registryUrl, useEmulator } from '../__testUtils__/emulated';

const said: string[] = [];
const azure = useEmulator({ log: line => said.push(line) });
const { call } = azure;
const ROTATE =
  'https://kv-contoso-policy.vault.azure.net/keys/ordersimages/rotate';
const versions = () =>
  azure.emulator.state.key('kv-contoso-policy', 'ordersimages').versions.length;

const pulled = new Set<string>();

async function control(method: string, path: string, body?: unknown) {
  pulled.add(`${method} ${path}`);
  const answer = await fetch(`${azure.emulator.ready.proxy}${path}`, {
    method,
    // As curl sends it, without a JSON content type.
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: await answer.json() };
}

/** Asks for a sign of life until something has happened: a request without an answer stops nothing else. */
async function answeringUntil(hasHappened: () => boolean) {
  const end = performance.now() + 60_000;
  while (!hasHappened() && performance.now() < end) {
    expect(await control('GET', '/healthz')).toMatchObject({ status: 200 });
  }
  expect([hasHappened(), azure.emulator.requests().at(-1)]).toEqual([
    true,
    expect.anything(),
  ]);
}

describe('faults', () => {
  it('a fault applies once, to the first request that matches it', async () => {
    await control('POST', '/faults', {
      host: '*.vault.azure.net',
      method: 'POST',
      path: '/keys/*/rotate',
      status: 503,
    });
    expect((await call('admin', 'GET', registryUrl('shopimages'))).status).toBe(
      200,
    );
    expect((await call('admin', 'POST', ROTATE)).status).toBe(503);
    expect(versions()).toBe(2);
    expect((await call('admin', 'POST', ROTATE)).status).toBe(200);
    expect(versions()).toBe(3);
  });

  it.each(['5', '3600', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon'])(
    'a throttling fault sends its Retry-After unchanged: %s',
    async retryAfter => {
      azure.emulator.faults.add({ retryAfter });
      const answer = await call('admin', 'GET', registryUrl('shopimages'));
      expect([answer.status, answer.headers['retry-after']]).toEqual([
        429,
        retryAfter,
      ]);
    },
  );

  it.each([
    ['before', 2],
    ['after', 3],
  ] as const)(
    'a connection reset %s the write leaves %i versions',
    async (reset, expected) => {
      azure.emulator.faults.add({ path: '/keys/*/rotate', reset });
      await expect(call('admin', 'POST', ROTATE)).rejects.toThrow();
      expect(versions()).toBe(expected);
      expect(azure.emulator.requests().at(-1)).toMatchObject({
        path: '/keys/ordersimages/rotate',
        fault: expect.any(String),
      });
      expect(azure.emulator.requests().at(-1)?.status).toBeUndefined();
    },
  );

  it('a request whose answer is lost is processed and never answered', async () => {
    const { emulator } = azure;
    emulator.faults.add({ method: 'PATCH', lostAnswer: true });
    let answered = false;
    const request = call('admin', 'PATCH', registryUrl('shopimages'), {
      tags: { lost: 'yes' },
    }).then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    await answeringUntil(
      () => emulator.state.registry('shopimages').tags.lost === 'yes',
    );
    await call('admin', 'GET', registryUrl('shopimages'));
    expect(answered).toBe(false);
    expect(
      emulator.requests().find(({ method }) => method === 'PATCH'),
    ).not.toHaveProperty('status');
    emulator.dropConnections();
    await request;
  });

  it('an endless body sends its headers and never ends', async () => {
    azure.emulator.faults.add({ path: '/v2/*', endlessBody: true });
    const pending = pull(azure.emulator, 'shopimages').then(
      () => 'ended',
      () => 'cut',
    );
    await answeringUntil(() =>
      azure.emulator.requests().some(({ status }) => status === 200),
    );
    azure.emulator.dropConnections();
    expect(await pending).toBe('cut');
  });

  it.each([
    ['fail', 'Failed', 'Failed'],
    ['cancel', 'Canceled', 'Canceled'],
    ['hang', 'InProgress', 'Updating'],
  ] as const)(
    'an operation can %s, and the registry stays as it was',
    async (operation, status, provisioningState) => {
      const before = azure.emulator.state.registry('shopimages').tags;
      azure.emulator.faults.add({ method: 'PATCH', operation });
      const patched = await call('admin', 'PATCH', registryUrl('shopimages'), {
        tags: { changed: 'yes' },
      });
      expect(patched.status).toBe(201);
      const url = patched.headers['azure-asyncoperation'] as string;
      expect((await call('admin', 'GET', url)).json.status).toBe(status);
      expect(azure.emulator.state.registry('shopimages')).toMatchObject({
        tags: before,
        provisioningState,
      });
    },
  );

  it('a delay postpones the answer', async () => {
    const delayMs = 60;
    azure.emulator.faults.add({ delayMs });
    const start = performance.now();
    await pull(azure.emulator, 'shopimages');
    expect(performance.now() - start).toBeGreaterThanOrEqual(delayMs);
  });

  it('a fault skips, repeats and matches only the named principal', async () => {
    azure.emulator.faults.add({
      principal: 'reader',
      skip: 1,
      times: 2,
      status: 500,
    });
    const ask = async (who: 'reader' | 'admin') =>
      (await call(who, 'GET', registryUrl('shopimages'))).status;
    expect([
      await ask('admin'),
      await ask('reader'),
      await ask('reader'),
      await ask('reader'),
      await ask('reader'),
    ]).toEqual([200, 200, 500, 500, 200]);
  });

  it('a fault with times 0 applies until it is removed', async () => {
    await control('POST', '/faults', { status: 500, times: 0 });
    const ask = async () =>
      (await call('admin', 'GET', registryUrl('shopimages'))).status;
    expect([await ask(), await ask()]).toEqual([500, 500]);
    expect((await control('DELETE', '/faults')).json).toEqual([]);
    expect(await ask()).toBe(200);
  });

  it.each([
    [{}, 'effect'],
    [{ status: 503, colour: 'red' }, "'colour'"],
    [{ status: 'many' }, "'status'"],
    [{ reset: 'sometimes' }, "'reset'"],
    [{ status: 500, path: '/(/' }, "'path'"],
  ])('an invalid fault is refused: %j', async (fault, message) => {
    const answer = await control('POST', '/faults', fault);
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain(message);
    expect((await control('GET', '/faults')).json).toEqual([]);
  });
});

describe('the control API on the proxy address', () => {
  it('moves, freezes and reads the clock', async () => {
    await control('POST', '/clock', {
      set: '2040-01-01T00:00:00Z',
      freeze: true,
    });
    await control('POST', '/clock', { advance: 'PT1H' });
    expect((await control('GET', '/clock')).json).toEqual({
      now: '2040-01-01T01:00:00.000Z',
      frozen: true,
    });
    expect(
      (await control('POST', '/clock', { advance: 'an hour' })).status,
    ).toBe(400);
    expect((await control('POST', '/clock', { hasten: true })).status).toBe(
      400,
    );
  });

  it('lists the requests with their principals, and clears the list', async () => {
    await call('reader', 'GET', registryUrl('shopimages'));
    const { json } = await control('GET', '/requests');
    expect(json.at(-1)).toMatchObject({
      host: 'management.azure.com',
      method: 'GET',
      path: expect.stringContaining('/registries/shopimages'),
      route: expect.stringMatching(/^arm GET .*\/registries\/{name}$/),
      principal: 'reader',
      status: 200,
    });
    await control('DELETE', '/requests');
    expect((await control('GET', '/requests')).json).toEqual([]);
  });

  it('a reset restores the initial world and keeps the secrets', async () => {
    const before = azure.emulator.state.key(
      'kv-contoso-policy',
      'ordersimages',
    );
    await call('admin', 'POST', ROTATE);
    await control('POST', '/reset');
    expect(
      azure.emulator.state
        .key('kv-contoso-policy', 'ordersimages')
        .versions.map(({ version }) => version),
    ).toEqual(before.versions.map(({ version }) => version));
    expect((await call('admin', 'GET', registryUrl('shopimages'))).status).toBe(
      200,
    );
  });

  it('a host that is not Azure is refused, also when its name resembles one', async () => {
    for (const host of [
      'example.com',
      'management.azure.com.evil.test',
      'evil-vault.azure.net',
      'a.b.vault.azure.net',
    ]) {
      await expect(
        requestThrough(azure.emulator, `https://${host}/`),
      ).rejects.toThrow('403');
    }
    expect(azure.emulator.requests()).toEqual([]);
  });

  it.each<[what: string, method: string, url: string]>([
    ['a route', 'POST', `${registryUrl('shopimages')}/importImage`],
    ['a method', 'DELETE', `${ARM}/subscriptions`],
    [
      'a filter over the directory',
      'GET',
      "https://graph.microsoft.com/v1.0/servicePrincipals?$filter=startswith(displayName,'x')",
    ],
  ])(
    '%s that is not supported is refused with 501, and logged',
    async (_what, method, url) => {
      said.length = 0;
      const answer = await call('admin', method, url);
      expect(answer.status).toBe(501);
      expect(answer.json.error.message).toMatch(
        /^The emulator does not support/,
      );
      expect(said).toEqual([answer.json.error.message]);
    },
  );

  it('an api-version is required and must be well-formed', async () => {
    const without = await requestThrough(
      azure.emulator,
      registryUrl('shopimages'),
      { headers: { authorization: 'Bearer none' } },
    );
    expect(without.status).toBe(401);
    const odd = await call(
      'admin',
      'GET',
      `${registryUrl('shopimages')}?api-version=latest`,
    );
    expect([odd.status, odd.json.error.code]).toEqual([
      400,
      'InvalidApiVersionParameter',
    ]);
    const encoded = await call(
      'admin',
      'GET',
      `${registryUrl('shopimages')}?api%2Dversion=2031-01-01-preview`,
    );
    expect(encoded.status).toBe(200);
  });

  it('a vault refuses a request without an api-version in its own words', async () => {
    const { credential } = sdkClients(azure.emulator, 'admin');
    const { token } = await credential.getToken(
      'https://vault.azure.net/.default',
    );
    const without = await requestThrough(
      azure.emulator,
      'https://kv-contoso-rbac.vault.azure.net/keys',
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect([without.status, JSON.parse(without.text).error.code]).toEqual([
      400,
      'BadParameter',
    ]);
  });

  it('paths are compared without case', async () => {
    const url = registryUrl('ShopImages', 'RG-SHOP').replace(
      'resourceGroups',
      'RESOURCEGROUPS',
    );
    const answer = await call('admin', 'GET', url);
    expect(answer.json.name).toBe('shopimages');
  });

  it('assumptions are read, changed and restored', async () => {
    const name = 'resourceGraphDelaySeconds';
    const changed = await control('POST', '/assumptions', { [name]: 7 });
    expect(changed.json[name]).toBe(7);
    expect(azure.emulator.assumptions.current[name]).toBe(7);
    expect((await control('GET', '/assumptions')).json).toEqual(changed.json);
    const refused = await control('POST', '/assumptions', { [name]: 'late' });
    expect([refused.status, refused.json.error.message]).toEqual([
      400,
      expect.stringContaining(name),
    ]);
    expect((await control('DELETE', '/assumptions')).json[name]).toBe(0);
  });

  it('events are delivered to an endpoint on this machine', async () => {
    const url = 'https://portal.example.com/';
    const { status, json } = await control('POST', '/events', { url });
    expect([status, json.error.message]).toEqual([
      400,
      expect.stringContaining('this machine only'),
    ]);
  });

  it('registries are listed with their tags, as the demo makes entities of them', async () => {
    const { json } = await control('GET', '/registries');
    expect(json).toContainEqual(
      expect.objectContaining({ id: expect.stringMatching(/\/shopimages$/i) }),
    );
  });

  it('each control request is called by a test of this file', async () => {
    const { status, json } = await control('GET', '/');
    expect(status).toBe(404);
    const [, list] = /^Unknown control request. Available: (.*)\.$/.exec(
      json.error.message,
    )!;
    pulled.delete('GET /');
    expect([...pulled].sort()).toEqual(list.split(', ').sort());
  });
});
