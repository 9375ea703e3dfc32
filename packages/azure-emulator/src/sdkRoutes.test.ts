import crypto from 'node:crypto';
import { sdkClients, SdkClients } from './__testUtils__/sdk';
import { useEmulator } from './__testUtils__/emulated';
import {
  recordRoutes,
  ROUTES,
  ROUTES_OF_OTHER_CLIENTS,
  SDK_PACKAGES,
} from './__testUtils__/routeCoverage';
import { RECOVER_VISIBLE_MS, SOFT_DELETE_VISIBLE_MS } from './assumptions';

const world = useEmulator();
const called = recordRoutes(world);
let azure: SdkClients;
let plain: SdkClients;
beforeAll(() => {
  azure = sdkClients(world.emulator);
  plain = sdkClients(world.emulator, 'rotator');
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (error: {
      code?: string;
      details?: { error?: { innerError?: { code?: string } } };
    }) => error.details?.error?.innerError?.code ?? error.code,
  );
const withoutVersion = (keyIdentifier: string) =>
  keyIdentifier.replace(/\/[0-9a-f]{32}$/, '');
const names = (list: { name?: string }[]) =>
  list.map(({ name }) => name).sort();

describe('@azure/arm-containerregistry', () => {
  it('creates a registry with a customer-managed key, lists it, deletes it', async () => {
    const { registries } = azure.registries;
    const identity =
      await azure.identities.userAssignedIdentities.createOrUpdate(
        'rg-new',
        'id-new',
        { location: 'westeurope' },
      );
    const key = await azure
      .keys('kv-contoso-policy')
      .createKey('newkey', 'RSA');
    const parameters = {
      location: 'westeurope',
      sku: { name: 'Premium' },
      identity: {
        type: 'UserAssigned' as const,
        userAssignedIdentities: { [identity.id!]: {} },
      },
      encryption: {
        status: 'enabled' as const,
        keyVaultProperties: {
          keyIdentifier: key.id!,
          identity: identity.clientId!,
        },
      },
    };
    await expect(
      registries.create('rg-new', 'newimages', parameters),
    ).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining(
        `Verify that identity '${identity.clientId}' has 'Get, Wrap Key, Unwrap Key' permission`,
      ),
    });
    await azure.vaults.vaults.updateAccessPolicy(
      'rg-keys',
      'kv-contoso-policy',
      'add',
      {
        properties: {
          accessPolicies: [
            {
              tenantId: world.emulator.ready.tenantId,
              objectId: identity.principalId!,
              permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] },
            },
          ],
        },
      },
    );
    const created = await registries.create('rg-new', 'newimages', parameters);
    expect(created).toMatchObject({
      provisioningState: 'Succeeded',
      loginServer: 'newimages.azurecr.io',
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          versionedKeyIdentifier: key.id,
          keyRotationEnabled: false,
        },
      },
    });
    expect(
      created.encryption?.keyVaultProperties?.lastKeyRotationTimestamp,
    ).toBeUndefined();
    expect(names(await all(registries.listByResourceGroup('rg-new')))).toEqual([
      'newimages',
    ]);
    expect(names(await all(registries.list()))).toEqual(
      world.emulator.state.registries(),
    );
    expect(
      (
        await registries.checkNameAvailability({
          name: 'newimages',
          type: 'Microsoft.ContainerRegistry/registries',
        })
      ).nameAvailable,
    ).toBe(false);
    await registries.delete('rg-new', 'newimages');
    expect(await codeOf(registries.get('rg-new', 'newimages'))).toBe(
      'ResourceNotFound',
    );
  });

  it.each([
    ['a lower SKU', { sku: { name: 'Standard' } }, 'Premium'],
    [
      'encryption off',
      { encryption: { status: 'disabled' } },
      'cannot be disabled',
    ],
    [
      'a key without an identity',
      {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          },
        },
      },
      'Property Identity and KeyIdentifier must be set',
    ],
    [
      'a key outside Key Vault',
      {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier: 'https://evil.test/keys/shopimages',
            identity: 'system',
          },
        },
      },
      'is not valid',
    ],
    [
      'an identity that is not attached',
      {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
            identity: 'aaaaaaaa-0000-4000-8000-000000000003',
          },
        },
      },
      'does not have access to identity',
    ],
  ])('refuses %s and changes nothing', async (_what, change, message) => {
    const before = world.emulator.state.registry('shopimages');
    await expect(
      azure.registries.registries.update(
        'rg-shop',
        'shopimages',
        change as never,
      ),
    ).rejects.toThrow(message);
    expect(world.emulator.state.registry('shopimages')).toEqual(before);
  });

  it('refuses a customer-managed key on a registry that was created without', async () => {
    await expect(
      azure.registries.registries.update('rg-shop', 'plainimages', {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
            identity: 'system',
          },
        },
      }),
    ).rejects.toThrow('can only be enabled when the registry is created');
  });

  it('credentials need the admin user; replications and usages are listed', async () => {
    const { registries, replications } = azure.registries;
    expect(
      await codeOf(registries.listCredentials('rg-shop', 'shopimages')),
    ).toBe('UnAuthorizedForCredentialOperations');
    await registries.update('rg-shop', 'shopimages', {
      adminUserEnabled: true,
    });
    expect(
      (await registries.listCredentials('rg-shop', 'shopimages')).username,
    ).toBe('shopimages');
    const before = await registries.listCredentials('rg-shop', 'shopimages');
    const after = await registries.regenerateCredential(
      'rg-shop',
      'shopimages',
      { name: 'password2' },
    );
    expect(after.passwords![0]).toEqual(before.passwords![0]);
    expect(after.passwords![1].value).not.toBe(before.passwords![1].value);
    const [home] = await all(replications.list('rg-shop', 'shopimages'));
    expect(home).toMatchObject({ name: 'westeurope', location: 'westeurope' });
    expect(
      await replications.get('rg-shop', 'shopimages', 'westeurope'),
    ).toEqual(home);
    const usages = await registries.listUsages('rg-shop', 'shopimages');
    expect(names(usages.value!)).toContain('Size');
  });

  it('lists the child resources that every registry has, and empty lists of the others', async () => {
    const client = azure.registries;
    const of = ['rg-shop', 'shopimages'] as const;
    const maps = await all(client.scopeMaps.list(...of));
    expect(names(maps)).toContain('_repositories_pull');
    const map = await client.scopeMaps.get(...of, '_repositories_pull');
    expect(map.actions).toEqual(['repositories/*/content/read']);
    const links = await all(client.registries.listPrivateLinkResources(...of));
    expect(names(links)).toEqual(['registry']);
    expect(
      (await client.registries.getPrivateLinkResource(...of, 'registry'))
        .properties,
    ).toMatchObject({ groupId: 'registry' });
    for (const operations of [
      client.webhooks,
      client.tokens,
      client.cacheRules,
      client.credentialSets,
      client.connectedRegistries,
      client.privateEndpointConnections,
    ]) {
      expect(await all(operations.list(...of))).toEqual([]);
    }
  });
});

describe('@azure/arm-keyvault', () => {
  const parameters = () => ({
    location: 'westeurope',
    properties: {
      tenantId: world.emulator.ready.tenantId,
      sku: { family: 'A' as const, name: 'standard' as const },
      softDeleteRetentionInDays: 7,
    },
  });

  it('creates a vault with RBAC by default, updates and deletes it', async () => {
    const { vaults } = azure.vaults;
    const vault = await vaults.createOrUpdate('rg-new', 'kv-new', parameters());
    expect(vault.properties).toMatchObject({
      enableRbacAuthorization: true,
      softDeleteRetentionInDays: 7,
      vaultUri: 'https://kv-new.vault.azure.net/',
    });
    expect(vault.properties).not.toHaveProperty('enablePurgeProtection', true);
    await vaults.update('rg-new', 'kv-new', {
      properties: {
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
      },
    });
    expect(
      (await vaults.get('rg-new', 'kv-new')).properties.networkAcls
        ?.defaultAction,
    ).toBe('Deny');
    expect(names(await all(vaults.listByResourceGroup('rg-new')))).toEqual([
      'kv-new',
    ]);
    expect(names(await all(vaults.listBySubscription()))).toContain('kv-new');
    expect(names(await all(vaults.list()))).toEqual([
      'kv-contoso-closed',
      'kv-contoso-legacy',
      'kv-contoso-policy',
      'kv-contoso-rbac',
      'kv-new',
    ]);
    expect(await codeOf(azure.keys('kv-new').getKey('k'))).toBe(
      'ForbiddenByFirewall',
    );

    await vaults.delete('rg-new', 'kv-new');
    expect(await codeOf(vaults.get('rg-new', 'kv-new'))).toBe(
      'ResourceNotFound',
    );
    expect(
      (await vaults.getDeleted('kv-new', 'westeurope')).properties?.vaultId,
    ).toBe(vault.id);
    expect(names(await all(vaults.listDeleted()))).toEqual(['kv-new']);
    expect(
      await codeOf(vaults.createOrUpdate('rg-new', 'kv-new', parameters())),
    ).toBe('ConflictError');
    await vaults.purgeDeleted('kv-new', 'westeurope');
    expect(await codeOf(vaults.getDeleted('kv-new', 'westeurope'))).toBe(
      'DeletedVaultNotFound',
    );
    expect(
      (
        await vaults.checkNameAvailability({
          name: 'kv-new',
          type: 'Microsoft.KeyVault/vaults',
        })
      ).nameAvailable,
    ).toBe(true);
  });

  it('recovers a vault with its keys, and without the role assignments on it', async () => {
    const { vaults } = azure.vaults;
    const { state } = world.emulator;
    const principalId = state.principalId('id-shopimages');
    await vaults.delete('rg-keys', 'kv-contoso-rbac');
    expect(state.registry('shopimages').reach).toMatchObject({
      problem: 'vault',
    });
    const { properties } = parameters();
    await vaults.createOrUpdate('rg-keys', 'kv-contoso-rbac', {
      location: 'westeurope',
      properties: { ...properties, createMode: 'recover' },
    });
    expect(state.key('kv-contoso-rbac', 'shopimages').versions).toHaveLength(2);
    expect(state.assignments(principalId)).toEqual([]);
    expect(state.registry('shopimages').reach).toMatchObject({
      problem: 'access',
    });
  });

  it('reads keys and versions without data-plane permissions', async () => {
    const reader = sdkClients(world.emulator, 'reader').vaults;
    const key = await reader.keys.get(
      'rg-keys',
      'kv-contoso-closed',
      'hrimages',
    );
    expect(key).toMatchObject({
      kty: 'RSA',
      keySize: 2048,
      keyUriWithVersion:
        world.emulator.state.registry('hrimages').versionedKeyIdentifier,
    });
    const versions = await all(
      reader.keys.listVersions('rg-keys', 'kv-contoso-closed', 'hrimages'),
    );
    expect(versions).toHaveLength(2);
    const one = await reader.keys.getVersion(
      'rg-keys',
      'kv-contoso-closed',
      'hrimages',
      versions[0].name!,
    );
    expect(one.attributes?.enabled).toBe(true);
    expect(
      names(await all(reader.keys.list('rg-keys', 'kv-contoso-legacy'))),
    ).toEqual(['legacyimages']);
    const trap = await reader.keys.get(
      'rg-keys',
      'kv-contoso-policy',
      'checkoutimages',
    );
    expect(trap.rotationPolicy?.lifetimeActions).toEqual([
      { trigger: { timeAfterCreate: 'P90D' }, action: { type: 'rotate' } },
    ]);
  });

  it('createIfNotExist creates a first version and never a second', async () => {
    const make = () =>
      azure.vaults.keys.createIfNotExist(
        'rg-keys',
        'kv-contoso-rbac',
        'armkey',
        {
          properties: { kty: 'RSA', keySize: 3072 },
        },
      );
    const first = await make();
    expect((await make()).keyUriWithVersion).toBe(first.keyUriWithVersion);
    expect(
      world.emulator.state.key('kv-contoso-rbac', 'armkey').versions,
    ).toHaveLength(1);
  });
});

describe('@azure/arm-msi', () => {
  it('creates, tags, lists and deletes identities; their registries keep working for a while', async () => {
    const { userAssignedIdentities } = azure.identities;
    await userAssignedIdentities.createOrUpdate('rg-new', 'id-new', {
      location: 'westeurope',
    });
    const tagged = await userAssignedIdentities.update('rg-new', 'id-new', {
      tags: { a: 'b' },
    });
    expect(tagged).toMatchObject({ name: 'id-new', tags: { a: 'b' } });
    expect(
      (await userAssignedIdentities.get('rg-new', 'id-new')).principalId,
    ).toBe(tagged.principalId);
    expect(
      names(await all(userAssignedIdentities.listByResourceGroup('rg-new'))),
    ).toEqual(['id-new']);
    expect(
      names(await all(userAssignedIdentities.listBySubscription())),
    ).toContain('id-platform-shared');
    await userAssignedIdentities.delete('rg-shop', 'id-ordersimages');
    expect(
      await codeOf(userAssignedIdentities.get('rg-shop', 'id-ordersimages')),
    ).toBe('ResourceNotFound');
    expect(
      world.emulator.state.registry('ordersimages').identity,
    ).toBeDefined();
  });
});

describe('@azure/arm-authorization', () => {
  const vault = () => world.emulator.state.vault('kv-contoso-rbac').id.slice(1);

  it('lists assignments by principal, including inherited ones and those of its groups', async () => {
    const { roleAssignments } = azure.authorization;
    const { state } = world.emulator;
    const principalId = state.principalId('id-searchimages');
    const listed = await all(
      roleAssignments.listForScope(vault(), {
        filter: `assignedTo('${principalId}')`,
      }),
    );
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({
      principalId,
      scope: `/${vault()}`,
      roleDefinitionId: expect.stringMatching(
        /\/e147488a-f6f5-4113-8e2d-b22465e65bf6$/,
      ),
    });
    const atScope = await all(
      roleAssignments.listForScope(vault(), { filter: 'atScope()' }),
    );
    const below = await all(roleAssignments.listForScope(vault()));
    expect(below.length).toBeGreaterThan(atScope.length);
    expect(
      await codeOf(
        all(roleAssignments.listForScope(vault(), { filter: 'colour()' })),
      ),
    ).toBe('InvalidFilterInQueryString');
  });

  it('creates an assignment once when it is sent twice, and deletes it', async () => {
    const { roleAssignments } = azure.authorization;
    const principalId = world.emulator.state.principalId('id-ordersimages');
    const name = '12345678-1234-4234-8234-123456789012';
    const make = () =>
      roleAssignments.create(vault(), name, {
        roleDefinitionId:
          '/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6',
        principalId,
        principalType: 'ServicePrincipal',
      });
    const made = await make();
    expect((await make()).id).toBe(made.id);
    expect(await roleAssignments.getById(made.id!)).toMatchObject({
      name,
      principalId,
      scope: `/${vault()}`,
    });
    await roleAssignments.delete(vault(), name);
    expect(await codeOf(roleAssignments.get(vault(), name))).toBe(
      'RoleAssignmentNotFound',
    );
  });

  it('refuses duplicates, unknown principals and roles, and names that are not GUIDs', async () => {
    const { roleAssignments } = azure.authorization;
    const { state } = world.emulator;
    const [assignment] = state.assignments(
      state.principalId('id-searchimages'),
    );
    const desired = {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`,
      principalId: assignment.principalId,
      principalType: 'ServicePrincipal' as const,
    };
    const name = '12345678-1234-4234-8234-123456789012';
    expect(await codeOf(roleAssignments.create(vault(), name, desired))).toBe(
      'RoleAssignmentExists',
    );
    expect(await codeOf(roleAssignments.create(vault(), 'mine', desired))).toBe(
      'InvalidRoleAssignmentId',
    );
    expect(
      await codeOf(
        roleAssignments.create(vault(), name, {
          ...desired,
          principalId: name,
          principalType: undefined,
        }),
      ),
    ).toBe('PrincipalNotFound');
    expect(
      await codeOf(
        roleAssignments.create(vault(), name, {
          ...desired,
          roleDefinitionId: `/x/${name}`,
        }),
      ),
    ).toBe('RoleDefinitionDoesNotExist');
    expect(
      await codeOf(
        roleAssignments.getById(
          `/${vault()}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        ),
      ),
    ).toBe('RoleAssignmentNotFound');
  });

  it('returns built-in roles by their ids and stores custom ones', async () => {
    const { roleDefinitions } = azure.authorization;
    const [role] = await all(
      roleDefinitions.list(vault(), {
        filter: "roleName eq 'Key Vault Crypto Service Encryption User'",
      }),
    );
    expect(role.name).toBe('e147488a-f6f5-4113-8e2d-b22465e65bf6');
    const id = '12345678-1234-4234-8234-123456789012';
    const scope = `subscriptions/${world.emulator.ready.subscriptionId}`;
    await roleDefinitions.createOrUpdate(scope, id, {
      roleName: 'Key Looker',
      permissions: [{ actions: ['Microsoft.KeyVault/vaults/read'] }],
      assignableScopes: [`/${scope}`],
    });
    expect((await roleDefinitions.get(scope, id)).roleName).toBe('Key Looker');
    await roleDefinitions.delete(scope, id);
    expect(await codeOf(roleDefinitions.get(scope, id))).toBe(
      'RoleDefinitionDoesNotExist',
    );
  });

  it('returns the permissions of the caller at a vault', async () => {
    const list = await all(
      plain.authorization.permissions.listForResource(
        'rg-keys',
        'Microsoft.KeyVault',
        '',
        'vaults',
        'kv-contoso-rbac',
      ),
    );
    const dataActions = list.flatMap(permission => permission.dataActions);
    expect(dataActions).toEqual(
      expect.arrayContaining([
        'Microsoft.KeyVault/vaults/keys/read',
        'Microsoft.KeyVault/vaults/keys/rotate/action',
      ]),
    );
    expect(dataActions).not.toContain('Microsoft.KeyVault/vaults/keys/delete');
  });
});

describe('@azure/arm-resourcegraph', () => {
  it('finds registries and their vaults in one query', async () => {
    const { data, totalRecords } = await azure.graph.resources({
      query: `resources | where type =~ 'microsoft.containerregistry/registries'
        | extend vault = tostring(split(split(properties.encryption.keyVaultProperties.keyIdentifier, '/')[2], '.')[0])
        | join kind=leftouter (resources | where type =~ 'microsoft.keyvault/vaults' | project vault = name, rbac = tobool(properties.enableRbacAuthorization)) on vault
        | project name, vault, rbac | order by name asc`,
    });
    expect(totalRecords).toBe(16);
    expect(data).toContainEqual({
      name: 'hrimages',
      vault: 'kv-contoso-closed',
      rbac: true,
    });
    expect(data).toContainEqual({ name: 'plainimages', vault: '', rbac: null });
  });

  it('finds role assignments', async () => {
    const { data } = await azure.graph.resources({
      query: `authorizationresources | where type =~ 'microsoft.authorization/roleassignments'
        | where tostring(properties.roleDefinitionId) endswith 'e147488a-f6f5-4113-8e2d-b22465e65bf6' | count`,
    });
    expect(data).toEqual([{ Count: 7 }]);
  });
});

describe('@azure/keyvault-keys', () => {
  it('creates, changes and lists keys, twenty-five a page', async () => {
    const keys = azure.keys('kv-contoso-policy');
    const expiresOn = new Date('2035-01-01T00:00:00Z');
    const key = await keys.createKey('made', 'RSA', {
      keySize: 3072,
      keyOps: ['wrapKey', 'unwrapKey'],
      expiresOn,
      tags: { a: 'b' },
    });
    expect(key).toMatchObject({
      keyType: 'RSA',
      keyOperations: ['wrapKey', 'unwrapKey'],
      properties: {
        expiresOn,
        tags: { a: 'b' },
        enabled: true,
        recoveryLevel: 'Recoverable',
        exportable: false,
      },
    });
    expect(key.key?.n).toHaveLength(384);
    const changed = await keys.updateKeyProperties(
      'made',
      key.properties.version!,
      { enabled: false },
    );
    expect(changed.properties.enabled).toBe(false);
    const retagged = await keys.updateKeyProperties('made', {
      tags: { c: 'd' },
    });
    expect(retagged.properties).toMatchObject({
      version: key.properties.version,
      enabled: false,
      tags: { c: 'd' },
    });
    for (let count = 0; count < 26; count++) {
      await world.emulator.outOfBand(
        'PUT',
        `https://management.azure.com${
          world.emulator.state.vault('kv-contoso-policy').id
        }/keys/many${count}`,
        { properties: { kty: 'RSA' } },
      );
    }
    const listed = await all(keys.listPropertiesOfKeys());
    expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(26);
    expect(
      world.emulator
        .requests()
        .filter(({ path, status }) => path === '/keys' && status === 200),
    ).toHaveLength(2);
    expect(
      await all(keys.listPropertiesOfKeyVersions('ordersimages')),
    ).toHaveLength(2);
  });

  it('stores a rotation policy, and a rotate under it sets the expiry', async () => {
    const keys = azure.keys('kv-contoso-policy');
    expect(
      (await keys.getKeyRotationPolicy('ordersimages')).lifetimeActions,
    ).toEqual([{ action: 'Notify', timeBeforeExpiry: 'P30D' }]);
    await keys.updateKeyRotationPolicy('ordersimages', {
      expiresIn: 'P30D',
      lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P15D' }],
    });
    const { properties } = await keys.rotateKey('ordersimages');
    const month = 30 * 24 * 3600;
    expect(
      (Number(properties.expiresOn) - Number(properties.createdOn)) / 1e3,
    ).toBe(month);
    expect(
      await codeOf(
        keys.updateKeyRotationPolicy('ordersimages', {
          lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P1D' }],
        }),
      ),
    ).toBe('BadParameter');
  });

  it('deletes, lists, recovers and purges', async () => {
    const { emulator } = world;
    emulator.clock.freeze();
    const keys = azure.keys('kv-contoso-legacy');
    const poller = await keys.beginDeleteKey('legacyimages', {
      intervalInMs: 1,
    });
    emulator.clock.advance(SOFT_DELETE_VISIBLE_MS);
    const deleted = await poller.pollUntilDone();
    expect(deleted.properties.scheduledPurgeDate).toBeInstanceOf(Date);
    expect((await all(keys.listDeletedKeys())).map(({ name }) => name)).toEqual(
      ['legacyimages'],
    );
    const recovery = await keys.beginRecoverDeletedKey('legacyimages', {
      intervalInMs: 1,
    });
    emulator.clock.advance(RECOVER_VISIBLE_MS);
    expect((await recovery.pollUntilDone()).name).toBe('legacyimages');
    await keys.beginDeleteKey('legacyimages');
    emulator.clock.advance(SOFT_DELETE_VISIBLE_MS);
    await keys.purgeDeletedKey('legacyimages');
    expect(await codeOf(keys.getDeletedKey('legacyimages'))).toBe(
      'KeyNotFound',
    );
  });

  it('backs up a key and restores it with all its versions', async () => {
    const keys = azure.keys('kv-contoso-policy');
    const backup = await keys.backupKey('ordersimages');
    expect(await codeOf(keys.restoreKeyBackup(backup!))).toBe('Conflict');
    const before = world.emulator.state.key(
      'kv-contoso-policy',
      'ordersimages',
    );
    const restored = await azure
      .keys('kv-contoso-legacy')
      .restoreKeyBackup(backup!);
    expect(restored.properties.version).toBe(before.latest);
    expect(
      world.emulator.state.key('kv-contoso-legacy', 'ordersimages').versions,
    ).toEqual(before.versions);
  });

  it.each(['RSA-OAEP', 'RSA-OAEP-256', 'RSA1_5'] as const)(
    '%s reverses its operation, with a named version and with the latest',
    async algorithm => {
      const key = await azure.keys('kv-contoso-policy').getKey('ordersimages');
      const secret = Buffer.from('a data key of thirty-two bytes!!');
      for (const id of [key.id!, withoutVersion(key.id!)]) {
        const remote = azure.crypto(id);
        const wrapped = await remote.wrapKey(algorithm, secret);
        const unwrapped = await remote.unwrapKey(algorithm, wrapped.result);
        expect(Buffer.from(unwrapped.result)).toEqual(secret);
        const encrypted = await remote.encrypt({
          algorithm,
          plaintext: secret,
        });
        const decrypted = await remote.decrypt({
          algorithm,
          ciphertext: encrypted.result,
        });
        expect(Buffer.from(decrypted.result)).toEqual(secret);
      }
    },
  );

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])(
    '%s signatures are verified by the vault and by Node, and others are refused',
    async alg => {
      const data = Buffer.from('what is signed');
      const hash = `sha${alg.slice(2)}`;
      const digest = (of: Buffer) =>
        crypto.createHash(hash).update(of).digest();
      const key = await azure.keys('kv-contoso-policy').getKey('ordersimages');
      const jwk = {
        kty: 'RSA',
        n: Buffer.from(key.key!.n!).toString('base64url'),
        e: Buffer.from(key.key!.e!).toString('base64url'),
      };
      const padding = alg.startsWith('PS')
        ? crypto.constants.RSA_PKCS1_PSS_PADDING
        : crypto.constants.RSA_PKCS1_PADDING;
      for (const id of [key.id!, withoutVersion(key.id!)]) {
        const remote = azure.crypto(id);
        const { result } = await remote.sign(alg, digest(data));
        const verify = async (of: Buffer) =>
          (await remote.verify(alg, digest(of), result)).result;
        expect(await verify(data)).toBe(true);
        expect(await verify(Buffer.from('another thing'))).toBe(false);
        expect(
          crypto.verify(
            hash,
            data,
            {
              key: crypto.createPublicKey({ key: jwk, format: 'jwk' }),
              padding,
            },
            result,
          ),
        ).toBe(true);
      }
    },
  );

  it('a disabled version allows no operation; an expired one only unwraps', async () => {
    const keys = azure.keys('kv-contoso-policy');
    const key = await keys.getKey('ordersimages');
    const remote = azure.crypto(key.id!);
    const secret = Buffer.from('a data key');
    const { result } = await remote.wrapKey('RSA-OAEP', secret);
    const set = (change: { enabled?: boolean; expiresOn?: Date }) =>
      keys.updateKeyProperties('ordersimages', key.properties.version!, change);
    await set({ expiresOn: new Date('2001-01-01') });
    const refused = await world.call('admin', 'POST', `${key.id}/sign`, {
      alg: 'RS256',
      value: Buffer.alloc(32).toString('base64url'),
    });
    expect(refused.json.error.innererror.code).toBe('KeyExpired');
    expect(
      Buffer.from((await remote.unwrapKey('RSA-OAEP', result)).result),
    ).toEqual(secret);
    await set({ enabled: false });
    expect(await codeOf(remote.unwrapKey('RSA-OAEP', result))).toBe(
      'KeyDisabled',
    );
  });
});

describe('the operations of the providers', () => {
  it('are listed by the clients of registries, vaults, identities and Resource Graph', async () => {
    const listed = [
      await all(azure.registries.operations.list()),
      await all(azure.vaults.operations.list()),
      await all(azure.identities.operations.list()),
      await azure.graph.operations.list(),
    ];
    expect(listed.map(operations => operations[0].display?.provider)).toEqual([
      'Microsoft.ContainerRegistry',
      'Microsoft.KeyVault',
      'Microsoft.ManagedIdentity',
      'Microsoft.ResourceGraph',
    ]);
    expect(names(listed[1] as { name?: string }[])).toContain(
      'Microsoft.KeyVault/vaults/keys/rotate/action',
    );
  });

  it('and the connections of a vault and the credentials of an identity are empty lists', async () => {
    const of = ['rg-keys', 'kv-contoso-rbac'] as const;
    const links = await azure.vaults.privateLinkResources.listByVault(...of);
    expect(names(links.value!)).toEqual(['vault']);
    expect(
      await all(azure.vaults.privateEndpointConnections.listByResource(...of)),
    ).toEqual([]);
    expect(
      await all(
        azure.identities.federatedIdentityCredentials.list(
          'rg-shop',
          'id-shopimages',
        ),
      ),
    ).toEqual([]);
    const { id } = await azure.registries.registries.get(
      'rg-shop',
      'billingimages',
    );
    const system = await azure.identities.systemAssignedIdentities.getByScope(
      id!,
    );
    expect(system.principalId).toBe(
      world.emulator.state.principalId('billingimages'),
    );
  });
});

/** Last in the file: the calls of the tests above are only known now. */
describe('the table of routes', () => {
  const bySdk = () => called().filter(({ sdk }) => sdk !== undefined);

  it('is called completely, and answered, through the clients of the seven packages', () => {
    const answered = new Set(
      bySdk()
        .filter(call => call.answered)
        .map(({ route }) => route),
    );
    const uncalled = ROUTES.filter(
      route => !answered.has(route) && !ROUTES_OF_OTHER_CLIENTS.has(route),
    );
    expect(uncalled).toEqual([]);
  });

  it('lists as routes of other clients only routes that exist and that no package calls', () => {
    const routes = new Set(bySdk().map(({ route }) => route));
    const wrong = [...ROUTES_OF_OTHER_CLIENTS].filter(
      route => !ROUTES.includes(route) || routes.has(route),
    );
    expect(wrong).toEqual([]);
  });

  it('is called by each of the seven packages', () => {
    expect([...new Set(bySdk().map(({ sdk }) => sdk))].sort()).toEqual(
      SDK_PACKAGES,
    );
  });
});
