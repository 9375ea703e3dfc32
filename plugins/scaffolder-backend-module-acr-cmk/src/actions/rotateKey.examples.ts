import { exampleOf } from './exampleOf';

const ACTION = 'acr-cmk:key:rotate';

export const rotateKeyExamples = [
  exampleOf('A new version of the key that the registry uses', ACTION, {
    entityRef: 'resource:default/shop-images',
    reason: 'Quarterly rotation',
  }),
  exampleOf('One of several registries of an entity', ACTION, {
    entityRef: 'resource:default/shop-suite',
    registryId:
      '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/ordersimages',
    reason: 'Quarterly rotation',
  }),
  exampleOf(
    'Move to another key, and follow its versions from now on',
    ACTION,
    {
      entityRef: 'resource:default/shop-images',
      key: {
        kind: 'existing',
        keyIdentifier:
          'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
      },
      grantAccess: true,
      reason: 'One key for each registry',
    },
  ),
  exampleOf('From a pinned version to automatic, on the same key', ACTION, {
    entityRef: 'resource:default/orders-images',
    key: { kind: 'current', mode: 'automatic' },
    reason: 'Follow the rotation policy of the vault',
  }),
];
