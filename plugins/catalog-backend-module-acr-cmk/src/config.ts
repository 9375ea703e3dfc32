import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { KubernetesValidatorFunctions } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { z } from 'zod/v4';
import { parseOwner } from './owners';

/** `catalog.providers.acrCmk` of app-config, checked. */
export interface CatalogConfig {
  /** Full ref of a group or user. */
  defaultOwner: string;
  /** Lower case, the most important first. */
  ownerTags: readonly string[];
  namespace: string;
  schedule: SchedulerServiceTaskScheduleDefinition;
}

const PLACE = 'catalog.providers.acrCmk';

const EVERY_TEN_MINUTES: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 30 },
};

const OWNER = 'must be the ref of a group or user, such as platform-team';
const TAG = 'must be the name of a tag, without a comma';

const schema = z.strictObject({
  defaultOwner: z.string(OWNER).transform((text, context) => {
    const owner = parseOwner(text);
    if (owner.is === 'owner') return owner.ref;
    context.issues.push({ code: 'custom', message: OWNER, input: text });
    return z.NEVER;
  }),
  ownerTags: z
    .array(
      z
        .string(TAG)
        .regex(/^[^,]{1,512}$/, TAG)
        .transform(name => name.toLowerCase()),
      'must be a list of names of tags',
    )
    .max(20, 'must not have more than 20 names')
    .default([]),
  namespace: z
    .string('must be a text')
    .refine(
      KubernetesValidatorFunctions.isValidNamespace,
      'must be a namespace of the catalog: lower-case letters, digits and hyphens',
    )
    .default('azure'),
  // Is read by Backstage's own reader.
  schedule: z.unknown().optional(),
});

/**
 * Reads `catalog.providers.acrCmk`.
 *
 * @returns nothing when the block is not there
 * @throws Error that names each key that is not a setting, and each value that is wrong
 */
export function readCatalogConfig(root: Config): CatalogConfig | undefined {
  const config = root.getOptionalConfig(PLACE);
  if (!config) return undefined;
  const result = schema.safeParse(config.get());
  if (!result.success) {
    throw new Error(result.error.issues.map(issueText).join('; '));
  }
  const { schedule, ...settings } = result.data;
  return {
    ...settings,
    schedule:
      schedule === undefined
        ? EVERY_TEN_MINUTES
        : readSchedulerServiceTaskScheduleDefinitionFromConfig(
            config.getConfig('schedule'),
          ),
  };
}

function issueText(issue: z.core.$ZodIssue): string {
  const place = [PLACE, ...issue.path.map(String)].join('.');
  return issue.code === 'unrecognized_keys'
    ? issue.keys
        .map(
          key =>
            `${place}.${key} is not a setting; it may have ${Object.keys(
              schema.shape,
            ).join(', ')}`,
        )
        .join('; ')
    : `${place} ${issue.message}`;
}
