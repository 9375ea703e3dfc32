import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  limitFor,
  startAzureWorld,
} from './__testUtils__/azureWorld';
import type { Retry } from './AzureError';
import { createCredentials } from './clients';
import type { KeysPort } from './ports';

const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-keys';
const RBAC = 'kv-contoso-rbac';
const POLICY = 'kv-contoso-policy';
const CLOSED = 'kv-contoso-closed';
const vaultId = (vault: string) =>
  `${GROUP}/providers/Microsoft.KeyVault/vaults/${vault}`;
const keyIn = (vault: string, name: string) =>
  KeyIdentifier.parse(`https://${vault}.vault.azure.net/keys/${name}`);

// Emulator and test share the machine with whatever else is built on it.
jest.setTimeout(30_000);

let world: AzureWorld;
let keys: KeysPort;
beforeAll(async () => {
  world = await startAzureWorld();
  keys = world.ports.keys;
});
beforeEach(() => world.emulator.reset());
afterAll(() => world.close());

const shop = keyIn(RBAC, 'shopimages');
const orders = keyIn(POLICY, 'ordersimages');
const versionsOf = (key: KeyIdentifier) =>
  world.emulator.state.key(key.vaultName, key.keyName).versions;

/** Newest first, as our facts have them. */
const idsOf = (key: KeyIdentifier) =>
  versionsOf(key)
    .map(each => each.version)
    .reverse();

describe('reading a key over ARM', () => {
  it('gives all its versions, newest first, without any right in the vault', async () => {
    const { value } = await keys.get(vaultId(RBAC), 'shopimages');
    expect(value).toMatchObject({
      vaultName: RBAC,
      name: 'shopimages',
      type: 'RSA',
      size: 2048,
      rotatesByPolicy: false,
    });
    expect(value.operations).toContain('wrapKey');
    expect(value.versions.map(each => each.version)).toEqual(idsOf(shop));
    expect(
      world.emulator.requests().filter(each => /vault/.test(each.host)),
    ).toEqual([]);
  });

  it('passes the firewall of the vault', async () => {
    const { value } = await keys.get(vaultId(CLOSED), 'hrimages');
    expect(value.versions).toHaveLength(2);
  });

  it('knows which keys the vault rotates by policy', async () => {
    const { value } = await keys.get(vaultId(POLICY), 'checkoutimages');
    expect(value.rotatesByPolicy).toBe(true);
  });

  it('knows when versions expire', async () => {
    const { value } = await keys.get(vaultId(RBAC), 'catalogimages');
    expect(Date.parse(value.versions[0].expires!)).toBeGreaterThan(
      world.emulator.clock.now(),
    );
  });

  it('F18: without the right names action and scope', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ read: await stranger() }),
    });
    const error = await failureOf(ports.keys.get(vaultId(RBAC), 'shopimages'));
    expect(error).toMatchObject({
      kind: 'denied',
      code: 'AuthorizationFailed',
    });
    expect(error.message).toContain('Microsoft.KeyVault/vaults/keys/read');
    expect(error.message).toContain(RBAC);
  });

  /** The reader, after somebody took its role away. */
  async function stranger() {
    const assignments = world.emulator.state.assignments(
      world.emulator.state.principalId('acr-cmk-reader'),
    );
    for (const { id } of assignments) {
      await world.emulator.outOfBand(
        'DELETE',
        `https://management.azure.com${id}`,
      );
    }
    world.emulator.clock.advance(3_600_000);
    return world.principal('reader');
  }

  it('that is not there is not found', async () => {
    expect(await failureOf(keys.get(vaultId(RBAC), 'nosuchkey'))).toMatchObject(
      { kind: 'not-found' },
    );
  });

  it('asks nothing for a name that no key can have', async () => {
    expect(
      await failureOf(keys.get(vaultId(RBAC), '../shopimages')),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.emulator.requests()).toEqual([]);
  });
});

describe('listing versions at the vault', () => {
  it('gives the same as ARM', async () => {
    const atVault = await keys.listVersions(shop, 'rotate');
    const overArm = await keys.get(vaultId(RBAC), 'shopimages');
    expect(atVault.value).toEqual(overArm.value.versions);
  });

  it('F28: 60 versions come whole, page by page, each once', async () => {
    const many = keyIn(POLICY, 'manyversions');
    for (let made = 0; made < 60; made++) {
      world.emulator.clock.advance(1_000);
      await world.emulator.outOfBand('POST', `${many}/create`, {
        // The kind that is made fastest; a registry could not use it.
        kty: 'EC',
      });
    }
    const { value } = await keys.listVersions(many, 'rotate');
    expect(value.map(each => each.version)).toEqual(idsOf(many));
    expect(value).toHaveLength(60);
    expect(world.requests('GET', '/manyversions/versions')).toHaveLength(3);
  });

  it('sends the version of the API that is pinned', async () => {
    await keys.listVersions(shop, 'rotate');
    expect(
      new URLSearchParams(world.requests('GET', '/versions')[0].query).get(
        'api-version',
      ),
    ).toBe('7.6');
  });

  it('F18: through the vault’s firewall is refused by the firewall, whatever the roles', async () => {
    expect(
      await failureOf(keys.listVersions(keyIn(CLOSED, 'hrimages'), 'rotate')),
    ).toMatchObject({ kind: 'denied', code: 'ForbiddenByFirewall' });
  });

  it('F18: without a role names the data action, without a policy the permission', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ read: world.principal('reader') }),
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
  });
});

describe('rotating', () => {
  it('is one POST that answers with the new version', async () => {
    const before = idsOf(shop);
    const receipt = await keys.rotate(shop, 'rotate');
    expect(idsOf(shop)).toEqual([receipt.version, ...before]);
    expect(receipt.correlationId).toBeDefined();
    expect(world.requests('POST', '/rotate')).toHaveLength(1);
  });

  it('asks for the challenge once for a vault, not once for a call', async () => {
    const fresh = world.portsWith({}).keys;
    await fresh.listVersions(shop, 'rotate');
    await fresh.rotate(shop, 'rotate');
    await fresh.listVersions(shop, 'rotate');
    expect(
      world.emulator
        .requests()
        .filter(
          each => each.host === shop.vaultHost && each.principal === undefined,
        ),
    ).toHaveLength(1);
  });

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
      world.emulator.faults.add({ method: 'POST', path: '*/rotate', ...fault });
      expect(await failureOf(hasty.rotate(shop, 'rotate'))).toMatchObject(
        expected,
      );
      expect(world.requests('POST', '/rotate')).toHaveLength(1);
      expect(versionsOf(shop).length - before).toBe(newVersions);
    },
  );

  it('with the wrong credential is refused, and makes nothing', async () => {
    const before = idsOf(shop);
    const error = await failureOf(keys.rotate(shop, 'revoke'));
    expect(error).toMatchObject({
      kind: 'denied',
      code: 'ForbiddenByRbac',
      effect: 'refused',
    });
    expect(error.message).toContain('keys/rotate/action');
    expect(error.message).toContain('Key Vault Crypto Officer');
    expect(idsOf(shop)).toEqual(before);
  });

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
    expect(world.emulator.requests()).toEqual([]);
  });
});

describe('creating', () => {
  it('makes one version of the type and size that are given', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ rotate: world.principal('admin') }),
    });
    const receipt = await ports.keys.create(
      shop,
      { type: 'RSA', size: 3072, operations: ['wrapKey', 'unwrapKey'] },
      'rotate',
    );
    expect(idsOf(shop)[0]).toBe(receipt.version);
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

  it('F6: reset after the version was made is not sent again', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ rotate: world.principal('admin') }),
    });
    world.emulator.faults.add({
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
  });
});

describe('enabling and disabling', () => {
  it('changes the version that is named, and no other', async () => {
    const [newest, oldest] = idsOf(shop);
    await keys.setEnabled(shop.at(oldest), false, 'revoke');
    const states = async () =>
      (await keys.get(vaultId(RBAC), 'shopimages')).value.versions.map(each => [
        each.version,
        each.enabled,
      ]);
    expect(await states()).toEqual([
      [newest, true],
      [oldest, false],
    ]);
    await keys.setEnabled(shop.at(oldest), true, 'revoke');
    expect(await states()).toEqual([
      [newest, true],
      [oldest, true],
    ]);
    expect(
      world.emulator.requests().filter(r => r.method === 'PATCH'),
    ).toHaveLength(2);
  });

  it('needs a version', async () => {
    expect(
      await failureOf(keys.setEnabled(shop, false, 'revoke')),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.emulator.requests()).toEqual([]);
  });
});

describe('deleting and recovering', () => {
  it('deletes the whole key with one DELETE, and says until when it can be recovered', async () => {
    const receipt = await keys.delete(shop, 'revoke');
    expect(receipt.deleted).toMatchObject({
      name: 'shopimages',
      deletedAt: expect.any(String),
      scheduledPurgeAt: expect.any(String),
      recoveryLevel: expect.stringContaining('Recoverable'),
    });
    expect(world.requests('DELETE', '/keys/shopimages')).toHaveLength(1);
    expect(world.requests('GET', '/deletedkeys/shopimages')).toHaveLength(0);
    expect(world.emulator.state.key(RBAC, 'shopimages').deleted).toBe(true);
  });

  it('F22: is not found among the deleted ones until the deletion has spread', async () => {
    await keys.delete(shop, 'revoke');
    expect(await failureOf(keys.getDeleted(shop, 'revoke'))).toMatchObject({
      kind: 'not-found',
    });
    expect(await failureOf(keys.recover(shop, 'revoke'))).toMatchObject({
      effect: 'refused',
    });
    world.emulator.clock.advance(60_000);
    expect((await keys.getDeleted(shop, 'revoke')).value).toMatchObject({
      name: 'shopimages',
    });
  });

  it('F22: recovers with one POST, and has all versions again', async () => {
    const before = idsOf(shop);
    await keys.delete(shop, 'revoke');
    world.emulator.clock.advance(60_000);
    await keys.recover(shop, 'revoke');
    expect(world.requests('POST', '/recover')).toHaveLength(1);
    world.emulator.clock.advance(60_000);
    const { value } = await keys.listVersions(shop, 'revoke');
    expect(value.map(each => each.version)).toEqual(before);
  });

  it('F20: a name that a deleted key has cannot be taken', async () => {
    const ports = world.portsWith({
      credentials: createCredentials({ rotate: world.principal('admin') }),
    });
    await keys.delete(shop, 'revoke');
    world.emulator.clock.advance(60_000);
    expect(
      await failureOf(
        ports.keys.create(shop, { type: 'RSA', size: 2048 }, 'rotate'),
      ),
    ).toMatchObject({ kind: 'refused', code: 'ObjectIsDeletedButRecoverable' });
  });

  it.each([
    ['DELETE', (port: KeysPort) => port.delete(shop, 'revoke')],
    ['POST', (port: KeysPort) => port.recover(shop, 'revoke')],
  ])(
    'F6: a %s whose connection breaks is not sent again',
    async (method, act) => {
      world.emulator.faults.add({
        method,
        host: shop.vaultHost,
        reset: 'before',
      });
      expect(await failureOf(act(keys))).toMatchObject({
        code: 'ECONNRESET',
        effect: 'unknown',
      });
      expect(
        world.emulator
          .requests()
          .filter(
            each => each.method === method && each.host === shop.vaultHost,
          ),
      ).toHaveLength(1);
    },
  );
});
