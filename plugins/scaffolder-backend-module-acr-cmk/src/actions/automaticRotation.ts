import type { Ports } from '../ports';
import { createChangeAction } from './change';
import { exampleOf } from './exampleOf';

const ID = 'acr-cmk:key:automatic-rotation';

/** `acr-cmk:key:automatic-rotation` */
export function createAutomaticRotationAction(ports: Ports) {
  return createChangeAction(ports, {
    id: ID,
    kind: 'automatic-rotation',
    intent: 'AutomaticRotationIntent',
    description:
      "Has the vault rotate the customer-managed key of a container registry by its rotation policy, and the registry follow; or turns that off. The policy holds for every registry that uses the key. Follows the operation until Azure shows the policy and the registry's version mode",
    examples: [
      exampleOf('A new version every 90 days', ID, {
        entityRef: 'resource:default/shop-images',
        rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
        reason: 'Keys rotate every quarter',
      }),
      exampleOf('Versions expire after two years', ID, {
        entityRef: 'resource:default/shop-images',
        rotation: {
          kind: 'on',
          policy: {
            timeAfterCreate: 'P180D',
            expiryTime: 'P2Y',
            notifyBeforeExpiry: 'P30D',
          },
        },
        reason: 'A policy of the organization requires an expiry',
      }),
      exampleOf('As it was before', ID, {
        entityRef: 'resource:default/shop-images',
        rotation: { kind: 'as-before' },
        reason: 'The vault is rotated by somebody else again',
      }),
    ],
  });
}
