import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Ports } from '../ports';
import { change } from './change';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:key:revoke';

/** `acr-cmk:key:revoke` */
export function createRevokeKeyAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
    description:
      "Takes a container registry's access to its key away, which blocks every pull and push until acr-cmk:key:restore. It only asks: a second person has to approve it on the registry's Encryption tab, and types the registry's name there. Off unless acrCmk.actions.revoke is true",
    examples: [
      exampleOf('By the narrowest method that works', ID, {
        entityRef: 'resource:default/shop-images',
        reason: 'Credentials of the build were stolen',
      }),
      exampleOf(
        'Undone by itself after an hour, unless somebody confirms it',
        ID,
        {
          entityRef: 'resource:default/shop-images',
          method: 'disable-version',
          restoreAfterMinutes: 60,
          reason: 'Drill',
        },
      ),
    ],
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        ...changeInput,
        method: z =>
          z
            .enum([
              'access-policy',
              'role-assignment',
              'disable-version',
              'disable-all-versions',
              'delete-key',
            ])
            .describe('The narrowest one that works unless said otherwise')
            .optional(),
        restoreAfterMinutes: z =>
          z
            .number()
            .int()
            .min(5)
            .max(10_080)
            .describe(
              'Undo it by itself after so many minutes, unless somebody confirms it. Never, unless said otherwise',
            )
            .optional(),
      },
      output: changeOutput,
    },
    async handler(ctx) {
      const { method, restoreAfterMinutes } = ctx.input;
      await change(
        ctx,
        ctx.input,
        { kind: 'revoke', method, restoreAfterMinutes },
        ports,
      );
    },
  });
}
