import type { Knex } from 'knex';
import type { FactTableName } from './FactTable';

type MarkedTable = Exclude<FactTableName, 'facts'>;

/** Kind and subject of the mark of a row in `dirty`, in SQL. */
const MARKS = {
  registries: ['registry', 'registries.id'],
  vaults: ['vault', 'vaults.id'],
  identities: ['identity', 'identities.id'],
  keys: ['key', `keys.vault_host || '/' || keys.name`],
  access: [
    'access',
    `access.principal_id || ' ' || access.vault_host || '/' || access.key_name`,
  ],
} as const satisfies Record<MarkedTable, readonly [kind: string, sql: string]>;

/**
 * Query of the mark of a row that has to be read again. Until that is done, no list confirms what is known: it may
 * show a change that was not read yet, as it did before.
 */
export function markOf(db: Knex, table: MarkedTable): Knex.QueryBuilder {
  const [kind, subject] = MARKS[table];
  return db('dirty').where({ kind }).whereRaw(`dirty.subject = ${subject}`);
}
