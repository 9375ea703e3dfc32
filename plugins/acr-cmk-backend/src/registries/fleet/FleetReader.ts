import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FleetFilter,
  FleetRegistries,
  FleetRegistry,
} from 'backstage-plugin-acr-cmk-common';
import {
  type MayRead,
  type ReadableOperation,
  toReadable,
} from '../../changes/mayRead';
import type { ResolvedFilter } from './filter';
import { type NamedBy, toFleetRegistry } from './fleetFields';
import {
  type FleetRows,
  MAX_SEARCHED_ENTITIES,
  type Selection,
} from './FleetRows';
import type { FleetOperationRow, FoundRegistry } from './foundRegistry';
import { fromCursor, type Order, toCursor } from './order';
import type { FleetViewer, VisibleScope } from './VisibleScope';
import type { FleetCache } from './FleetCache';
import type { VisibleEntities } from './VisibleEntities';

/** Selection by the filter of a viewer. */
export interface FleetQuery extends Selection, FleetViewer {
  resolved: ResolvedFilter;
}

/** The part of a query that its answer depends on. */
export function selectionOf({ visibleScope, resolved }: FleetQuery): Selection {
  return { visibleScope, resolved };
}

interface ListRequest {
  filter: FleetFilter;
  order: Order;
  cursor?: string;
  limit: number;
}

interface FleetReaderParts {
  rows: FleetRows;
  cache: FleetCache;
  visible: VisibleEntities;
  mayRead: MayRead;
  /** @throws PermissionMissing when the caller may see nothing */
  visibleScopeOf: (credentials: BackstageCredentials) => Promise<VisibleScope>;
}

/** Owners that are named of one item. */
const MAX_OWNERS = 20;

/** Owners of an item that the viewer may see, and the number of the others. */
interface SeenOwners {
  owners: string[];
  otherOwners: number;
}

/** Parts that every view of the fleet is made of. */
export interface FleetParts {
  reader: FleetReader;
  rows: FleetRows;
  cache: FleetCache;
}

/** The fleet as the caller may see it. Reads the plugin's tables, never Azure. */
export class FleetReader {
  readonly #parts: FleetReaderParts;

  constructor(parts: FleetReaderParts) {
    this.#parts = parts;
  }

  /** One page. */
  async list(
    { filter, order, cursor, limit }: ListRequest,
    credentials: BackstageCredentials,
  ): Promise<FleetRegistries> {
    const after = cursor === undefined ? undefined : fromCursor(cursor, order);
    const { rows, cache } = this.#parts;
    const query = await this.query(filter, credentials);
    const part = { order, after, limit };
    const selection = selectionOf(query);
    const places = await cache.answer(['page', selection, part], () =>
      rows.places(selection, part),
    );
    const isWhole = after === undefined && places.next === undefined;
    const total = isWhole
      ? places.ids.length
      : await cache.answer(['total', selection], () => rows.count(selection));
    const { found, next } = await rows.page(places);
    return {
      items: await this.present(found, query),
      total,
      ...(next && { nextCursor: toCursor(order, next) }),
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** Ids of the registries that match a filter, by name: at most `limit`, and how many match. */
  async idsMatching(
    filter: FleetFilter,
    credentials: BackstageCredentials,
    limit: number,
  ): Promise<{ ids: string[]; total: number; searchIncomplete: boolean }> {
    const query = await this.query(filter, credentials);
    const selection = selectionOf(query);
    const { rows } = this.#parts;
    const order: Order = { sort: 'name', direction: 'asc' };
    const { ids, next } = await rows.places(selection, { order, limit });
    return {
      ids,
      total: next ? await rows.count(selection) : ids.length,
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** The registries of these, by their lower-case ARM ids, that the caller may see. */
  async visibleIds(
    ids: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    return this.idsWithin(await this.visibleScopeOf(credentials), ids);
  }

  /** The registries of these, by their lower-case ARM ids, that are in a visible scope. */
  async idsWithin(
    visibleScope: VisibleScope,
    ids: readonly string[],
  ): Promise<ReadonlySet<string>> {
    return this.#parts.rows.visibleIds(visibleScope, ids);
  }

  /**
   * The query for a filter, among the registries that the caller may see. A filter by an owner or an
   * entity that they may not see matches nothing: it would reveal which registries that names.
   *
   * @throws PermissionMissing when the caller may see nothing
   */
  async query(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): Promise<FleetQuery> {
    const { rows, visible: entities } = this.#parts;
    const visibleScope = await this.visibleScopeOf(credentials);
    const { owner, entityRef, search } = filter;
    const named = [owner, entityRef].flatMap(ref => ref?.toLowerCase() ?? []);
    const matching = search
      ? await this.#parts.cache.answer(['entities', visibleScope, search], () =>
          rows.entitiesMatching(visibleScope, search),
        )
      : [];
    const searchIncomplete = matching.length > MAX_SEARCHED_ENTITIES;
    const searched = searchIncomplete ? [] : matching;
    const visible = await entities.among([...named, ...searched], credentials);
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

  /** @throws PermissionMissing when the caller may see nothing */
  async visibleScopeOf(
    credentials: BackstageCredentials,
  ): Promise<VisibleScope> {
    return this.#parts.visibleScopeOf(credentials);
  }

  /** Registries as the API shows them to a viewer. */
  async present(
    found: readonly FoundRegistry[],
    viewer: FleetViewer,
  ): Promise<FleetRegistry[]> {
    const ids = found.map(({ row }) => row.id);
    const [namedBy, operations] = await Promise.all([
      this.namedBy(ids, viewer.credentials),
      this.#latestOperations(ids, viewer),
    ]);
    return found.map(registry =>
      toFleetRegistry({
        ...registry,
        namedBy: namedBy(registry.row.id),
        operation: operations.get(registry.row.id),
      }),
    );
  }

  /** The operations that a viewer may see, of registries in their visible scope. */
  async visibleOf<T extends ReadableOperation>(
    operations: readonly T[],
    { credentials, visibleScope }: FleetViewer,
  ): Promise<T[]> {
    return this.#parts.mayRead.among(operations, {
      credentials,
      seesWholeFleet: visibleScope.of === 'everything',
    });
  }

  /** The latest operation of each registry, if the viewer may see it. */
  async #latestOperations(
    ids: readonly string[],
    viewer: FleetViewer,
  ): Promise<Map<string, FleetOperationRow>> {
    const latest = await this.#parts.rows.latestOperations(ids);
    const visible = await this.visibleOf(
      [...latest.values()].map(row => ({ ...toReadable(row), row })),
      viewer,
    );
    return new Map(visible.map(({ row }) => [row.registry_key, row]));
  }

  /** Tells for the owners of an item which of them the caller may see. They are all asked for at once. */
  async visibleOwners(
    ofAll: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<(owners: readonly string[]) => SeenOwners> {
    const visible = await this.#parts.visible.among(ofAll, credentials);
    return all => {
      const owners = all
        .filter(owner => visible.has(owner))
        .slice(0, MAX_OWNERS);
      return { owners, otherOwners: all.length - owners.length };
    };
  }

  /** The entities that name these registries, and their owners, as far as the caller may see them. */
  async namedBy(
    ids: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<(id: string) => NamedBy> {
    const [naming, owned] = await Promise.all([
      this.#parts.rows.naming(ids),
      this.#parts.rows.ownersOf(ids),
    ]);
    const visible = await this.#parts.visible.among(
      [
        ...naming.map(({ entity_ref }) => entity_ref),
        ...owned.map(({ owner }) => owner),
        ...naming.flatMap(({ owner }) => owner ?? []),
      ],
      credentials,
    );
    const links = Map.groupBy(naming, link => link.registry_id);
    const owners = Map.groupBy(
      owned.filter(({ owner }) => visible.has(owner)),
      link => link.registry_id,
    );
    return id => {
      const all = links.get(id) ?? [];
      const entities = all
        .filter(({ entity_ref }) => visible.has(entity_ref))
        .map(({ entity_ref, owner }) => ({
          entityRef: entity_ref,
          ...(owner && { owner }),
        }));
      const proven = (owners.get(id) ?? []).map(({ owner }) => owner);
      const unproven = new Set(
        all.flatMap(({ owner }) =>
          owner && visible.has(owner) && !proven.includes(owner) ? [owner] : [],
        ),
      );
      return {
        entities,
        hiddenEntities: all.length - entities.length,
        owners: proven,
        ...(unproven.size > 0 && { unprovenOwners: [...unproven].sort() }),
      };
    };
  }
}
