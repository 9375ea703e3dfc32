import {
  AZURE_CLOUD_NAMES,
  AZURE_CLOUDS,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from './__testUtils__/azureWorld';

describe.each(AZURE_CLOUD_NAMES)('in the cloud %s', name => {
  const cloud = AZURE_CLOUDS[name];
  const other = AZURE_CLOUDS[name === 'china' ? 'public' : 'china'];
  let world: AzureWorld;
  beforeAll(async () => {
    world = await startAzureWorld({ cloud: name });
  });
  afterAll(() => world.close());
  beforeEach(() => world.emulator.clearRequests());

  const key = () => KeyIdentifier.of('kv-contoso-rbac', 'shopimages', name);

  it('signs in, reads, rotates and tries a pull at the hosts of that cloud only', async () => {
    const { ports, subscriptionId } = world;
    const { value: facts } = await ports.registries.get(
      RegistryId.parse(
        `/subscriptions/${subscriptionId}/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages`,
      ),
    );
    expect(facts.loginServer).toBe(`shopimages.${cloud.registrySuffix}`);
    expect(facts.encryption?.keyIdentifier).toBe(key().toString());
    await ports.vaults.listBySubscription(subscriptionId);
    const versions = () =>
      world.emulator.state.key('kv-contoso-rbac', 'shopimages').versions.length;
    const before = versions();
    await ports.keys.rotate(key(), 'rotate');
    expect(versions()).toBe(before + 1);
    expect((await ports.registries.testPull(facts.loginServer)).status).toBe(
      401,
    );

    const hosts = new Set(world.emulator.requests().map(({ host }) => host));
    expect([...hosts].sort()).toEqual(
      [
        cloud.armHost,
        cloud.authorityHost,
        key().vaultHost,
        facts.loginServer,
      ].sort(),
    );
  });

  it('sends nothing to a vault or a registry of another cloud, and names both clouds', async () => {
    const foreign = KeyIdentifier.of(
      'kv-contoso-rbac',
      'shopimages',
      other.name,
    );
    const expected = `is in ${other.title}, and this backend is configured for ${cloud.title} (acrCmk.azure.cloud)`;
    for (const refused of [
      await failureOf(world.ports.keys.rotate(foreign, 'rotate')),
      await failureOf(
        world.ports.registries.testPull(`shopimages.${other.registrySuffix}`),
      ),
    ]) {
      expect(refused).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining(expected),
      });
    }
    expect(world.emulator.requests()).toEqual([]);
  });
});
