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
  groupsNotKnown,
  NEEDS_BACKEND,
  NOT_UNDERSTOOD,
  plural,
  shortened,
} from '../check';
import { line, ok } from '../lines';

/** The page about annotations of entities and tags of registries. */
const LINK = documentationUrl(
  'docs/install.md#5-an-entity-and-the-registrys-tag',
);

/** Checks that each annotated entity names a registry that is linked to it. */
export const entities: Check = {
  id: 'entities',
  title: 'Annotated entities lead to their registries',
  async run({ config, azure, backend }) {
    if (!config.understood || !azure) return [...NOT_UNDERSTOOD];
    if (!backend) return [...NEEDS_BACKEND];
    const { scopes, bindings, readUnlinked } = config.value;
    const [annotated, { registries, complete }] = await Promise.all([
      backend.entities(),
      azure.registriesInScope(),
    ]);
    if (annotated.length === 0) {
      return [
        line(
          'warning',
          'No entity of the catalog names a registry, so no entity has the Encryption tab.',
          `Annotate an entity with ${REGISTRY_ID_ANNOTATION}: <ARM id of the registry>. See ${LINK}.`,
        ),
      ];
    }
    const byKey = new Map(
      registries.map(registry => [registry.id.toLowerCase(), registry]),
    );
    const wrong: DoctorLine[] = annotated.flatMap(({ entityRef, named }) =>
      named.flatMap((one): DoctorLine[] => {
        if (!('id' in one)) {
          return [
            line(
              'warning',
              `${entityRef}: ${one.problem}.`,
              `Correct the annotation ${REGISTRY_ID_ANNOTATION} of the entity. See ${LINK}.`,
            ),
          ];
        }
        if (!inScope(scopes, one.id)) {
          const [notKnown] = groupsNotKnown(config);
          if (notKnown) {
            const message = `${entityRef}: could not determine whether ${one.id.name} is in acrCmk.scopes.`;
            return [{ ...notKnown, message }];
          }
          return [
            line(
              'warning',
              `${entityRef}: ${outOfScope(one.id)}.`,
              `Add the resource group to acrCmk.scopes, or correct the annotation. See ${LINK}.`,
            ),
          ];
        }
        const registry = byKey.get(one.id.key);
        if (!registry) {
          return [
            complete
              ? line(
                  'warning',
                  `${entityRef}: the read credential sees no registry ${one.id.name} in ${one.id.resourceGroup}.`,
                  `Correct the annotation, or remove it if the registry is gone. See ${LINK}.`,
                )
              : line(
                  'unknown',
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
  },
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
  return line(
    'warning',
    tag
      ? `${entityRef}: the tag ${ENTITY_REF_TAG} of ${name} names ${quote(
          tag,
        )}, so here ${consequence}.`
      : `${entityRef}: ${name} has no tag ${ENTITY_REF_TAG}, so ${consequence}.`,
    `Set the tag ${ENTITY_REF_TAG} = ${entityRef} on ${name}, or add the pair to acrCmk.bindings. See ${LINK}.`,
  );
}
