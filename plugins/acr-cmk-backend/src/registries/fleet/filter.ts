import {
  AZURE_CLOUDS,
  type FleetFilter,
  type FleetSeverity,
  InvalidInput,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type Bindings, isOwnerRef } from '../../catalog/binding';
import type { LinkRow } from '../../platform/database/tables';
import { hostOfVault } from '../../inventory/rows/vaults';
import { NOT_JUDGED, whereUnbound } from './conditions';
import { lower } from '../../platform/text';

/** Worst last; the column `severity` holds the index. */
export const SEVERITIES = [
  'none',
  'info',
  'warning',
  'error',
] as const satisfies readonly FleetSeverity[];

/** A filter with the entities of the catalog that it depends on. */
export interface ResolvedFilter {
  filter: FleetFilter;
  /** Entities that the search matches and the viewer may see, lower case. */
  searchedEntities: readonly string[];
  /** Too many entities match, so the search leaves them out. */
  searchIncomplete: boolean;
  /** The filter names an owner or entity that the viewer may not see, so it matches nothing. */
  nothing: boolean;
}

/** The filter in the query of a request, which was validated by the API document. */
export function filterOf(query: Record<string, unknown>): FleetFilter {
  const text = (name: string) => query[name] as string | undefined;
  const list = (name: string) => text(name)?.split(',');
  const { unbound, expiresBefore } = query;
  if (expiresBefore !== undefined) {
    momentOf(String(expiresBefore), 'expiresBefore');
  }
  return {
    state: list('state') as FleetFilter['state'],
    severity: list('severity') as FleetFilter['severity'],
    mode: text('mode') as FleetFilter['mode'],
    owner: text('owner'),
    entityRef: text('entityRef'),
    subscription: text('subscription'),
    resourceGroup: text('resourceGroup'),
    vault: text('vault'),
    key: text('key'),
    expiresBefore: text('expiresBefore'),
    unbound: unbound === undefined ? undefined : unbound === 'true',
    search: text('search')?.trim() || undefined,
  };
}

/** @throws InvalidInput that names the field */
export function momentOf(text: string, field: string): number {
  const moment = Date.parse(text);
  // JavaScript takes 31 February for 3 March.
  const isDay =
    !Number.isNaN(moment) &&
    new Date(moment).toISOString().startsWith(text.slice(0, 10));
  if (!isDay) {
    throw new InvalidInput(
      field,
      'is not a valid date or time; use 2026-12-31 or 2026-12-31T00:00:00Z',
    );
  }
  return moment;
}

/** The pattern of a LIKE for texts that hold this one, escaped with `\`. */
function containing(text: string): string {
  return `%${lower(text).replace(/[\\%_]/g, '\\$&')}%`;
}

/** Adds the conditions of a filter to a query of `registries`. */
export function whereFilter(
  query: Knex.QueryBuilder,
  { filter, searchedEntities, nothing }: ResolvedFilter,
  bound: readonly BoundRef[],
): Knex.QueryBuilder {
  if (nothing) return query.whereRaw('1 = 0');
  const { state, severity, search } = filter;
  const equal: [column: string, value: string | undefined][] = [
    ['version_mode', filter.mode],
    ['subscription_id', filter.subscription],
    ['resource_group', filter.resourceGroup],
    ['vault_host', filter.vault && hostOfVault(filter.vault)],
    ['key_name', filter.key],
  ];
  for (const [column, value] of equal) {
    if (value) query.where(`registries.${column}`, lower(value));
  }
  if (state?.length) {
    query.where(either => {
      either.whereIn('registries.state', [...state]);
      if (state.includes(NOT_JUDGED)) either.orWhereNull('registries.state');
    });
  }
  if (severity?.length) {
    query.where(either => {
      either.whereIn(
        'registries.severity',
        severity.map(one => SEVERITIES.indexOf(one)),
      );
      if (severity.includes('none')) either.orWhereNull('registries.severity');
    });
  }
  if (filter.expiresBefore) {
    query.where(
      'registries.expires_at',
      '<',
      momentOf(filter.expiresBefore, 'expiresBefore'),
    );
  }
  if (filter.unbound !== undefined) whereUnbound(query, filter.unbound);
  if (filter.owner) whereOwned(query, { owner: filter.owner, bound });
  if (filter.entityRef) whereLinked(query, [filter.entityRef]);
  if (search) {
    query.where(either => {
      whereNameMatches(either, search);
      if (searchedEntities.length > 0) {
        either.orWhere(linked => whereLinked(linked, searchedEntities));
      }
    });
  }
  return query;
}

/** Registries whose own name, key or vault a search matches. Never null, so that it can be negated. */
export function whereNameMatches(
  query: Knex.QueryBuilder,
  search: string,
): Knex.QueryBuilder {
  const pattern = containing(search);
  return (
    query
      .whereRaw(`registries.name like ? escape '\\'`, [pattern])
      .orWhereRaw(`coalesce(registries.key_name, '') like ? escape '\\'`, [
        pattern,
      ])
      // The rest of the host is the same for all vaults, and for all Managed HSMs.
      .orWhereRaw(`coalesce(registries.vault_host, '') like ? escape '\\'`, [
        `${pattern}.${AZURE_CLOUDS.public.vaultSuffix}`,
      ])
      .orWhereRaw(`coalesce(registries.vault_host, '') like ? escape '\\'`, [
        `${pattern}.${AZURE_CLOUDS.public.hsmSuffix}`,
      ])
  );
}

/** Registries that entities name in their annotations. */
function whereLinked(
  query: Knex.QueryBuilder,
  refs: readonly string[],
): Knex.QueryBuilder {
  return query.whereIn('registries.id', links =>
    links
      .from('links')
      .where({ source: 'annotation' })
      .whereIn('entity_ref', refs.map(lower))
      .select('registry_id'),
  );
}

/** Registries of one owner, as `ownerLinks` defines it; by the indexes of `links`. */
function whereOwned(
  query: Knex.QueryBuilder,
  { owner, bound }: { owner: string; bound: readonly BoundRef[] },
): Knex.QueryBuilder {
  const ids = bound
    .filter(({ ref }) => isOwnerRef(ref) && ref === lower(owner))
    .map(({ registryId }) => registryId);
  return query.where(either => {
    either.whereIn('registries.id', links => {
      links
        .from('links')
        .where(named => {
          named.where({ source: 'annotation', owner: lower(owner) });
          whereProven(named, bound);
        })
        .select('registry_id');
      if (isOwnerRef(owner)) {
        links.orWhere({ source: 'tag', entity_ref: lower(owner) });
      }
    });
    if (ids.length > 0) either.orWhereIn('registries.id', ids);
  });
}

/** Owner of a registry, as `ownerLinks` selects it. Lower case. */
export interface OwnerLink {
  registry_id: LinkRow['registry_id'];
  owner: string;
}

/** An entity, group or user to which `acrCmk.bindings` binds a registry. Lower case. */
export interface BoundRef {
  registryId: string;
  ref: string;
}

export function boundRefs(bindings: Bindings): BoundRef[] {
  return [...bindings].flatMap(([registryId, refs]) =>
    [...refs].map(ref => ({ registryId, ref })),
  );
}

/**
 * Adds to a query of `links` that the registry's tag or the configuration confirms them: anybody who may
 * register an entity can name any registry in its annotation.
 */
export function whereProven(
  query: Knex.QueryBuilder,
  bound: readonly BoundRef[],
): Knex.QueryBuilder {
  return query.where(proof => {
    proof
      .where('links.source', 'tag')
      .orWhereExists(tags =>
        tags
          .from('links as tags')
          .where('tags.source', 'tag')
          .whereRaw('tags.registry_id = links.registry_id')
          .whereRaw('tags.entity_ref = links.entity_ref')
          .select('tags.registry_id'),
      );
    if (bound.length > 0) {
      proof.orWhereIn(
        ['links.registry_id', 'links.entity_ref'],
        bound.map(({ registryId, ref }) => [registryId, ref]),
      );
    }
  });
}

/**
 * Query of the owners of registries, as rows of `OwnerLink`: the owners of entities that are linked to them, and
 * the groups and users that their tags or the configuration name. One that owns a registry in several ways has a
 * row for each.
 */
export function ownerLinks(
  db: Knex,
  bound: readonly BoundRef[],
): Knex.QueryBuilder {
  const known = linkedOwners(db, bound);
  const owners = bound.filter(({ ref }) => isOwnerRef(ref));
  if (owners.length === 0) return known;
  return known.unionAll(
    db
      .from(
        db.raw(
          `(values ${owners.map(() => '(?, ?)').join(', ')}) as bound`,
          owners.flatMap(({ registryId, ref }) => [registryId, ref]),
        ),
      )
      // So both databases name what has no names.
      .select('bound.column1 as registry_id', 'bound.column2 as owner'),
  );
}

function linkedOwners(db: Knex, bound: readonly BoundRef[]): Knex.QueryBuilder {
  return db('links')
    .where({ source: 'annotation' })
    .whereNotNull('owner')
    .modify(whereProven, bound)
    .select('registry_id', 'owner')
    .unionAll(
      db('links')
        .where({ source: 'tag' })
        // Ranges, which an index answers.
        .where(ref =>
          ref
            .where(group =>
              group
                .where('entity_ref', '>=', 'group:')
                .where('entity_ref', '<', 'group;'),
            )
            .orWhere(user =>
              user
                .where('entity_ref', '>=', 'user:')
                .where('entity_ref', '<', 'user;'),
            ),
        )
        .select('registry_id', 'entity_ref as owner'),
    );
}

/** Rows of `links` that a search matches: by the name, or by the whole ref when the search looks like one. */
export function whereEntityMatches(
  query: Knex.QueryBuilder,
  search: string,
): Knex.QueryBuilder {
  const pattern = containing(search);
  return query.whereRaw(`links.entity_ref like ? escape '\\'`, [
    /[:/]/.test(search) ? pattern : `%/${pattern}`,
  ]);
}
