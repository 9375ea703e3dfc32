import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { clientOf } from '../clientOf';
import { codeOf, isTransient, toTaskError } from '../errors';
import type { Ports } from '../ports';
import { fullEntityRef, output } from './common';
import { exampleOf } from './exampleOf';
import { registryInput } from './schema';

const ID = 'acr-cmk:entity:await';

/** Between two questions. Milliseconds. */
const PAUSE_MS = 2_000;
/** A catalog takes seconds for what was registered. Milliseconds. */
const GIVE_UP_AFTER_MS = 2 * 60_000;

interface Outcome {
  found: boolean;
  message: string;
}

/** `acr-cmk:entity:await` */
export function createAwaitEntityAction(ports: Ports) {
  return createTemplateAction({
    id: ID,
    description:
      'Waits up to two minutes until the catalog shows an entity that was just registered, so that links to its page lead somewhere. Says so when it does not; never fails for it. Changes nothing',
    examples: [
      exampleOf('After the step that registers the entity', ID, {
        entityRef: 'resource:default/invoice-images',
      }),
    ],
    supportsDryRun: true,
    schema: {
      input: { entityRef: z => registryInput.entityRef(z) },
      output: {
        found: z =>
          z.boolean().describe('The catalog shows it to who started the task'),
        message: z => z.string().describe('The same in words'),
      },
    },
    async handler(ctx) {
      try {
        const entityRef = fullEntityRef(ctx.input.entityRef);
        const outcome = ctx.isDryRun
          ? {
              found: false,
              message: `A dry run registers nothing, so nothing waits for ${entityRef}.`,
            }
          : await waitUntilShown(entityRef, await clientOf(ctx, ports), {
              ...ports,
              signal: ctx.signal,
            });
        if (outcome.found || ctx.isDryRun) ctx.logger.info(outcome.message);
        else ctx.logger.warn(outcome.message);
        output(ctx, outcome);
      } catch (error) {
        throw toTaskError(error);
      }
    },
  });
}

async function waitUntilShown(
  entityRef: string,
  client: AcrCmkClient,
  { sleep, signal }: Pick<Ports, 'sleep'> & { signal?: AbortSignal },
): Promise<Outcome> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      await client.registriesOf(entityRef);
      return { found: true, message: `The catalog shows ${entityRef}.` };
    } catch (error) {
      const isNotThere = codeOf(error) === 'ENTITY_UNKNOWN';
      if (!isNotThere && !isTransient(error)) {
        return {
          found: false,
          message: `Could not determine whether the catalog shows ${entityRef}: ${
            toTaskError(error).message
          }`,
        };
      }
      if (waitedMs >= GIVE_UP_AFTER_MS || signal?.aborted) {
        return {
          found: false,
          message: isNotThere
            ? `The catalog does not show you ${entityRef} yet. Until it does, links to it say that there is no such entity: open them again later.`
            : `Could not determine whether the catalog shows ${entityRef}, because the acr-cmk backend does not answer.`,
        };
      }
    }
    await sleep(PAUSE_MS, signal);
  }
}
