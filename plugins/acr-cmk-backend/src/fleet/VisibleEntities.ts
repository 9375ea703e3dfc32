import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { batchesOf, lower } from '../inventory/rows/readings';

/** Refs in one request to the catalog. */
const BATCH = 500;

interface VisibleEntitiesDeps {
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
}

/** Finds the entities that a user may see, by requests to the catalog with that user's credentials. */
export class VisibleEntities {
  readonly #deps: VisibleEntitiesDeps;

  constructor(deps: VisibleEntitiesDeps) {
    this.#deps = deps;
  }

  /** @returns the entities that exist and are visible, lower case */
  async among(
    refs: Iterable<string>,
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const visible = new Set<string>();
    const distinct = [...new Set([...refs].map(lower))];
    for (const batch of batchesOf(distinct, BATCH)) {
      const { items } = await this.#deps.catalog.getEntitiesByRefs(
        {
          entityRefs: batch,
          fields: ['kind', 'metadata.name', 'metadata.namespace'],
        },
        { credentials },
      );
      for (const entity of items) {
        if (entity) visible.add(lower(stringifyEntityRef(entity)));
      }
    }
    return visible;
  }
}
