import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Ports } from '../ports';
import { change } from './change';
import { rotateKeyExamples } from './rotateKey.examples';
import {
  changeInput,
  changeOutput,
  existingKey,
  newKey,
  registryInput,
  versionMode,
} from './schema';

/** `acr-cmk:key:rotate` */
export function createRotateKeyAction(ports: Ports) {
  return createTemplateAction({
    id: 'acr-cmk:key:rotate',
    description:
      'Rotates the customer-managed key of a container registry: a new version of its key unless another key, version, mode or identity is asked for. Follows the operation until the registry is on it. Running it again, after a crash or by a retry of the step, makes no second version',
    examples: rotateKeyExamples,
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        ...changeInput,
        key: z =>
          z
            .discriminatedUnion('kind', [
              z.object({ kind: z.literal('new-version') }).strict(),
              z
                .object({
                  kind: z.literal('current'),
                  mode: versionMode(z).optional(),
                })
                .strict(),
              existingKey(z),
              newKey(z),
            ])
            .describe(
              'Which key; a new version of the present one unless said otherwise',
            )
            .optional(),
        follow: z =>
          z
            .enum(['now', 'wait'])
            .describe(
              "How an automatic registry comes to a new version: `now` makes it read its key now, `wait` leaves it to Azure's hour. `now` unless said otherwise",
            )
            .optional(),
        identity: z =>
          z
            .string()
            .min(1)
            .max(400)
            .describe(
              'Encryption identity: resource id, name or client id of a user-assigned identity, or `system`. The present one unless said otherwise',
            )
            .optional(),
        grantAccess: z =>
          z
            .boolean()
            .describe(
              'Give the identity the access to the key that it lacks. False unless said otherwise',
            )
            .optional(),
      },
      output: changeOutput,
    },
    async handler(ctx) {
      const { key, follow, identity, grantAccess } = ctx.input;
      await change(
        ctx,
        {
          input: ctx.input,
          intent: { kind: 'rotate', key, follow, identity, grantAccess },
        },
        ports,
      );
    },
  });
}
