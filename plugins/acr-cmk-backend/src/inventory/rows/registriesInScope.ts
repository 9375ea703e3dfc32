import type { Knex } from 'knex';
import type { Scope } from '../../platform/config/scope';
import { isThere } from './FactTable';

/** Query of the registries in some scopes that were read and exist, as far as is known. */
export function registriesInScope(
  db: Knex,
  scopes: readonly Scope[],
): Knex.QueryBuilder {
  const subscriptions = scopes
    .filter(({ resourceGroup }) => resourceGroup === undefined)
    .map(({ subscriptionId }) => subscriptionId);
  const groups = scopes.flatMap(({ subscriptionId, resourceGroup }) =>
    resourceGroup === undefined ? [] : [[subscriptionId, resourceGroup]],
  );
  return (
    db('registries')
      .whereNotNull('registries.read_at')
      .where(isThere('registries'))
      // Two lists, since there may be thousands: SQLite takes no chain of as many conditions.
      .where(either => {
        // No index is used for an expression. Nearly all known registries are in scope, and SQLite without statistics
        // would read them all by the subscription, rather than a page or the users of a key by their own index.
        either.whereRaw(
          `registries.subscription_id || '' in (${
            subscriptions.map(() => '?').join(', ') || 'null'
          })`,
          subscriptions,
        );
        if (groups.length > 0) {
          either.orWhereIn(
            ['registries.subscription_id', 'registries.resource_group'],
            groups,
          );
        }
      })
  );
}
