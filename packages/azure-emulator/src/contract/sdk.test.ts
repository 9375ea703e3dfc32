import { Emulator, startEmulator } from '../emulator';
import { pull } from '../http/client';
import { sdkClients, SdkClients } from '../__testUtils__/sdk';
import { trustInThisProcess } from '../http/trust';

describe("Microsoft's own clients against the demo world", () => {
  let emulator: Emulator;
  let restore: () => void;
  let azure: SdkClients;

  beforeAll(async () => {
    emulator = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    restore = trustInThisProcess(emulator);
    azure = sdkClients(emulator);
  });
  beforeEach(() => emulator.reset());
  afterAll(async () => {
    restore();
    await emulator.close();
  });

  it('a registry shows its key, the version in use and its identity', async () => {
    const registry = await azure.registries.registries.get(
      'rg-shop',
      'shopimages',
    );
    expect(registry.encryption?.keyVaultProperties).toMatchObject({
      keyIdentifier: 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
      versionedKeyIdentifier:
        emulator.state.registry('shopimages').versionedKeyIdentifier,
      keyRotationEnabled: true,
    });
    expect(registry.identity?.type).toBe('userAssigned');
    const [[id, identity]] = Object.entries(
      registry.identity!.userAssignedIdentities!,
    );
    expect(id).toContain('/resourcegroups/rg-shop/');
    expect(identity.clientId).toBe(
      registry.encryption?.keyVaultProperties?.identity,
    );
  });

  it('all registries of the subscription are listed', async () => {
    const names: string[] = [];
    for await (const registry of azure.registries.registries.list()) {
      names.push(registry.name!);
    }
    expect(names.sort()).toEqual(emulator.state.registries());
    expect(names).toHaveLength(16);
  });

  it('a rotate creates one version, and a PATCH moves a manual registry to it', async () => {
    const rotated = await azure
      .keys('kv-contoso-policy')
      .rotateKey('ordersimages');
    expect(rotated.properties.version).toBe(
      emulator.state.key('kv-contoso-policy', 'ordersimages').latest,
    );
    const identity = emulator.state.registry('ordersimages').identity!;
    const updated = await azure.registries.registries.update(
      'rg-shop',
      'ordersimages',
      {
        encryption: {
          status: 'enabled',
          keyVaultProperties: { keyIdentifier: rotated.id!, identity },
        },
      },
    );
    expect(updated.encryption?.keyVaultProperties?.versionedKeyIdentifier).toBe(
      rotated.id,
    );
    expect(
      updated.encryption?.keyVaultProperties?.lastKeyRotationTimestamp,
    ).toBeInstanceOf(Date);
    expect(
      emulator
        .requests()
        .filter(({ path }) => path.endsWith('/rotate'))
        .map(({ principal, status }) => [principal, status]),
    ).toEqual([
      [undefined, 401],
      ['admin', 200],
    ]);
  });

  it('an automatic registry follows a new version an hour later, not sooner', async () => {
    const before = emulator.state.registry('shopimages').versionInUse;
    const { properties } = await azure
      .keys('kv-contoso-rbac')
      .rotateKey('shopimages');
    emulator.clock.freeze();
    const { createdAt } = emulator.state
      .key('kv-contoso-rbac', 'shopimages')
      .versions.at(-1)!;
    emulator.clock.set(createdAt + 60 * 60 * 1000 - 1);
    expect(emulator.state.registry('shopimages').versionInUse).toBe(before);
    emulator.clock.advance(1);
    expect(emulator.state.registry('shopimages').versionInUse).toBe(
      properties.version,
    );
  });

  it('removing an access policy stops pulls, and restoring it allows them again', async () => {
    const entry = {
      tenantId: emulator.ready.tenantId,
      objectId: emulator.state.principalId('id-ordersimages'),
      permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] },
    };
    const before = emulator.state.vault('kv-contoso-policy').accessPolicies;
    expect((await pull(emulator, 'ordersimages')).status).toBe(200);
    const change = (operation: 'add' | 'remove') =>
      azure.vaults.vaults.updateAccessPolicy(
        'rg-keys',
        'kv-contoso-policy',
        operation,
        { properties: { accessPolicies: [entry] } },
      );
    await change('remove');
    expect((await pull(emulator, 'ordersimages')).status).toBe(403);
    await change('add');
    expect((await pull(emulator, 'ordersimages')).status).toBe(200);
    const sorted = (list: typeof before) =>
      [...list].sort((a, b) => (a.objectId < b.objectId ? -1 : 1));
    expect(
      sorted(emulator.state.vault('kv-contoso-policy').accessPolicies),
    ).toEqual(sorted(before));
  });

  it('deleting a role assignment stops pulls, and creating it again allows them again', async () => {
    const principalId = emulator.state.principalId('id-shopimages');
    const [assignment] = emulator.state.assignments(principalId);
    const { authorization } = azure;
    await authorization.roleAssignments.deleteById(assignment.id);
    expect((await pull(emulator, 'shopimages')).status).toBe(403);
    await authorization.roleAssignments.create(
      assignment.scope.slice(1),
      '12345678-1234-4234-8234-123456789012',
      {
        roleDefinitionId: `/subscriptions/${emulator.ready.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`,
        principalId,
        principalType: 'ServicePrincipal',
      },
    );
    expect((await pull(emulator, 'shopimages')).status).toBe(200);
  });
});
