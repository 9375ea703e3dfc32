import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { apiFields } from 'backstage-plugin-acr-cmk-common';
import type { Ports } from '../ports';
import { change, pick } from './change';
import { rotateKeyExamples } from './rotateKey.examples';
import { changeInput, changeOutput, registryInput } from './schema';

const fields = apiFields('RotateIntent');

/** `acr-cmk:key:rotate` */
export function createRotateKeyAction(ports: Ports) {
  return createTemplateAction({
    id: 'acr-cmk:key:rotate',
    description:
      'Rotates the customer-managed key of a container registry: a new version of its key unless another key, version, mode or identity is given. Follows the operation until the registry is on it. Running it again, after a crash or by a retry of the step, makes no second version',
    examples: rotateKeyExamples,
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
          intent: { kind: 'rotate', ...pick(ctx.input, fields) },
        },
        ports,
      );
    },
  });
}
