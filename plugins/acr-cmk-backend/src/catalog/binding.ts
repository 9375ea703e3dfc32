import {
  type Binding,
  ENTITY_REF_TAG,
  type RegistryFacts,
} from 'backstage-plugin-acr-cmk-common';

/**
 * Does the registry itself, or this portal's configuration, confirm that it belongs to the entity?
 *
 * An annotation selects a registry, it grants nothing: whoever may register an entity can write
 * one. Reading needs no proof; every change does.
 */
export function bindingOf(
  entityRef: string,
  registry: RegistryFacts,
  configured: ReadonlyMap<string, ReadonlySet<string>>,
): Binding {
  const entity = entityRef.toLowerCase();
  if (configured.get(registry.id.toLowerCase())?.has(entity)) {
    return {
      proven: true,
      by: 'config',
      message: `acrCmk.bindings binds ${registry.name} to ${entityRef}.`,
    };
  }
  const tag = Object.entries(registry.tags).find(
    ([name]) => name.toLowerCase() === ENTITY_REF_TAG,
  )?.[1];
  const refs = (tag ?? '')
    .split(',')
    .map(ref => ref.trim().toLowerCase())
    .filter(ref => ref !== '');
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
        : `The registry's tag ${ENTITY_REF_TAG} names ${refs.join(
            ', ',
          )}, not ${entityRef}, so it can be viewed but not changed here.`,
  };
}
