import { sdkClients, SdkClients } from '../__testUtils__/sdk';
import { useEmulator } from '../__testUtils__/emulated';
import { RECOVER_VISIBLE_MS, SOFT_DELETE_VISIBLE_MS } from '../assumptions';

const world = useEmulator();
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

  it('creates a vault with RBAC by default, and updates it', async () => {
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
    expect(names(await all(vaults.listBySubscription()))).toContain('kv-new');
    expect(await codeOf(azure.keys('kv-new').getKey('k'))).toBe(
      'ForbiddenByFirewall',
    );
  });

  it('deletes a vault with its keys and the role assignments on it', async () => {
    const { vaults } = azure.vaults;
    const { state } = world.emulator;
    await vaults.delete('rg-keys', 'kv-contoso-rbac');
    await vaults.delete('rg-keys', 'kv-contoso-rbac');
    expect(await codeOf(vaults.get('rg-keys', 'kv-contoso-rbac'))).toBe(
      'ResourceNotFound',
    );
    expect(state.registry('shopimages').reach).toMatchObject({
      problem: 'vault',
    });
    const principalId = state.principalId('id-shopimages');
    expect(state.assignments(principalId)).toEqual([]);
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
});

describe('@azure/arm-msi', () => {
  it('creates, lists and deletes identities; their registries keep working for a while', async () => {
    const { userAssignedIdentities } = azure.identities;
    const create = (tags: Record<string, string>) =>
      userAssignedIdentities.createOrUpdate('rg-new', 'id-new', {
        location: 'westeurope',
        tags,
      });
    const { principalId } = await create({});
    expect(await create({ a: 'b' })).toMatchObject({
      name: 'id-new',
      tags: { a: 'b' },
      principalId,
    });
    expect(await userAssignedIdentities.get('rg-new', 'id-new')).toMatchObject({
      principalId,
    });
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

  it('lists assignments by principal, including inherited ones', async () => {
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
    expect(made).toMatchObject({ name, principalId, scope: `/${vault()}` });
    const listed = async () =>
      names(await all(roleAssignments.listForScope(vault())));
    expect(await listed()).toContain(name);
    await roleAssignments.delete(vault(), name);
    expect(await listed()).not.toContain(name);
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
  it('finds registries, and role assignments', async () => {
    const { data, totalRecords } = await azure.graph.resources({
      query:
        "resources | where type =~ 'microsoft.containerregistry/registries' | project name, properties.encryption.status",
    });
    expect(totalRecords).toBe(16);
    expect(data).toContainEqual({
      name: 'hrimages',
      properties_encryption_status: 'enabled',
    });
    const principalId = world.emulator.state.principalId('id-shopimages');
    const assignments = await azure.graph.resources({
      query: `authorizationresources | where properties.principalId =~ '${principalId}' | summarize n = count()`,
    });
    expect(assignments.data).toEqual([{ n: 1 }]);
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
        'POST',
        `https://kv-contoso-policy.vault.azure.net/keys/many${count}/create`,
        { kty: 'RSA' },
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

  it('deletes and recovers', async () => {
    const { emulator } = world;
    emulator.clock.freeze();
    const keys = azure.keys('kv-contoso-legacy');
    const poller = await keys.beginDeleteKey('legacyimages', {
      intervalInMs: 1,
    });
    emulator.clock.advance(SOFT_DELETE_VISIBLE_MS);
    const deleted = await poller.pollUntilDone();
    expect(deleted.properties.scheduledPurgeDate).toBeInstanceOf(Date);
    expect((await keys.getDeletedKey('legacyimages')).name).toBe(
      'legacyimages',
    );
    const recovery = await keys.beginRecoverDeletedKey('legacyimages', {
      intervalInMs: 1,
    });
    emulator.clock.advance(RECOVER_VISIBLE_MS);
    expect((await recovery.pollUntilDone()).name).toBe('legacyimages');
    expect(await codeOf(keys.getDeletedKey('legacyimages'))).toBe(
      'KeyNotFound',
    );
  });
});
