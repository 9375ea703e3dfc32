import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  ENTITY_REF_TAG,
  validEntityRef,
} from 'backstage-plugin-acr-cmk-common';

/** Lower-cased full refs in the tag `backstage-entity-ref`, which may name several. */
export function refsInTags(
  tags: Record<string, string> | undefined,
): readonly string[] {
  const tag = Object.entries(tags ?? {}).find(
    ([name]) => name.toLowerCase() === ENTITY_REF_TAG,
  )?.[1];
  // Most resources lack the tag: that needs no error.
  if (!tag) return [];
  return tag.split(',').flatMap(text => {
    const ref = validEntityRef(text);
    // Nobody can be asked about an entity whose name is none.
    return ref ? [stringifyEntityRef(ref)] : [];
  });
}
