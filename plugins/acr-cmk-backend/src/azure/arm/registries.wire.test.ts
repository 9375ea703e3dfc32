import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { until } from '../../__testUtils__/until';
import { failureOf, limitFor } from '../__testUtils__/azureWorld';
import {
  type Encrypted,
  itEmulatorOnly,
  startWireWorld,
  WIRE_TIMEOUT_MS,
  type WireWorld,
} from '../__testUtils__/wireWorld';
import type { Retry } from '../AzureError';
import { createCredentials } from '../credentials/credentials';
import type { EncryptionChange, RegistriesPort } from '../ports';

jest.setTimeout(WIRE_TIMEOUT_MS);

let world: WireWorld;
let registries: RegistriesPort;
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  world = await startWireWorld('registries', { registries: true });
  registries = world.ports.registries;
});
beforeEach(() => world.reset());
afterAll(async () => {
  await world.close();
  process.off('unhandledRejection', note);
});

const emulator = () => world.emulated.emulator;
const idOf = (name: string) =>
  RegistryId.parse(emulator().state.registry(name).id);

/** Pins a registry of the emulated Azure to the older version of its key. */
function desiredFor(name: string): EncryptionChange {
  const { keyIdentifier, identity } = emulator().state.registry(name);
  const key = KeyIdentifier.parse(keyIdentifier);
  const { versions } = emulator().state.key(key.vaultName, key.keyName);
  return {
    keyIdentifier: String(key.at(versions[0].version)),
    identity: identity!,
  };
}

const usedBy = async ({ registry }: Encrypted) =>
  (await registries.get(registry)).value.encryption!;

/** Pins a registry to the version of its key that it does not use. */
async function otherVersion(of: Encrypted): Promise<EncryptionChange> {
  const { value: versions } = await world.ports.keys.listVersions(
    of.key,
    'rotate',
  );
  const { versionedKeyIdentifier, identity } = await usedBy(of);
  const other = versions.find(
    ({ version }) => !versionedKeyIdentifier!.endsWith(version),
  )!;
  world.clearRequests();
  return {
    keyIdentifier: String(of.key.at(other.version)),
    identity: identity!,
  };
}

/** Fails with the last requests that were seen. */
const expectEventually = (check: () => boolean) =>
  until(
    'Azure has seen it',
    () => world.sent().slice(-5),
    () => check(),
  );

describe('reading registries', () => {
  itEmulatorOnly.clock(
    'F17: says when Azure answered by Azure’s own clock',
    async () => {
      emulator().clock.freeze(Date.parse('2031-02-03T04:05:06.700Z'));
      const answer = await registries.get(idOf('shopimages'));
      expect(answer.azureAt).toBe(Date.parse('2031-02-03T04:05:06Z'));
      expect(answer.correlationId).toBe(
        emulator().requests().at(-1)?.correlationId,
      );
    },
  );

  it('gives what the registry stores and which version it uses', async () => {
    const { registry, key, identityId, principalId } = world.shop;
    const { value } = await registries.get(registry);
    const versions = await world.ports.keys.listVersions(key, 'rotate');
    expect(value).toMatchObject({
      id: expect.stringMatching(new RegExp(`^${registry}$`, 'i')),
      name: registry.name,
      loginServer: `${registry.name}.azurecr.io`,
      sku: 'Premium',
      provisioningState: 'Succeeded',
      encryption: {
        status: 'enabled',
        keyIdentifier: String(key),
        versionedKeyIdentifier: String(key.at(versions.value[0].version)),
        identity: value.userAssignedIdentities[0].clientId,
        keyRotationEnabled: true,
      },
    });
    expect(value.userAssignedIdentities).toEqual([
      {
        resourceId: expect.stringMatching(new RegExp(`^${identityId}$`, 'i')),
        clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        principalId,
      },
    ]);
  });

  it('takes an id in any case', async () => {
    const { registry } = world.shop;
    const loud = RegistryId.parse(String(registry).toUpperCase());
    expect((await registries.get(loud)).value.name).toBe(registry.name);
  });

  itEmulatorOnly.world(
    'finds one with the system identity, one without a key, and the tags',
    async () => {
      const system = await registries.get(idOf('billingimages'));
      expect(system.value.systemPrincipalId).toMatch(/^[0-9a-f-]{36}$/);
      const plain = await registries.get(idOf('plainimages'));
      expect(plain.value.encryption).toEqual({ status: 'disabled' });
      const shop = await registries.get(idOf('shopimages'));
      expect(shop.value.tags).toEqual(
        emulator().state.registry('shopimages').tags,
      );
    },
  );

  it('lists every registry of the subscription, once', async () => {
    const { value } = await registries.listBySubscription(world.subscriptionId);
    const names = value.map(each => each.name);
    expect(names).toEqual(
      expect.arrayContaining([
        world.shop.registry.name,
        world.orders.registry.name,
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  itEmulatorOnly.size(
    'gives the regions of a registry: its own, and one for each replication',
    async () => {
      const { id, location } = (await registries.get(world.shop.registry))
        .value;
      const regions = async () =>
        (await registries.regions({ id, location })).value;
      expect(await regions()).toEqual([location]);
      for (const region of ['northeurope', 'East US']) {
        const { status } = await emulator().outOfBand(
          'PUT',
          `https://management.azure.com${id}/replications/any?api-version=2025-11-01`,
          { location: region },
        );
        expect(status).toBe(200);
      }
      expect(await regions()).toEqual([location, 'northeurope', 'eastus']);
    },
  );

  itEmulatorOnly.faults(
    'names the right that a list of replications needs',
    async () => {
      const { value } = await registries.get(world.shop.registry);
      emulator().faults.add({
        path: '*/replications',
        status: 403,
        code: 'AuthorizationFailed',
      });
      expect(await failureOf(registries.regions(value))).toMatchObject({
        kind: 'denied',
        message: expect.stringContaining(
          'Microsoft.ContainerRegistry/registries/replications/read',
        ),
      });
    },
  );

  it('finds a name that is taken not free', async () => {
    const { value } = await registries.checkName(
      world.subscriptionId,
      world.shop.registry.name,
      'read',
    );
    expect(value.free).toBe(false);
  });

  it('that is not there is not found', async () => {
    const { registry } = world.shop;
    const id = RegistryId.parse(
      String(registry).replace(registry.name, 'nosuchimages'),
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
    expect(world.sent()).toEqual([]);
  });
});

itEmulatorOnly.size(
  'F28: 1,050 registries more come whole, page by page, each once',
  async () => {
    const group = idOf('shopimages')
      .toString()
      .replace(/\/shopimages$/, '');
    for (let number = 0; number < 1050; number++) {
      await emulator().outOfBand(
        'PUT',
        `https://management.azure.com${group}/bulk${number}x`,
        { location: 'westeurope', sku: { name: 'Basic' } },
      );
    }
    const { value } = await registries.listBySubscription(world.subscriptionId);
    expect(value.map(each => each.name).sort()).toEqual(
      emulator().state.registries(),
    );
    expect(value.length).toBeGreaterThan(1050);
    expect(world.requests('GET', '/registries').length).toBeGreaterThan(5);
  },
);

describe('changing the encryption', () => {
  it('is one PATCH, answered before the operation behind it ends, and never polled', async () => {
    const { registry } = world.orders;
    const before = await usedBy(world.orders);
    const change = await otherVersion(world.orders);
    const receipt = await registries.updateEncryption(
      registry,
      change,
      'rotate',
    );
    expect(receipt.operationUrl).toMatch(
      /^https:\/\/management\.azure\.com\/.*\/operationStatuses\//i,
    );
    expect(world.sent().map(({ method }) => method)).not.toContain('GET');
    expect(world.requests('PATCH', `/${registry.name}`)).toHaveLength(1);
    await world.eventually(async () =>
      expect(await usedBy(world.orders)).toEqual({
        ...before,
        keyIdentifier: change.keyIdentifier,
        versionedKeyIdentifier: change.keyIdentifier,
        lastKeyRotation: expect.any(String),
      }),
    );
  });

  itEmulatorOnly.world('has the correlation id of its PATCH', async () => {
    const receipt = await registries.updateEncryption(
      idOf('ordersimages'),
      desiredFor('ordersimages'),
      'rotate',
    );
    expect(receipt.correlationId).toBe(emulator().requests()[0].correlationId);
  });

  itEmulatorOnly.world(
    'leaves every other field and registry as it was',
    async () => {
      const bystander = emulator().state.registry('shopimages');
      const { tags } = emulator().state.registry('ordersimages');
      await registries.updateEncryption(
        idOf('ordersimages'),
        desiredFor('ordersimages'),
        'rotate',
      );
      emulator().clock.advance(60_000);
      expect(emulator().state.registry('ordersimages').tags).toEqual(tags);
      expect(emulator().state.registry('shopimages')).toEqual(bystander);
    },
  );

  itEmulatorOnly.rights(
    'F18: without the right names the action, the scope and the role',
    async () => {
      const ports = world.portsWith({
        credentials: createCredentials({
          rotate: world.emulated.principal('reader'),
        }),
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
      expect(error.message).toContain(
        'Container Registry Contributor and Data Access Configuration Administrator',
      );
      // container-registry-rbac-built-in-roles-directory-reference.md: "to manage a registry's user-assigned managed
      // identity, the separate Managed Identity Operator role is required".
      const attaching = await failureOf(
        ports.registries.updateEncryption(
          id,
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
      expect(attaching.message).toContain(
        'with Managed Identity Operator at the identity',
      );
    },
  );

  itEmulatorOnly.lock(
    'by a read-only lock is refused as a lock, not as a missing right',
    async () => {
      await emulator().outOfBand(
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
    },
  );

  itEmulatorOnly.rights(
    'F18: to attach an identity needs a right on the identity, and says so',
    async () => {
      await world.emulated.forbid(
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
    },
  );

  itEmulatorOnly.world(
    'may attach an identity, and detaches none',
    async () => {
      const ports = world.portsWith({
        credentials: createCredentials({
          read: world.emulated.principal('reader'),
          rotate: world.emulated.principal('admin'),
        }),
      });
      const before = await registries.get(idOf('billingimages'));
      const { keyIdentifier } = emulator().state.registry('billingimages');
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
      emulator().clock.advance(60_000);
      const { value } = await registries.get(idOf('billingimages'));
      expect(value.systemPrincipalId).toBe(before.value.systemPrincipalId);
      expect(value.userAssignedIdentities.map(each => each.resourceId)).toEqual(
        [attach],
      );
    },
  );

  async function identityOf(registry: string): Promise<string> {
    const { value } = await registries.get(idOf(registry));
    emulator().clearRequests();
    return value.userAssignedIdentities[0].resourceId;
  }

  describe('that fails sends one PATCH, whatever happens', () => {
    itEmulatorOnly.faults.each<
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
      const before = emulator().state.registry('ordersimages');
      emulator().faults.add({ method: 'PATCH', ...fault });
      expect(
        await failureOf(
          hasty.updateEncryption(
            idOf('ordersimages'),
            desiredFor('ordersimages'),
            'rotate',
          ),
        ),
      ).toMatchObject(expected);
      emulator().clock.advance(60_000);
      expect(world.requests('PATCH', '/ordersimages')).toHaveLength(1);
      expect(
        emulator().state.registry('ordersimages').versionInUse !==
          before.versionInUse,
      ).toBe(mayHaveWorked);
    });

    itEmulatorOnly.faults(
      'F8: no token, no PATCH: refused for certain, though time ran out',
      async () => {
        const slow = world.portsWith({
          credentials: createCredentials({
            rotate: world.emulated.principal('rotator'),
          }),
          timeoutSeconds: 0.3,
        }).registries;
        emulator().faults.add({
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
          emulator()
            .requests()
            .some(
              each =>
                each.host === 'login.microsoftonline.com' &&
                each.status === 200,
            ),
        );
        expect(world.requests('PATCH', '/ordersimages')).toEqual([]);
      },
    );
  });
});

describe('how an operation stands', () => {
  const start = async () =>
    registries.updateEncryption(
      world.orders.registry,
      await otherVersion(world.orders),
      'rotate',
    );
  const statusOf = (operationUrl: string) =>
    registries.operationStatus(world.orders.registry, operationUrl, 'rotate');

  it('is read once for each call: running, then succeeded', async () => {
    const { operationUrl } = await start();
    const polls = () =>
      world.sent().filter(each => each.path.includes('/operationStatuses/'));
    expect(await statusOf(operationUrl!)).toMatchObject({ status: 'running' });
    expect(polls()).toHaveLength(1);
    await world.eventually(async () =>
      expect(await statusOf(operationUrl!)).toEqual({ status: 'succeeded' }),
    );
  });

  itEmulatorOnly.clock('is as far away as Azure says', async () => {
    const { operationUrl } = await start();
    expect(await statusOf(operationUrl!)).toEqual({
      status: 'running',
      retryAfterSeconds: 1,
    });
  });

  itEmulatorOnly.faults.each<['fail' | 'cancel' | 'hang', object]>([
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
      emulator().faults.add({ method: 'PATCH', operation });
      const { operationUrl } = await start();
      emulator().clock.advance(60_000);
      expect(await statusOf(operationUrl!)).toEqual(expected);
    },
  );

  itEmulatorOnly.world(
    'F4: an operation that Azure no longer knows is not found',
    async () => {
      const { operationUrl } = await start();
      const other = operationUrl!.replace(
        /registries-[0-9a-f-]+/,
        'registries-00000000-0000-4000-8000-000000000000',
      );
      expect(await failureOf(statusOf(other))).toMatchObject({
        kind: 'not-found',
      });
    },
  );

  itEmulatorOnly.rights(
    'F18: needs a right of its own, which is named',
    async () => {
      const { operationUrl } = await start();
      const ports = world.portsWith({
        credentials: createCredentials({
          rotate: world.emulated.principal('revoker'),
        }),
      });
      const error = await failureOf(
        ports.registries.operationStatus(
          world.orders.registry,
          operationUrl!,
          'rotate',
        ),
      );
      expect(error).toMatchObject({ kind: 'denied' });
      expect(error.message).toContain('registries/operationStatuses/read');
    },
  );

  // azure-docs, role-based-access-control/permissions/containers.md: locations/operationResults/read, "Gets an async
  // operation result".
  itEmulatorOnly.rights(
    'is not a refusal of the change where it may not be read at a location',
    async () => {
      const url = `https://management.azure.com/subscriptions/${world.orders.registry.subscriptionId}/providers/Microsoft.ContainerRegistry/locations/westeurope/operationResults/registries-1?api-version=2025-11-01`;
      const error = await failureOf(statusOf(url));
      expect(error).toMatchObject({
        kind: 'not-found',
        code: 'OperationElsewhere',
      });
      expect(error.message).toContain('locations/operationResults/read');
    },
  );

  it('of another registry is refused before a request leaves', async () => {
    const { operationUrl } = await start();
    world.clearRequests();
    expect(
      await failureOf(
        registries.operationStatus(
          world.shop.registry,
          operationUrl!,
          'rotate',
        ),
      ),
    ).toMatchObject({ kind: 'not-found', code: 'OperationElsewhere' });
    expect(world.sent()).toEqual([]);
  });
});

it('nothing above has left a poller or a late failure behind', async () => {
  await new Promise(resolve => {
    setImmediate(resolve);
  });
  expect(unhandled).toEqual([]);
});
