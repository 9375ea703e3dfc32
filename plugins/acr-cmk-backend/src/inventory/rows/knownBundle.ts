import type {
  KeyFacts,
  RegistryId,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Registry } from '../../cmk/registry';
import { FixedStatement } from '../../database/FixedStatement';
import { storedAccess } from './access';
import { registryIdForm } from './ids';
import { storedKey } from './keys';
import type { FactTable } from './packing';
import {
  readingColumns,
  type StoredFact,
  type StoredReading,
} from './readings';
import { storedRegistry } from './registries';
import { storedVault } from './vaults';

/** A registry with what its encryption depends on, as the rows hold it. */
export interface KnownBundle {
  registry: StoredFact<Registry>;
  vault?: { id: string; fact: StoredFact<VaultFacts> };
  key?: StoredFact<KeyFacts>;
  access?: StoredFact<RoleAssignmentFacts[]>;
}

const columnsOf = (table: FactTable, ...more: string[]) =>
  [...readingColumns(table), ...more].map(name => name.replace(/^.*\./, ''));

/** Columns of the tables that are joined, as `table column`. */
const JOINED = {
  vaults: columnsOf('vaults'),
  keys: columnsOf('keys', 'listed', 'seen_at'),
  access: columnsOf('access'),
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

/** One row of the joined tables; what its facts hold is unpacked when it is asked for. */
export interface JoinedBundle {
  registry(): StoredFact<Registry>;
  vault(): KnownBundle['vault'];
  key(): KnownBundle['key'];
  access(): KnownBundle['access'];
}

function joined(row: any): JoinedBundle {
  const vault = partOf(row, 'vaults');
  const key = partOf(row, 'keys');
  const access = partOf(row, 'access');
  return {
    registry: () => storedRegistry(row).fact,
    vault: () => vault && { id: vault.id, fact: storedVault(vault) },
    key: () => key && storedKey(key),
    access: () => access && storedAccess(access),
  };
}

/** What is known of a registry and of what its encryption depends on, in one statement. */
export class KnownBundles {
  readonly #db: Knex;
  readonly #ofOne: FixedStatement<{ id: string }>;

  constructor(db: Knex) {
    this.#db = db;
    this.#ofOne = new FixedStatement(db, (_, { id }) =>
      statement(db).where('registries.id', id).limit(1),
    );
  }

  async of(id: RegistryId): Promise<KnownBundle | undefined> {
    const [row] = await this.#ofOne.rows({ id: registryIdForm.toRow(id.key) });
    if (!row) return undefined;
    const { registry, vault, key, access } = joined(row);
    return {
      registry: registry(),
      vault: vault(),
      key: key(),
      access: access(),
    };
  }

  /** The same of several, by their ARM ids in lower case; those without a row are left out. */
  async ofAll(ids: readonly string[]): Promise<Map<string, JoinedBundle>> {
    const bundles = new Map<string, JoinedBundle>();
    const rows = await statement(this.#db).whereIn(
      'registries.id',
      ids.map(registryIdForm.toRow),
    );
    for (const row of rows) {
      const id = registryIdForm.toArm(row.id);
      if (!bundles.has(id)) bundles.set(id, joined(row));
    }
    return bundles;
  }
}

/** Rows of registries with what belongs to them; of several for one, the first counts. */
function statement(db: Knex): Knex.QueryBuilder {
  return (
    db('registries')
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
      .select(
        ...readingColumns('registries'),
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
