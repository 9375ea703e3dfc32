import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FleetFilter,
  FleetRegistries,
  FleetRegistry,
} from 'backstage-plugin-acr-cmk-common';
import type { ResolvedFilter } from './filter';
import { type NamedBy, toFleetRegistry } from './fleetColumns';
import {
  type FleetRows,
  type FoundRow,
  MAX_SEARCHED_ENTITIES,
  type NamingEntity,
  type Selection,
} from './FleetRows';
import { fromCursor, type Order, toCursor } from './order';
import type {
  ConcernedOperation,
  VisibleOperations,
} from './VisibleOperations';
import type { VisibleScope, VisibleScopeReader } from './VisibleScope';
import type { VisibleEntities } from './VisibleEntities';

/** A selection that was made for somebody. */
export interface Asked extends Selection {
  resolved: ResolvedFilter;
  credentials: BackstageCredentials;
}

/** Who looks at the fleet, and what of it they may see. */
export type FleetViewer = Pick<Asked, 'visibleScope' | 'credentials'>;

/** A list that was asked for. */
export interface ListRequest {
  filter: FleetFilter;
  order: Order;
  cursor?: string;
  limit: number;
}

/** Registries of the fleet as somebody may see them. Reads the plugin's tables, never Azure. */
export class FleetReader {
  readonly #rows: FleetRows;
  readonly #visibleScopes: VisibleScopeReader;
  readonly #visible: VisibleEntities;
  readonly #visibleOperations: VisibleOperations;

  constructor(options: {
    rows: FleetRows;
    visibleScopes: VisibleScopeReader;
    visible: VisibleEntities;
    visibleOperations: VisibleOperations;
  }) {
    this.#rows = options.rows;
    this.#visibleScopes = options.visibleScopes;
    this.#visible = options.visible;
    this.#visibleOperations = options.visibleOperations;
  }

  /** One page. */
  async list(
    { filter, order, cursor, limit }: ListRequest,
    credentials: BackstageCredentials,
  ): Promise<FleetRegistries> {
    const after = cursor === undefined ? undefined : fromCursor(cursor, order);
    const asked = await this.ask(filter, credentials);
    const [{ found, next }, total] = await Promise.all([
      this.#rows.page(asked, { order, after, limit }),
      this.#rows.count(asked),
    ]);
    return {
      items: await this.present(found, asked),
      total,
      ...(next && { nextCursor: toCursor(order, next) }),
      searchIncomplete: asked.resolved.searchIncomplete,
    };
  }

  /**
   * What somebody looks for, among what they may see. A filter by an owner or an entity that they may
   * not see would reveal which registries it names, so it finds nothing.
   *
   * @throws PermissionMissing when they may see nothing
   */
  async ask(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): Promise<Asked> {
    const visibleScope = await this.#visibleScopes.of(credentials);
    const { owner, entityRef, search } = filter;
    const named = [owner, entityRef].flatMap(ref => ref?.toLowerCase() ?? []);
    const matching = search
      ? await this.#rows.entitiesMatching(visibleScope, search)
      : [];
    const searchIncomplete = matching.length > MAX_SEARCHED_ENTITIES;
    const searched = searchIncomplete ? [] : matching;
    const visible = await this.#visible.among(
      [...named, ...searched],
      credentials,
    );
    return {
      visibleScope,
      credentials,
      resolved: {
        filter,
        nothing: named.some(ref => !visible.has(ref)),
        searchedEntities: searched.filter(ref => visible.has(ref)),
        searchIncomplete,
      },
    };
  }

  /** What somebody may see. @throws PermissionMissing when it is nothing */
  async visibleScopeOf(
    credentials: BackstageCredentials,
  ): Promise<VisibleScope> {
    return this.#visibleScopes.of(credentials);
  }

  /** Rows as the API shows them to somebody. */
  async present(
    found: readonly FoundRow[],
    viewer: FleetViewer,
  ): Promise<FleetRegistry[]> {
    const ids = found.map(({ id }) => id);
    const [namedBy, operations] = await Promise.all([
      this.namedBy(ids, viewer.credentials),
      this.#latestOperations(ids, viewer),
    ]);
    return found.map(({ id, row }) =>
      toFleetRegistry({
        row,
        namedBy: namedBy(id),
        operation: operations.get(id),
      }),
    );
  }

  /** Of these operations, those that somebody may see who sees the registries. */
  async visibleOf<T extends ConcernedOperation>(
    operations: readonly T[],
    viewer: FleetViewer,
  ): Promise<T[]> {
    return this.#visibleOperations.among(operations, viewer);
  }

  /** The latest operation of each registry, where somebody may see it. */
  async #latestOperations(
    ids: readonly string[],
    viewer: FleetViewer,
  ): Promise<Map<string, any>> {
    const rows = await this.#rows.latestOperations(ids);
    // The last one of several that began at once.
    const latest = new Map(rows.map(row => [row.registry_key, row]));
    const visible = await this.visibleOf(
      [...latest].map(([registryKey, row]) => ({
        registryKey,
        entityRef: row.entity_ref,
        requestedBy: row.requested_by,
        row,
      })),
      viewer,
    );
    return new Map(visible.map(({ registryKey, row }) => [registryKey, row]));
  }

  /** The entities that name these registries, and the owners of these, as somebody may see them. */
  async namedBy(
    ids: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<(id: string) => NamedBy> {
    const [naming, owned] = await Promise.all([
      this.#rows.naming(ids),
      this.#rows.ownersOf(ids),
    ]);
    const visible = await this.#visible.among(
      [
        ...naming.map(({ entityRef }) => entityRef),
        ...owned.map(({ owner }) => owner),
      ],
      credentials,
    );
    const owners = new Map<string, string[]>();
    for (const { registryId, owner } of owned) {
      if (!visible.has(owner)) continue;
      owners.set(registryId, [...(owners.get(registryId) ?? []), owner]);
    }
    const byRegistry = new Map<string, NamingEntity[]>();
    for (const entity of naming) {
      const others = byRegistry.get(entity.registryId);
      if (others) others.push(entity);
      else byRegistry.set(entity.registryId, [entity]);
    }
    return id => {
      const all = byRegistry.get(id) ?? [];
      const entities = all
        .filter(({ entityRef }) => visible.has(entityRef))
        .map(({ entityRef, owner }) => ({
          entityRef,
          ...(owner && { owner }),
        }));
      return {
        entities,
        hiddenEntities: all.length - entities.length,
        owners: owners.get(id) ?? [],
      };
    };
  }
}
