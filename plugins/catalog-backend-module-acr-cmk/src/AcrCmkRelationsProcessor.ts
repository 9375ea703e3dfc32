import {
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
} from '@backstage/catalog-model';
import {
  type CatalogProcessor,
  type CatalogProcessorCache,
  type CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { isOwn } from './annotations';
import type { KnownLinks } from './KnownLinks';
import { refreshKeysOf } from './Links';

/** Cache key of the refs from the previous run. */
const CACHED = 'dependsOn';

/**
 * Adds the relations from entities that name a registry, a key or a vault to what these are and depend
 * on. What is not known at the moment stays as it was.
 */
export class AcrCmkRelationsProcessor implements CatalogProcessor {
  readonly #known: Pick<KnownLinks, 'current'>;

  constructor(options: { known: Pick<KnownLinks, 'current'> }) {
    this.#known = options.known;
  }

  getProcessorName(): string {
    return 'AcrCmkRelationsProcessor';
  }

  // eslint-disable-next-line max-params -- as the catalog calls it
  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    const keys = refreshKeysOf(entity);
    // Our own say what they depend on themselves.
    if (keys.length === 0 || isOwn(entity)) return entity;
    keys.forEach(key => emit(processingResult.refresh(key)));
    const refs = await this.#targetsOf(entity, keys, cache);
    await cache.set(CACHED, refs);
    const source = getCompoundEntityRef(entity);
    for (const ref of refs) {
      const target = parseEntityRef(ref);
      emit(
        processingResult.relation({
          source,
          type: RELATION_DEPENDS_ON,
          target,
        }),
      );
      emit(
        processingResult.relation({
          source: target,
          type: RELATION_DEPENDENCY_OF,
          target: source,
        }),
      );
    }
    return entity;
  }

  async #targetsOf(
    entity: Entity,
    refreshKeys: readonly string[],
    cache: CatalogProcessorCache,
  ): Promise<string[]> {
    const targets = this.#known.current(refreshKeys)?.targetsOf(entity);
    if (targets?.sure) return [...targets.refs];
    const before = (await cache.get<string[]>(CACHED)) ?? [];
    return [...new Set([...before, ...(targets?.refs ?? [])])].sort();
  }
}
