import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { batchesOf, lower } from '../inventory/rows/readings';

/** Refs in one request to the catalog. */
const BATCH = 500;

/** Which of some entities somebody may see: the catalog is asked for those few, as that person. */
export class VisibleEntities {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;

  constructor(options: { catalog: Pick<CatalogService, 'getEntitiesByRefs'> }) {
    this.#catalog = options.catalog;
  }

  /** @returns those that are there and visible, lower case */
  async among(
    refs: Iterable<string>,
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const visible = new Set<string>();
    const asked = [...new Set([...refs].map(lower))];
    for (const batch of batchesOf(asked, BATCH)) {
      const { items } = await this.#catalog.getEntitiesByRefs(
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
