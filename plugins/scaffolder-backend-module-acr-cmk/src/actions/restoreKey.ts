import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { apiFields } from 'backstage-plugin-acr-cmk-common';
import type { Ports } from '../ports';
import { change, pick } from './change';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:key:restore';

const fields = apiFields('RestoreIntent');

/** `acr-cmk:key:restore` */
export function createRestoreKeyAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
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
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        ...changeInput,
        ...fields,
      },
      output: changeOutput,
    },
    async handler(ctx) {
      await change(
        ctx,
        {
          input: ctx.input,
          intent: { kind: 'restore', ...pick(ctx.input, fields) },
        },
        ports,
      );
    },
  });
}
