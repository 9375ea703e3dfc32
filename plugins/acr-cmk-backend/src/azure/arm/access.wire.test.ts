import {
  opensData,
  WRAP_PERMISSIONS,
  CRYPTO_SERVICE_ENCRYPTION_USER,
  type AccessPolicyEntry,
} from 'backstage-plugin-acr-cmk-common';
import { failureOf } from '../__testUtils__/azureWorld';
import {
  itEmulatorOnly,
  startWireWorld,
  WIRE_TIMEOUT_MS,
  type WireWorld,
} from '../__testUtils__/wireWorld';
import { createCredentials } from '../credentials/credentials';
import { allows } from '../permissions';
import type { AzurePorts } from '../ports';

const SUBSCRIPTION = '/subscriptions/11111111-2222-4333-8444-555555555555';
const KEYS_GROUP = `${SUBSCRIPTION}/resourceGroups/rg-keys`;
/** A vault of the emulated Azure. */
const vaultId = (vault: string) =>
  `${KEYS_GROUP}/providers/Microsoft.KeyVault/vaults/${vault}`;
const RBAC = vaultId('kv-contoso-rbac');
const POLICY = vaultId('kv-contoso-policy');
const SHOP_KEY = `${RBAC}/keys/shopimages`;

jest.setTimeout(WIRE_TIMEOUT_MS);

let world: WireWorld;
let ports: AzurePorts;
beforeAll(async () => {
  world = await startWireWorld('access');
  ports = world.ports;
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const emulator = () => world.emulated.emulator;
const principalOf = (identity: string) =>
  emulator().state.principalId(identity);
/** The signed-in account; of the emulated Azure, the one that may read everything. */
const asAdmin = () => {
  if (!world.isEmulated) return ports;
  const admin = world.emulated.principal('admin');
  return world.portsWith({
    credentials: createCredentials({
      read: admin,
      rotate: admin,
      revoke: admin,
    }),
  });
};
const shopKey = () => `${world.shop.vaultId}/keys/${world.shop.key.keyName}`;
const lowerCase = (text: string) => text.toLowerCase();

describe('vaults', () => {
  it('are read with their permission model', async () => {
    const roles = await ports.vaults.get(world.shop.vaultId);
    expect(roles.value).toMatchObject({
      name: world.shop.key.vaultName,
      tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      permissionModel: 'rbac',
      publicNetworkAccess: true,
      defaultAction: 'allow',
    });
    expect(lowerCase(roles.value.id)).toBe(lowerCase(world.shop.vaultId));
    const policies = await ports.vaults.get(world.orders.vaultId);
    expect(policies.value.permissionModel).toBe('access-policy');
  });

  itEmulatorOnly.world(
    'are read with their firewall and purge protection',
    async () => {
      expect((await ports.vaults.get(RBAC)).value).toMatchObject({
        id: RBAC,
        sku: 'premium',
        tenantId: emulator().ready.tenantId,
        purgeProtection: true,
        softDeleteRetentionDays: 90,
        trustedServicesBypass: true,
      });
      expect(
        (await ports.vaults.get(vaultId('kv-contoso-legacy'))).value,
      ).toMatchObject({
        permissionModel: 'access-policy',
        purgeProtection: false,
        softDeleteRetentionDays: 7,
      });
      expect(
        (await ports.vaults.get(vaultId('kv-contoso-closed'))).value,
      ).toMatchObject({ defaultAction: 'deny', trustedServicesBypass: false });
    },
  );

  it('of a subscription are listed, each once', async () => {
    const { value } = await ports.vaults.listBySubscription(
      world.subscriptionId,
    );
    const names = value.map(each => each.name);
    expect(names).toEqual(
      expect.arrayContaining([
        world.shop.key.vaultName,
        world.orders.key.vaultName,
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('that are not there are not found', async () => {
    const nowhere = world.shop.vaultId.replace(
      world.shop.key.vaultName,
      'kv-nosuch',
    );
    expect(await failureOf(ports.vaults.get(nowhere))).toMatchObject({
      kind: 'not-found',
      code: 'ResourceNotFound',
    });
  });
});

describe('access policies', () => {
  const wrap = (objectId: string): AccessPolicyEntry => ({
    tenantId: emulator().ready.tenantId,
    objectId,
    keys: ['get', 'wrapKey', 'unwrapKey'],
    secrets: [],
    certificates: [],
    storage: [],
  });
  const policiesOf = async (id: string) =>
    (await ports.vaults.get(id)).value.accessPolicies;

  it('lose exactly the permissions of one principal by one PUT, and get them back by another', async () => {
    const { vaultId: id, principalId } = world.orders;
    const before = await policiesOf(id);
    const entry = before.find(({ objectId }) => objectId === principalId)!;
    await ports.vaults.removeAccessPolicy(id, entry, 'revoke');
    const after = await policiesOf(id);
    const keysOfOne = after.find(({ objectId }) => objectId === principalId);
    expect(keysOfOne?.keys ?? []).toEqual([]);
    const others = (all: AccessPolicyEntry[]) =>
      all.filter(({ objectId }) => objectId !== principalId);
    expect(others(after)).toEqual(others(before));

    await ports.vaults.addAccessPolicy(id, entry, 'revoke');
    const again = await policiesOf(id);
    expect(again).toHaveLength(before.length);
    expect(again).toEqual(expect.arrayContaining(before));
    expect(world.requests('PUT', '/accessPolicies/remove')).toHaveLength(1);
    expect(world.requests('PUT', '/accessPolicies/add')).toHaveLength(1);
  });

  itEmulatorOnly.rights('F18: without the right names the action', async () => {
    const error = await failureOf(
      ports.vaults.removeAccessPolicy(
        POLICY,
        wrap(principalOf('id-ordersimages')),
        'rotate',
      ),
    );
    expect(error).toMatchObject({ kind: 'denied', effect: 'refused' });
    expect(error.message).toContain(
      'Microsoft.KeyVault/vaults/accessPolicies/write',
    );
  });

  itEmulatorOnly.faults.each<[reset: 'before' | 'after', changed: boolean]>([
    ['before', false],
    ['after', true],
  ])(
    'F5: a connection reset %s the change is not repeated',
    async (reset, changed) => {
      const entry = wrap(principalOf('id-ordersimages'));
      emulator().faults.add({ method: 'PUT', reset });
      expect(
        await failureOf(
          ports.vaults.removeAccessPolicy(POLICY, entry, 'revoke'),
        ),
      ).toMatchObject({ code: 'ECONNRESET', effect: 'unknown' });
      expect(world.requests('PUT', '/accessPolicies/remove')).toHaveLength(1);
      const left = (await policiesOf(POLICY)).find(
        each => each.objectId === entry.objectId,
      );
      expect((left?.keys ?? []).length === 0).toBe(changed);
    },
  );

  it('with nothing to take ask nothing', async () => {
    expect(
      await failureOf(
        ports.vaults.removeAccessPolicy(
          world.orders.vaultId,
          {
            tenantId: '',
            objectId: world.orders.principalId,
            keys: [],
            secrets: [],
            certificates: [],
            storage: [],
          },
          'revoke',
        ),
      ),
    ).toMatchObject({ kind: 'refused', code: 'InvalidInput' });
    expect(world.sent()).toEqual([]);
  });
});

describe('role assignments', () => {
  it('of a key come with what their role allows', async () => {
    const { principalId } = world.shop;
    const { value } = await ports.access.assignmentsFor(principalId, shopKey());
    expect(value).toEqual([
      expect.objectContaining({
        scope: expect.stringMatching(new RegExp(`^${shopKey()}$`, 'i')),
        principalId,
        principalType: 'ServicePrincipal',
        roleName: 'Key Vault Crypto Service Encryption User',
        keyUses: [...WRAP_PERMISSIONS],
      }),
    ]);
    expect(value[0].roleDefinitionId).toContain(CRYPTO_SERVICE_ENCRYPTION_USER);
  });

  itEmulatorOnly.world(
    'above the key are among them, those of other keys are not',
    async () => {
      const { value } = await ports.access.assignmentsFor(
        principalOf('id-searchimages'),
        `${RBAC}/keys/searchimages`,
      );
      expect(value.map(each => each.scope)).toEqual([RBAC]);
      const elsewhere = await ports.access.assignmentsFor(
        principalOf('id-shopimages'),
        RBAC,
      );
      expect(elsewhere.value).toEqual([]);
    },
  );

  itEmulatorOnly.world(
    'with other roles are distinguished from those that wrap keys',
    async () => {
      const { value } = await ports.access.assignmentsFor(
        principalOf('acr-cmk-rotator'),
        RBAC,
      );
      expect(value.some(({ keyUses }) => opensData(keyUses))).toBe(false);
      expect(value.length).toBeGreaterThan(0);
    },
  );

  itEmulatorOnly.world(
    'ask for the definition of a role once an hour',
    async () => {
      let now = 0;
      const { access } = world.portsWith({ now: () => now });
      const principalId = principalOf('id-shopimages');
      const definitions = () =>
        emulator()
          .requests()
          .filter(each => each.path.includes('/roleDefinitions/')).length;
      await access.assignmentsFor(principalId, SHOP_KEY);
      now += 59 * 60_000;
      await access.assignmentsFor(principalId, SHOP_KEY);
      expect(definitions()).toBe(1);
      now += 2 * 60_000;
      await access.assignmentsFor(principalId, SHOP_KEY);
      expect(definitions()).toBe(2);
    },
  );

  it('are deleted, also if they are gone already, and made again under a name that was chosen before', async () => {
    const { principalId } = world.shop;
    const found = async () =>
      (await ports.access.assignmentsFor(principalId, shopKey())).value;
    const [gone] = await found();
    await ports.access.deleteAssignment(gone.id, 'revoke');
    await expect(
      ports.access.deleteAssignment(gone.id, 'revoke'),
    ).resolves.toEqual(expect.objectContaining({}));
    await world.eventually(async () => expect(await found()).toEqual([]));

    const again = {
      scope: shopKey(),
      name: 'abcdef01-2345-4789-8abc-def012345678',
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: gone.roleDefinitionId,
    };
    await ports.access.createAssignment(again, 'revoke');
    await ports.access.createAssignment(again, 'revoke');
    await world.eventually(async () =>
      expect(await found()).toEqual([
        expect.objectContaining({
          name: again.name,
          keyUses: [...WRAP_PERMISSIONS],
        }),
      ]),
    );
  });

  itEmulatorOnly.lock(
    'below a lock cannot be deleted, and the lock is blamed',
    async () => {
      const [held] = (
        await ports.access.assignmentsFor(
          principalOf('id-shopimages'),
          SHOP_KEY,
        )
      ).value;
      await lock('keep', KEYS_GROUP);
      expect(
        await failureOf(ports.access.deleteAssignment(held.id, 'revoke')),
      ).toMatchObject({
        kind: 'refused',
        code: 'ScopeLocked',
        effect: 'refused',
      });
    },
  );

  itEmulatorOnly.rights(
    'F18: beyond the condition of our own role are refused, and the action is named',
    async () => {
      const error = await failureOf(
        ports.access.createAssignment(
          {
            scope: RBAC,
            name: 'abcdef01-2345-4789-8abc-def012345678',
            principalId: principalOf('id-shopimages'),
            principalType: 'ServicePrincipal',
            // Key Vault Administrator.
            roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/00482a5a-887f-4fb3-b363-3b7fe8e74483`,
          },
          'revoke',
        ),
      );
      expect(error).toMatchObject({
        kind: 'denied',
        code: 'AuthorizationFailed',
        effect: 'refused',
      });
      expect(error.message).toContain(
        'Microsoft.Authorization/roleAssignments/write',
      );
    },
  );

  itEmulatorOnly.faults(
    'F5: a deletion whose connection breaks is not repeated',
    async () => {
      const [held] = (
        await ports.access.assignmentsFor(
          principalOf('id-shopimages'),
          SHOP_KEY,
        )
      ).value;
      emulator().faults.add({ method: 'DELETE', reset: 'before' });
      expect(
        await failureOf(ports.access.deleteAssignment(held.id, 'revoke')),
      ).toMatchObject({ code: 'ECONNRESET', effect: 'unknown' });
      expect(world.requests('DELETE', held.name)).toHaveLength(1);
    },
  );

  it.each([
    ['a scope', () => ports.access.assignmentsFor('x', 'not-a-scope')],
    [
      'a principal',
      () => ports.access.assignmentsFor("x') or atScope() or ('", RBAC),
    ],
    ['an assignment', () => ports.access.deleteAssignment(RBAC, 'revoke')],
    [
      'an assignment below the root',
      () =>
        ports.access.deleteAssignment(
          '/providers/Microsoft.Authorization/roleAssignments/abcdef01-2345-4789-8abc-def012345678',
          'revoke',
        ),
    ],
  ])('ask nothing of Azure with a wrong id of %s', async (_why, act) => {
    expect(await failureOf(act())).toMatchObject({
      kind: 'refused',
      code: 'InvalidInput',
    });
    expect(world.sent()).toEqual([]);
  });
});

describe('what a credential may do itself', () => {
  it('is known of the signed-in account', async () => {
    const { value } = await asAdmin().access.permissionsOfCaller(
      world.shop.vaultId,
      'read',
    );
    const write = 'Microsoft.KeyVault/vaults/write';
    expect(allows(value, write, 'control')).toBe(true);
  });

  itEmulatorOnly.rights.each<
    [
      credential: 'read' | 'rotate' | 'revoke',
      action: string,
      plane: 'control' | 'data',
      verdict: boolean,
    ]
  >([
    ['read', 'Microsoft.ContainerRegistry/registries/write', 'control', false],
    ['read', 'Microsoft.KeyVault/vaults/read', 'control', true],
    ['rotate', 'Microsoft.KeyVault/vaults/keys/rotate/action', 'data', true],
    ['revoke', 'Microsoft.KeyVault/vaults/keys/rotate/action', 'data', false],
    [
      'revoke',
      'Microsoft.Authorization/roleAssignments/delete',
      'control',
      true,
    ],
  ])('%s: %s (%s) is %s', async (credential, action, plane, verdict) => {
    const { value } = await ports.access.permissionsOfCaller(RBAC, credential);
    expect(allows(value, action, plane)).toBe(verdict);
  });
});

describe('identities', () => {
  const id = `${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shopimages`;

  it('are read with both of their ids', async () => {
    const { identityId, principalId } = world.shop;
    const { value } = await asAdmin().identities.get(
      identityId.replace('resourceGroups', 'resourcegroups'),
    );
    expect(value).toMatchObject({
      name: 'id-shopimages',
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      principalId,
    });
    expect(lowerCase(value.id)).toBe(lowerCase(identityId));
  });

  itEmulatorOnly.size(
    'F28: 450 more come whole, page by page, each once',
    async () => {
      for (let number = 0; number < 450; number++) {
        await emulator().outOfBand(
          'PUT',
          `https://management.azure.com${id.replace(
            /id-shopimages$/,
            `id-more-${number}`,
          )}`,
          { location: 'westeurope' },
        );
      }
      const { value } = await asAdmin().identities.listBySubscription(
        world.subscriptionId,
      );
      const names = value.map(each => each.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter(name => name.startsWith('id-more-'))).toHaveLength(
        450,
      );
      expect(world.requests('GET', '/userAssignedIdentities').length).toBe(3);
    },
  );

  itEmulatorOnly.rights('F18: without the right name the action', async () => {
    await world.emulated.forbid(
      'reader',
      'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    );
    const error = await failureOf(ports.identities.get(id));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain(
      'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    );
  });
});

describe('resource groups', () => {
  const ofVault = () => world.shop.vaultId.split('/').slice(0, 5).join('/');

  it('are read one by one and all together', async () => {
    const { value } = await asAdmin().groups.get(ofVault());
    expect(lowerCase(value.id)).toBe(lowerCase(ofVault()));
    const { value: all } = await asAdmin().groups.listBySubscription(
      world.subscriptionId,
    );
    expect(all.map(({ id }) => lowerCase(id))).toContain(lowerCase(ofVault()));
  });

  itEmulatorOnly.rights('F18: without the right name the action', async () => {
    const action = 'Microsoft.Resources/subscriptions/resourceGroups/read';
    await world.emulated.forbid('reader', action);
    const error = await failureOf(ports.groups.get(ofVault()));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain(action);
  });
});

describe('locks', () => {
  it('of a scope without any are none', async () => {
    const { value } = await asAdmin().locks.list(world.shop.vaultId);
    expect(value.filter(({ scope }) => scope.includes('/vaults/'))).toEqual([]);
  });

  itEmulatorOnly.lock(
    'are found at the scope and above it, each once, and not below or beside it',
    async () => {
      await lock('sub', SUBSCRIPTION);
      await lock('group', KEYS_GROUP);
      await lock('vault', RBAC);
      await lock('beside', POLICY);
      await lock('below', SHOP_KEY);
      const { value } = await asAdmin().locks.list(RBAC);
      expect(value.map(each => [each.name, each.scope])).toEqual([
        ['sub', SUBSCRIPTION],
        ['group', KEYS_GROUP],
        ['vault', RBAC],
      ]);
      expect(value[0].level).toBe('CanNotDelete');
    },
  );

  itEmulatorOnly.lock(
    'of a subscription are found with those of everything in it',
    async () => {
      await lock('sub', SUBSCRIPTION);
      await lock('vault', RBAC);
      await lock('below', SHOP_KEY);
      const { value } = await asAdmin().locks.listAll(
        SUBSCRIPTION.split('/')[2],
      );
      expect(value.map(({ name }) => name).sort()).toEqual([
        'below',
        'sub',
        'vault',
      ]);
    },
  );

  itEmulatorOnly.rights('F18: that cannot be read are not “none”', async () => {
    await world.emulated.forbid('reader', 'Microsoft.Authorization/locks/read');
    expect(await failureOf(ports.locks.list(RBAC))).toMatchObject({
      kind: 'denied',
    });
  });
});

async function lock(name: string, scope: string) {
  await emulator().outOfBand(
    'PUT',
    `https://management.azure.com${scope}/providers/Microsoft.Authorization/locks/${name}`,
    { properties: { level: 'CanNotDelete' } },
  );
}
