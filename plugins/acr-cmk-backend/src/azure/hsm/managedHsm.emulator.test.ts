import { createCredentials } from '../credentials/credentials';
import {
  WRAP_PERMISSIONS,
  AZURE_CLOUD_NAMES,
  AZURE_CLOUDS,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from '../__testUtils__/azureWorld';

const HSM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hsm/providers/Microsoft.KeyVault/managedHSMs/hsm-contoso`;
const NAME = 'hsm-contoso.managedhsm';
const GUID = '22222222-2222-4222-8222-222222222222';

describe.each(AZURE_CLOUD_NAMES)('a Managed HSM in the cloud %s', cloud => {
  let world: AzureWorld;
  beforeAll(async () => {
    world = await startAzureWorld({ cloud, world: 'demo-hsm' });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.emulator.reset();
  });
  const key = KeyIdentifier.of(NAME, 'hsmimages', cloud);

  it('is read and listed by ARM and by Resource Graph with the same facts', async () => {
    const { vaults, resourceGraph } = world.ports;
    const { value } = await vaults.get(HSM);
    expect(value).toMatchObject({
      id: HSM,
      name: NAME,
      sku: 'Standard_B1',
      permissionModel: 'rbac',
      purgeProtection: true,
      securityDomain: 'Active',
      accessPolicies: [],
    });
    const listed = await vaults.listBySubscription(SUBSCRIPTION);
    expect(listed.value).toContainEqual(value);
    const rows = await resourceGraph.vaults({
      subscriptionIds: [SUBSCRIPTION],
      part: 0,
      of: 1,
    });
    expect(rows.value.items).toContainEqual({
      subscriptionId: SUBSCRIPTION,
      facts: value,
    });
    expect(rows.value.items).toHaveLength(listed.value.length);
  });

  it.each([
    [403, 'AuthorizationFailed', 'may not be listed'],
    [404, 'InvalidResourceType', 'are no type of resources'],
    [400, 'NoRegisteredProviderFound', 'are offered nowhere'],
  ])(
    'is not known, and vaults are, where ARM answers %s %s: Managed HSMs %s',
    async (status, code) => {
      const { vaults } = world.ports;
      const before = (await vaults.listBySubscription(SUBSCRIPTION)).value;
      world.emulator.faults.add({ path: '*/managedHSMs', status, code });
      const { value } = await vaults.listBySubscription(SUBSCRIPTION);
      expect(value).toEqual(before.filter(({ id }) => id !== HSM));
    },
  );

  it.each([
    [400, 'BadRequest'],
    [404, 'SubscriptionNotFound'],
    [409, 'Conflict'],
  ])(
    'fails the listing by %s %s, which says nothing of Managed HSMs',
    async (status, code) => {
      world.emulator.faults.add({ path: '*/managedHSMs', status, code });
      const failure = await failureOf(
        world.ports.vaults.listBySubscription(SUBSCRIPTION),
      );
      expect(failure.code).toBe(code);
    },
  );

  it('shows its keys and their versions itself', async () => {
    const { keys } = world.ports;
    const state = world.emulator.state.key(NAME, 'hsmimages');
    const { value } = await keys.get(HSM, 'hsmimages');
    expect(value).toMatchObject({
      vaultName: NAME,
      name: 'hsmimages',
      type: 'RSA-HSM',
      size: 2048,
      rotatesByPolicy: true,
      rotationPolicy: { timeAfterCreate: 'P18M', expiryTime: 'P2Y' },
    });
    expect(value.versions.map(({ version }) => version)).toEqual(
      state.versions.map(({ version }) => version).reverse(),
    );
    const listed = await keys.list(HSM);
    expect(listed.value).toMatchObject([{ name: 'hsmimages', enabled: true }]);
    const hosts = new Set(world.emulator.requests().map(({ host }) => host));
    expect(hosts).toContain(`hsm-contoso.${AZURE_CLOUDS[cloud].hsmSuffix}`);
  });

  // Only that there is no default policy follows from managed-hsm/key-rotation.md, not how that is answered.
  it.each(['empty', 'not-found'] as const)(
    'shows that a key has no rotation policy, by an answer that is %s',
    async hsmKeyWithoutPolicy => {
      world.emulator.assumptions.change({ hsmKeyWithoutPolicy });
      const { keys } = world.ports;
      await keys.setRotationPolicy(key, {}, 'rotate');
      expect((await keys.rotationPolicy(key, 'rotate')).value).toEqual({});
      const { value } = await keys.get(HSM, 'hsmimages');
      expect(value.rotatesByPolicy).toBe(false);
      expect(value).not.toHaveProperty('rotationPolicy');
      const failure = await failureOf(keys.rotate(key, 'rotate'));
      expect(failure).toMatchObject({ kind: 'refused', code: 'BadParameter' });
    },
  );

  it('gives, shows and takes roles of its own', async () => {
    const { access } = world.ports;
    const principalId = world.emulator.state.principalId('id-shopimages');
    const scope = `${HSM}/keys/hsmimages`;
    expect((await access.assignmentsFor(principalId, scope)).value).toEqual([]);
    await access.createAssignment(
      {
        scope,
        name: GUID,
        principalId,
        principalType: 'ServicePrincipal',
        roleDefinitionId:
          'Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/33413926-3206-4cdd-b39a-83574fe37a17',
      },
      'revoke',
    );
    const [assignment] = (await access.assignmentsFor(principalId, scope))
      .value;
    expect(assignment).toMatchObject({
      scope,
      name: GUID,
      roleName: 'Managed HSM Crypto Service Encryption User',
      keyUses: [...WRAP_PERMISSIONS],
    });
    // What is at one key says nothing of another.
    expect(
      (await access.assignmentsFor(principalId, `${HSM}/keys/other`)).value,
    ).toEqual([]);
    await access.deleteAssignment(assignment.id, 'revoke');
    await access.deleteAssignment(assignment.id, 'revoke');
    expect((await access.assignmentsFor(principalId, scope)).value).toEqual([]);
  });

  it('names the role of its own that is missing', async () => {
    const ports = world.portsWith({
      credentials: createCredentials(
        { rotate: world.principal('reader') },
        process.env,
        cloud,
      ),
    });
    const failure = await failureOf(ports.keys.rotate(key, 'rotate'));
    expect(failure).toMatchObject({ kind: 'denied', code: 'AccessDenied' });
    expect(failure.message).toContain(
      'Microsoft.KeyVault/managedHsm/keys/rotate/action',
    );
    expect(failure.message).toContain('Managed HSM Crypto User');
  });

  it('names the role of its own that reads deleted keys', async () => {
    const failure = await failureOf(world.ports.keys.getDeleted(key, 'rotate'));
    expect(failure.message).toContain(
      'Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action',
    );
    expect(failure.message).toContain('Managed HSM Crypto Auditor');
  });

  it('does not show the type of a key whose versions are all disabled', async () => {
    for (const { version } of world.emulator.state.key(NAME, 'hsmimages')
      .versions) {
      await world.ports.keys.setEnabled(
        KeyIdentifier.parse(`${key}/${version}`),
        false,
        'revoke',
      );
    }
    expect((await world.ports.keys.get(HSM, 'hsmimages')).value.type).toBe('');
  });

  it('is not there for a role that may not list them', async () => {
    await world.forbid('reader', 'Microsoft.KeyVault/managedHSMs/read');
    const { value } = await world.ports.vaults.listBySubscription(SUBSCRIPTION);
    expect(value.length).toBeGreaterThan(0);
    expect(value.map(({ name }) => name)).not.toContain(NAME);
  });
});
