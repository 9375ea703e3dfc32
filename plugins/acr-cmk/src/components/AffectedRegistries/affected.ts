import type { Consumer } from 'backstage-plugin-acr-cmk-common';
import type { Texts } from '../../translations/ref';

/** Counts of the registries, entities and owners that use a key. */
interface Counts {
  registries: number;
  /** Distinct entities. */
  entities: number;
  /** Entities that the viewer may not see. */
  hidden: number;
  owners: number;
  outsideCatalog: number;
}

export function countAffected(consumers: readonly Consumer[]): Counts {
  const entities = consumers.flatMap(consumer => consumer.entities);
  const owners = entities.flatMap(({ owner }) => owner ?? []);
  return {
    registries: consumers.length,
    entities: new Set(entities.map(({ entityRef }) => entityRef)).size,
    hidden: consumers.reduce(
      (sum, { hiddenEntities }) => sum + hiddenEntities,
      0,
    ),
    owners: new Set(owners).size,
    outsideCatalog: consumers.filter(({ inCatalog }) => !inCatalog).length,
  };
}

/** Entities and owners in short. Without an entity that the viewer may see, nothing is known of owners. */
export function entitiesInWords(
  t: Texts,
  { entities, hidden, owners }: Counts,
): string {
  return entities === 0 && hidden > 0
    ? t('affected.hidden', { count: hidden })
    : [
        t('affected.entities', { count: entities }),
        t('affected.owners', { count: owners }),
      ].join(' · ');
}

/** Consumers whose registry, entities or owners contain the text, ignoring case. */
export function matching(
  consumers: readonly Consumer[],
  text: string,
): Consumer[] {
  const wanted = text.trim().toLowerCase();
  return consumers.filter(({ registryName, entities }) =>
    [
      registryName,
      ...entities.flatMap(({ entityRef, owner }) => [entityRef, owner ?? '']),
    ].some(name => name.toLowerCase().includes(wanted)),
  );
}
