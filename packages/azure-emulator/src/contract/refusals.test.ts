import {
  ARM,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';

const azure = useEmulator();
const { call } = azure;

const GROUPS = `${ARM}${SUBSCRIPTION}/resourceGroups`;
const IDENTITY = `${GROUPS}/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const KEYS = 'https://kv-contoso-policy.vault.azure.net/keys';
const TENANT = '99999999-8888-4777-8666-555555555555';
const vaultBody = (properties: object, location = 'westeurope') => ({
  location,
  properties: {
    tenantId: TENANT,
    sku: { family: 'A', name: 'standard' },
    accessPolicies: [],
    ...properties,
  },
});
const registryBody = (properties: object, more: object = {}) => ({
  location: 'westeurope',
  sku: { name: 'Premium' },
  properties,
  ...more,
});
const PRESENT_VAULT = vaultUrl('kv-contoso-policy');
const NEW_VAULT = vaultUrl('kv-new-one');
const NEW_REGISTRY = registryUrl('newimages');
const KEY_POLICY = `${KEYS}/ordersimages/rotationpolicy`;
const rotation = (
  type: string,
  trigger: object,
  attributes: object = {},
): object => ({ lifetimeActions: [{ action: { type }, trigger }], attributes });
const policies = (...keys: string[]) => ({
  accessPolicies: [
    { tenantId: TENANT, objectId: TENANT, permissions: { keys } },
  ],
});

describe('requests that Azure refuses', () => {
  it.each<
    [
      what: string,
      method: string,
      url: string,
      body: object,
      status: number,
      code: string,
    ]
  >([
    [
      'purge protection off',
      'PATCH',
      PRESENT_VAULT,
      { properties: { enablePurgeProtection: false } },
      400,
      'BadRequest',
    ],
    [
      'purge protection off at creation',
      'PUT',
      NEW_VAULT,
      vaultBody({ enablePurgeProtection: false }),
      400,
      'BadRequest',
    ],
    [
      'soft delete off',
      'PATCH',
      PRESENT_VAULT,
      { properties: { enableSoftDelete: false } },
      400,
      'BadRequest',
    ],
    [
      'soft delete off at creation',
      'PUT',
      NEW_VAULT,
      vaultBody({ enableSoftDelete: false }),
      400,
      'BadRequest',
    ],
    [
      'another retention',
      'PATCH',
      PRESENT_VAULT,
      { properties: { softDeleteRetentionInDays: 8 } },
      400,
      'BadRequest',
    ],
    [
      'a vault in another location',
      'PUT',
      PRESENT_VAULT,
      vaultBody({}, 'westus'),
      409,
      'InvalidResourceLocation',
    ],
    [
      'a vault in no location',
      'PUT',
      NEW_VAULT,
      vaultBody({}, 'atlantis'),
      400,
      'LocationNotAvailableForResourceType',
    ],
    [
      'a vault without policies',
      'PUT',
      `${NEW_VAULT}?api-version=2023-02-01`,
      vaultBody({ accessPolicies: undefined }),
      400,
      'BadRequest',
    ],
    [
      'an update without policies',
      'PUT',
      PRESENT_VAULT,
      vaultBody({ accessPolicies: undefined }),
      400,
      'BadRequest',
    ],
    [
      'an unknown key permission',
      'PUT',
      `${PRESENT_VAULT}/accessPolicies/add`,
      { properties: policies('fly') },
      400,
      'BadRequest',
    ],
    [
      'an unknown bypass',
      'PATCH',
      PRESENT_VAULT,
      { properties: { networkAcls: { bypass: 'Everybody' } } },
      400,
      'BadRequest',
    ],
    [
      'a rule that is no address',
      'PATCH',
      PRESENT_VAULT,
      { properties: { networkAcls: { ipRules: [{ value: '10.0.0.0/99' }] } } },
      400,
      'BadRequest',
    ],
    [
      'an unknown network access',
      'PATCH',
      PRESENT_VAULT,
      { properties: { publicNetworkAccess: 'Perhaps' } },
      400,
      'BadRequest',
    ],
    [
      'a registry in another location',
      'PUT',
      registryUrl('shopimages'),
      registryBody({}, { location: 'westus' }),
      409,
      'InvalidResourceLocation',
    ],
    [
      'a registry in no location',
      'PUT',
      NEW_REGISTRY,
      registryBody({}, { location: 'atlantis' }),
      400,
      'LocationNotAvailableForResourceType',
    ],
    [
      'an unknown policy status',
      'PUT',
      NEW_REGISTRY,
      registryBody({ policies: { retentionPolicy: { status: 'on' } } }),
      400,
      'InvalidRequestContent',
    ],
    [
      'a retention beyond a year',
      'PUT',
      NEW_REGISTRY,
      registryBody({ policies: { retentionPolicy: { days: 366 } } }),
      400,
      'InvalidRequestContent',
    ],
    [
      'an unknown registry setting',
      'PATCH',
      registryUrl('shopimages'),
      { properties: { networkRuleBypassOptions: 'All' } },
      400,
      'InvalidRequestContent',
    ],
    [
      'content trust with a customer-managed key',
      'PATCH',
      registryUrl('shopimages'),
      { properties: { policies: { trustPolicy: { status: 'enabled' } } } },
      400,
      'BlockedForEncryptionEnabledRegistry',
    ],
    [
      'no export from an open network',
      'PATCH',
      registryUrl('shopimages'),
      { properties: { policies: { exportPolicy: { status: 'disabled' } } } },
      400,
      'BadRequest',
    ],
    [
      'data endpoints below Premium',
      'PUT',
      NEW_REGISTRY,
      registryBody({ dataEndpointEnabled: true }, { sku: { name: 'Basic' } }),
      400,
      'SkuNotSupported',
    ],
    [
      'an identity in another location',
      'PUT',
      `${IDENTITY}/id-shopimages`,
      { location: 'westus' },
      409,
      'InvalidResourceLocation',
    ],
    [
      'an identity in no location',
      'PUT',
      `${IDENTITY}/id-new`,
      { location: 'atlantis' },
      400,
      'LocationNotAvailableForResourceType',
    ],
    [
      'a group in another location',
      'PUT',
      `${GROUPS}/rg-shop`,
      { location: 'westus' },
      409,
      'InvalidResourceGroupLocation',
    ],
    [
      'a group in no location',
      'PUT',
      `${GROUPS}/rg-none`,
      { location: 'atlantis' },
      400,
      'LocationNotAvailableForResourceGroup',
    ],
    [
      'an unknown key type',
      'POST',
      `${KEYS}/new/create`,
      { kty: 'oct' },
      400,
      'BadParameter',
    ],
    [
      'an unknown key size',
      'POST',
      `${KEYS}/new/create`,
      { kty: 'RSA', key_size: 1024 },
      400,
      'BadParameter',
    ],
    [
      'an unknown curve',
      'POST',
      `${KEYS}/new/create`,
      { kty: 'EC', crv: 'P-1' },
      400,
      'BadParameter',
    ],
    [
      'an unknown operation',
      'POST',
      `${KEYS}/new/create`,
      { kty: 'RSA', key_ops: ['fly'] },
      400,
      'BadParameter',
    ],
    [
      'an unknown operation of a key',
      'PATCH',
      `${KEYS}/ordersimages`,
      { key_ops: ['fly'] },
      400,
      'BadParameter',
    ],
    // key-vault/general/move-subscription.md: a vault belongs to the tenant of its subscription.
    [
      'a vault of another tenant',
      'PUT',
      NEW_VAULT,
      vaultBody({ tenantId: '12345678-1234-4234-8234-123456789012' }),
      400,
      'BadRequest',
    ],
    [
      'a vault that moves to another tenant',
      'PATCH',
      PRESENT_VAULT,
      { properties: { tenantId: '12345678-1234-4234-8234-123456789012' } },
      400,
      'BadRequest',
    ],
    // tutorial-customer-managed-keys.md: Premium only. That it is looked at first is assumed.
    [
      'a key below Premium, before the identity that does not exist',
      'PUT',
      NEW_REGISTRY,
      registryBody(
        {
          encryption: {
            status: 'enabled',
            keyVaultProperties: {
              keyIdentifier: `${KEYS}/ordersimages`,
              identity: TENANT,
            },
          },
        },
        {
          sku: { name: 'Basic' },
          identity: {
            type: 'UserAssigned',
            userAssignedIdentities: { [`${SUBSCRIPTION}/none`]: {} },
          },
        },
      ),
      400,
      'SkuNotSupported',
    ],
    // The code is assumed.
    [
      'no api-version, in a vault',
      'POST',
      `${KEYS}/new/create?api-version=`,
      { kty: 'RSA' },
      400,
      'BadParameter',
    ],
    // Azure/azure-sdk-for-python issue 28595.
    [
      'an api-version that vaults do not have',
      'POST',
      `${KEYS}/new/create?api-version=2025-11-01`,
      { kty: 'RSA' },
      400,
      'BadParameter',
    ],
    // keys.json of the published specification: "It only applies to rotate."
    [
      'a notification after creation',
      'PUT',
      KEY_POLICY,
      rotation('Notify', { timeAfterCreate: 'P30D' }),
      400,
      'BadParameter',
    ],
    // keys/how-to-configure-key-rotation.md: "seven days from creation and seven days from expiration time".
    [
      'a rotation six days after creation',
      'PUT',
      KEY_POLICY,
      rotation('Rotate', { timeAfterCreate: 'P6D' }),
      400,
      'BadParameter',
    ],
    [
      'a rotation after creation, five days before the expiry',
      'PUT',
      KEY_POLICY,
      rotation(
        'Rotate',
        { timeAfterCreate: 'P85D' },
        {
          expiryTime: 'P90D',
        },
      ),
      400,
      'BadParameter',
    ],
    [
      'a rotation before the expiry, five days after creation',
      'PUT',
      KEY_POLICY,
      rotation('Rotate', { timeBeforeExpiry: 'P85D' }, { expiryTime: 'P90D' }),
      400,
      'BadParameter',
    ],
    // The same: it "requires 'Expiry Time' set on rotation policy".
    [
      'a rotation before an expiry that is not set',
      'PUT',
      KEY_POLICY,
      rotation('Rotate', { timeBeforeExpiry: 'P30D' }),
      400,
      'BadParameter',
    ],
    // keys.json: `expiryTime` "should be at least 28 days".
    [
      'an expiry of 27 days',
      'PUT',
      KEY_POLICY,
      rotation('Rotate', { timeAfterCreate: 'P7D' }, { expiryTime: 'P27D' }),
      400,
      'BadParameter',
    ],
  ])('%s', async (_what, method, url, body, status, code) => {
    const before = JSON.stringify(
      azure.emulator.state.vault('kv-contoso-policy'),
    );
    const answer = await call('admin', method, url, body);
    expect([answer.status, answer.json.error?.code]).toEqual([status, code]);
    expect(answer.json.error.message).not.toBe('');
    expect(
      JSON.stringify(azure.emulator.state.vault('kv-contoso-policy')),
    ).toBe(before);
  });
});

describe('rotation policies at the limits of a vault', () => {
  it.each([
    ['seven days after creation', { timeAfterCreate: 'P7D' }, undefined],
    [
      'seven days before the expiry',
      { timeAfterCreate: 'P21D' },
      { expiryTime: 'P28D' },
    ],
    [
      'seven days after creation, by the expiry',
      { timeBeforeExpiry: 'P21D' },
      { expiryTime: 'P28D' },
    ],
  ])('%s', async (_what, trigger, attributes) => {
    const body = rotation('Rotate', trigger, attributes);
    expect((await call('admin', 'PUT', KEY_POLICY, body)).status).toBe(200);
  });
});

describe('what a request leaves out', () => {
  it('a group without tags has no property for them', async () => {
    // az group create without --tags shows null, which is what an absent property is to it.
    const url = `${GROUPS}/rg-plain`;
    const made = await call('admin', 'PUT', url, { location: 'westeurope' });
    expect(made.json).not.toHaveProperty('tags');
    const tagged = await call('admin', 'PUT', url, {
      location: 'westeurope',
      tags: {},
    });
    expect(tagged.json.tags).toEqual({});
  });

  it('an empty list of operations means the default ones', async () => {
    const made = await call('admin', 'POST', `${KEYS}/new/create`, {
      kty: 'RSA',
      key_ops: [],
    });
    const rsa = [
      'encrypt',
      'decrypt',
      'sign',
      'verify',
      'wrapKey',
      'unwrapKey',
    ];
    expect(made.json.key.key_ops).toEqual(rsa);
    const elliptic = await call('admin', 'POST', `${KEYS}/other/create`, {
      kty: 'EC',
      key_ops: [],
      crv: 'P-256K',
    });
    expect(elliptic.json.key.key_ops).toEqual(['sign', 'verify']);
    const kept = await call('admin', 'PATCH', `${KEYS}/new`, { key_ops: [] });
    expect(kept.json.key.key_ops).toEqual(rsa);
  });

  it('policies of a registry keep what a PATCH or a PUT does not name', async () => {
    const url = `${registryUrl('shopimages')}?api-version=2023-11-01-preview`;
    const get = async () =>
      (await call('admin', 'GET', url)).json.properties.policies;
    const before = await get();
    expect(Object.keys(before).sort()).toEqual([
      'azureADAuthenticationAsArmPolicy',
      'exportPolicy',
      'quarantinePolicy',
      'retentionPolicy',
      'softDeletePolicy',
      'trustPolicy',
    ]);
    await call('admin', 'PATCH', url, {
      properties: { policies: { retentionPolicy: { status: 'enabled' } } },
    });
    const patched = await get();
    expect(patched).toEqual({
      ...before,
      retentionPolicy: {
        days: 7,
        status: 'enabled',
        lastUpdatedTime: expect.any(String),
      },
    });
    await call('admin', 'PUT', url, {
      location: 'westeurope',
      sku: { name: 'Premium' },
      identity: (await call('admin', 'GET', url)).json.identity,
      properties: { policies: { quarantinePolicy: { status: 'enabled' } } },
    });
    expect(await get()).toEqual({
      ...patched,
      quarantinePolicy: { status: 'enabled' },
    });
  });

  it('data endpoints are named, and network rules merged', async () => {
    const url = registryUrl('shopimages');
    const ipRules = [{ action: 'Allow', value: '10.0.0.1' }];
    await call('admin', 'PATCH', url, {
      properties: { dataEndpointEnabled: true, networkRuleSet: { ipRules } },
    });
    const { json } = await call('admin', 'GET', url);
    expect(json.properties.dataEndpointHostNames).toEqual([
      'shopimages.westeurope.data.azurecr.io',
    ]);
    expect(json.properties.networkRuleSet).toEqual({
      defaultAction: 'Allow',
      virtualNetworkRules: [],
      ipRules,
    });
  });

  it('older api-versions do not show newer settings', async () => {
    const properties = async (version: string) => {
      const { json } = await call(
        'admin',
        'GET',
        `${registryUrl('shopimages')}?api-version=${version}`,
      );
      return json.properties;
    };
    expect(await properties('2021-08-01-preview')).not.toHaveProperty(
      'roleAssignmentMode',
    );
    expect((await properties('2025-11-01')).roleAssignmentMode).toBe(
      'LegacyRegistryPermissions',
    );
    expect((await properties('2025-11-01')).policies).not.toHaveProperty(
      'softDeletePolicy',
    );
  });
});
