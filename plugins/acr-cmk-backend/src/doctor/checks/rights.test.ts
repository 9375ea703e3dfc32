import { registryId, SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import {
  SCOPE,
  VAULT_ID,
  refused,
  fails,
  ALL,
  portsWith,
  linesOf,
  verdictOf,
  SHOP_REGISTRY,
  SHOP_VAULT,
  policyVault,
  without,
} from '../__testUtils__/doctorWorld';

it('asks about the rights at every scope, and says how many identities and vaults it leaves out', async () => {
  const scopes = Array.from({ length: 25 }, (_, index) => `${SCOPE}-${index}`);
  const asked = new Set<string>();
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: { scopes, vaults: scopes.map((_, index) => `kv-${index}`) },
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          id: registryId('shopimages', 'rg-shop-0'),
          userAssignedIdentities: Array.from({ length: 21 }, (_, index) => ({
            resourceId: `/identity-${index}`,
          })),
        },
      ],
      vaults: async () =>
        scopes.map((_, index) => ({
          ...SHOP_VAULT,
          id: `/vault-${index}`,
          name: `kv-${index}`,
        })),
      permissions: async scope => {
        asked.add(scope);
        return [ALL];
      },
    }),
  );
  expect(scopes.filter(scope => !asked.has(scope))).toEqual([]);
  expect(lines.map(({ status, message }) => [status, message])).toEqual([
    ['ok', 'read: every right at 65 places.'],
    ['ok', 'rotate: every right at 65 places.'],
    ['unknown', '1 more identity was not checked.'],
    ['unknown', '5 more vaults were not checked.'],
  ]);
});

it('does not call the rights complete while it does not know the vaults', async () => {
  const { status, message } = await verdictOf(
    'rights',
    portsWith({ vaults: fails(refused('AuthorizationFailed')) }),
  );
  expect([status, message]).toEqual([
    'unknown',
    expect.stringContaining('Could not determine which vaults are needed'),
  ]);
});

it('names the action that is missing at the subscription, where the role of the job gives too much', async () => {
  const credential = { kind: 'system-assigned-identity' };
  const { remedy } = await verdictOf(
    'rights',
    portsWith({
      acrCmk: {
        azure: { credentials: { read: credential, provision: credential } },
      },
      permissions: async scope =>
        scope === `/subscriptions/${SUBSCRIPTION}` ? [] : [ALL],
    }),
  );
  expect(remedy).toBe(
    'Give the provision credential Microsoft.ContainerRegistry/checkNameAvailability/read, Microsoft.Resources/subscriptions/providers/read there: the role of docs/roles/registry-name-checker.json has only that.',
  );
});

it('names the smallest role for an identity that the rotate credential may not assign', async () => {
  const { remedy } = await verdictOf(
    'rights',
    portsWith({
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          encryption: { ...SHOP_REGISTRY.encryption, identity: 'client' },
          userAssignedIdentities: [{ resourceId: '/id', clientId: 'client' }],
        },
      ],
      acrCmk: {
        azure: {
          credentials: {
            read: { kind: 'system-assigned-identity' },
            rotate: { kind: 'system-assigned-identity' },
          },
        },
      },
      permissions: async scope =>
        scope === '/id' ? [{ ...ALL, actions: ['*/read'] }] : [ALL],
    }),
  );
  expect(remedy).toContain(
    'userAssignedIdentities/assign/action is Managed Identity Operator',
  );
});

it('asks about the rights to identities at the identities that registries use', async () => {
  const asked: string[] = [];
  await linesOf(
    'rights',
    portsWith({
      registries: async () => [
        { ...SHOP_REGISTRY, userAssignedIdentities: [{ resourceId: '/id' }] },
      ],
      permissions: async scope => {
        asked.push(scope);
        return [ALL];
      },
    }),
  );
  expect(asked.sort()).toEqual(
    [SCOPE, SCOPE, '/id', '/id', VAULT_ID, VAULT_ID].sort(),
  );
});

it('says which roles are missing where a Managed HSM lets nobody ask, which roles of ARM do not change', async () => {
  const { status, remedy } = await verdictOf(
    'rights',
    portsWith({
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          encryption: {
            status: 'enabled',
            keyIdentifier: 'https://hsm-shop.managedhsm.azure.net/keys/shop',
          },
        },
      ],
      vaults: async () => [
        {
          ...SHOP_VAULT,
          id: `${SCOPE}/providers/Microsoft.KeyVault/managedHSMs/hsm-shop`,
          name: 'hsm-shop.managedhsm',
        },
      ],
      permissions: async scope => {
        if (/managedHSMs/.test(scope)) throw refused('AccessDenied');
        return [ALL];
      },
    }),
  );
  expect(status).toBe('failed');
  expect(remedy).toContain('az keyvault role assignment create');
  expect(remedy).not.toContain('docs/roles');
});

const REVOKE = {
  azure: {
    credentials: {
      read: { kind: 'system-assigned-identity' },
      revoke: { kind: 'system-assigned-identity' },
    },
  },
};

it.each([
  [
    'registry-key-revoker-keys',
    'disable-version, disable-all-versions, delete-key',
    { ...ALL, actions: ['*/read'], dataActions: ['*'] },
  ],
  [
    'registry-key-revoker-grants',
    'role-assignment',
    { ...ALL, actions: ['*'], dataActions: [] },
  ],
  [
    'registry-key-revoker',
    'role-assignment, disable-version, disable-all-versions, delete-key',
    without('Microsoft.KeyVault/vaults/accessPolicies/write'),
  ],
])(
  'tells that a revoke credential has the rights of %s, and which methods that allows',
  async (role, methods, permissions) => {
    const lines = await linesOf(
      'rights',
      portsWith({
        acrCmk: REVOKE,
        vaults: async () => [{ ...SHOP_VAULT, permissionModel: 'rbac' }],
        permissions: async () => [permissions],
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        status: 'ok',
        message: `revoke: has the rights of ${role}.json that apply at ${VAULT_ID}: it can revoke by ${methods}.`,
      }),
    );
    expect(lines.every(({ status }) => status === 'ok')).toBe(true);
  },
);

it('needs no right to assign roles, in a vault with access policies, to call a revoke credential whole', async () => {
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: REVOKE,
      vaults: policyVault(['all']),
      permissions: async () => [
        without('Microsoft.Authorization/roleAssignments/write'),
      ],
    }),
  );
  expect(lines).toContainEqual({
    status: 'ok',
    message: `revoke: has the rights of registry-key-revoker.json that apply at ${VAULT_ID}: it can revoke by access-policy, disable-version, disable-all-versions, delete-key.`,
  });
});

it('reports a revoke credential without accessPolicies/write where a vault works with access policies', async () => {
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: REVOKE,
      vaults: policyVault([]),
      permissions: async () => [
        {
          ...ALL,
          notActions: [
            'Microsoft.KeyVault/vaults/accessPolicies/write',
            'Microsoft.KeyVault/vaults/keys/read',
          ],
        },
      ],
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      status: 'failed',
      message: `revoke: lacks Microsoft.KeyVault/vaults/keys/read, Microsoft.KeyVault/vaults/accessPolicies/write at ${VAULT_ID}.`,
    }),
  );
});

it('reports a revoke credential without the rights of any size', async () => {
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: REVOKE,
      vaults: async () => [{ ...SHOP_VAULT, permissionModel: 'rbac' }],
      permissions: async () => [
        { ...ALL, actions: ['*/read'], dataActions: ['*/read'] },
      ],
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      status: 'failed',
      message: expect.stringContaining('revoke: lacks'),
    }),
  );
});

it('leaves open whether a group has the key permissions, where the actions are those to revoke by keys', async () => {
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: REVOKE,
      vaults: async () => [
        { ...SHOP_VAULT, permissionModel: 'access-policy', accessPolicies: [] },
      ],
      permissions: async () => [
        { ...ALL, actions: ['*/read'], dataActions: [] },
      ],
    }),
  );
  expect(
    lines.filter(({ status }) => status !== 'ok').map(one => one.message),
  ).toEqual([
    expect.stringContaining('grants it the key permissions get, list'),
  ]);
  expect(lines.map(one => one.message).join()).not.toContain('can revoke by');
});
