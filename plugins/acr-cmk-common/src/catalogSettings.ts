import {
  KubernetesValidatorFunctions as valid,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { z } from 'zod/v4';
import { unknownSetting } from './unknownSetting';
import { validEntityRef } from './validEntityRef';

/**
 * An owner, parsed from text.
 *
 * @public
 */
export type ParsedOwner =
  | { is: 'owner'; ref: string }
  /** Names no owner, and need not: a tag may name other entities as well. */
  | { is: 'other' }
  | { is: 'malformed' };

const OWNERS = ['group', 'user'];

/**
 * Reads one entity ref; without a kind it is a group, without a namespace it is in `default`.
 *
 * @public
 */
export function parseOwner(text: string): ParsedOwner {
  const ref = validEntityRef(text, { defaultKind: 'group' });
  if (!ref) return { is: 'malformed' };
  return OWNERS.includes(ref.kind.toLowerCase())
    ? { is: 'owner', ref: stringifyEntityRef(ref) }
    : { is: 'other' };
}

/**
 * Settings of the catalog module, but for its schedule.
 *
 * @public
 */
export interface CatalogSettings {
  /** Full ref of a group or user. */
  defaultOwner: string;
  /** Lower case, the most important first. */
  ownerTags: readonly string[];
  namespace: string;
}

/**
 * Place of the settings of the catalog module in app-config.
 *
 * @public
 */
export const CATALOG_SETTINGS = 'catalog.providers.acrCmk';

const OWNER = 'must be the ref of a group or user, such as platform-team';
const TAG = 'must be the name of a tag, without a comma';

/** Made on demand, so that frontends, which import this package too, do not load zod. */
const schema = () =>
  z.strictObject({
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
        valid.isValidNamespace,
        'must be a namespace of the catalog: lower-case letters, digits and hyphens',
      )
      .default('azure'),
    // Read by Backstage's own reader.
    schedule: z.unknown().optional(),
  });

/**
 * Checks the settings of the catalog module.
 *
 * @returns the settings, and whether a schedule is among them, which Backstage's own reader checks
 * @throws Error that names each key that is not a setting, and each value that is wrong
 * @public
 */
export function parseCatalogSettings(
  input: unknown,
): CatalogSettings & { hasSchedule: boolean } {
  const result = schema().safeParse(input);
  if (!result.success) {
    throw new Error(problemsIn(result.error).join('; '));
  }
  const { schedule, ...settings } = result.data;
  return { ...settings, hasSchedule: schedule !== undefined };
}

function problemsIn({ issues }: z.ZodError): string[] {
  const unknown = issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key =>
          unknownSetting(
            { parent: CATALOG_SETTINGS, key },
            Object.keys(schema().shape),
            [],
          ),
        )
      : [],
  );
  // A misspelled key is not reported as missing too.
  const meant = new Set(unknown.map(problem => problem.meant));
  return [
    ...unknown.map(({ message }) => message),
    ...issues
      .filter(({ code }) => code !== 'unrecognized_keys')
      .map(({ path, message }) => ({
        place: [CATALOG_SETTINGS, ...path.map(String)].join('.'),
        message,
      }))
      .filter(({ place }) => !meant.has(place))
      .map(({ place, message }) => `${place} ${message}`),
  ];
}
