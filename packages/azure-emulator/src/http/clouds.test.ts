import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { ClientSecretCredential } from '@azure/identity';
import { KeyClient } from '@azure/keyvault-keys';
import { pull, requestThrough } from './client';
import { Emulator, startEmulator } from '../emulator';
import { trustInThisProcess } from './trust';
import type { CloudName } from '../types';

const CLOUDS: {
  cloud: CloudName;
  login: string;
  arm: string;
  vault: string;
  registry: string;
  location: string;
}[] = [
  {
    cloud: 'usGovernment',
    login: 'login.microsoftonline.us',
    arm: 'management.usgovcloudapi.net',
    vault: 'vault.usgovcloudapi.net',
    registry: 'azurecr.us',
    location: 'usgovvirginia',
  },
  {
    cloud: 'china',
    // The older name, login.chinacloudapi.cn, is replaced by MSAL.
    login: 'login.partner.microsoftonline.cn',
    arm: 'management.chinacloudapi.cn',
    vault: 'vault.azure.cn',
    registry: 'azurecr.cn',
    location: 'chinanorth3',
  },
];

describe.each(CLOUDS)('$cloud', of => {
  const { cloud, login, arm, vault, registry, location } = of;
  let emulator: Emulator;
  let restore: () => void;
  beforeAll(async () => {
    emulator = await startEmulator({
      world: 'demo',
      cloud,
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    restore = trustInThisProcess(emulator);
  });
  afterAll(async () => {
    restore();
    await emulator.close();
  });

  function clients() {
    const { tenantId, subscriptionId, principals } = emulator.ready;
    const credential = new ClientSecretCredential(
      tenantId,
      principals.admin.clientId,
      principals.admin.clientSecret,
      { authorityHost: `https://${login}` },
    );
    const { registries } = new ContainerRegistryManagementClient(
      credential,
      subscriptionId,
      {
        endpoint: `https://${arm}`,
        credentials: { scopes: [`https://${arm}/.default`] },
      },
    );
    const keys = new KeyClient(
      `https://kv-contoso-policy.${vault}`,
      credential,
    );
    return { registries, keys };
  }

  it('names vaults, keys and registries as in this cloud, and rotates to a new version', async () => {
    const { registries, keys } = clients();
    const before = await registries.get('rg-shop', 'ordersimages');
    expect(before.loginServer).toBe(`ordersimages.${registry}`);
    const { keyVaultProperties } = before.encryption!;
    expect(keyVaultProperties!.keyIdentifier).toContain(
      `https://kv-contoso-policy.${vault}/keys/ordersimages/`,
    );
    const rotated = await keys.rotateKey('ordersimages');
    expect(rotated.id).toContain(`.${vault}/`);
    await registries.update(
      'rg-shop',
      'ordersimages',
      {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier: rotated.id,
            identity: keyVaultProperties!.identity,
          },
        },
      },
      { updateIntervalInMs: 10 },
    );
    expect(emulator.state.registry('ordersimages').versionedKeyIdentifier).toBe(
      rotated.id,
    );
    expect((await pull(emulator, 'ordersimages')).status).toBe(200);
    const hosts = new Set(emulator.requests().map(({ host }) => host));
    expect([...hosts].sort()).toEqual(
      [
        login,
        arm,
        `kv-contoso-policy.${vault}`,
        `ordersimages.${registry}`,
      ].sort(),
    );
  });

  it('has everything in a location of this cloud, and refuses one of another', async () => {
    const { registries } = clients();
    for await (const { location: where } of registries.list()) {
      expect(where).toBe(location);
    }
    const creation = (where: string) =>
      registries.create('rg-shop', `new${location}`, {
        location: where,
        sku: { name: 'Premium' },
      });
    await expect(creation('westeurope')).rejects.toMatchObject({
      code: 'LocationNotAvailableForResourceType',
      message: expect.stringContaining(location),
    });
    expect(await creation(location)).toMatchObject({ location });
  });

  it('refuses the key identifier of another cloud, and names it as it was sent', async () => {
    const { registries } = clients();
    const { encryption } = await registries.get('rg-shop', 'ordersimages');
    const keyIdentifier =
      'https://kv-contoso-policy.vault.azure.net/keys/ordersimages';
    await expect(
      registries.update('rg-shop', 'ordersimages', {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier,
            identity: encryption!.keyVaultProperties!.identity,
          },
        },
      }),
    ).rejects.toThrow(`The key identifier '${keyIdentifier}' is not valid`);
  });

  it('does not serve the names of the public cloud', async () => {
    await expect(
      requestThrough(emulator, 'https://management.azure.com/'),
    ).rejects.toThrow('403');
  });
});
