import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { clientOf } from '../clientOf';
import { TaskError, toTaskError } from '../errors';
import type { Ports } from '../ports';
import {
  encryptionTabOf,
  findRegistry,
  fullEntityRef,
  output,
  registryOf,
  versionOf,
} from './common';
import { exampleOf } from './exampleOf';
import { registryInput } from './schema';

const ID = 'acr-cmk:state:get';

/** `acr-cmk:state:get` */
export function createGetStateAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
    description:
      'Reads how a container registry is encrypted: its state, the key and version in use, and what is wrong. Changes nothing',
    examples: [
      exampleOf('How a registry stands', ID, {
        entityRef: 'resource:default/shop-images',
      }),
      exampleOf('How it stands now, read from Azure again', ID, {
        entityRef: 'resource:default/shop-images',
        refresh: true,
      }),
    ],
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        refresh: z =>
          z
            .boolean()
            .describe('Read Azure again, unless that was just done')
            .optional(),
      },
      output: {
        registryId: z => z.string().describe('ARM id of the registry'),
        state: z =>
          z
            .string()
            .describe('Such as current, converging, behind, revoked, no-cmk'),
        message: z => z.string().describe('The state in words'),
        versionMode: z => z.enum(['automatic', 'manual']).optional(),
        keyIdentifier: z =>
          z.string().describe('URI that the registry stores').optional(),
        versionInUse: z => z.string().optional(),
        latestVersion: z => z.string().optional(),
        findings: z =>
          z
            .array(
              z.object({
                id: z.string(),
                severity: z.string(),
                message: z.string(),
                detail: z.string().optional(),
                remedy: z.string().optional(),
              }),
            )
            .describe('What is wrong, or could not be found out'),
        link: z =>
          z
            .string()
            .describe("Path of the entity's Encryption tab in the portal"),
      },
    },
    async handler(ctx) {
      try {
        const client = await clientOf(ctx, ports);
        const entityRef = fullEntityRef(ctx.input.entityRef);
        const registryId = await registryOf(
          { entityRef, registryId: ctx.input.registryId },
          client,
        );
        const { registries } = await client.registriesOf(entityRef, {
          refresh: ctx.input.refresh,
        });
        const registry = findRegistry(registries, registryId);
        if (!registry) {
          const unreadable = registries.find(
            one => one.kind === 'unreadable' && one.text === registryId,
          );
          throw new TaskError(
            'NotFoundError',
            unreadable?.kind === 'unreadable'
              ? (unreadable.message ??
                  `${registryId} could not be read: ${unreadable.reason}`)
              : `${entityRef} does not name the registry ${registryId} in its annotations (REGISTRY_NOT_OF_ENTITY)`,
          );
        }
        const { state, key, findings } = registry;
        ctx.logger.info(`${registry.name}: ${state.message}`);
        for (const { severity, message, detail, remedy } of findings) {
          const sentences = [`  ${severity}: ${message}`, detail, remedy];
          ctx.logger.info(
            sentences
              .flatMap(sentence =>
                sentence ? sentence.replace(/\.$/, '') : [],
              )
              .join('. '),
          );
        }
        output(ctx, {
          registryId: registry.registryId,
          state: state.id,
          message: state.message,
          versionMode: registry.versionMode,
          keyIdentifier: registry.encryption.keyIdentifier ?? undefined,
          versionInUse: versionOf(registry.encryption.versionedKeyIdentifier),
          latestVersion: (key?.known && key.latestVersion) || undefined,
          findings: findings.map(
            ({ id, severity, message, detail, remedy }) => ({
              id,
              severity,
              message,
              ...(detail && { detail }),
              ...(remedy && { remedy }),
            }),
          ),
          link: encryptionTabOf(entityRef),
        });
      } catch (error) {
        throw toTaskError(error);
      }
    },
  });
}
