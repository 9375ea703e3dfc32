import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import {
  DEFAULT_NAMESPACE,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  type AcrCmkClient,
  KeyIdentifier,
  type Operation,
  type Plan,
  type RegistryEncryption,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { TaskError, toTaskError } from '../errors';

/**
 * Kinds, namespaces and names that the catalog accepts. Backstage's own parser also accepts
 * `a:b:c/d`, and `..`, which must not reach the path of a request.
 */
const ENTITY_REF =
  /^[a-z][a-z0-9]{0,62}:[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9\-_.]{0,61}[a-z0-9])?$/i;

/**
 * The entity's ref in full, from what a template's field gives: `resource:default/shop-images`,
 * `resource:shop-images` or `shop-images`.
 */
export function fullEntityRef(text: string): string {
  const problem = 'must be an entity ref such as resource:default/shop-images';
  let ref: string;
  try {
    ref = stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'Resource',
        defaultNamespace: DEFAULT_NAMESPACE,
      }),
    );
  } catch {
    throw invalidInput('entityRef', problem);
  }
  if (!ENTITY_REF.test(ref)) throw invalidInput('entityRef', problem);
  return ref;
}

/** ARM id of the registry: the given one, or the only one of the entity. */
export async function registryOf(
  input: { entityRef: string; registryId?: string },
  client: AcrCmkClient,
): Promise<string> {
  if (input.registryId) return input.registryId;
  const { registries } = await client.registriesOf(input.entityRef);
  const named = registries.map(one =>
    one.kind === 'registry' ? one.registryId : one.text,
  );
  if (named.length === 1) return named[0];
  throw invalidInput(
    'registryId',
    named.length === 0
      ? `${input.entityRef} names no registry in its annotations`
      : `${
          input.entityRef
        } names several registries; say which one: ${named.join(', ')}`,
  );
}

/**
 * The entity's Encryption tab, as a path in the portal: with a host before it the portal would open
 * it in another window.
 */
export function encryptionTabOf(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const path = [namespace, kind.toLocaleLowerCase('en-US'), name]
    .map(encodeURIComponent)
    .join('/');
  return `/catalog/${path}/encryption`;
}

/** Result of an operation for the steps after it, and for the template's output. */
interface Outcome {
  operationId?: string;
  state: string;
  message: string;
  planHash: string;
  registryId: string;
  versionBefore?: string;
  versionAfter?: string;
  link: string;
}

/** The outcome of a step; of a dry run, `state` is `planned`. */
export async function outcomeOf(
  { plan, operation }: { plan: Plan; operation?: Operation },
  { client, logger }: { client: AcrCmkClient; logger: LoggerService },
): Promise<Outcome> {
  const { entityRef, registryId } = plan;
  const hasSucceeded = operation?.state === 'succeeded';
  return {
    operationId: operation?.id,
    state: operation?.state ?? 'planned',
    message: operation?.result?.message ?? plan.summary,
    planHash: plan.hash,
    registryId,
    versionBefore: versionOf(plan.before.versionedKeyIdentifier),
    versionAfter: hasSucceeded
      ? (versionSeen(operation) ??
        (await versionNow({ entityRef, registryId }, { client, logger })))
      : undefined,
    link: encryptionTabOf(entityRef),
  };
}

/** Outputs an outcome to the template. Undefined values are left out. */
export function output(
  ctx: Pick<ActionContext<any, any>, 'output'>,
  outcome: object,
): void {
  for (const [name, value] of Object.entries(outcome)) {
    if (value !== undefined) ctx.output(name, value);
  }
}

/** The registry among those of the entity; undefined when nothing is known of it. */
export function findRegistry(
  registries: Awaited<ReturnType<AcrCmkClient['registriesOf']>>['registries'],
  registryId: string,
): RegistryEncryption | undefined {
  const wanted = RegistryId.parse(registryId);
  return registries.find(
    (one): one is RegistryEncryption =>
      one.kind === 'registry' &&
      RegistryId.parse(one.registryId).equals(wanted),
  );
}

export function versionOf(keyIdentifier: string | null): string | undefined {
  return KeyIdentifier.tryParse(keyIdentifier ?? undefined)?.version;
}

/** The version in use as the last step saw it. Of a new registry there may be no entity to ask. */
function versionSeen({ steps }: Operation): string | undefined {
  return steps
    .flatMap(({ evidence }) => evidence ?? [])
    .filter(({ what }) => what === 'version in use')
    .map(({ after }) => versionOf(after))
    .at(-1);
}

/** The version in use now. What was done stays done when it cannot be read: no reason to fail. */
async function versionNow(
  of: { entityRef: string; registryId: string },
  { client, logger }: { client: AcrCmkClient; logger: LoggerService },
): Promise<string | undefined> {
  try {
    const { registries } = await client.registriesOf(of.entityRef, {
      refresh: true,
    });
    const registry = findRegistry(registries, of.registryId);
    return versionOf(registry?.encryption.versionedKeyIdentifier ?? null);
  } catch (error) {
    logger.warn(
      `The version in use could not be read afterwards: ${
        toTaskError(error).message
      }`,
    );
    return undefined;
  }
}

export function invalidInput(field: string, problem: string): TaskError {
  return new TaskError('InputError', `${field}: ${problem} (INVALID_INPUT)`);
}
