import {
  AZURE_CLOUD_NAMES,
  AZURE_CLOUDS,
  hostInCloud,
  otherCloud,
} from './clouds';

describe('Azure clouds', () => {
  it.each(AZURE_CLOUD_NAMES)('%s shares no name with another', name => {
    const own = Object.values(AZURE_CLOUDS[name]);
    const others = AZURE_CLOUD_NAMES.filter(other => other !== name).flatMap(
      other => Object.values(AZURE_CLOUDS[other]),
    );
    expect(others.filter(text => own.includes(text))).toEqual([]);
    expect(AZURE_CLOUDS[name].name).toBe(name);
  });

  it.each([
    ['kv.vault.azure.net', 'vaultSuffix', 'public', 'kv'],
    ['KV.VAULT.USGOVCLOUDAPI.NET', 'vaultSuffix', 'usGovernment', 'KV'],
    ['kv.vault.azure.cn', 'vaultSuffix', 'china', 'kv'],
    ['hsm.managedhsm.azure.net', 'hsmSuffix', 'public', 'hsm'],
    ['shop.azurecr.us', 'registrySuffix', 'usGovernment', 'shop'],
    ['shop.azurecr.cn', 'registrySuffix', 'china', 'shop'],
  ] as const)('%s by its %s is in %s', (host, kind, cloud, label) => {
    expect(hostInCloud(host, kind)).toEqual({
      cloud: AZURE_CLOUDS[cloud],
      label,
    });
  });

  it.each([
    'vault.azure.net',
    'evilvault.azure.net',
    'kv.vault.azure.net.evil.test',
    'kv.managedhsm.azure.net',
    'shop.azurecr.io',
  ])('%s is the host of no vault', host => {
    expect(hostInCloud(host, 'vaultSuffix')).toBeUndefined();
  });

  it('names both clouds', () => {
    expect(otherCloud(AZURE_CLOUDS.china, AZURE_CLOUDS.public)).toBe(
      "is in Azure in China, and this backend is configured for Azure's public cloud (acrCmk.azure.cloud)",
    );
  });
});
