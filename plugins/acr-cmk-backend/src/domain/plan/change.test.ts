import {
  AZURE_CLOUD_NAMES,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import { changeOf } from './change';

const REGISTRY =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shopimages';

const toKey = (key: object) => ({
  entityRef: 'component:default/shop',
  registryId: REGISTRY,
  intent: { kind: 'rotate', key } as unknown as Intent,
});
const NEW_KEY = { kind: 'new-key', vaultName: 'kv-shop', keyName: 'orders' };

describe('a change that names a key', () => {
  it.each([
    ['public', 'https://kv-shop.vault.azure.net/keys/orders'],
    ['usGovernment', 'https://kv-shop.vault.usgovcloudapi.net/keys/orders'],
    ['china', 'https://kv-shop.vault.azure.cn/keys/orders'],
  ] as const)('means a key in %s', (cloud, keyIdentifier) => {
    const existing = toKey({ kind: 'existing', keyIdentifier });
    expect(changeOf(existing, cloud).namedKey?.toString()).toBe(keyIdentifier);
    expect(changeOf(toKey(NEW_KEY), cloud).namedKey?.toString()).toBe(
      keyIdentifier,
    );
    for (const other of AZURE_CLOUD_NAMES.filter(each => each !== cloud)) {
      expect(() => changeOf(existing, other)).toThrow(
        'and this backend is configured for',
      );
    }
  });

  it('may mean a key in a Managed HSM', () => {
    const keyIdentifier = 'https://hsm1.managedhsm.azure.net/keys/orders';
    const { namedKey } = changeOf(toKey({ kind: 'existing', keyIdentifier }));
    expect(namedKey?.toString()).toBe(keyIdentifier);
  });
});
