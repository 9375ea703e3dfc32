import type {
  ChangedOutside,
  KeyFacts,
  RegistryId,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/arm/identityFacts';
import type { Registry } from '../../domain/registry';
import {
  columnsOf,
  type JoinedColumns,
  rowOf,
} from '../../platform/database/joins';
import { storedAccess } from './access';
import { storedChange } from './changedOutside';
import { storedIdentity } from './identities';
import { KEY_COLUMNS, storedKey } from './keys';
import {
  STORED_COLUMNS,
  type StoredFact,
  type StoredReading,
} from './readings';
import { storedRegistry } from './registries';
import { storedVault } from './vaults';
import { batchesOf } from '../../platform/database/batches';

/** A registry with what its encryption depends on, as the rows hold it. */
export interface KnownBundle {
  registry: StoredFact<Registry>;
  /** The last change that no operation of this portal made, since its own last one. */
  changedOutside?: ChangedOutside;
  vault?: { id: string; fact: StoredFact<VaultFacts> };
  key?: StoredFact<KeyFacts>;
  access?: StoredFact<RoleAssignmentFacts[]>;
  /** The user-assigned identity that it encrypts as. */
  identity?: { id: string; fact: StoredFact<IdentityFacts> };
}

const REGISTRY = ['id', 'changed_outside', ...STORED_COLUMNS] as const;
const VAULT = ['id', ...STORED_COLUMNS] as const;
const KEY = ['name', ...KEY_COLUMNS] as const;
const ACCESS = ['principal_id', ...STORED_COLUMNS] as const;
const IDENTITY = ['id', ...STORED_COLUMNS] as const;

type JoinedRow = JoinedColumns<'registries', (typeof REGISTRY)[number]> &
  JoinedColumns<'vaults', (typeof VAULT)[number]> &
  JoinedColumns<'keys', (typeof KEY)[number]> &
  JoinedColumns<'access', (typeof ACCESS)[number]> &
  JoinedColumns<'identities', (typeof IDENTITY)[number]>;

/** Registries with what their encryption depends on, in one statement. */
export class KnownBundles {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async of(id: RegistryId): Promise<KnownBundle | undefined> {
    return (await this.ofAll([id.key])).get(id.key);
  }

  /** Bundles of several registries, by their ARM ids in lower case. Omits ids without a row. */
  async ofAll(ids: readonly string[]): Promise<Map<string, KnownBundle>> {
    const bundles = new Map<string, KnownBundle>();
    for (const batch of batchesOf(ids)) {
      for (const row of await joinedRows(this.#db, batch)) {
        const columns = rowOf(row, 'registries', REGISTRY)!;
        if (bundles.has(columns.id)) continue;
        const vault = rowOf(row, 'vaults', VAULT);
        const key = rowOf(row, 'keys', KEY);
        const access = rowOf(row, 'access', ACCESS);
        const identity = rowOf(row, 'identities', IDENTITY);
        bundles.set(columns.id, {
          registry: storedRegistry(columns).fact,
          changedOutside: storedChange(columns),
          vault: vault && { id: vault.id, fact: storedVault(vault) },
          key: key && storedKey(key),
          access: access && storedAccess(access),
          identity: identity && {
            id: identity.id,
            fact: storedIdentity(identity),
          },
        });
      }
    }
    return bundles;
  }
}

/** Rows of registries with what belongs to them; of several for one, the first counts. */
function joinedRows(db: Knex, ids: readonly string[]): Promise<JoinedRow[]> {
  return (
    db('registries')
      .whereIn('registries.id', ids)
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
      .leftJoin('identities', 'identities.client_id', 'registries.identity')
      // One that was deleted and made again in another group has two rows for a while.
      .orderByRaw('coalesce(vaults.read_at, 0) desc')
      .select<JoinedRow[]>(
        columnsOf('registries', REGISTRY),
        columnsOf('vaults', VAULT),
        columnsOf('keys', KEY),
        columnsOf('access', ACCESS),
        columnsOf('identities', IDENTITY),
      )
  );
}

/**
 * Wraps a reading whose row is already known: the first `read` returns it, each later one reads the database.
 */
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
