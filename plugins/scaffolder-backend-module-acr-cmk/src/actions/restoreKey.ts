import type { Ports } from '../ports';
import { createChangeAction } from './change';
import { exampleOf } from './exampleOf';

const ID = 'acr-cmk:key:restore';

/** `acr-cmk:key:restore` */
export function createRestoreKeyAction(ports: Ports) {
  return createChangeAction(ports, {
    id: ID,
    kind: 'restore',
    intent: 'RestoreIntent',
    description:
      'Gives a container registry its access to the key back: the exact inverse of a revoke',
    examples: [
      exampleOf('Undo the latest revoke of the registry', ID, {
        entityRef: 'resource:default/shop-images',
        reason: 'The incident is over',
      }),
      exampleOf('Undo the revoke of an earlier step', ID, {
        entityRef: 'resource:default/shop-images',
        operationId: '${{ steps["key-revoke"].output.operationId }}',
        reason: 'End of the drill',
      }),
    ],
  });
}
