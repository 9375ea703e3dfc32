import {
  type Binding,
  ENTITY_REF_TAG,
  type RegistryFacts,
} from 'backstage-plugin-acr-cmk-common';
import { refsInTags } from '../domain/refsInTags';

/** Content of `acrCmk.bindings`: lower-case entity refs by lower-case registry ids. */
export type Bindings = ReadonlyMap<string, ReadonlySet<string>>;

/** Is this the ref of somebody who can own entities: of a group or a user? */
export function isOwnerRef(ref: string): boolean {
  return /^(group|user):/i.test(ref);
}

/** Lower-cased refs of every entity that a registry is bound to. */
export function boundEntities(
  registry: Pick<RegistryFacts, 'id' | 'tags'>,
  configured: Bindings,
): readonly string[] {
  return [
    ...new Set([
      ...refsInTags(registry.tags),
      ...(configured.get(registry.id.toLowerCase()) ?? []),
    ]),
  ].sort();
}

const ANOTHER = 'another entity';

/**
 * Does the registry itself, or this portal's configuration, confirm that it belongs to the entity?
 *
 * An annotation selects a registry, it grants nothing: anyone who may register an entity can write
 * one. Reading needs no proof; every change does.
 *
 * @param options.seen - lower-cased refs of other entities that may be named to the caller; default:
 *   none
 */
export function bindingOf(
  entityRef: string,
  registry: Pick<RegistryFacts, 'id' | 'name' | 'tags'>,
  {
    bindings: configured,
    seen = new Set(),
  }: { bindings: Bindings; seen?: ReadonlySet<string> },
): Binding {
  const entity = entityRef.toLowerCase();
  if (configured.get(registry.id.toLowerCase())?.has(entity)) {
    return {
      proven: true,
      by: 'config',
      message: `acrCmk.bindings binds ${registry.name} to ${entityRef}.`,
    };
  }
  const refs = refsInTags(registry.tags);
  if (refs.includes(entity)) {
    return {
      proven: true,
      by: 'tag',
      message: `The registry's tag ${ENTITY_REF_TAG} names ${entityRef}.`,
    };
  }
  return {
    proven: false,
    message:
      refs.length === 0
        ? `Nothing proves that ${registry.name} belongs to ${entityRef}, so it can be viewed but not changed. Set the tag ${ENTITY_REF_TAG} = ${entityRef} on the registry, or add it to acrCmk.bindings.`
        : `The registry's tag ${ENTITY_REF_TAG} names ${inWords(
            refs,
            seen,
          )}, not ${entityRef}, so it can be viewed but not changed here.`,
  };
}

/**
 * Binding of a registry as shown to a viewer: it names only entities that the viewer may see, and none without
 * `visibleAmong`.
 */
export async function bindingShownTo(
  entityRef: string,
  registry: Pick<RegistryFacts, 'id' | 'name' | 'tags'>,
  {
    bindings,
    visibleAmong,
  }: {
    bindings: Bindings;
    visibleAmong?: (refs: readonly string[]) => Promise<ReadonlySet<string>>;
  },
): Promise<Binding> {
  const binding = bindingOf(entityRef, registry, { bindings });
  if (binding.proven || !visibleAmong) return binding;
  const seen = await visibleAmong(refsInTags(registry.tags));
  return bindingOf(entityRef, registry, { bindings, seen });
}

/**
 * Reason why an entity shows nothing of a registry that it names, where `acrCmk.readUnlinked` is false and nothing
 * confirms the link. One message, whether or not the registry is there and can be read.
 *
 * @param registry.tags - absent where they are not known
 */
export function unlinkedReason(
  entityRef: string,
  {
    tags = {},
    ...registry
  }: Pick<RegistryFacts, 'id' | 'name'> & Partial<Pick<RegistryFacts, 'tags'>>,
  { bindings, readUnlinked }: { bindings: Bindings; readUnlinked: boolean },
): string | undefined {
  if (readUnlinked) return undefined;
  return bindingOf(entityRef, { ...registry, tags }, { bindings }).proven
    ? undefined
    : `${entityRef} is not linked to the registry ${registry.name}, or the registry cannot be read. Set the tag ${ENTITY_REF_TAG} = ${entityRef} on the registry, or add it to acrCmk.bindings (acrCmk.readUnlinked is false)`;
}

function inWords(refs: readonly string[], seen: ReadonlySet<string>): string {
  const named = refs.map(ref => (seen.has(ref) ? ref : ANOTHER));
  return [...new Set(named)].join(', ');
}
