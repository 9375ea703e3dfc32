import { keyInPortal, registryInPortal, vaultInPortal } from './portalLinks';

const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers';
const REGISTRY = `${GROUP}/Microsoft.ContainerRegistry/registries/shopimages`;
const VAULT = `${GROUP}/Microsoft.KeyVault/vaults/kv-shop`;

describe('links to the portal', () => {
  it.each([
    ['portal.azure.com', 'shopimages.azurecr.io', 'vault.azure.net'],
    ['portal.azure.us', 'shopimages.azurecr.us', 'vault.usgovcloudapi.net'],
    ['portal.azure.cn', 'shopimages.azurecr.cn', 'vault.azure.cn'],
  ])('lead to %s', (portal, loginServer, suffix) => {
    const key = `https://kv-shop.${suffix}/keys/orders`;
    expect(registryInPortal(REGISTRY, loginServer)).toBe(
      `https://${portal}/#@/resource${REGISTRY}`,
    );
    expect(vaultInPortal(VAULT, loginServer)).toBe(
      `https://${portal}/#@/resource${VAULT}`,
    );
    expect(keyInPortal(`${key}/${'0'.repeat(32)}`)).toBe(
      `https://${portal}/#@/asset/Microsoft_Azure_KeyVault/Key/${key}`,
    );
  });

  it('there is none for anything else', () => {
    expect(registryInPortal('https://evil.test/', 'a.azurecr.io')).toBe(
      undefined,
    );
    expect(vaultInPortal('/somewhere/else', 'a.azurecr.io')).toBeUndefined();
    expect(keyInPortal('https://evil.test/keys/k')).toBeUndefined();
    expect(
      keyInPortal('https://hsm1.managedhsm.azure.net/keys/k'),
    ).toBeUndefined();
  });
});
