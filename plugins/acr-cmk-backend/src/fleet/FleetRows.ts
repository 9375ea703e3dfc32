import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Bindings } from '../catalog/binding';
import type { Scope } from '../config/scope';
import { batchesOf, lower, optional } from '../inventory/rows/readings';
import { registriesInScope } from '../inventory/rows/registriesInScope';
import { type FleetResource, NOT_JUDGED, whereCriteria } from './conditions';
import {
  type BoundOwner,
  boundOwners,
  ownerLinks,
  type ResolvedFilter,
  whereEntityMatches,
  whereFilter,
} from './filter';
import { inOrder, type Order, type Place, placeOf, selectPlace } from './order';
import type { VisibleScope } from './VisibleScope';

/** Which registries a question is about: what the viewer may see, and what they look for. */
export interface Selection {
  visibleScope: VisibleScope;
  /** everything that may be seen without one. */
  resolved?: ResolvedFilter;
}

/** A row of a page. */
export interface FoundRow {
  /** ARM id, lower case. */
  id: string;
  row: any;
}

/** Part of a list. */
export interface FoundPage {
  found: FoundRow[];
  /** Where to go on; nothing at the end. A row that was removed meanwhile is in no page, and ends none. */
  next?: Place;
}

/** An entity that names a registry. */
export interface NamingEntity {
  /** ARM id, lower case. */
  registryId: string;
  entityRef: string;
  owner?: string;
}

/** Owners that are counted. */
const MAX_OWNERS = 100;
/** Entities that a search may match before it leaves them out. */
export const MAX_SEARCHED_ENTITIES = 500;

/**
 * The fleet in SQL. Every question goes through `#in`, so that lists, counts, pages and exports are
 * about the same registries.
 */
export class FleetRows {
  readonly #db: Knex;
  readonly #scopes: readonly Scope[];
  readonly #bound: readonly BoundOwner[];

  /**
   * @param options.scopes - may change while the plugin runs, with the members of a management group
   * @param options.bindings - `acrCmk.bindings`
   */
  constructor(options: {
    db: Knex;
    scopes: readonly Scope[];
    bindings: Bindings;
  }) {
    this.#db = options.db;
    this.#scopes = options.scopes;
    this.#bound = boundOwners(options.bindings);
  }

  /**
   * One page, with the newest versions of their keys. What is ordered is narrow; whole rows, with their
   * facts, are carried for the page alone.
   */
  async page(
    selection: Selection,
    page: { order: Order; after?: Place; limit: number },
  ): Promise<FoundPage> {
    const narrow: any[] = await this.#in(selection)
      .modify(query => selectPlace(query, page.order))
      .select('registries.name', 'registries.id')
      .modify(query => inOrder(query, page.order, page.after))
      .limit(page.limit + 1);
    const places = narrow.slice(0, page.limit);
    const rows = new Map<string, any>();
    for (const batch of batchesOf(places)) {
      const found = await this.#db('registries')
        .leftJoin('keys', keys =>
          keys
            .on('keys.vault_host', 'registries.vault_host')
            .on('keys.name', 'registries.key_name'),
        )
        .whereIn(
          'registries.id',
          batch.map(({ id }) => id),
        )
        .select(
          'registries.*',
          'keys.newest_version',
          'keys.read_at as key_read_at',
          'keys.problem_kind as key_problem_kind',
          this.#db.raw(
            'case when keys.listed is not null then keys.seen_at end as key_confirmed_at',
          ),
        );
      for (const row of found) rows.set(row.id, row);
    }
    return {
      found: places.flatMap(({ id }) => {
        const row = rows.get(id);
        // Removed since.
        return row ? [{ id, row }] : [];
      }),
      ...(narrow.length > places.length && {
        next: placeOf(places[places.length - 1], page.order),
      }),
    };
  }

  async count(selection: Selection): Promise<number> {
    const [{ n }] = await this.#in(selection).count({ n: '*' });
    return Number(n);
  }

  /** How many there are of each combination of what is counted. */
  async counts(selection: Selection): Promise<
    {
      state: string;
      severity: number;
      mode: string | null;
      subscription: string;
      vaultHost: string | null;
      count: number;
    }[]
  > {
    const state = `coalesce(registries.state, '${NOT_JUDGED}')`;
    const others = [
      'registries.severity',
      'registries.version_mode',
      'registries.subscription_id',
      'registries.vault_host',
    ];
    const rows = await this.#in(selection)
      .groupByRaw(state)
      .groupBy(others)
      .select(this.#db.raw(`${state} as state`), ...others)
      .count({ n: '*' });
    return rows.map((row: any) => ({
      state: row.state,
      severity: Number(row.severity ?? 0),
      mode: row.version_mode,
      subscription: row.subscription_id,
      vaultHost: row.vault_host,
      count: Number(row.n),
    }));
  }

  /** Owners of these registries, those of the most first. */
  async owners(
    selection: Selection,
  ): Promise<{ owners: { owner: string; count: number }[]; more: number }> {
    const rows: any[] = await this.#db
      .from(this.ownerLinks().as('owned'))
      .whereIn('registry_id', this.#in(selection).select('registries.id'))
      .groupBy('owner')
      .select('owner')
      .countDistinct({ n: 'registry_id' })
      .orderBy([{ column: 'n', order: 'desc' }, { column: 'owner' }]);
    return {
      owners: rows
        .slice(0, MAX_OWNERS)
        .map(({ owner, n }) => ({ owner, count: Number(n) })),
      more: Math.max(0, rows.length - MAX_OWNERS),
    };
  }

  async countUnbound(selection: Selection): Promise<number> {
    const [{ n }] = await this.#in(selection)
      .whereNotIn(
        'registries.id',
        this.#db('links').where({ source: 'annotation' }).select('registry_id'),
      )
      .count({ n: '*' });
    return Number(n);
  }

  /** When the oldest facts of these registries were read. */
  async oldestRead(selection: Selection): Promise<number | undefined> {
    const [{ oldest }] = await this.#in(selection).min({
      oldest: 'registries.read_at',
    });
    return optional(oldest);
  }

  /** How many registries there are, whoever asks. */
  async countAll(): Promise<number> {
    return this.count({ visibleScope: { of: 'everything' } });
  }

  /** Is the registry there, and in the visible scope? */
  async sees(visibleScope: VisibleScope, id: RegistryId): Promise<boolean> {
    const row = await this.#in({ visibleScope })
      .where('registries.id', id.key)
      .first('registries.id');
    return row !== undefined;
  }

  /** Entities that a search matches, of registries in the visible scope; one more than may be searched for. */
  async entitiesMatching(
    visibleScope: VisibleScope,
    search: string,
  ): Promise<string[]> {
    return this.#db('links')
      .where({ source: 'annotation' })
      .modify(query => whereEntityMatches(query, search))
      .whereIn(
        'registry_id',
        this.#in({ visibleScope }).select('registries.id'),
      )
      .distinct('entity_ref')
      .orderBy('entity_ref')
      .limit(MAX_SEARCHED_ENTITIES + 1)
      .pluck('entity_ref');
  }

  /** The entities that name these registries. */
  async naming(ids: readonly string[]): Promise<NamingEntity[]> {
    const found: NamingEntity[] = [];
    for (const batch of batchesOf(ids)) {
      const rows = await this.#db('links')
        .where({ source: 'annotation' })
        .whereIn('registry_id', batch)
        .orderBy(['registry_id', 'entity_ref']);
      found.push(
        ...rows.map((row: any) => ({
          registryId: row.registry_id,
          entityRef: row.entity_ref,
          ...(row.owner && { owner: row.owner }),
        })),
      );
    }
    return found;
  }

  /** Who owns these registries. */
  async ownersOf(
    ids: readonly string[],
  ): Promise<{ registryId: string; owner: string }[]> {
    const found: { registryId: string; owner: string }[] = [];
    for (const batch of batchesOf(ids)) {
      const rows: any[] = await this.#db
        .from(this.ownerLinks().as('owned'))
        .whereIn('registry_id', batch)
        .orderBy(['registry_id', 'owner']);
      found.push(
        ...rows.map(({ registry_id, owner }) => ({
          registryId: registry_id,
          owner,
        })),
      );
    }
    return found;
  }

  /** The latest operation of each of these registries. */
  async latestOperations(ids: readonly string[]): Promise<any[]> {
    const found: any[] = [];
    for (const batch of batchesOf(ids)) {
      const latest = this.#db('operations')
        .whereIn('registry_key', batch)
        .groupBy('registry_key')
        .select('registry_key')
        .max({ created_at: 'created_at' })
        .as('latest');
      found.push(
        ...(await this.#db
          .from(latest)
          .join('operations', of =>
            of
              .on('operations.registry_key', 'latest.registry_key')
              .on('operations.created_at', 'latest.created_at'),
          )
          .orderBy('operations.id')
          .select(
            'operations.id',
            'operations.registry_key',
            'operations.entity_ref',
            'operations.requested_by',
            'operations.kind',
            'operations.state',
            'operations.created_at',
            'operations.ended_at',
          )),
      );
    }
    return found;
  }

  /** Registries as permission conditions see them, by ARM ids; nothing for those that are not there. */
  async resources(ids: readonly string[]): Promise<Map<string, FleetResource>> {
    const found = new Map<string, FleetResource>();
    for (const batch of batchesOf(ids.map(lower))) {
      const [rows, links] = await Promise.all([
        this.#in({ visibleScope: { of: 'everything' } })
          .whereIn('registries.id', batch)
          .select('registries.*'),
        this.#db('links').whereIn('registry_id', batch),
      ]);
      for (const row of rows) {
        const { id } = row;
        found.set(id, {
          id,
          subscriptionId: row.subscription_id,
          resourceGroup: row.resource_group,
          state: row.state ?? undefined,
          links: links
            .filter(link => link.registry_id === row.id)
            .map(({ entity_ref, source, owner }) => ({
              entityRef: entity_ref,
              source,
              ...(owner && { owner }),
            })),
        });
      }
    }
    return found;
  }

  /** Who owns which registries, as `registry_id` and `owner`, for a query of others. */
  ownerLinks(): Knex.QueryBuilder {
    return ownerLinks(this.#db, this.#bound);
  }

  /** Rows of these registries, for questions that other files ask. */
  query(selection: Selection): Knex.QueryBuilder {
    return this.#in(selection);
  }

  /** Registries in scope that may be seen and match the filter. */
  #in({ visibleScope, resolved }: Selection): Knex.QueryBuilder {
    const query = registriesInScope(this.#db, this.#scopes);
    if (visibleScope.of === 'some') {
      query.where(seen => whereCriteria(seen, visibleScope.criteria));
    }
    return resolved ? whereFilter(query, resolved, this.#bound) : query;
  }
}
