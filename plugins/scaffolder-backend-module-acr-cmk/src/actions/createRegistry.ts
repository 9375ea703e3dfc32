import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { apiFields, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Ports } from '../ports';
import { change, pick } from './change';
import { invalidInput } from './common';
import { exampleOf } from './exampleOf';
import { changeInput, changeOutput, registryInput } from './schema';

const ID = 'acr-cmk:registry:create';

const fields = apiFields('CreateRegistryIntent');

/** `acr-cmk:registry:create` */
export function createCreateRegistryAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
    description:
      'Creates a Premium container registry that is encrypted with a customer-managed key from its first moment; it cannot be added later. Creates the identity and the key if requested, gives the identity access to the key, and writes the entity into the tags of the registry, as proof of its owner',
    examples: [
      exampleOf('With a key of its own, made for it', ID, {
        entityRef: 'resource:default/invoice-images',
        resourceGroupId:
          '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop',
        name: 'invoiceimages',
        location: 'westeurope',
        identity: { name: 'id-invoiceimages', create: true },
        key: {
          kind: 'new-key',
          vaultName: 'kv-contoso-rbac',
          keyName: 'invoiceimages',
        },
        rotateEveryDays: 90,
        reason: 'Registry of the invoice service',
      }),
      exampleOf('With a key and an identity that exist', ID, {
        entityRef: 'resource:default/invoice-images',
        resourceGroupId:
          '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop',
        name: 'invoiceimages',
        location: 'westeurope',
        identity: { name: 'id-shop' },
        key: {
          kind: 'existing',
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
        },
        reason: 'Registry of the invoice service',
      }),
    ],
    supportsDryRun: true,
    schema: {
      input: {
        entityRef: z =>
          registryInput
            .entityRef(z)
            .describe(
              'The catalog entity that the registry will belong to, such as resource:default/invoice-images. It need not exist yet',
            ),
        resourceGroupId: z =>
          z
            .string()
            .min(1)
            .max(300)
            .describe(
              'ARM id of the resource group, /subscriptions/<guid>/resourceGroups/<name>, inside acrCmk.scopes',
            ),
        name: z =>
          z
            .string()
            .regex(/^[A-Za-z0-9]{5,50}$/)
            .describe(
              "The registry's name: 5 to 50 letters and digits, free in all of Azure",
            ),
        ...fields,
        ...changeInput,
      },
      output: {
        ...changeOutput,
        entityRef: z =>
          z.string().describe('The entity that the registry belongs to'),
      },
    },
    async handler(ctx) {
      const { resourceGroupId, name } = ctx.input;
      const registryId = `${resourceGroupId.replace(
        /\/+$/,
        '',
      )}/providers/Microsoft.ContainerRegistry/registries/${name}`;
      try {
        RegistryId.parse(registryId);
      } catch {
        throw invalidInput(
          'resourceGroupId',
          'must be /subscriptions/<guid>/resourceGroups/<name>',
        );
      }
      await change(
        ctx,
        {
          input: { ...ctx.input, registryId },
          intent: { kind: 'create-registry', ...pick(ctx.input, fields) },
        },
        ports,
      );
      ctx.output('entityRef', ctx.input.entityRef);
    },
  });
}
