import { InvalidInput } from './errors';
import { RegistryId } from './RegistryId';

/** Names the registries of an entity: one ARM id, or several with commas between them. */
export const REGISTRY_ID_ANNOTATION = 'azure.com/container-registry-id';

/** The catalog's general Azure annotation, accepted when it holds a registry's ARM id. */
export const AZURE_RESOURCE_ID_ANNOTATION = 'management.azure.com/resourceId';

/**
 * The tag of a registry that proves its link to an entity; its value is the entity's ref, such as
 * `resource:default/shop-images`.
 *
 * An annotation can be written by anyone who may register an entity, the tag only by someone who
 * may write to the registry. Azure tag names cannot hold a `/`.
 */
export const ENTITY_REF_TAG = 'backstage-entity-ref';

/** Registries that one entity may name. */
export const MAX_REGISTRIES_PER_ENTITY = 20;

/** A registry id that an entity names, or the reason why the text is none, or is left out. */
export type NamedRegistry =
  | { id: RegistryId }
  | { text: string; problem: string };

/**
 * The registries that an entity's annotations name, each once, in their order.
 *
 * A text that is no registry id is part of the answer, with the reason, so that the tab can say
 * what a right one looks like. So is what follows the last registry that an entity may name.
 */
export function registriesNamedBy(
  annotations: Readonly<Record<string, string>> | undefined,
): NamedRegistry[] {
  const own = annotations?.[REGISTRY_ID_ANNOTATION];
  const general = annotations?.[AZURE_RESOURCE_ID_ANNOTATION];
  const named: NamedRegistry[] = [];
  const seen = new Set<string>();
  const texts = (own ?? '')
    .split(',')
    .map(text => text.trim())
    .filter(text => text !== '');
  for (const text of texts.slice(0, MAX_REGISTRIES_PER_ENTITY)) {
    try {
      const id = RegistryId.parse(text, REGISTRY_ID_ANNOTATION);
      if (!seen.has(id.key)) {
        seen.add(id.key);
        named.push({ id });
      }
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      named.push({ text: text.slice(0, 400), problem: error.message });
    }
  }
  const left = texts.length - MAX_REGISTRIES_PER_ENTITY;
  if (left > 0) {
    named.push({
      text: `${left} more`,
      problem: `${REGISTRY_ID_ANNOTATION}: names ${texts.length} registries, of which the last ${left} are left out, because an entity may name ${MAX_REGISTRIES_PER_ENTITY}. Name the others in more entities`,
    });
  }
  // The general annotation names resources of every type: only a registry's counts.
  const generalId = RegistryId.tryParse(general?.trim());
  if (generalId && !seen.has(generalId.key)) named.push({ id: generalId });
  return named;
}

/** A request with this header and the value `program` comes from a program, such as a template. */
export const ORIGIN_HEADER = 'acr-cmk-origin';
