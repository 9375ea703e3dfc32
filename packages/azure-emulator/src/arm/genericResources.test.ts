import {
  ARM,
  type Json,
  SUBSCRIPTION,
  useEmulator,
} from '../__testUtils__/emulated';

const azure = useEmulator({ world: 'demo' });
const { call } = azure;
const GROUP = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-shop`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/shopdata`;
const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/shopsql`;
const DISK = `${GROUP}/providers/Microsoft.Compute/disks/shopdisk`;
const IDENTITY = `${SUBSCRIPTION}/resourcegroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shopimages`;
const KEY = 'https://kv-contoso-policy.vault.azure.net/keys/shopimages';
const LOCATION = { location: 'westeurope' };
const account = {
  ...LOCATION,
  kind: 'StorageV2',
  sku: { name: 'Standard_LRS' },
  tags: { team: 'shop' },
  identity: {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: { [IDENTITY]: {} },
  },
  properties: {
    encryption: {
      keyvaultproperties: {
        keyvaulturi: 'https://kv-contoso-policy.vault.azure.net',
        keyname: 'shopimages',
      },
    },
  },
};

const statusOf = async (...request: Parameters<typeof call>) =>
  (await call(...request)).status;
const refusalOf = async (...request: Parameters<typeof call>) => {
  const { status, json } = await call(...request);
  return `${status} ${json.error.code}`;
};

/** The rows of a query, as a principal. */
async function rows(
  query: string,
  who: Parameters<typeof call>[0] = 'admin',
): Promise<Json[]> {
  const url = `${ARM}/providers/Microsoft.ResourceGraph/resources`;
  const { json } = await call(who, 'POST', url, { query });
  return json.data as unknown as Json[];
}

/** Gives the revoker, who may see no such resources, a custom role with these actions, at the subscription. */
async function allowRevoker(...actions: string[]) {
  const scope = `${ARM}${SUBSCRIPTION}`;
  const name = '12345678-1234-4234-8234-00000000aaaa';
  const definition = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  await call('admin', 'PUT', definition, {
    properties: {
      roleName: 'Other reader',
      assignableScopes: [SUBSCRIPTION],
      permissions: [{ actions }],
    },
  });
  await azure.assign(scope, name, 'acr-cmk-revoker');
}

describe('a resource of another type', () => {
  it('is kept as it was sent, with its identities and its history', async () => {
    const made = await call('admin', 'PUT', ACCOUNT, account);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      ...account,
      id: ACCOUNT.slice(ARM.length),
      name: 'shopdata',
      type: 'Microsoft.Storage/storageAccounts',
      identity: {
        type: 'SystemAssigned, UserAssigned',
        principalId: azure.emulator.state.principalId('shopdata'),
        userAssignedIdentities: {
          [IDENTITY]: {
            principalId: azure.emulator.state.principalId('id-shopimages'),
          },
        },
      },
      systemData: { createdByType: 'Application' },
    });
    expect((await call('admin', 'GET', ACCOUNT.toUpperCase())).json).toEqual(
      made.json,
    );
    const changed = await call('admin', 'PUT', ACCOUNT, LOCATION);
    expect(changed.status).toBe(200);
    expect(changed.json.properties).toEqual({});
    expect(changed.json.identity).toBeUndefined();
    expect(changed.json.systemData.createdAt).toBe(
      made.json.systemData.createdAt,
    );
  });

  it('is deleted once, with its children and its system identity', async () => {
    await call('admin', 'PUT', SERVER, account);
    await call('admin', 'PUT', `${SERVER}/databases/orders`, LOCATION);
    await call('admin', 'PUT', `${SERVER}/encryptionProtector/current`, {
      properties: { uri: KEY },
    });
    expect(await statusOf('admin', 'DELETE', SERVER)).toBe(200);
    expect(await statusOf('admin', 'DELETE', SERVER)).toBe(204);
    for (const url of [SERVER, `${SERVER}/databases/orders`]) {
      expect(await refusalOf('admin', 'GET', url)).toBe('404 ResourceNotFound');
    }
    expect(() => azure.emulator.state.principalId('shopsql')).toThrow();
  });

  it('goes with its group', async () => {
    await call('admin', 'PUT', ACCOUNT, account);
    await call('admin', 'DELETE', GROUP);
    expect(await refusalOf('admin', 'GET', ACCOUNT)).toBe(
      '404 ResourceGroupNotFound',
    );
    expect(await rows("resources | where name == 'shopdata'")).toEqual([]);
  });

  it('takes tags, locks and role assignments as others do', async () => {
    await call('admin', 'PUT', ACCOUNT, account);
    const tags = `${ACCOUNT}/providers/Microsoft.Resources/tags/default`;
    await call('admin', 'PATCH', tags, {
      operation: 'Merge',
      properties: { tags: { cost: '1' } },
    });
    expect((await call('admin', 'GET', ACCOUNT)).json.tags).toEqual({
      team: 'shop',
      cost: '1',
    });
    const role = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
    const assigned = await azure.assign(ACCOUNT, role, 'acr-cmk-revoker');
    expect(assigned.status).toBe(201);
    const lock = `${ACCOUNT}/providers/Microsoft.Authorization/locks/keep`;
    await call('admin', 'PUT', lock, { properties: { level: 'CanNotDelete' } });
    expect(await refusalOf('admin', 'DELETE', ACCOUNT)).toBe('409 ScopeLocked');
  });

  it('requires the action of its type', async () => {
    await call('admin', 'PUT', SERVER, account);
    expect(await refusalOf('revoker', 'GET', SERVER)).toBe(
      '403 AuthorizationFailed',
    );
    await allowRevoker('Microsoft.Sql/servers/read');
    expect(await statusOf('revoker', 'GET', SERVER)).toBe(200);
    const database = `${SERVER}/databases/orders`;
    for (const [method, url, body] of [
      ['PUT', SERVER, LOCATION],
      ['DELETE', SERVER, undefined],
      ['GET', database, undefined],
    ] as const) {
      expect(await refusalOf('revoker', method, url, body)).toBe(
        '403 AuthorizationFailed',
      );
    }
    await allowRevoker(
      'Microsoft.Sql/servers/write',
      'Microsoft.Sql/servers/delete',
    );
    expect(await statusOf('revoker', 'PUT', SERVER, LOCATION)).toBe(200);
    expect(await statusOf('revoker', 'DELETE', SERVER)).toBe(200);
    expect(await statusOf('admin', 'GET', SERVER)).toBe(404);
  });

  it.each<[what: string, url: string, refusal: string]>([
    [
      'another type of an emulated provider',
      `${GROUP}/providers/Microsoft.ContainerRegistry/tokens/one`,
      '501 NotSupportedByEmulator',
    ],
    [
      'a resource above the groups',
      `${ARM}${SUBSCRIPTION}/providers/Microsoft.Sql/servers/one`,
      '501 NotSupportedByEmulator',
    ],
    [
      'a group that does not exist',
      SERVER.replace('rg-shop', 'rg-none'),
      '404 ResourceGroupNotFound',
    ],
  ])('is not %s', async (_what, url, refusal) => {
    expect(await refusalOf('admin', 'PUT', url, account)).toBe(refusal);
  });

  it('has a location, and keeps it', async () => {
    expect(await refusalOf('admin', 'PUT', SERVER, {})).toBe(
      '400 InvalidRequestContent',
    );
    await call('admin', 'PUT', SERVER, LOCATION);
    expect(
      await refusalOf('admin', 'PUT', SERVER, { location: 'westus' }),
    ).toBe('409 InvalidResourceLocation');
  });
});

describe('Resource Graph', () => {
  const TYPED =
    "where type in~ ('Microsoft.Storage/storageAccounts', 'microsoft.sql/servers')";
  const AT_VAULT = `resources | ${TYPED} | where tostring(properties) contains 'KV-CONTOSO-POLICY.vault.azure.net'`;

  beforeEach(async () => {
    await call('admin', 'PUT', ACCOUNT, account);
    await call('admin', 'PUT', SERVER, {
      ...LOCATION,
      properties: { keyId: KEY.toUpperCase() },
    });
    await call(
      'admin',
      'PUT',
      `${SERVER.replace('shopsql', 'plainsql')}`,
      LOCATION,
    );
    await call('admin', 'PUT', `${SERVER}/encryptionProtector/current`, {
      properties: { uri: KEY },
    });
  });

  it('finds resources by the host of a vault anywhere in their properties', async () => {
    const found = await rows(
      `${AT_VAULT} | project id, name, type, subscriptionId, resourceGroup, location, tags, identity, properties, kind`,
    );
    expect(found.map(({ name }) => name)).toEqual(['shopdata', 'shopsql']);
    expect(found[0]).toMatchObject({
      id: ACCOUNT.slice(ARM.length),
      type: 'microsoft.storage/storageaccounts',
      resourceGroup: 'rg-shop',
      kind: 'StorageV2',
      tags: account.tags,
      identity: { type: account.identity.type },
      properties: account.properties,
    });
    expect(await rows(`${AT_VAULT} | summarize n = count() by type`)).toEqual([
      { type: 'microsoft.storage/storageaccounts', n: 1 },
      { type: 'microsoft.sql/servers', n: 1 },
    ]);
  });

  it('lists no child without a location', async () => {
    const found = await rows(
      "resources | where properties contains 'keys/shopimages' | project name",
    );
    expect(found.map(({ name }) => name)).not.toContain('current');
  });

  it('leaves out what the caller may not read', async () => {
    const seen = async () =>
      (await rows(`${AT_VAULT} | project name`, 'revoker')).map(
        ({ name }) => name,
      );
    expect(await seen()).toEqual([]);
    await allowRevoker('Microsoft.Sql/servers/read');
    expect(await seen()).toEqual(['shopsql']);
    const permissions = await call(
      'revoker',
      'GET',
      `${ARM}${SUBSCRIPTION}/providers/Microsoft.Authorization/permissions`,
    );
    expect(permissions.json.value).toContainEqual(
      expect.objectContaining({ actions: ['Microsoft.Sql/servers/read'] }),
    );
  });

  it('counts disks by their disk encryption set', async () => {
    const set = `${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Compute/diskEncryptionSets/des-shop`;
    for (const [name, id] of Object.entries({
      one: set,
      two: set.toUpperCase(),
    })) {
      await call('admin', 'PUT', `${DISK}-${name}`, {
        ...LOCATION,
        properties: { encryption: { diskEncryptionSetId: id } },
      });
    }
    await call('admin', 'PUT', `${DISK}-plain`, LOCATION);
    expect(
      await rows(
        "resources | where type =~ 'microsoft.compute/disks' | where isnotempty(properties.encryption.diskEncryptionSetId) and tostring(properties) has 'des-shop' | summarize n = count() by type, set = tolower(tostring(properties.encryption.diskEncryptionSetId))",
      ),
    ).toEqual([
      { type: 'microsoft.compute/disks', set: set.toLowerCase(), n: 2 },
    ]);
  });

  it('is out of date for as long as it is about other resources', async () => {
    azure.emulator.assumptions.change({ resourceGraphDelaySeconds: 60 });
    await call('admin', 'DELETE', SERVER);
    expect(await rows(`${AT_VAULT} | project name`)).toHaveLength(2);
    azure.emulator.clock.advance(61_000);
    expect(await rows(`${AT_VAULT} | project name`)).toHaveLength(1);
  });
});
