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
            .describe('Which key. Default: a new version of the current key')
            .optional(),
        follow: z =>
          z
            .enum(['now', 'wait'])
            .describe(
              'When an automatic registry switches to a new version: `now` makes it read its key immediately, `wait` leaves it to Azure, within about an hour. Default: now',
            )
            .optional(),
        identity: z =>
          z
            .string()
            .min(1)
            .max(400)
            .describe(
              'Encryption identity: resource id, name or client id of a user-assigned identity, or `system`. Default: the current identity',
            )
            .optional(),
        grantAccess: z =>
          z
            .boolean()
            .describe(
              'Grant the identity the access to the key that is missing. Default: false',
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
