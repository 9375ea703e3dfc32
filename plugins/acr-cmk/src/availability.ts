import type { Entity } from '@backstage/catalog-model';
import type { FilterPredicate } from '@backstage/filter-predicates';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  REGISTRY_ID_ANNOTATION,
} from 'backstage-plugin-acr-cmk-common';

/** True when the entity carries an annotation that may name a registry. */
export function isAcrCmkAvailable(entity: Entity): boolean {
  const annotations = entity.metadata.annotations ?? {};
  return (
    annotations[REGISTRY_ID_ANNOTATION] !== undefined ||
    annotations[AZURE_RESOURCE_ID_ANNOTATION] !== undefined
  );
}

/** Predicate form of {@link isAcrCmkAvailable}, which `app.extensions` can override. */
export const acrCmkFilter: FilterPredicate = {
  $any: [
    { [`metadata.annotations.${REGISTRY_ID_ANNOTATION}`]: { $exists: true } },
    {
      [`metadata.annotations.${AZURE_RESOURCE_ID_ANNOTATION}`]: {
        $exists: true,
      },
    },
  ],
};
