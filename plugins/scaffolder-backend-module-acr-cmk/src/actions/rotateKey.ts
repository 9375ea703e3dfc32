import type { Ports } from '../ports';
import { createChangeAction } from './change';
import { exampleOf } from './exampleOf';

const ID = 'acr-cmk:key:rotate';

/** `acr-cmk:key:rotate` */
export function createRotateKeyAction(ports: Ports) {
  return createChangeAction(ports, {
    id: ID,
    kind: 'rotate',
    intent: 'RotateIntent',
    description:
      'Rotates the customer-managed key of a container registry: a new version of its key unless another key, version, mode or identity is given. Follows the operation until the registry is on it. Running it again, after a crash or by a retry of the step, makes no second version',
    examples: [
      exampleOf('A new version of the key that the registry uses', ID, {
        entityRef: 'resource:default/shop-images',
        reason: 'Quarterly rotation',
      }),
      exampleOf('One of several registries of an entity', ID, {
        entityRef: 'resource:default/shop-suite',
        registryId:
          '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/ordersimages',
        reason: 'Quarterly rotation',
      }),
      exampleOf(
        'Move to another key, and follow its versions from now on',
        ID,
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
      exampleOf('From a pinned version to automatic, on the same key', ID, {
        entityRef: 'resource:default/orders-images',
        key: { kind: 'current', mode: 'automatic' },
        reason: 'Follow the rotation policy of the vault',
      }),
    ],
  });
}
