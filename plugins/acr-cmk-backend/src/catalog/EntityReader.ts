import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { batchesOf } from '../platform/database/batches';

/** Entities of one request to the catalog. */
const BATCH = 200;

interface EntityReaderDeps {
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  credentials: BackstageCredentials;
  fields: string[];
  /** Refs that were read before, each with its entity unless it does not exist or the caller may not see it. */
  known?: ReadonlyMap<string, Entity | undefined>;
}

/**
 * Reads entities with the credentials of one caller, each of them once. It lasts as long as the caller's
 * request: nothing is remembered for the next one. Refs are in lower case.
 */
export class EntityReader {
  readonly #deps: EntityReaderDeps;
  readonly #asked: Map<string, Entity | undefined>;

  constructor(deps: EntityReaderDeps) {
    this.#deps = deps;
    this.#asked = new Map(deps.known);
  }

  /** @returns the entities that exist and that the caller may see, by their refs */
  async read(entityRefs: readonly string[]): Promise<Map<string, Entity>> {
    const { catalog, credentials, fields } = this.#deps;
    const missing = [...new Set(entityRefs)].filter(
      ref => !this.#asked.has(ref),
    );
    for (const batch of batchesOf(missing, BATCH)) {
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs: batch, fields },
        { credentials },
      );
      batch.forEach((ref, index) => this.#asked.set(ref, items[index]));
    }
    const found = entityRefs.flatMap(ref => this.#asked.get(ref) ?? []);
    return new Map(found.map(entity => [stringifyEntityRef(entity), entity]));
  }
}
