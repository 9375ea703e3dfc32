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
  /** One test for each body. Nothing of the vault changes by a refused request. */
  function refuses(
    method: string,
    url: string,
    refusal: string,
    bodies: Record<string, object>,
  ) {
    it.each(Object.entries(bodies))('%s', async (_what, body) => {
      const { state } = azure.emulator;
      const before = JSON.stringify(state.vault('kv-contoso-policy'));
      const { status, json } = await call('admin', method, url, body);
      expect(`${status} ${json.error?.code}`).toBe(refusal);
      expect(json.error.message).not.toBe('');
      expect(JSON.stringify(state.vault('kv-contoso-policy'))).toBe(before);
    });
  }

  refuses('PATCH', PRESENT_VAULT, '400 BadRequest', {
    'purge protection off': {
      properties: { enablePurgeProtection: false },
    },
    'soft delete off': { properties: { enableSoftDelete: false } },
    'another retention': { properties: { softDeleteRetentionInDays: 8 } },
    'an unknown bypass': {
      properties: { networkAcls: { bypass: 'Everybody' } },
    },
    'a rule that is no address': {
      properties: { networkAcls: { ipRules: [{ value: '10.0.0.0/99' }] } },
    },
    'an unknown network access': {
      properties: { publicNetworkAccess: 'Perhaps' },
    },
    'a vault that moves to another tenant': {
      properties: { tenantId: '12345678-1234-4234-8234-123456789012' },
    },
  });
  refuses('PUT', NEW_VAULT, '400 BadRequest', {
    'purge protection off at creation': vaultBody({
      enablePurgeProtection: false,
    }),
    'soft delete off at creation': vaultBody({ enableSoftDelete: false }),
    // key-vault/general/move-subscription.md: a vault belongs to the tenant of its subscription.
    'a vault of another tenant': vaultBody({
      tenantId: '12345678-1234-4234-8234-123456789012',
    }),
  });
  refuses('PUT', PRESENT_VAULT, '409 InvalidResourceLocation', {
    'a vault in another location': vaultBody({}, 'westus'),
  });
  refuses('PUT', NEW_VAULT, '400 LocationNotAvailableForResourceType', {
    'a vault in no location': vaultBody({}, 'atlantis'),
  });
  refuses('PUT', `${NEW_VAULT}?api-version=2023-02-01`, '400 BadRequest', {
    'a vault without policies': vaultBody({ accessPolicies: undefined }),
  });
  refuses('PUT', PRESENT_VAULT, '400 BadRequest', {
    'an update without policies': vaultBody({ accessPolicies: undefined }),
  });
  refuses('PUT', `${PRESENT_VAULT}/accessPolicies/add`, '400 BadRequest', {
    'an unknown key permission': { properties: policies('fly') },
  });
  refuses('PUT', registryUrl('shopimages'), '409 InvalidResourceLocation', {
    'a registry in another location': registryBody({}, { location: 'westus' }),
  });
  refuses('PUT', NEW_REGISTRY, '400 LocationNotAvailableForResourceType', {
    'a registry in no location': registryBody({}, { location: 'atlantis' }),
  });
  refuses('PUT', NEW_REGISTRY, '400 InvalidRequestContent', {
    'an unknown policy status': registryBody({
      policies: { retentionPolicy: { status: 'on' } },
    }),
    'a retention beyond a year': registryBody({
      policies: { retentionPolicy: { days: 366 } },
    }),
  });
  refuses('PATCH', registryUrl('shopimages'), '400 InvalidRequestContent', {
    'an unknown registry setting': {
      properties: { networkRuleBypassOptions: 'All' },
    },
  });
  refuses(
    'PATCH',
    registryUrl('shopimages'),
    '400 BlockedForEncryptionEnabledRegistry',
    {
      'content trust with a customer-managed key': {
        properties: { policies: { trustPolicy: { status: 'enabled' } } },
      },
    },
  );
  refuses('PATCH', registryUrl('shopimages'), '400 BadRequest', {
    'no export from an open network': {
      properties: { policies: { exportPolicy: { status: 'disabled' } } },
    },
  });
  refuses('PUT', NEW_REGISTRY, '400 SkuNotSupported', {
    'data endpoints below Premium': registryBody(
      { dataEndpointEnabled: true },
      { sku: { name: 'Basic' } },
    ),
    // tutorial-customer-managed-keys.md: Premium only. That it is looked at first is assumed.
    'a key below Premium, before the identity that does not exist':
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
  });
  refuses('PUT', `${IDENTITY}/id-shopimages`, '409 InvalidResourceLocation', {
    'an identity in another location': { location: 'westus' },
  });
  refuses(
    'PUT',
    `${IDENTITY}/id-new`,
    '400 LocationNotAvailableForResourceType',
    {
      'an identity in no location': { location: 'atlantis' },
    },
  );
  refuses('PUT', `${GROUPS}/rg-shop`, '409 InvalidResourceGroupLocation', {
    'a group in another location': { location: 'westus' },
  });
  refuses(
    'PUT',
    `${GROUPS}/rg-none`,
    '400 LocationNotAvailableForResourceGroup',
    {
      'a group in no location': { location: 'atlantis' },
    },
  );
  refuses('POST', `${KEYS}/new/create`, '400 BadParameter', {
    'an unknown key type': { kty: 'oct' },
    'an unknown key size': { kty: 'RSA', key_size: 1024 },
    'an unknown curve': { kty: 'EC', crv: 'P-1' },
    'an unknown operation': { kty: 'RSA', key_ops: ['fly'] },
  });
  refuses('PATCH', `${KEYS}/ordersimages`, '400 BadParameter', {
    'an unknown operation of a key': { key_ops: ['fly'] },
  });
  refuses('POST', `${KEYS}/new/create?api-version=`, '400 BadParameter', {
    // The code is assumed.
    'no api-version, in a vault': { kty: 'RSA' },
  });
  refuses(
    'POST',
    `${KEYS}/new/create?api-version=2025-11-01`,
    '400 BadParameter',
    {
      // Azure/azure-sdk-for-python issue 28595.
      'an api-version that vaults do not have': { kty: 'RSA' },
    },
  );
  refuses('PUT', KEY_POLICY, '400 BadParameter', {
    // keys.json of the published specification: "It only applies to rotate."
    'a notification after creation': rotation('Notify', {
      timeAfterCreate: 'P30D',
    }),
    // keys/how-to-configure-key-rotation.md: "seven days from creation and seven days from expiration time".
    'a rotation six days after creation': rotation('Rotate', {
      timeAfterCreate: 'P6D',
    }),
    'a rotation after creation, five days before the expiry': rotation(
      'Rotate',
      { timeAfterCreate: 'P85D' },
      {
        expiryTime: 'P90D',
      },
    ),
    'a rotation before the expiry, five days after creation': rotation(
      'Rotate',
      { timeBeforeExpiry: 'P85D' },
      { expiryTime: 'P90D' },
    ),
    // The same: it "requires 'Expiry Time' set on rotation policy".
    'a rotation before an expiry that is not set': rotation('Rotate', {
      timeBeforeExpiry: 'P30D',
    }),
    // keys.json: `expiryTime` "should be at least 28 days".
    'an expiry of 27 days': rotation(
      'Rotate',
      { timeAfterCreate: 'P7D' },
      { expiryTime: 'P27D' },
    ),
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
