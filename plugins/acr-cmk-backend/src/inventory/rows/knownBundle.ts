import type {
  KeyFacts,
  RegistryId,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Registry } from '../../cmk/registry';
import { rowsOf } from '../../database/rowsOf';
import { storedAccess } from './access';
import { storedKey } from './keys';
import type { StoredFact, StoredReading } from './readings';
import { storedRegistry } from './registries';
import { storedVault } from './vaults';

/** A registry with what its encryption depends on, as the rows hold it. */
export interface KnownBundle {
  registry: StoredFact<Registry>;
  vault?: { id: string; fact: StoredFact<VaultFacts> };
  key?: StoredFact<KeyFacts>;
  access?: StoredFact<RoleAssignmentFacts[]>;
}

const READING = [
  'facts',
  'read_at',
  'azure_at',
  'seen_at',
  'changed_at',
  'expired_at',
  'problem',
  'problem_at',
];

/** Columns of the tables that are joined, as `table column`. */
const JOINED = {
  vaults: ['id', ...READING],
  keys: ['vault_host', 'name', 'listed', ...READING],
  access: ['principal_id', 'vault_host', 'key_name', ...READING],
};

/** The part of a joined row that is of one table; nothing when there was no such row. */
function partOf(row: any, table: keyof typeof JOINED): any {
  const columns = JOINED[table];
  return row[`${table} ${columns[0]}`] === null
    ? undefined
    : Object.fromEntries(
        columns.map(column => [column, row[`${table} ${column}`]]),
      );
}

/**
 * What is known of a registry and of what its encryption depends on, in one statement.
 *
 * Every view of a tab asks for it. The statement is made once: to make it anew took longer than the database
 * needs for its answer.
 */
export class KnownBundles {
  readonly #db: Knex;
  readonly #sql: string;

  constructor(db: Knex) {
    this.#db = db;
    this.#sql = statement(db).toSQL().sql;
  }

  async of(id: RegistryId): Promise<KnownBundle | undefined> {
    const [row] = rowsOf(await this.#db.raw(this.#sql, [id.key, 1]));
    if (!row) return undefined;
    const vault = partOf(row, 'vaults');
    const key = partOf(row, 'keys');
    const access = partOf(row, 'access');
    return {
      registry: storedRegistry(row).fact,
      vault: vault && { id: vault.id, fact: storedVault(vault) },
      key: key && storedKey(key),
      access: access && storedAccess(access),
    };
  }
}

/** Its bindings are the id, and the number of rows. */
function statement(db: Knex): Knex.QueryBuilder {
  return (
    db('registries')
      .where('registries.id', '')
      .leftJoin('vaults', 'vaults.host', 'registries.vault_host')
      .leftJoin('keys', join =>
        join
          .on('keys.vault_host', 'registries.vault_host')
          .on('keys.name', 'registries.key_name'),
      )
      .leftJoin('access', join =>
        join
          .on('access.principal_id', 'registries.principal_id')
          .on('access.vault_host', 'registries.vault_host')
          .on('access.key_name', 'registries.key_name'),
      )
      // One that was deleted and made again in another group has two rows for a while.
      .orderByRaw('coalesce(vaults.read_at, 0) desc')
      .limit(1)
      .select(
        'registries.*',
        ...Object.entries(JOINED).flatMap(([table, columns]) =>
          columns.map(column => `${table}.${column} as ${table} ${column}`),
        ),
      )
  );
}

/** The same reading, whose row is known already: it is read when that is asked for once more. */
export function withKnown<T>(
  stored: StoredReading<T>,
  known: StoredFact<T> | undefined,
): StoredReading<T> {
  let isTaken = false;
  return {
    ...stored,
    read: async () => {
      if (isTaken) return stored.read();
      isTaken = true;
      return known;
    },
  };
}
