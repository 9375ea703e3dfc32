import net from 'node:net';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  limitFor,
  startAzureWorld,
} from '../__testUtils__/azureWorld';
import type { Retry } from '../AzureError';
import { createAzurePorts } from '../azurePorts';
import { createCredentials } from '../credentials/credentials';
import type { AzurePorts } from '../ports';

// Emulator and test share the machine with whatever else is built on it.
jest.setTimeout(30_000);

let world: AzureWorld;
beforeAll(async () => {
  world = await startAzureWorld();
});
beforeEach(() => world.emulator.reset());
afterAll(() => world.close());

const shop = () =>
  RegistryId.parse(world.emulator.state.registry('shopimages').id);
const SHOP_KEY = KeyIdentifier.parse(
  'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
);
const reads = () => world.requests('GET', '/registries/shopimages');

describe('a read that fails', () => {
  it.each<[why: string, fault: object, tries: number]>([
    ['F7: 429 without a wait', { status: 429 }, 2],
    ['F7: 429 with no seconds to wait', { retryAfter: '0' }, 2],
    ['F7: 429 with garbage', { retryAfter: 'soon' }, 2],
    [
      'F7: 429 with a date that has passed',
      { retryAfter: 'Wed, 25 Nov 2020 10:00:00 GMT' },
      2,
    ],
    ['F8: 503 once', { status: 503 }, 2],
    ['F8: 500 twice', { status: 500, times: 2 }, 3],
    ['F8: reset once', { reset: 'before' }, 2],
    ['F8: a lost answer', { reset: 'after' }, 2],
  ])('%s: is tried again, and works', async (_why, fault, tries) => {
    world.emulator.faults.add({ host: 'management.azure.com', ...fault });
    const { value } = await world.ports.registries.get(shop());
    expect(value.name).toBe('shopimages');
    expect(reads()).toHaveLength(tries);
  });

  it.each<
    [
      why: string,
      fault: object,
      expected: {
        kind: string;
        code?: string;
        retry?: Retry;
      },
      tries: number,
    ]
  >([
    [
      'F7: 429 with a wait beyond the budget',
      { retryAfter: '30' },
      { kind: 'throttled', retry: { kind: 'later', afterSeconds: 30 } },
      1,
    ],
    [
      'F7: 429 with an hour',
      { retryAfter: '3600' },
      { kind: 'throttled', retry: { kind: 'later', afterSeconds: 3600 } },
      1,
    ],
    [
      'F7: 429 with a date years ahead',
      { retryAfter: 'Wed, 25 Nov 2099 10:00:00 GMT' },
      { kind: 'throttled', retry: { kind: 'later', afterSeconds: 86_400 } },
      1,
    ],
    [
      'F7: 429 and no end',
      { status: 429, times: 0 },
      { kind: 'throttled', code: 'TooManyRequests' },
      3,
    ],
    [
      'F8: 503 and no end',
      { status: 503, times: 0 },
      { kind: 'unavailable', code: 'ServiceUnavailable' },
      3,
    ],
    [
      'F8: resets and no end',
      { reset: 'before', times: 0 },
      { kind: 'unavailable', code: 'ECONNRESET' },
      3,
    ],
    [
      'F8: no answer',
      { lostAnswer: true },
      { kind: 'unavailable', code: 'TimedOut' },
      1,
    ],
    [
      'F8: a body that never ends',
      { endlessBody: true },
      { kind: 'unavailable', code: 'TimedOut' },
      1,
    ],
    [
      'F8: an answer that is late',
      { delayMs: 3_000 },
      { kind: 'unavailable', code: 'TimedOut' },
      1,
    ],
    [
      'a refusal',
      { status: 403, code: 'AuthorizationFailed' },
      { kind: 'denied' },
      1,
    ],
  ])('%s: ends as what it is', async (_why, fault, expected, tries) => {
    const { registries } = world.portsWith({
      timeoutSeconds: limitFor(expected),
    });
    world.emulator.faults.add({ host: 'management.azure.com', ...fault });
    expect(await failureOf(registries.get(shop()))).toMatchObject({
      effect: 'refused',
      ...expected,
    });
    expect(reads()).toHaveLength(tries);
  });

  it.each([429, 503])(
    'F7: a short wait that a %i asks for is waited for, by the wall clock',
    async status => {
      world.emulator.faults.add({
        host: 'management.azure.com',
        status,
        retryAfter: '1',
      });
      const startedAt = Date.now();
      await world.ports.registries.get(shop());
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
      expect(reads()).toHaveLength(2);
    },
  );

  it('F8: of a vault is tried again as well', async () => {
    world.emulator.faults.add({ host: SHOP_KEY.vaultHost, status: 503 });
    const { value } = await world.ports.keys.listVersions(SHOP_KEY, 'rotate');
    expect(value).toHaveLength(2);
  });

  it('F8: of role assignments is tried again as well', async () => {
    world.emulator.faults.add({ path: '*/roleAssignments', status: 503 });
    const { value } = await world.ports.access.assignmentsFor(
      world.emulator.state.principalId('id-shopimages'),
      `${shop().toString().split('/providers/')[0]}`,
    );
    expect(value).toEqual([]);
    expect(world.requests('GET', '/roleAssignments')).toHaveLength(2);
  });

  it('F8: and a call right after it work side by side', async () => {
    world.emulator.faults.add({ path: '*/shopimages', status: 503, times: 0 });
    const other = RegistryId.parse(
      world.emulator.state.registry('ordersimages').id,
    );
    const [failed, worked] = await Promise.all([
      failureOf(world.ports.registries.get(shop())),
      world.ports.registries.get(other),
    ]);
    expect(failed.message).toContain('shopimages');
    expect(worked.value.name).toBe('ordersimages');
  });
});

describe('a network that cannot reach Azure', () => {
  /** Lends out ports whose proxy is this server. Clients look for the proxy when they are made, at the first call. */
  async function behind(
    server: net.Server,
    use: (ports: AzurePorts) => Promise<void>,
  ) {
    const sockets = new Set<net.Socket>();
    server.on('connection', socket => sockets.add(socket));
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as net.AddressInfo;
    const before = process.env.HTTPS_PROXY;
    process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
    try {
      await use(
        world.portsWith({
          credentials: {
            read: {
              getToken: async () => ({
                token: 'x',
                expiresOnTimestamp: Date.now() + 3_600_000,
              }),
            },
          },
          timeoutSeconds: 1.5,
        }),
      );
    } finally {
      process.env.HTTPS_PROXY = before;
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => {
        server.close(resolve);
      });
    }
  }

  it('F8: a proxy that is silent is given up in time', async () => {
    await behind(net.createServer(), async ports => {
      expect(await failureOf(ports.registries.get(shop()))).toMatchObject({
        kind: 'unavailable',
        code: 'TimedOut',
      });
    });
  });

  it('F8: a tunnel that is open and silent is given up in time, and closed', async () => {
    let onClose: (value: unknown) => void;
    const closed = new Promise(resolve => {
      onClose = resolve;
    });
    const silent = net.createServer(socket => {
      socket.on('error', () => undefined);
      socket.on('close', onClose);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.resume();
      });
    });
    await behind(silent, async ports => {
      expect(await failureOf(ports.registries.get(shop()))).toMatchObject({
        kind: 'unavailable',
        code: 'TimedOut',
      });
      await closed;
    });
  });

  it('F8: a proxy that refuses is not taken for Azure', async () => {
    const refusing = net.createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
      );
    });
    await behind(refusing, async ports => {
      const error = await failureOf(ports.registries.get(shop()));
      expect(error).toMatchObject({ kind: 'unavailable' });
      expect(error.message).toContain('proxy');
    });
  });

  it('F8: a proxy that hangs up is a broken connection', async () => {
    const hangingUp = net.createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    await behind(hangingUp, async ports => {
      expect(await failureOf(ports.registries.get(shop()))).toMatchObject({
        kind: 'unavailable',
        effect: 'refused',
      });
    });
  });
});

describe('credentials', () => {
  it('that are not configured are named by their config key, and nothing is asked', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ read: world.principal('reader') }),
    });
    expect([
      ports.has('read'),
      ports.has('rotate'),
      ports.has('revoke'),
    ]).toEqual([true, false, false]);
    const error = await failureOf(ports.keys.rotate(SHOP_KEY, 'rotate'));
    expect(error).toMatchObject({
      kind: 'unconfigured',
      code: 'CredentialMissing',
      effect: 'refused',
      message:
        'No credential for rotating keys is configured: set acrCmk.azure.credentials.rotate.',
    });
    expect(world.emulator.requests()).toEqual([]);
  });

  it('with a wrong secret name their config key and Entra’s code, and not the secret', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({
        read: { ...world.principal('reader'), clientSecret: 'wrong-Secret~1' },
      }),
    });
    const error = await failureOf(ports.registries.get(shop()));
    expect(error).toMatchObject({
      kind: 'denied',
      code: expect.stringMatching(/^AADSTS\d+$/),
      effect: 'refused',
    });
    expect(error.message).toContain('acrCmk.azure.credentials.read');
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain(
      'wrong-Secret',
    );
    expect(reads()).toEqual([]);
  });

  it('F8: Entra that fails once is asked again', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ read: world.principal('reader') }),
    });
    world.emulator.faults.add({
      host: 'login.microsoftonline.com',
      status: 503,
    });
    expect((await ports.registries.get(shop())).value.name).toBe('shopimages');
  });

  it.each<[why: string, fault: object]>([
    ['F8: loses an answer', { lostAnswer: true }],
    ['F8: never ends an answer', { endlessBody: true }],
  ])(
    '%s: Entra is asked anew, and the next call works',
    async (_why, fault) => {
      const ports = world.portsWith({
        credentials: createCredentials({ read: world.principal('reader') }),
      });
      world.emulator.faults.add({
        host: 'login.microsoftonline.com',
        ...fault,
      });
      // Ends by the limit of the request for the token, before that of the call.
      const first = await ports.registries
        .get(shop())
        .catch(error => error.code);
      expect(first).not.toBe('TimedOut');
      expect((await ports.registries.get(shop())).value.name).toBe(
        'shopimages',
      );
    },
  );

  it.each<[why: string, fault: object]>([
    ['F8: answers 503', { status: 503 }],
    ['F8: resets', { reset: 'before' }],
    ['F7: throttles for an hour', { retryAfter: '3600' }],
  ])(
    '%s: Entra for good, and no write was sent, for certain',
    async (_why, fault) => {
      const ports = world.portsWith({
        credentials: createCredentials({ rotate: world.principal('rotator') }),
      });
      world.emulator.faults.add({
        host: 'login.microsoftonline.com',
        times: 0,
        ...fault,
      });
      const error = await failureOf(ports.keys.rotate(SHOP_KEY, 'rotate'));
      expect(error).toMatchObject({
        effect: 'refused',
        retry: { kind: 'later' },
      });
      expect(['unavailable', 'throttled']).toContain(error.kind);
      // Reported at once: nobody waits for an hour until our own limit ends it.
      expect(error.code).not.toBe('TimedOut');
      expect(world.requests('POST', '/rotate')).toEqual([]);
    },
  );

  describe('that Azure does not accept any more', () => {
    const tokens = () =>
      world.emulator.requests().filter(({ path }) => path.endsWith('/token'))
        .length;

    it('F38: are fetched anew, once, and the read is repeated', async () => {
      const ports = world.portsWith({
        credentials: createCredentials({ read: world.principal('reader') }),
      });
      await ports.registries.get(shop());
      const before = tokens();
      world.emulator.faults.add({
        method: 'GET',
        path: '*/registries/*',
        principal: 'reader',
        status: 401,
        code: 'ExpiredAuthenticationToken',
      });
      await ports.registries.get(shop());
      expect(tokens()).toBe(before + 1);
    });

    it('F38: are fetched anew for a write too, which is then made once', async () => {
      const ports = world.portsWith({
        credentials: createCredentials({ rotate: world.principal('rotator') }),
      });
      await ports.keys.listVersions(SHOP_KEY, 'rotate');
      const before = world.emulator.state.key('kv-contoso-rbac', 'shopimages');
      const count = before.versions.length;
      world.emulator.faults.add({
        method: 'POST',
        path: '/keys/shopimages/rotate',
        principal: 'rotator',
        status: 401,
        code: 'Unauthorized',
      });
      await ports.keys.rotate(SHOP_KEY, 'rotate');
      const after = world.emulator.state.key('kv-contoso-rbac', 'shopimages');
      expect(after.versions).toHaveLength(count + 1);
    });

    it('F38: are not fetched for ever: a second refusal is the answer', async () => {
      const ports = world.portsWith({
        credentials: createCredentials({ read: world.principal('reader') }),
      });
      world.emulator.faults.add({
        path: '*/registries/*',
        principal: 'reader',
        times: 0,
        status: 401,
      });
      const before = tokens();
      const error = await failureOf(ports.registries.get(shop()));
      world.emulator.faults.clear();
      expect(error).toMatchObject({ kind: 'denied', effect: 'refused' });
      expect(tokens()).toBeLessThanOrEqual(before + 2);
    });
  });

  it('F26: are asked for a new token when the old one has run out', async () => {
    const tokens: string[] = [];
    const { read } = createCredentials({ read: world.principal('reader') });
    const ports = createAzurePorts({
      credentials: {
        read: {
          async getToken(scopes, options) {
            const token = await read!.getToken(scopes, options);
            tokens.push(token!.token);
            return { ...token!, expiresOnTimestamp: Date.now() - 1 };
          },
        },
      },
    });
    await ports.registries.get(shop());
    await ports.registries.get(shop());
    expect(tokens).toHaveLength(2);
  });
});

describe('a managed identity', () => {
  it('that does not exist is reported as missing', async () => {
    const ports = world.portsWith({
      credentials: {
        read: {
          getToken: async () => {
            throw Object.assign(new Error('no IMDS'), {
              name: 'CredentialUnavailableError',
            });
          },
        },
      },
    });
    const error = await failureOf(ports.registries.get(shop()));
    expect(error).toMatchObject({ kind: 'unconfigured' });
    expect(error.message).toContain('acrCmk.azure.credentials.read');
  });
});
