import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { apiFields } from 'backstage-plugin-acr-cmk-common';
import type { Ports } from '../ports';
import { change, pick } from './change';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:key:automatic-rotation';

const fields = apiFields('AutomaticRotationIntent');

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
        ...fields,
      },
      output: changeOutput,
    },
    async handler(ctx) {
      await change(
        ctx,
        {
          input: ctx.input,
          intent: { kind: 'automatic-rotation', ...pick(ctx.input, fields) },
        },
        ports,
      );
    },
  });
}
