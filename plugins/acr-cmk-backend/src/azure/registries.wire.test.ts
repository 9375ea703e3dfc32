import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  limitFor,
  startAzureWorld,
} from './__testUtils__/azureWorld';
import { until } from '../__testUtils__/until';
import type { Retry } from './AzureError';
import { createCredentials } from './clients';
import type { RegistriesPort } from './ports';

// Emulator and test share the machine with whatever else is built on it.
jest.setTimeout(30_000);

let world: AzureWorld;
let registries: RegistriesPort;
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  world = await startAzureWorld();
  registries = world.ports.registries;
});
beforeEach(() => world.emulator.reset());
afterAll(async () => {
  await world.close();
  process.off('unhandledRejection', note);
});

const idOf = (name: string) =>
  RegistryId.parse(world.emulator.state.registry(name).id);

/** The registry `ordersimages` is manual: it is to stay on the older version of its own key. */
function desiredFor(name: string) {
  const { keyIdentifier, identity } = world.emulator.state.registry(name);
  const key = KeyIdentifier.parse(keyIdentifier);
  const { versions } = world.emulator.state.key(key.vaultName, key.keyName);
  return {
    keyIdentifier: key.at(versions[0].version).toString(),
    identity: identity!,
  };
}

/** Fails with the last requests that were seen. */
const expectEventually = (check: () => boolean) =>
  until(
    'Azure has seen it',
    () => world.emulator.requests().slice(-5),
    () => check(),
  );

describe('reading registries', () => {
  it('F17: says when Azure answered by Azure’s own clock', async () => {
    world.emulator.clock.freeze(Date.parse('2031-02-03T04:05:06.700Z'));
    const answer = await registries.get(idOf('shopimages'));
    expect(answer.azureAt).toBe(Date.parse('2031-02-03T04:05:06Z'));
    expect(answer.correlationId).toBe(
      world.emulator.requests().at(-1)?.correlationId,
    );
  });

  it('gives what the registry stores and which version it uses', async () => {
    const state = world.emulator.state.registry('shopimages');
    const { value } = await registries.get(idOf('shopimages'));
    expect(value).toMatchObject({
      id: idOf('shopimages').toString(),
      name: 'shopimages',
      loginServer: 'shopimages.azurecr.io',
      sku: 'Premium',
      provisioningState: 'Succeeded',
      tags: state.tags,
      encryption: {
        status: 'enabled',
        keyIdentifier: state.keyIdentifier,
        versionedKeyIdentifier: state.versionedKeyIdentifier,
        identity: state.identity,
        keyRotationEnabled: true,
      },
    });
    expect(value.userAssignedIdentities).toEqual([
      {
        resourceId: expect.stringMatching(
          /^\/subscriptions\/[^/]+\/resourceGroups\/rg-shop\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/id-shopimages$/,
        ),
        clientId: state.identity,
        principalId: world.emulator.state.principalId('id-shopimages'),
      },
    ]);
  });

  it('takes an id in any case', async () => {
    const loud = RegistryId.parse(idOf('shopimages').toString().toUpperCase());
    expect((await registries.get(loud)).value.name).toBe('shopimages');
  });

  it('finds one with the system identity, and one without a key', async () => {
    const system = await registries.get(idOf('billingimages'));
    expect(system.value.systemPrincipalId).toMatch(/^[0-9a-f-]{36}$/);
    const plain = await registries.get(idOf('plainimages'));
    expect(plain.value.encryption).toEqual({ status: 'disabled' });
  });

  it('lists every registry of the subscription', async () => {
    const { value } = await registries.listBySubscription(world.subscriptionId);
    expect(value.map(each => each.name).sort()).toEqual(
      world.emulator.state.registries(),
    );
  });

  it('that is not there is not found', async () => {
    const id = RegistryId.parse(
      idOf('shopimages').toString().replace('shopimages', 'nosuchimages'),
    );
    expect(await failureOf(registries.get(id))).toMatchObject({
      kind: 'not-found',
      code: 'ResourceNotFound',
    });
  });

  it('with an id of a subscription that is none asks nothing of Azure', async () => {
    expect(
      await failureOf(registries.listBySubscription('../x')),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.emulator.requests()).toEqual([]);
  });
});

it('F28: 1,050 registries more come whole, page by page, each once', async () => {
  const group = idOf('shopimages')
    .toString()
    .replace(/\/shopimages$/, '');
  for (let number = 0; number < 1050; number++) {
    await world.emulator.outOfBand(
      'PUT',
      `https://management.azure.com${group}/bulk${number}x`,
      { location: 'westeurope', sku: { name: 'Basic' } },
    );
  }
  const { value } = await registries.listBySubscription(world.subscriptionId);
  expect(value.map(each => each.name).sort()).toEqual(
    world.emulator.state.registries(),
  );
  expect(value.length).toBeGreaterThan(1050);
  expect(world.requests('GET', '/registries').length).toBeGreaterThan(5);
});

describe('changing the encryption', () => {
  it('is one PATCH, answered before the operation behind it ends, and never polled', async () => {
    const before = world.emulator.state.registry('ordersimages');
    const receipt = await registries.updateEncryption(
      idOf('ordersimages'),
      desiredFor('ordersimages'),
      'rotate',
    );
    expect(receipt.operationUrl).toMatch(
      /^https:\/\/management\.azure\.com\/.*\/operationStatuses\//,
    );
    expect(receipt.correlationId).toBe(
      world.requests('PATCH', '/ordersimages')[0].correlationId,
    );
    world.emulator.clock.advance(60_000);
    await registries.get(idOf('ordersimages'));
    const armRequests = world.emulator
      .requests()
      .filter(each => each.host === 'management.azure.com')
      .map(each => each.method);
    expect(armRequests).toEqual(['PATCH', 'GET']);
    expect(world.emulator.state.registry('ordersimages').versionInUse).not.toBe(
      before.versionInUse,
    );
  });

  it('leaves every other field and registry as it was', async () => {
    const bystander = world.emulator.state.registry('shopimages');
    const { tags } = world.emulator.state.registry('ordersimages');
    await registries.updateEncryption(
      idOf('ordersimages'),
      desiredFor('ordersimages'),
      'rotate',
    );
    world.emulator.clock.advance(60_000);
    expect(world.emulator.state.registry('ordersimages').tags).toEqual(tags);
    expect(world.emulator.state.registry('shopimages')).toEqual(bystander);
  });

  it('F18: without the right names the action, the scope and the role', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ rotate: world.principal('reader') }),
    });
    const id = idOf('ordersimages');
    const error = await failureOf(
      ports.registries.updateEncryption(
        id,
        desiredFor('ordersimages'),
        'rotate',
      ),
    );
    expect(error).toMatchObject({
      kind: 'denied',
      code: 'AuthorizationFailed',
      effect: 'refused',
    });
    expect(error.message).toContain(
      'Microsoft.ContainerRegistry/registries/write',
    );
    expect(error.message.toLowerCase()).toContain(id.key);
    expect(error.message).toContain('Contributor');
  });

  it('by a read-only lock is refused as a lock, not as a missing right', async () => {
    await world.emulator.outOfBand(
      'PUT',
      `https://management.azure.com${idOf(
        'ordersimages',
      )}/providers/Microsoft.Authorization/locks/freeze`,
      { properties: { level: 'ReadOnly' } },
    );
    expect(
      await failureOf(
        registries.updateEncryption(
          idOf('ordersimages'),
          desiredFor('ordersimages'),
          'rotate',
        ),
      ),
    ).toMatchObject({ kind: 'refused', code: 'ScopeLocked' });
  });

  it('F18: to attach an identity needs a right on the identity, and says so', async () => {
    await world.forbid(
      'rotator',
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    );
    const error = await failureOf(
      registries.updateEncryption(
        idOf('ordersimages'),
        {
          ...desiredFor('ordersimages'),
          identityChange: {
            attach: await identityOf('shopimages'),
            current: { system: false, userAssigned: true },
          },
        },
        'rotate',
      ),
    );
    expect(error).toMatchObject({
      kind: 'denied',
      code: 'LinkedAuthorizationFailed',
    });
    expect(error.message).toContain(
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    );
    expect(error.message).toContain('Managed Identity Operator');
  });

  it('may attach an identity, and detaches none', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({
        read: world.principal('reader'),
        rotate: world.principal('admin'),
      }),
    });
    const before = await registries.get(idOf('billingimages'));
    const { keyIdentifier } = world.emulator.state.registry('billingimages');
    const attach = await identityOf('shopimages');
    await ports.registries.updateEncryption(
      idOf('billingimages'),
      {
        keyIdentifier: keyIdentifier!,
        identity: 'system',
        identityChange: {
          attach,
          current: { system: true, userAssigned: false },
        },
      },
      'rotate',
    );
    world.emulator.clock.advance(60_000);
    const { value } = await registries.get(idOf('billingimages'));
    expect(value.systemPrincipalId).toBe(before.value.systemPrincipalId);
    expect(value.userAssignedIdentities.map(each => each.resourceId)).toEqual([
      attach,
    ]);
  });

  async function identityOf(registry: string): Promise<string> {
    const { value } = await registries.get(idOf(registry));
    world.emulator.clearRequests();
    return value.userAssignedIdentities[0].resourceId;
  }

  describe('that fails sends one PATCH, whatever happens', () => {
    it.each<
      [
        why: string,
        fault: object,
        expected: {
          kind: string;
          code?: string;
          effect: string;
          retry?: Retry;
        },
        mayHaveWorked: boolean,
      ]
    >([
      [
        'F5: reset before anything was done',
        { reset: 'before' },
        { kind: 'unavailable', code: 'ECONNRESET', effect: 'unknown' },
        false,
      ],
      [
        'F5: reset after it was done',
        { reset: 'after' },
        { kind: 'unavailable', code: 'ECONNRESET', effect: 'unknown' },
        true,
      ],
      [
        'F5: done, and the answer lost',
        { lostAnswer: true },
        { kind: 'unavailable', code: 'TimedOut', effect: 'unknown' },
        true,
      ],
      [
        'F8: done, and an answer that never ends',
        { endlessBody: true },
        { kind: 'unavailable', code: 'TimedOut', effect: 'unknown' },
        true,
      ],
      [
        'F5: 503',
        { status: 503 },
        {
          kind: 'unavailable',
          code: 'ServiceUnavailable',
          effect: 'unknown',
        },
        false,
      ],
      [
        'F7: 429 with a wait that a read would wait for',
        { retryAfter: '0' },
        {
          kind: 'throttled',
          code: 'TooManyRequests',
          effect: 'refused',
          retry: { kind: 'later', afterSeconds: 0 },
        },
        false,
      ],
      [
        'F7: 429 with an hour',
        { retryAfter: '3600' },
        {
          kind: 'throttled',
          effect: 'refused',
          retry: { kind: 'later', afterSeconds: 3600 },
        },
        false,
      ],
    ])('%s', async (_why, fault, expected, mayHaveWorked) => {
      const hasty = world.portsWith({
        timeoutSeconds: limitFor(expected),
      }).registries;
      const before = world.emulator.state.registry('ordersimages');
      world.emulator.faults.add({ method: 'PATCH', ...fault });
      expect(
        await failureOf(
          hasty.updateEncryption(
            idOf('ordersimages'),
            desiredFor('ordersimages'),
            'rotate',
          ),
        ),
      ).toMatchObject(expected);
      world.emulator.clock.advance(60_000);
      expect(world.requests('PATCH', '/ordersimages')).toHaveLength(1);
      expect(
        world.emulator.state.registry('ordersimages').versionInUse !==
          before.versionInUse,
      ).toBe(mayHaveWorked);
    });

    it('F8: no token, no PATCH: refused for certain, though time ran out', async () => {
      const slow = world.portsWith({
        credentials: createCredentials({ rotate: world.principal('rotator') }),
        timeoutSeconds: 0.3,
      }).registries;
      world.emulator.faults.add({
        host: 'login.microsoftonline.com',
        delayMs: 600,
      });
      expect(
        await failureOf(
          slow.updateEncryption(
            idOf('ordersimages'),
            desiredFor('ordersimages'),
            'rotate',
          ),
        ),
      ).toMatchObject({
        kind: 'unavailable',
        code: 'TimedOut',
        effect: 'refused',
      });
      // The token comes late: the PATCH must not follow it.
      await expectEventually(() =>
        world.emulator
          .requests()
          .some(
            each =>
              each.host === 'login.microsoftonline.com' && each.status === 200,
          ),
      );
      expect(world.requests('PATCH', '/ordersimages')).toEqual([]);
    });
  });
});

describe('how an operation stands', () => {
  const start = () =>
    registries.updateEncryption(
      idOf('ordersimages'),
      desiredFor('ordersimages'),
      'rotate',
    );
  const statusOf = (operationUrl: string) =>
    registries.operationStatus(idOf('ordersimages'), operationUrl, 'rotate');

  it('is read once for each call: running, then succeeded', async () => {
    const { operationUrl } = await start();
    expect(await statusOf(operationUrl!)).toEqual({
      status: 'running',
      retryAfterSeconds: 1,
    });
    world.emulator.clock.advance(60_000);
    expect(await statusOf(operationUrl!)).toEqual({ status: 'succeeded' });
    expect(
      world.emulator
        .requests()
        .filter(each => each.path.includes('/operationStatuses/')),
    ).toHaveLength(2);
  });

  it.each<['fail' | 'cancel' | 'hang', object]>([
    [
      'fail',
      {
        status: 'failed',
        code: expect.stringMatching(/./),
        message: expect.stringMatching(/./),
      },
    ],
    ['cancel', expect.objectContaining({ status: 'failed' })],
    ['hang', expect.objectContaining({ status: 'running' })],
  ])(
    'F9: an operation that ends in “%s” is reported as it is',
    async (operation, expected) => {
      world.emulator.faults.add({ method: 'PATCH', operation });
      const { operationUrl } = await start();
      world.emulator.clock.advance(60_000);
      expect(await statusOf(operationUrl!)).toEqual(expected);
    },
  );

  it('F4: an operation that Azure no longer knows is not found', async () => {
    const { operationUrl } = await start();
    const other = operationUrl!.replace(
      /registries-[0-9a-f-]+/,
      'registries-00000000-0000-4000-8000-000000000000',
    );
    expect(await failureOf(statusOf(other))).toMatchObject({
      kind: 'not-found',
    });
  });

  it('F18: needs a right of its own, which is named', async () => {
    const { operationUrl } = await start();
    const ports = world.portsWith({
      credentials: createCredentials({ rotate: world.principal('revoker') }),
    });
    const error = await failureOf(
      ports.registries.operationStatus(
        idOf('ordersimages'),
        operationUrl!,
        'rotate',
      ),
    );
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain('registries/operationStatuses/read');
  });

  it('of another registry is refused before a request leaves', async () => {
    const { operationUrl } = await start();
    world.emulator.clearRequests();
    expect(
      await failureOf(
        registries.operationStatus(idOf('shopimages'), operationUrl!, 'rotate'),
      ),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.emulator.requests()).toEqual([]);
  });
});

describe('trying a pull', () => {
  it('distinguishes a registry that serves pulls from one that cannot access its key', async () => {
    expect(
      (await registries.probePull('ShopImages.azurecr.io')).status,
    ).toBeLessThan(403);
    expect(await registries.probePull('revokedimages.azurecr.io')).toEqual({
      status: 403,
    });
  });

  it('sends no token', async () => {
    await registries.probePull('shopimages.azurecr.io');
    expect(world.emulator.requests()).toEqual([
      expect.objectContaining({
        host: 'shopimages.azurecr.io',
        path: '/v2',
        principal: undefined,
      }),
    ]);
  });

  it.each<[why: string, fault: object, outcome: { code: string }]>([
    ['F8: slow', { delayMs: 4_000 }, { code: 'TimedOut' }],
    ['F8: reset', { reset: 'before' }, { code: 'ECONNRESET' }],
  ])('%s: ends soon, and is unavailable', async (_why, fault, outcome) => {
    const hasty = world.portsWith({
      probeTimeoutSeconds: limitFor(outcome),
    }).registries;
    world.emulator.faults.add({ host: '*.azurecr.io', ...fault });
    expect(
      await failureOf(hasty.probePull('shopimages.azurecr.io')),
    ).toMatchObject({ kind: 'unavailable', ...outcome });
    expect(world.emulator.requests()).toHaveLength(1);
  });

  it('F8: does not wait for a body that never ends', async () => {
    world.emulator.faults.add({ host: '*.azurecr.io', endlessBody: true });
    expect(await registries.probePull('shopimages.azurecr.io')).toEqual({
      status: 401,
    });
  });

  it.each([
    'evil.example',
    'evil.example/.azurecr.io',
    'evil.example#.azurecr.io',
    'evil.example?.azurecr.io',
    'me@evil.azurecr.io',
    'azurecr.io',
    'shop.images.azurecr.io',
    'shopimages.azurecr.io.evil.example',
    'shopimages.azurecr.io:8443',
    'shopimages.azurecr.io/v2/../..',
    'shop\n.azurecr.io',
    '',
  ])('asks nothing of %j', async loginServer => {
    expect(await failureOf(registries.probePull(loginServer))).toMatchObject({
      kind: 'refused',
      code: 'InvalidInput',
    });
    expect(world.emulator.requests()).toEqual([]);
  });
});

it('nothing above has left a poller or a late failure behind', async () => {
  await new Promise(resolve => {
    setImmediate(resolve);
  });
  expect(unhandled).toEqual([]);
});
