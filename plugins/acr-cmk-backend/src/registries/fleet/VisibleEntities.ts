import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { authorizeInParts } from '../../changes/gate/PermissionChecker';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';

/** Refs in one request to the catalog. */
const BATCH = 500;

/** Refs of the kinds that own, lower case. */
const OWNER = /^(group|user):/;

interface VisibleEntitiesDeps {
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  permissions: Pick<PermissionsService, 'authorize'>;
}

/** Finds the entities that a user may see, by requests with that user's credentials. */
export class VisibleEntities {
  readonly #deps: VisibleEntitiesDeps;

  constructor(deps: VisibleEntitiesDeps) {
    this.#deps = deps;
  }

  /**
   * Groups and users are not read from the catalog: it parses the whole entity for any field, and a group has a
   * relation to each entity that it owns. The policy decides about them, without regard to whether they exist.
   *
   * @returns the entities that are visible, lower case. All but groups and users also exist.
   */
  async among(
    refs: Iterable<string>,
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const distinct = [...new Set([...refs].map(lower))];
    const [owners, others] = await Promise.all([
      this.#readable(
        distinct.filter(ref => OWNER.test(ref)),
        credentials,
      ),
      this.#existing(
        distinct.filter(ref => !OWNER.test(ref)),
        credentials,
      ),
    ]);
    return new Set([...owners, ...others]);
  }

  async #readable(
    refs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const decisions = await authorizeInParts(
      this.#deps.permissions,
      refs.map(resourceRef => ({
        permission: catalogEntityReadPermission,
        resourceRef,
      })),
      credentials,
    );
    return refs.filter((_, n) => decisions[n].result === AuthorizeResult.ALLOW);
  }

  async #existing(
    refs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const existing: string[] = [];
    for (const batch of batchesOf(refs, BATCH)) {
      const { items } = await this.#deps.catalog.getEntitiesByRefs(
        {
          entityRefs: batch,
          fields: ['kind', 'metadata.name', 'metadata.namespace'],
        },
        { credentials },
      );
      for (const entity of items) {
        if (entity) existing.push(lower(stringifyEntityRef(entity)));
      }
    }
    return existing;
  }
}
