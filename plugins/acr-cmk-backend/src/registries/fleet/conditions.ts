/**
 * Conditions of permission policies on registries of the fleet. Each is evaluated twice, for a registry in
 * memory and in SQL. The two must agree, so they stand side by side.
 */
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { assertNever } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';

/** Texts are lower case, as key columns hold them. */
export type FleetCondition =
  | { kind: 'owned-by'; refs: readonly string[] }
  | { kind: 'of-entity'; refs: readonly string[] }
  | { kind: 'in-subscription'; ids: readonly string[] }
  | {
      kind: 'in-resource-group';
      names: readonly string[];
      subscriptionId?: string;
    }
  | { kind: 'in-state'; states: readonly string[] }
  | { kind: 'unbound' };

export type FleetCriteria = PermissionCriteria<FleetCondition>;

/** A registry as conditions see it. Texts are lower case. */
export interface FleetResource {
  /** ARM id. */
  id: string;
  subscriptionId: string;
  resourceGroup: string;
  /** Absent when it was not judged yet. */
  state?: string;
  links: readonly {
    entityRef: string;
    source: 'annotation' | 'tag';
    owner?: string;
  }[];
}

/** State of a registry that was not judged yet. */
export const NOT_JUDGED = 'unknown';

export function holds(
  condition: FleetCondition,
  resource: FleetResource,
): boolean {
  switch (condition.kind) {
    case 'owned-by':
      return resource.links.some(
        ({ entityRef, owner }) =>
          condition.refs.includes(entityRef) ||
          (owner !== undefined && condition.refs.includes(owner)),
      );
    case 'of-entity':
      return resource.links.some(({ entityRef }) =>
        condition.refs.includes(entityRef),
      );
    case 'in-subscription':
      return condition.ids.includes(resource.subscriptionId);
    case 'in-resource-group':
      return (
        condition.names.includes(resource.resourceGroup) &&
        (condition.subscriptionId === undefined ||
          condition.subscriptionId === resource.subscriptionId)
      );
    case 'in-state':
      return condition.states.includes(resource.state ?? NOT_JUDGED);
    case 'unbound':
      return !resource.links.some(({ source }) => source === 'annotation');
    default:
      return assertNever(condition);
  }
}

/** Narrows a query of `links` to those that count. */
type Counting = (links: Knex.QueryBuilder) => Knex.QueryBuilder;

/** `holds` in SQL, for rows of `registries`. Each part is true or false, never null, so that it can be negated. */
function whereHolds(
  query: Knex.QueryBuilder,
  condition: FleetCondition,
  counting: Counting,
): Knex.QueryBuilder {
  switch (condition.kind) {
    case 'owned-by':
      return query.whereIn('registries.id', links =>
        counting(links.from('links'))
          .where(owned =>
            owned
              .whereIn('links.entity_ref', [...condition.refs])
              .orWhereIn('links.owner', [...condition.refs]),
          )
          .select('links.registry_id'),
      );
    case 'of-entity':
      return query.whereIn('registries.id', links =>
        counting(links.from('links'))
          .whereIn('links.entity_ref', [...condition.refs])
          .select('links.registry_id'),
      );
    case 'in-subscription':
      return query.whereIn('registries.subscription_id', [...condition.ids]);
    case 'in-resource-group':
      return query.where(both => {
        both.whereIn('registries.resource_group', [...condition.names]);
        if (condition.subscriptionId !== undefined) {
          both.where('registries.subscription_id', condition.subscriptionId);
        }
      });
    case 'in-state':
      return query.where(either => {
        either.where(judged =>
          judged
            .whereNotNull('registries.state')
            .whereIn('registries.state', [...condition.states]),
        );
        if (condition.states.includes(NOT_JUDGED)) {
          either.orWhereNull('registries.state');
        }
      });
    case 'unbound':
      return whereUnbound(query, true);
    default:
      return assertNever(condition);
  }
}

/** Registries that no entity of the catalog names; with `unbound` false, the others. */
export function whereUnbound(
  query: Knex.QueryBuilder,
  unbound: boolean,
): Knex.QueryBuilder {
  // By the primary key of `links`: a list of all that are named would be made for each question.
  const naming = (links: Knex.QueryBuilder) =>
    links
      .from('links')
      .whereRaw('links.registry_id = registries.id')
      .where('links.source', 'annotation');
  return unbound ? query.whereNotExists(naming) : query.whereExists(naming);
}

/** Adds the conditions of a policy's decision to a query of `registries`. */
export function whereCriteria(
  query: Knex.QueryBuilder,
  criteria: FleetCriteria,
  counting: Counting,
): Knex.QueryBuilder {
  if (isAndCriteria(criteria)) {
    return query.where(all => {
      for (const one of criteria.allOf) {
        all.where(part => whereCriteria(part, one, counting));
      }
    });
  }
  if (isOrCriteria(criteria)) {
    return query.where(either => {
      for (const one of criteria.anyOf) {
        either.orWhere(part => whereCriteria(part, one, counting));
      }
    });
  }
  if (isNotCriteria(criteria)) {
    return query.whereNot(part => whereCriteria(part, criteria.not, counting));
  }
  return whereHolds(query, criteria as FleetCondition, counting);
}
