import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const EXAMPLES = join(__dirname, '../../../../examples');

/** The demo's entities that name a registry. */
const registryEntities = () =>
  parseAllDocuments(readFileSync(join(EXAMPLES, 'entities.yaml'), 'utf8'))
    .map(document => document.toJS())
    .filter(({ kind }) => kind === 'Resource');

/** Names of the registries that the demo's entities of a team name. */
export const registriesOfTeam = (team: string): string[] => [
  ...new Set(
    registryEntities()
      .filter(({ spec }) => spec.owner === team)
      .flatMap(({ metadata }): string[] =>
        Object.values<string>(metadata.annotations).flatMap(ids =>
          ids.split(',').map(id => id.trim().split('/').pop()!),
        ),
      ),
  ),
];

/**
 * What a portal answers once its catalog is filled, each path with 200: every template, and the registries
 * behind every entity. Asking for these also shows the backend the link between the two, which it
 * otherwise reads from the catalog some time later.
 */
export const pathsOfFilledCatalog = (): string[] => [
  ...readdirSync(join(EXAMPLES, 'templates')).map(
    name => `/api/catalog/entities/by-name/template/default/${name}`,
  ),
  ...registryEntities().map(
    ({ metadata: { name } }) =>
      `/api/acr-cmk/v1/entities/resource/default/${name}/registries`,
  ),
];
