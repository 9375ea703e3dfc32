import type { FleetScope } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  countBy,
  countOf,
  selectColumns,
} from '../../platform/database/selectColumns';
import type {
  BigInteger,
  LinkRow,
  RegistryRow,
  VerdictColumns,
} from '../../platform/database/tables';
import { subjectOfKey } from '../../inventory/rows/subjects';
import { registriesInScope } from '../../inventory/rows/registriesInScope';
import {
  type FleetResource,
  NOT_JUDGED,
  whereCriteria,
  whereUnbound,
} from './conditions';
import {
  type BoundRef,
  boundRefs,
  ownerLinks,
  whereProven,
  type OwnerLink,
  type ResolvedFilter,
  whereEntityMatches,
  whereFilter,
  whereNameMatches,
} from './filter';
import {
  inOrder,
  type Order,
  type Place,
  placeOf,
  type PlaceRow,
  selectPlace,
} from './order';
import type { FleetContext } from './FleetContext';
import type { VisibleScope } from './VisibleScope';
import {
  type FoundRegistry,
  KEY_COLUMNS,
  OPERATION_COLUMNS,
  type FleetOperationRow,
  type FleetKeyRow,
} from './foundRegistry';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { lower } from '../../platform/text';
import { optionalNumber } from '../../platform/database/results';

/** Registries that a question is about. */
export interface Selection {
  visibleScope: VisibleScope;
  /** Default: everything in the visible scope. */
  resolved?: ResolvedFilter;
}

/** Ids of the registries of a page, in its order. */
interface PagePlaces {
  ids: string[];
  /** Place of the next page; absent on the last one. */
  next?: Place;
}

interface FoundPage extends Pick<PagePlaces, 'next'> {
  found: FoundRegistry[];
}

/** Registries with the same values. */
export interface FleetGroup {
  state: NonNullable<VerdictColumns['state']>;
  severity: number;
  mode: RegistryRow['version_mode'];
  subscription: string;
  vaultHost: string | null;
  count: number;
}

/** Reason why the facts of a registry are older than those of most. */
type OlderReason = NonNullable<FleetScope['ages']>['older'][number]['reason'];

/** Ages of registries. Times are epoch milliseconds. */
interface FleetAgesRows {
  observedAt?: number;
  /** The most that a source of these lags. */
  lagMs?: number;
  older: { reason: OlderReason; count: number; observedAt: number }[];
}

/** Owners that are counted. */
const MAX_OWNERS = 100;
/** Entities that a search may match before it leaves them out. */
export const MAX_SEARCHED_ENTITIES = 500;

type FleetRowsConfig = Pick<
  FleetContext['config'],
  'scopes' | 'bindings' | 'readUnlinked'
>;

/** Condition of a join of registries with their keys. */
export const joinKey = (keys: Knex.JoinClause) =>
  keys
    .on('keys.vault_host', 'registries.vault_host')
    .on('keys.name', 'registries.key_name');

/**
 * The fleet in SQL. Every question goes through `matching`, so that lists, counts, pages and exports are
 * about the same registries.
 */
export class FleetRows {
  readonly #db: Knex;
  readonly #config: FleetRowsConfig;
  readonly #bound: readonly BoundRef[];

  constructor({ db, config }: { db: Knex; config: FleetRowsConfig }) {
    this.#db = db;
    this.#config = config;
    this.#bound = boundRefs(config.bindings);
  }

  /** Query of the registries in scope that may be seen and match the filter. */
  matching({ visibleScope, resolved }: Selection): Knex.QueryBuilder {
    const query = registriesInScope(this.#db, this.#config.scopes);
    if (visibleScope.of === 'some') {
      query.where(seen =>
        whereCriteria(seen, visibleScope.criteria, links =>
          this.#counting(links),
        ),
      );
    }
    return resolved ? whereFilter(query, resolved, this.#bound) : query;
  }

  /** The ids of one page, from narrow rows. */
  async places(
    selection: Selection,
    { order, after, limit }: { order: Order; after?: Place; limit: number },
  ): Promise<PagePlaces> {
    const narrow: PlaceRow[] = await selectPlace(
      this.matching(selection),
      order,
    )
      .modify(query => inOrder(query, order, after))
      .limit(limit + 1);
    const places = narrow.slice(0, limit);
    return {
      ids: places.map(({ id }) => id),
      ...(narrow.length > places.length && {
        next: placeOf(places[places.length - 1], order),
      }),
    };
  }

  /** Whole rows of a page, with their facts. A row that was removed meanwhile ends no list. */
  async page({ ids, next }: PagePlaces): Promise<FoundPage> {
    const rows = await findInBatches(ids, batch =>
      this.#db('registries').whereIn('id', batch),
    );
    const keyOf = await this.#keysOf(rows);
    const byId = new Map(rows.map(row => [row.id, row]));
    return {
      found: ids.flatMap(id => {
        const row = byId.get(id);
        if (!row?.facts) return []; // Removed since.
        return [{ row, facts: JSON.parse(row.facts), key: keyOf(row) }];
      }),
      next,
    };
  }

  async #keysOf(
    registries: readonly RegistryRow[],
  ): Promise<(row: RegistryRow) => FleetKeyRow | undefined> {
    const named = registries.flatMap(({ vault_host, key_name }) =>
      vault_host && key_name ? [[vault_host, key_name]] : [],
    );
    const rows = await findInBatches(named, batch =>
      selectColumns(
        this.#db('keys').whereIn(['vault_host', 'name'], batch),
        'keys',
        KEY_COLUMNS,
      ),
    );
    const keys = new Map(rows.map(row => [subjectOfKey(row), row]));
    return ({ vault_host, key_name }) =>
      vault_host && key_name
        ? keys.get(subjectOfKey({ vault_host, name: key_name }))
        : undefined;
  }

  async count(selection: Selection): Promise<number> {
    return countOf(this.matching(selection));
  }

  /** Counts the registries of each combination of values. */
  async counts(selection: Selection): Promise<FleetGroup[]> {
    const groups = await countBy(this.matching(selection), 'registries', [
      'state',
      'severity',
      'version_mode',
      'subscription_id',
      'vault_host',
    ]);
    return groups.map(({ values, count }) => ({
      state: values.state ?? NOT_JUDGED,
      severity: Number(values.severity ?? 0),
      mode: values.version_mode,
      subscription: values.subscription_id,
      vaultHost: values.vault_host,
      count,
    }));
  }

  /** Owners of these registries, those of the most first. */
  async owners(
    selection: Selection,
  ): Promise<{ owners: { owner: string; count: number }[]; more: number }> {
    const rows: (Pick<OwnerLink, 'owner'> & { n: number | string })[] =
      await this.#db
        .from(this.ownerLinks().as('owned'))
        .whereIn(
          'registry_id',
          this.matching(selection).select('registries.id'),
        )
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
    return countOf(whereUnbound(this.matching(selection), true));
  }

  /** Time when these registries were read, as far as that was `since` or later; and the others, by reason. */
  async ages(selection: Selection, since: number): Promise<FleetAgesRows> {
    // The time of a reading is later by the lag of its source than the time for which it is certain.
    const [{ observed, lag }] = await this.matching(selection)
      .where('registries.read_at', '>=', since)
      .select(
        this.#db.raw(
          'min(registries.read_at + registries.lag_ms) as observed, max(registries.lag_ms) as lag',
        ),
      );
    const older: {
      reason: OlderReason;
      n: number | string;
      oldest: BigInteger;
    }[] = await this.#db
      .from(
        this.matching(selection)
          .where('registries.read_at', '<', since)
          .leftJoin('keys', joinKey)
          .select(
            this.#db.raw('registries.read_at + registries.lag_ms as read_at'),
            this.#db.raw(`case
              when registries.problem is not null then 'failed'
              when registries.version_mode = 'automatic'
                and coalesce(registries.version_in_use, '') <> keys.newest_version
                then 'following'
              else 'waiting' end as reason`),
          )
          .as('older'),
      )
      .groupBy('reason')
      .select('reason')
      .count({ n: '*' })
      .min({ oldest: 'read_at' })
      .orderBy('reason');
    return {
      observedAt: optionalNumber(observed),
      ...(lag && { lagMs: Number(lag) }),
      older: older.map(({ reason, n, oldest }) => ({
        reason,
        count: Number(n),
        observedAt: Number(oldest),
      })),
    };
  }

  /** The registries of these, by their lower-case ARM ids, that exist and are in the visible scope. */
  async visibleIds(
    visibleScope: VisibleScope,
    ids: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const seen = await findInBatches(ids, (batch): PromiseLike<string[]> =>
      this.matching({ visibleScope })
        .whereIn('registries.id', batch)
        .pluck('registries.id'),
    );
    return new Set(seen);
  }

  /**
   * Entities that a search matches, of registries in the visible scope that it does not match themselves: those are
   * found without their entities. One more than may be searched for.
   */
  async entitiesMatching(
    visibleScope: VisibleScope,
    search: string,
  ): Promise<string[]> {
    return (
      this.#db('links')
        .where({ source: 'annotation' })
        .modify(query => whereEntityMatches(query, search))
        // By the primary key of `registries`, for the few that match.
        .whereExists(
          this.matching({ visibleScope })
            .whereRaw('registries.id = links.registry_id')
            .whereNot(found => whereNameMatches(found, search))
            .select('registries.id'),
        )
        .distinct('entity_ref')
        .orderBy('entity_ref')
        .limit(MAX_SEARCHED_ENTITIES + 1)
        .pluck('entity_ref')
    );
  }

  /** Links of the entities that name these registries. */
  async naming(ids: readonly string[]): Promise<LinkRow[]> {
    return findInBatches(ids, batch =>
      this.#db('links')
        .where({ source: 'annotation' })
        .whereIn('registry_id', batch)
        .orderBy(['registry_id', 'entity_ref']),
    );
  }

  /** Owners of these registries. */
  async ownersOf(ids: readonly string[]): Promise<OwnerLink[]> {
    return findInBatches(ids, (batch): PromiseLike<OwnerLink[]> =>
      this.#db
        .from(this.ownerLinks().as('owned'))
        .whereIn('registry_id', batch)
        .distinct('registry_id', 'owner')
        .orderBy(['registry_id', 'owner']),
    );
  }

  /** The latest operation of each of these registries. */
  async latestOperations(
    ids: readonly string[],
  ): Promise<Map<string, FleetOperationRow>> {
    const rows = await findInBatches(ids, batch => {
      const latest = this.#db('operations')
        .whereIn('registry_key', batch)
        // Its campaign may never release it.
        .whereNot({ state: 'held' })
        .groupBy('registry_key')
        .select('registry_key')
        .max({ created_at: 'created_at' })
        .as('latest');
      return selectColumns(
        this.#db
          .from(latest)
          .join('operations', of =>
            of
              .on('operations.registry_key', 'latest.registry_key')
              .on('operations.created_at', 'latest.created_at'),
          )
          .orderBy('operations.id'),
        'operations',
        OPERATION_COLUMNS,
      );
    });
    // Of several that were created at once, the last.
    return new Map(rows.map(row => [row.registry_key, row]));
  }

  /** Registries as permission conditions see them, by ARM ids; those that do not exist are left out. */
  async resources(ids: readonly string[]): Promise<Map<string, FleetResource>> {
    const found = new Map<string, FleetResource>();
    for (const batch of batchesOf(ids.map(lower))) {
      const [rows, links] = await Promise.all([
        selectColumns(
          this.matching({ visibleScope: { of: 'everything' } }).whereIn(
            'registries.id',
            batch,
          ),
          'registries',
          ['id', 'subscription_id', 'resource_group', 'state'],
        ),
        this.#counting(
          this.#db('links').whereIn('links.registry_id', batch),
        ) as Knex.QueryBuilder<LinkRow, LinkRow[]>,
      ]);
      for (const { id, subscription_id, resource_group, state } of rows) {
        found.set(id, {
          id,
          subscriptionId: subscription_id,
          resourceGroup: resource_group,
          state: state ?? undefined,
          links: links
            .filter(link => link.registry_id === id)
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

  /** Narrows a query of `links` to those by which a registry may be read. */
  #counting(links: Knex.QueryBuilder): Knex.QueryBuilder {
    return this.#config.readUnlinked ? links : whereProven(links, this.#bound);
  }

  /** Query of the owners of registries: rows of `OwnerLink`. */
  ownerLinks(): Knex.QueryBuilder {
    return ownerLinks(this.#db, this.#bound);
  }
}
