import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { z as zod } from 'zod/v3';
import type { Ports } from '../ports';
import { change } from './change';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:key:automatic-rotation';

const duration = (z: typeof zod, what: string) =>
  z
    .string()
    .regex(
      /^P(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?$/,
    )
    .describe(`${what}, as an ISO 8601 duration such as P90D`)
    .optional();

/** `acr-cmk:key:automatic-rotation` */
export function createAutomaticRotationAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
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
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        ...changeInput,
        rotation: z =>
          z
            .discriminatedUnion('kind', [
              z
                .object({
                  kind: z.literal('on'),
                  policy: z
                    .object({
                      timeAfterCreate: duration(
                        z,
                        'A new version so long after the newest one was created, at least 7 days',
                      ),
                      timeBeforeExpiry: duration(
                        z,
                        'A new version so long before the newest one expires; needs expiryTime',
                      ),
                      expiryTime: duration(
                        z,
                        'How long new versions are valid, at least 28 days',
                      ),
                      notifyBeforeExpiry: duration(
                        z,
                        'When Key Vault says that a version is about to expire',
                      ),
                    })
                    .strict(),
                })
                .strict(),
              z.object({ kind: z.literal('off') }).strict(),
              z
                .object({
                  kind: z.literal('as-before'),
                  operationId: z
                    .string()
                    .regex(
                      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
                    )
                    .describe('The operation to undo. Default: the latest one')
                    .optional(),
                })
                .strict(),
            ])
            .describe(
              'on: by this policy. off: the vault makes no new versions. as-before: what an operation of this portal replaced',
            ),
      },
      output: changeOutput,
    },
    async handler(ctx) {
      const { rotation } = ctx.input;
      await change(
        ctx,
        {
          input: ctx.input,
          intent: { kind: 'automatic-rotation', rotation },
        },
        ports,
      );
    },
  });
}
