import type { Knex } from 'knex';
import { isSqlite } from '../../database/sqlite';

/**
 * How tables hold the ids of registries and identities: `<subscription>/<resource group>/<name>`, lower case,
 * in less than half of the bytes. The rest of an ARM id is the same for all of a kind. Every id of theirs is
 * changed here, on its way into a statement and out of a row; all other code knows ARM ids only.
 *
 * The columns `subscription_id` and `resource_group`, and `name` of identities, are made of the id by the database
 * (`migrations/20261203_short_ids.js`).
 */
export interface IdForm {
  /** @param armId - in any spelling */
  toRow(armId: string): string;
  /** @returns the ARM id, in lower case */
  toArm(rowId: string): string;
}

/** What is no ARM id of the type stays as it is, so that every id comes back as it went in. */
function idsOf(type: string): IdForm {
  const pattern = new RegExp(
    `^/subscriptions/([^/]+)/resourcegroups/([^/]+)/providers/${type}/([^/]+)$`,
  );
  return {
    toRow: armId => {
      const id = armId.toLowerCase();
      const parts = pattern.exec(id);
      return parts ? parts.slice(1).join('/') : id;
    },
    toArm: rowId => {
      const parts = rowId.split('/');
      if (parts.length !== 3 || parts[0] === '') return rowId;
      const [subscription, group, name] = parts;
      return `/subscriptions/${subscription}/resourcegroups/${group}/providers/${type}/${name}`;
    },
  };
}

export const registryIdForm = idsOf('microsoft.containerregistry/registries');
export const identityIdForm = idsOf(
  'microsoft.managedidentity/userassignedidentities',
);

/**
 * Rows of `registries` or `identities` in a subscription. SQLite finds them by the primary key, which it orders by
 * bytes, so that they stand side by side; PostgreSQL orders texts by a locale, and has an index.
 */
export function inSubscription(
  table: 'registries' | 'identities',
  subscriptionId: string,
): (rows: Knex.QueryBuilder) => void {
  const subscription = subscriptionId.toLowerCase();
  return rows => {
    rows.where(`${table}.subscription_id`, subscription);
    if (isSqlite(rows)) {
      // `0` follows `/`.
      rows
        .where(`${table}.id`, '>', `${subscription}/`)
        .where(`${table}.id`, '<', `${subscription}0`);
    }
  };
}

/** By table. Vaults are few, and of two types. */
export const ID_FORM = {
  registries: registryIdForm,
  identities: identityIdForm,
  vaults: { toRow: id => id.toLowerCase(), toArm: id => id },
} as const satisfies Record<string, IdForm>;
