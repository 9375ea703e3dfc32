import type { Consumer } from 'backstage-plugin-acr-cmk-common';

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
