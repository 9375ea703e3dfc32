import {
  type DoctorLine,
  documentationUrl,
  ENTITY_REF_TAG,
  quote,
  type RegistryFacts,
  REGISTRY_ID_ANNOTATION,
} from 'backstage-plugin-acr-cmk-common';
import { outOfScope } from '../../changes/gate/scope';
import { bindingOf } from '../../catalog/binding';
import { inScope } from '../../platform/config';
import {
  type Check,
  NEEDS_BACKEND,
  plural,
  shortened,
  withConfiguration,
} from '../check';
import { ok, unknown, warning } from '../lines';

/** The page about annotations of entities and tags of registries. */
const LINK = documentationUrl(
  'docs/install.md#5-an-entity-and-the-registrys-tag',
);

/** Checks that each annotated entity names a registry that is linked to it. */
export const entities: Check = {
  id: 'entities',
  title: 'Annotated entities lead to their registries',
  run: withConfiguration(async ({ config, azure, backend, notKnown }) => {
    if (!backend) return [NEEDS_BACKEND];
    const { scopes, bindings, readUnlinked } = config;
    const [annotated, elsewhere, { registries, complete }] = await Promise.all([
      backend.entities(),
      backend.misspeltAnnotations(),
      azure.registriesInScope(),
    ]);
    const misspelt = elsewhere.map(({ entityRef, annotation }) =>
      warning(
        `${entityRef}: the annotation ${annotation} has the ARM id of a registry, and acr-cmk does not read it.`,
        `If it is misspelt, rename it to ${REGISTRY_ID_ANNOTATION}. See ${LINK}.`,
      ),
    );
    if (annotated.length === 0 && misspelt.length === 0) {
      return [
        warning(
          'No entity of the catalog names a registry, so no entity has the Encryption tab.',
          `Annotate an entity with ${REGISTRY_ID_ANNOTATION}: <ARM id of the registry>. See ${LINK}.`,
        ),
      ];
    }
    const byKey = new Map(
      registries.map(registry => [registry.id.toLowerCase(), registry]),
    );
    const ofAnnotated: DoctorLine[] = annotated.flatMap(
      ({ entityRef, named }) =>
        named.flatMap((one): DoctorLine[] => {
          if (!('id' in one)) {
            return [
              warning(
                `${entityRef}: ${one.problem}.`,
                `Correct the annotation ${REGISTRY_ID_ANNOTATION} of the entity. See ${LINK}.`,
              ),
            ];
          }
          if (!inScope(scopes, one.id)) {
            if (notKnown.length > 0) {
              const message = `${entityRef}: could not determine whether ${one.id.name} is in acrCmk.scopes.`;
              return [{ ...notKnown[0], message }];
            }
            return [
              warning(
                `${entityRef}: ${outOfScope(one.id)}.`,
                `Add the resource group to acrCmk.scopes, or correct the annotation. See ${LINK}.`,
              ),
            ];
          }
          const registry = byKey.get(one.id.key);
          if (!registry) {
            return [
              complete
                ? warning(
                    `${entityRef}: the read credential sees no registry ${one.id.name} in ${one.id.resourceGroup}.`,
                    `Correct the annotation, or remove it if the registry is gone. See ${LINK}.`,
                  )
                : unknown(
                    `${entityRef}: could not determine whether ${one.id.name} exists, because a scope could not be read.`,
                    'Correct what the check of the scopes reports, then run the doctor again.',
                  ),
            ];
          }
          return bindingOf(entityRef, registry, { bindings }).proven
            ? []
            : [notLinked(entityRef, registry, { readUnlinked })];
        }),
    );
    const wrong = [...misspelt, ...ofAnnotated];
    return wrong.length > 0
      ? shortened(wrong, 'entities')
      : [
          ok(
            `${plural(
              annotated.length,
              'entity names',
              'entities name',
            )} registries in the scopes that are linked to them.`,
          ),
        ];
  }),
};

function notLinked(
  entityRef: string,
  { name, tags }: RegistryFacts,
  { readUnlinked }: { readUnlinked: boolean },
): DoctorLine {
  const consequence = readUnlinked
    ? 'it can be viewed but not changed'
    : 'nothing of it is shown (acrCmk.readUnlinked is false)';
  const tag = Object.entries(tags).find(
    ([key]) => key.toLowerCase() === ENTITY_REF_TAG,
  )?.[1];
  return warning(
    tag
      ? `${entityRef}: the tag ${ENTITY_REF_TAG} of ${name} names ${quote(
          tag,
        )}, so here ${consequence}.`
      : `${entityRef}: ${name} has no tag ${ENTITY_REF_TAG}, so ${consequence}.`,
    `Set the tag ${ENTITY_REF_TAG} = ${entityRef} on ${name}, or add the pair to acrCmk.bindings. See ${LINK}.`,
  );
}
