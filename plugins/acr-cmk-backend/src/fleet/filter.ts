import {
  AZURE_CLOUDS,
  type FleetFilter,
  type FleetSeverity,
  InvalidInput,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type Bindings, isOwnerRef } from '../catalog/binding';
import { lower } from '../inventory/rows/readings';
import { hostOfVault } from '../inventory/rows/vaults';
import { NOT_JUDGED, whereUnbound } from './conditions';

/** Worst last; the place is what the column `severity` holds. */
export const SEVERITIES = [
  'none',
  'info',
  'warning',
  'error',
] as const satisfies readonly FleetSeverity[];

/** A filter, with everything that takes the catalog looked up. */
export interface ResolvedFilter {
  filter: FleetFilter;
  /** Entities that the search matches and the viewer may see, lower case. */
  searchedEntities: readonly string[];
  /** Too many match: the search leaves entities out. */
  searchIncomplete: boolean;
  /** It names an owner or entity that the viewer may not see: nothing is in it. */
  nothing: boolean;
}

/** A filter as the query of a request has it, which the API document has validated. */
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

function momentOf(text: string, field: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) {
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

/** Adds to a query of `registries` what a filter demands. */
export function whereFilter(
  query: Knex.QueryBuilder,
  { filter, searchedEntities, nothing }: ResolvedFilter,
  bound: readonly BoundOwner[],
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
  if (state) {
    query.where(any => {
      any.whereIn('registries.state', [...state]);
      if (state.includes(NOT_JUDGED)) any.orWhereNull('registries.state');
    });
  }
  if (severity) {
    query.where(any => {
      any.whereIn(
        'registries.severity',
        severity.map(one => SEVERITIES.indexOf(one)),
      );
      if (severity.includes('none')) any.orWhereNull('registries.severity');
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
    const pattern = containing(search);
    query.where(any => {
      any
        .whereRaw(`registries.name like ? escape '\\'`, [pattern])
        .orWhereRaw(`registries.key_name like ? escape '\\'`, [pattern])
        // The rest of the host is the same for all vaults, and for all Managed HSMs.
        .orWhereRaw(`registries.vault_host like ? escape '\\'`, [
          `${pattern}.${AZURE_CLOUDS.public.vaultSuffix}`,
        ])
        .orWhereRaw(`registries.vault_host like ? escape '\\'`, [
          `${pattern}.${AZURE_CLOUDS.public.hsmSuffix}`,
        ]);
      if (searchedEntities.length > 0) {
        any.orWhere(linked => whereLinked(linked, searchedEntities));
      }
    });
  }
  return query;
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

/** Registries of which `ownerLinks` says that they are somebody's; by the indexes of `links`. */
function whereOwned(
  query: Knex.QueryBuilder,
  { owner, bound }: { owner: string; bound: readonly BoundOwner[] },
): Knex.QueryBuilder {
  const ids = bound
    .filter(one => one.owner === lower(owner))
    .map(({ registryId }) => registryId);
  return query.where(any => {
    any.whereIn('registries.id', links =>
      links
        .from('links')
        .where({ source: 'annotation', owner: lower(owner) })
        .orWhere({ source: 'tag', entity_ref: lower(owner) })
        .select('registry_id'),
    );
    if (ids.length > 0) any.orWhereIn('registries.id', ids);
  });
}

/** A group or user to whom `acrCmk.bindings` binds a registry. Lower case. */
export interface BoundOwner {
  registryId: string;
  owner: string;
}

export function boundOwners(bindings: Bindings): BoundOwner[] {
  return [...bindings].flatMap(([registryId, refs]) =>
    [...refs].filter(isOwnerRef).map(owner => ({ registryId, owner })),
  );
}

/**
 * Who owns registries, as `registry_id` and `owner`: the owners of entities that name them, and the groups
 * and users that their tags or the configuration name.
 */
export function ownerLinks(
  db: Knex,
  bound: readonly BoundOwner[],
): Knex.QueryBuilder {
  const known = linkedOwners(db);
  if (bound.length === 0) return known;
  return known.union(
    db
      .from(
        db.raw(
          `(values ${bound.map(() => '(?, ?)').join(', ')}) as bound`,
          bound.flatMap(({ registryId, owner }) => [registryId, owner]),
        ),
      )
      // So both databases name what has no names.
      .select('bound.column1 as registry_id', 'bound.column2 as owner'),
  );
}

function linkedOwners(db: Knex): Knex.QueryBuilder {
  return db('links')
    .where({ source: 'annotation' })
    .whereNotNull('owner')
    .select('registry_id', 'owner')
    .union(
      db('links')
        .where({ source: 'tag' })
        .where(ref =>
          ref
            .where('entity_ref', 'like', 'group:%')
            .orWhere('entity_ref', 'like', 'user:%'),
        )
        .select('registry_id', 'entity_ref as owner'),
    );
}

/** Which of the rows of `links` a search matches: by the name, or by the whole ref when that is typed. */
export function whereEntityMatches(
  query: Knex.QueryBuilder,
  search: string,
): Knex.QueryBuilder {
  const pattern = containing(search);
  return query.whereRaw(`links.entity_ref like ? escape '\\'`, [
    /[:/]/.test(search) ? pattern : `%/${pattern}`,
  ]);
}
