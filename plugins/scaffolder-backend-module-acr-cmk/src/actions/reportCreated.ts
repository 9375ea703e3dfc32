import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  apiZod,
  ENTITY_REF_TAG,
  isTerminal,
  type Operation,
  REGISTRY_ID_ANNOTATION,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { clientOf } from '../clientOf';
import { TaskError, toTaskError } from '../errors';
import type { Ports } from '../ports';
import { fullEntityRef, invalidInput } from './common';
import { exampleOf } from './exampleOf';
import { registryInput } from './schema';

const ID = 'acr-cmk:registry:report';

/** `acr-cmk:registry:report` */
export function createReportCreatedAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
    description:
      'Says what acr-cmk:registry:create has made in Azure, and how to adopt or remove it. For a template whose later steps have failed, so that no entity names the registry: run it with `if: ${{ failure() }}`. Changes nothing',
    examples: [
      {
        description: 'After the step that registers the entity',
        example: `steps:
  - id: report
    name: Say what exists in Azure
    if: \${{ failure() and steps.create.output.operationId }}
    action: ${ID}
    input:
      entityRef: resource:default/invoice-images
      operationId: \${{ steps.create.output.operationId }}
`,
      },
      exampleOf('Of an operation by its id', ID, {
        entityRef: 'resource:default/invoice-images',
        operationId: '6f1f6d0e-93a5-4d57-9d7a-3f7c2c1b9a10',
      }),
    ],
    supportsDryRun: true,
    schema: {
      input: {
        entityRef: z => registryInput.entityRef(z),
        operationId: z =>
          apiZod(z, 'Uuid').describe(
            'The operation of the step that created the registry',
          ),
      },
      output: {
        message: z =>
          z.string().describe('What exists, and how to adopt or remove it'),
      },
    },
    async handler(ctx) {
      try {
        const client = await clientOf(ctx, ports);
        const entityRef = fullEntityRef(ctx.input.entityRef);
        const operation = await client.operation(ctx.input.operationId);
        if (operation.intent.kind !== 'create-registry') {
          throw new TaskError(
            'InputError',
            `operationId: ${operation.id} did not create a registry (INVALID_INPUT)`,
          );
        }
        if (operation.entityRef.toLowerCase() !== entityRef.toLowerCase()) {
          throw invalidInput(
            'entityRef',
            `is not the entity of operation ${operation.id}`,
          );
        }
        const lines = reportOf(operation, operation.entityRef);
        for (const line of lines) ctx.logger.warn(line);
        ctx.output('message', lines.join('\n'));
      } catch (error) {
        throw toTaskError(error);
      }
    },
  });
}

/** Report about the resources that an operation has created, and how to adopt or remove them. */
export function reportOf(
  { id, registryId, steps, intent, state }: Operation,
  entityRef: string,
): string[] {
  const { name, resourceGroup, subscriptionId } = RegistryId.parse(registryId);
  const writing = steps.filter(({ writes }) => writes);
  const made = writing.filter(step => step.state === 'done');
  // Azure may have done what it was asked although the step did not see it, or saw something else.
  const perhaps = writing.filter(
    step =>
      step.state !== 'done' && step.state !== 'unchanged' && step.attempts > 0,
  );
  const linesOf = (some: Operation['steps']) =>
    some.map(({ title, target }) => `  ${title}: ${target}`);
  if (!isTerminal(state)) {
    return [
      `Operation ${id} has not ended: it is ${state}. It continues without this task and may still make the registry ${name}. Cancel it on its page in the portal if it has not written yet, or wait for its end and run the task again to read what exists then.`,
      ...(made.length > 0 ? ['It has made:', ...linesOf(made)] : []),
    ];
  }
  if (made.length + perhaps.length === 0) {
    return ['Nothing was made in Azure. There is nothing to adopt or remove.'];
  }
  const hasRegistry = made.some(({ kind }) => kind === 'create-registry');
  const all = [...made, ...perhaps];
  const where = `--resource-group ${resourceGroup} --subscription ${subscriptionId}`;
  const remove = [
    ...(all.some(({ kind }) => kind === 'create-registry')
      ? [`az acr delete --name ${name} ${where}`]
      : []),
    ...all
      .filter(({ kind }) => kind === 'create-identity')
      .map(({ target }) => `az identity delete --ids ${target}`),
    ...(intent.kind === 'create-registry' && intent.key.kind === 'new-key'
      ? all
          .filter(({ kind }) => kind === 'create-key')
          .map(({ target }) => `az keyvault key delete --id ${target}`)
      : []),
  ];
  return [
    ...(made.length > 0 ? ['These exist in Azure now:', ...linesOf(made)] : []),
    ...(perhaps.length > 0
      ? [
          'These may exist, although their steps have failed. Look in Azure:',
          ...linesOf(perhaps),
        ]
      : []),
    ...(hasRegistry
      ? [
          `The registry ${name} is billed as Premium, and no entity names it. To adopt it, register the entity ${entityRef} with the annotation ${REGISTRY_ID_ANNOTATION}: ${registryId}. Its tag ${ENTITY_REF_TAG} names that entity already; with another entity, change the tag too.`,
        ]
      : []),
    'To remove it instead, with the Azure CLI (this portal deletes nothing):',
    ...remove.map(line => `  ${line}`),
  ];
}
