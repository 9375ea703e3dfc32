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
 * Paths that answer 200 once the catalog is filled: every template, and the registries of every entity. These
 * requests also make the backend read the links between entities and registries, which it otherwise does some
 * time later.
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
