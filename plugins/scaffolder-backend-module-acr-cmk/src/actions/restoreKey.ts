import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Ports } from '../ports';
import { change } from './change';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:key:restore';

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
        operationId: z =>
          z
            .string()
            .regex(
              /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
            )
            .describe(
              'The revoke to undo. Default: the latest one of the registry',
            )
            .optional(),
        onlyOperation: z =>
          z
            .boolean()
            .describe(
              'Give back only what the revoke operationId took away. Default: everything that is missing',
            )
            .optional(),
      },
      output: changeOutput,
    },
    async handler(ctx) {
      const { operationId, onlyOperation } = ctx.input;
      await change(
        ctx,
        {
          input: ctx.input,
          intent: { kind: 'restore', operationId, onlyOperation },
        },
        ports,
      );
    },
  });
}
