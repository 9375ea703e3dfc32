import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { failureOf, limitFor } from '../__testUtils__/azureWorld';
import {
  itEmulatorOnly,
  startWireWorld,
  WIRE_TIMEOUT_MS,
  type WireWorld,
} from '../__testUtils__/wireWorld';
import type { Retry } from '../AzureError';
import { createCredentials } from '../credentials/credentials';
import type { KeysPort } from '../ports';

const RBAC = 'kv-contoso-rbac';
const POLICY = 'kv-contoso-policy';
const CLOSED = 'kv-contoso-closed';
const keyIn = (vault: string, name: string) =>
  KeyIdentifier.parse(`https://${vault}.vault.azure.net/keys/${name}`);

jest.setTimeout(WIRE_TIMEOUT_MS);

let world: WireWorld;
let keys: KeysPort;
let shop: KeyIdentifier;
let orders: KeyIdentifier;
beforeAll(async () => {
  world = await startWireWorld('keys');
  keys = world.ports.keys;
  shop = world.shop.key;
  orders = world.orders.key;
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const emulator = () => world.emulated.emulator;
/** A vault of the emulated Azure, beside the one of a registry. */
const vaultId = (vault: string) =>
  world.shop.vaultId.replace(world.shop.key.vaultName, vault);
/** Ports whose `rotate` may do everything, which the demo's rotator may not. */
const portsToCreate = () =>
  world.portsWith(
    world.isEmulated
      ? {
          credentials: createCredentials({
            read: world.emulated.principal('reader'),
            rotate: world.emulated.principal('admin'),
          }),
        }
      : {},
  );
const versionsOf = (key: KeyIdentifier) =>
  emulator().state.key(key.vaultName, key.keyName).versions;
/** The versions of a key at its vault, newest first, as our facts have them. */
const idsOf = async (key: KeyIdentifier) =>
  (await keys.listVersions(key, 'rotate')).value.map(({ version }) => version);

describe('reading a key over ARM', () => {
  it('gives all its versions, newest first, without any right in the vault', async () => {
    const { value } = await keys.get(world.shop.vaultId, 'shopimages');
    const hosts = world.sent().map(({ host }) => host);
    expect(hosts.filter(host => host.includes('vault'))).toEqual([]);
    expect(value).toMatchObject({
      vaultName: shop.vaultName,
      name: 'shopimages',
      type: 'RSA',
      size: 2048,
      rotatesByPolicy: false,
    });
    expect(value.operations).toContain('wrapKey');
    expect(value.versions.map(each => each.version)).toEqual(await idsOf(shop));
    expect(value.versions).toHaveLength(2);
  });

  itEmulatorOnly.world('passes the firewall of the vault', async () => {
    const { value } = await keys.get(vaultId(CLOSED), 'hrimages');
    expect(value.versions).toHaveLength(2);
  });

  itEmulatorOnly.world(
    'knows which keys the vault rotates by policy',
    async () => {
      const { value } = await keys.get(vaultId(POLICY), 'checkoutimages');
      expect(value.rotatesByPolicy).toBe(true);
    },
  );

  itEmulatorOnly.world('knows when versions expire', async () => {
    const { value } = await keys.get(vaultId(RBAC), 'catalogimages');
    expect(Date.parse(value.versions[0].expires!)).toBeGreaterThan(
      emulator().clock.now(),
    );
  });

  itEmulatorOnly.rights(
    'F18: without the right names action and scope',
    async () => {
      const ports = world.portsWith({
        credentials: createCredentials({ read: await stranger() }),
      });
      const error = await failureOf(
        ports.keys.get(vaultId(RBAC), 'shopimages'),
      );
      expect(error).toMatchObject({
        kind: 'denied',
        code: 'AuthorizationFailed',
      });
      expect(error.message).toContain('Microsoft.KeyVault/vaults/keys/read');
      expect(error.message).toContain(RBAC);
    },
  );

  /** The reader, after somebody took its role away. */
  async function stranger() {
    const assignments = emulator().state.assignments(
      emulator().state.principalId('acr-cmk-reader'),
    );
    for (const { id } of assignments) {
      await emulator().outOfBand('DELETE', `https://management.azure.com${id}`);
    }
    emulator().clock.advance(3_600_000);
    return world.emulated.principal('reader');
  }

  it('that is not there is not found, neither by ARM nor in its vault', async () => {
    const nowhere = KeyIdentifier.of(shop.vaultName, 'nosuchkey');
    for (const ask of [
      () => keys.get(world.shop.vaultId, 'nosuchkey'),
      () => keys.getInVault(nowhere, 'rotate'),
    ]) {
      expect(await failureOf(ask())).toMatchObject({ kind: 'not-found' });
    }
  });

  it('asks nothing for a name that no key can have', async () => {
    expect(
      await failureOf(keys.get(world.shop.vaultId, '../shopimages')),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.sent()).toEqual([]);
  });
});

describe('listing versions at the vault', () => {
  it('gives the same as ARM', async () => {
    const atVault = await keys.listVersions(shop, 'rotate');
    const overArm = await keys.get(world.shop.vaultId, 'shopimages');
    expect(atVault.value).toEqual(overArm.value.versions);
  });

  itEmulatorOnly.size(
    'F28: 60 versions come whole, page by page, each once',
    async () => {
      const many = keyIn(POLICY, 'manyversions');
      for (let made = 0; made < 60; made++) {
        emulator().clock.advance(1_000);
        await emulator().outOfBand('POST', `${many}/create`, {
          // The kind that is made fastest; a registry could not use it.
          kty: 'EC',
        });
      }
      const { value } = await keys.listVersions(many, 'rotate');
      expect(value.map(each => each.version)).toEqual(
        versionsOf(many)
          .map(({ version }) => version)
          .reverse(),
      );
      expect(value).toHaveLength(60);
      expect(world.requests('GET', '/manyversions/versions')).toHaveLength(3);
    },
  );

  itEmulatorOnly.world(
    'sends the version of the API that is pinned',
    async () => {
      await keys.listVersions(shop, 'rotate');
      expect(
        new URLSearchParams(
          world.emulated.requests('GET', '/versions')[0].query,
        ).get('api-version'),
      ).toBe('7.6');
    },
  );

  itEmulatorOnly.world(
    'F18: through the vault’s firewall is refused by the firewall, whatever the roles',
    async () => {
      expect(
        await failureOf(keys.listVersions(keyIn(CLOSED, 'hrimages'), 'rotate')),
      ).toMatchObject({ kind: 'denied', code: 'ForbiddenByFirewall' });
    },
  );

  itEmulatorOnly.rights(
    'F18: without a role names the data action, without a policy the permission',
    async () => {
      const ports = world.portsWith({
        credentials: createCredentials({
          read: world.emulated.principal('reader'),
        }),
      });
      const byRole = await failureOf(ports.keys.listVersions(shop, 'read'));
      expect(byRole).toMatchObject({
        kind: 'denied',
        code: 'ForbiddenByRbac',
        retry: { kind: 'no' },
      });
      expect(byRole.message).toContain('Microsoft.KeyVault/vaults/keys/read');
      const byPolicy = await failureOf(ports.keys.listVersions(orders, 'read'));
      expect(byPolicy).toMatchObject({
        kind: 'denied',
        retry: { kind: 'no' },
      });
      expect(byPolicy.message).toContain('key permission list');
    },
  );
});

describe('rotating', () => {
  it('is one POST that answers with the new version', async () => {
    const before = await idsOf(shop);
    const receipt = await keys.rotate(shop, 'rotate');
    expect(await idsOf(shop)).toEqual([receipt.version, ...before]);
    expect(receipt.correlationId).toBeDefined();
    expect(world.requests('POST', '/rotate')).toHaveLength(1);
  });

  it('asks for the challenge once for a vault, not once for a call', async () => {
    const fresh = world.portsWith({}).keys;
    await fresh.listVersions(shop, 'rotate');
    await fresh.rotate(shop, 'rotate');
    await fresh.listVersions(shop, 'rotate');
    expect(
      world.sent().filter(each => each.host === shop.vaultHost),
    ).toHaveLength(4);
  });

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
      newVersions: number,
    ]
  >([
    [
      'F6: reset before anything was done',
      { reset: 'before' },
      { kind: 'unavailable', code: 'ECONNRESET', effect: 'unknown' },
      0,
    ],
    [
      'F6: reset after the version was made',
      { reset: 'after' },
      { kind: 'unavailable', code: 'ECONNRESET', effect: 'unknown' },
      1,
    ],
    [
      'F6: made, and the answer lost',
      { lostAnswer: true },
      { kind: 'unavailable', code: 'TimedOut', effect: 'unknown' },
      1,
    ],
    ['F6: 500', { status: 500 }, { kind: 'unavailable', effect: 'unknown' }, 0],
    [
      'F6: 503 with a short wait',
      { status: 503, retryAfter: '0' },
      {
        kind: 'unavailable',
        effect: 'unknown',
        retry: { kind: 'later', afterSeconds: 0 },
      },
      0,
    ],
    [
      'F7: 429 with a short wait',
      { retryAfter: '0' },
      {
        kind: 'throttled',
        effect: 'refused',
        retry: { kind: 'later', afterSeconds: 0 },
      },
      0,
    ],
    [
      'F7: 429 with garbage',
      { retryAfter: 'soon' },
      {
        kind: 'throttled',
        effect: 'refused',
        retry: expect.not.objectContaining({ afterSeconds: expect.anything() }),
      },
      0,
    ],
  ])(
    '%s: is sent once, and never again',
    async (_why, fault, expected, newVersions) => {
      const hasty = world.portsWith({
        timeoutSeconds: limitFor(expected),
      }).keys;
      const before = versionsOf(shop).length;
      emulator().faults.add({ method: 'POST', path: '*/rotate', ...fault });
      expect(await failureOf(hasty.rotate(shop, 'rotate'))).toMatchObject(
        expected,
      );
      expect(world.requests('POST', '/rotate')).toHaveLength(1);
      expect(versionsOf(shop).length - before).toBe(newVersions);
    },
  );

  itEmulatorOnly.rights(
    'with the wrong credential is refused, and makes nothing',
    async () => {
      const before = versionsOf(shop);
      const error = await failureOf(keys.rotate(shop, 'revoke'));
      expect(error).toMatchObject({
        kind: 'denied',
        code: 'ForbiddenByRbac',
        effect: 'refused',
      });
      expect(error.message).toContain('keys/rotate/action');
      expect(error.message).toContain('Key Vault Crypto Officer');
      expect(versionsOf(shop)).toEqual(before);
    },
  );

  it('in a vault of another cloud asks nothing', async () => {
    const china = KeyIdentifier.parse(
      'https://kv-contoso-rbac.vault.azure.cn/keys/shopimages',
      'keyIdentifier',
      'china',
    );
    expect(await failureOf(keys.rotate(china, 'rotate'))).toMatchObject({
      kind: 'refused',
      code: 'InvalidInput',
      effect: 'refused',
    });
    expect(world.sent()).toEqual([]);
  });
});

describe('creating', () => {
  it('makes one version of the type and size that are given', async () => {
    const ports = portsToCreate();
    const receipt = await ports.keys.create(
      shop,
      { type: 'RSA', size: 3072, operations: ['wrapKey', 'unwrapKey'] },
      'rotate',
    );
    expect(await idsOf(shop)).toContain(receipt.version);
    expect(world.requests('POST', '/create')).toHaveLength(1);
    const { value } = await ports.keys.getInVault(shop, 'rotate');
    expect(value).toMatchObject({
      version: receipt.version,
      enabled: true,
      type: 'RSA',
      size: 3072,
      operations: ['wrapKey', 'unwrapKey'],
    });
  });

  itEmulatorOnly.faults(
    'F6: reset after the version was made is not sent again',
    async () => {
      const ports = world.portsWith({
        credentials: createCredentials({
          rotate: world.emulated.principal('admin'),
        }),
      });
      emulator().faults.add({
        method: 'POST',
        path: '*/create',
        reset: 'after',
      });
      expect(
        await failureOf(
          ports.keys.create(shop, { type: 'RSA', size: 2048 }, 'rotate'),
        ),
      ).toMatchObject({ effect: 'unknown' });
      expect(world.requests('POST', '/create')).toHaveLength(1);
      expect(versionsOf(shop)).toHaveLength(3);
    },
  );
});

describe('enabling and disabling', () => {
  it('changes the version that is named, and no other', async () => {
    const [newest, oldest] = await idsOf(orders);
    const expectEnabled = (isEnabled: boolean) =>
      world.eventually(async () => {
        const { value } = await keys.get(world.orders.vaultId, 'ordersimages');
        expect(
          value.versions.map(({ version, enabled }) => [version, enabled]),
        ).toEqual([
          [newest, true],
          [oldest, isEnabled],
        ]);
      });
    await keys.setEnabled(orders.at(oldest), false, 'revoke');
    await expectEnabled(false);
    await keys.setEnabled(orders.at(oldest), true, 'revoke');
    await expectEnabled(true);
    expect(world.requests('PATCH', `/${oldest}`)).toHaveLength(2);
  });

  it('needs a version', async () => {
    expect(
      await failureOf(keys.setEnabled(shop, false, 'revoke')),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.sent()).toEqual([]);
  });
});

describe('deleting and recovering', () => {
  it('F20, F22: is one DELETE and one POST for all versions, and the name stays taken between them', async () => {
    const before = await idsOf(shop);
    const receipt = await keys.delete(shop, 'revoke');
    expect(receipt.deleted).toMatchObject({
      name: 'shopimages',
      deletedAt: expect.any(String),
      scheduledPurgeAt: expect.any(String),
      recoveryLevel: expect.stringContaining('Recoverable'),
    });
    expect(world.requests('DELETE', '/keys/shopimages')).toHaveLength(1);
    expect(world.requests('GET', '/deletedkeys/shopimages')).toHaveLength(0);
    await world.eventually(async () =>
      expect((await keys.getDeleted(shop, 'revoke')).value).toMatchObject({
        name: 'shopimages',
      }),
    );
    expect(
      await failureOf(
        portsToCreate().keys.create(
          shop,
          { type: 'RSA', size: 2048 },
          'rotate',
        ),
      ),
    ).toMatchObject({ kind: 'refused', code: 'ObjectIsDeletedButRecoverable' });

    await keys.recover(shop, 'revoke');
    expect(world.requests('POST', '/recover')).toHaveLength(1);
    await world.eventually(async () =>
      expect((await idsOf(shop)).sort()).toEqual(before.sort()),
    );
  });

  itEmulatorOnly.clock(
    'F22: is not found among the deleted ones until the deletion has spread',
    async () => {
      await keys.delete(shop, 'revoke');
      expect(await failureOf(keys.getDeleted(shop, 'revoke'))).toMatchObject({
        kind: 'not-found',
      });
      expect(await failureOf(keys.recover(shop, 'revoke'))).toMatchObject({
        effect: 'refused',
      });
    },
  );

  itEmulatorOnly.faults.each<
    [method: string, act: (port: KeysPort) => Promise<unknown>]
  >([
    ['DELETE', (port: KeysPort) => port.delete(shop, 'revoke')],
    ['POST', (port: KeysPort) => port.recover(shop, 'revoke')],
  ])(
    'F6: a %s whose connection breaks is not sent again',
    async (method, act) => {
      emulator().faults.add({
        method,
        host: shop.vaultHost,
        reset: 'before',
      });
      expect(await failureOf(act(keys))).toMatchObject({
        code: 'ECONNRESET',
        effect: 'unknown',
      });
      expect(
        emulator()
          .requests()
          .filter(
            each => each.method === method && each.host === shop.vaultHost,
          ),
      ).toHaveLength(1);
    },
  );
});
