import type { Vault } from '@azure/arm-keyvault';
import { permissionsOf, toHsmFacts, toVaultFacts } from './vaults';

const ID =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-shop';

function vaultWith(properties: Partial<Vault['properties']>): Vault {
  return {
    id: ID,
    name: 'kv-shop',
    properties: {
      tenantId: 't',
      sku: { family: 'A', name: 'standard' },
      ...properties,
    },
  };
}

describe('a vault as facts', () => {
  it('that says nothing works with policies, is open, and is not purge protected', () => {
    expect(toVaultFacts(vaultWith({}))).toEqual({
      id: ID,
      name: 'kv-shop',
      tenantId: 't',
      sku: 'standard',
      permissionModel: 'access-policy',
      purgeProtection: false,
      softDeleteRetentionDays: 90,
      publicNetworkAccess: true,
      defaultAction: 'allow',
      trustedServicesBypass: true,
      accessPolicies: [],
    });
  });

  it.each<[why: string, properties: any, expected: object]>([
    [
      'null for RBAC means access policies',
      { enableRbacAuthorization: null },
      { permissionModel: 'access-policy' },
    ],
    ['RBAC', { enableRbacAuthorization: true }, { permissionModel: 'rbac' }],
    [
      'purge protection',
      { enablePurgeProtection: true, softDeleteRetentionInDays: 7 },
      { purgeProtection: true, softDeleteRetentionDays: 7 },
    ],
    [
      'a firewall with the bypass that is the default',
      { networkAcls: { defaultAction: 'Deny' } },
      { defaultAction: 'deny', trustedServicesBypass: true },
    ],
    [
      'a firewall without bypass',
      { networkAcls: { defaultAction: 'deny', bypass: 'None' } },
      { defaultAction: 'deny', trustedServicesBypass: false },
    ],
    [
      'no public access leaves the bypass',
      { publicNetworkAccess: 'Disabled' },
      { publicNetworkAccess: false, trustedServicesBypass: true },
    ],
    [
      'a perimeter does not',
      { publicNetworkAccess: 'SecuredByPerimeter' },
      { publicNetworkAccess: false, trustedServicesBypass: false },
    ],
    [
      'a policy with some kinds of permissions only',
      {
        accessPolicies: [
          { tenantId: 't', objectId: 'o', permissions: { keys: ['get'] } },
        ],
      },
      {
        accessPolicies: [
          {
            tenantId: 't',
            objectId: 'o',
            keys: ['get'],
            secrets: [],
            certificates: [],
            storage: [],
          },
        ],
      },
    ],
  ])('%s', (_why, properties, expected) => {
    expect(toVaultFacts(vaultWith(properties))).toMatchObject(expected);
  });
});

// openapi.json of 2026-02-01: the default of ManagedHsmProperties.enablePurgeProtection is true.
it.each([
  [undefined, {}],
  [true, { purgeProtection: true }],
  [false, { purgeProtection: false }],
])('purge protection of a Managed HSM that says %s', (says, expected) => {
  const { purgeProtection } = toHsmFacts({
    id: '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm1',
    name: 'hsm1',
    properties: { enablePurgeProtection: says },
  });
  expect({ purgeProtection }).toEqual(expected);
});

it('kinds of permissions that an entry does not have are not sent', () => {
  expect(
    permissionsOf({
      tenantId: 't',
      objectId: 'o',
      keys: ['get', 'wrapKey'],
      secrets: [],
      certificates: [],
      storage: [],
    }),
  ).toEqual({ keys: ['get', 'wrapKey'] });
});
