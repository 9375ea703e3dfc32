import type {
  KeyFacts,
  RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { IdentityFacts } from '../../azure/arm/identityFacts';
import type { Registry } from '../../domain/registry';
import {
  columnsOf,
  type JoinedColumns,
  rowOf,
} from '../../platform/database/joins';
import { findInBatches } from '../../platform/database/batches';
import { ACCESS } from './access';
import { STORED_COLUMNS, type StoredFact } from './FactTable';
import { IDENTITIES } from './identities';
import { KEYS } from './keys';
import { REGISTRIES } from './registries';
import { type KnownVault, READ_LAST, VAULTS } from './vaults';

/** A registry with what its encryption depends on, as the rows hold it. */
export interface KnownBundle {
  registry: StoredFact<Registry>;
  vault?: KnownVault;
  key?: StoredFact<KeyFacts>;
  access?: StoredFact<RoleAssignmentFacts[]>;
  /** The user-assigned identity that it encrypts as. */
  identity?: { id: string; fact: StoredFact<IdentityFacts> };
}

/** Columns of each table in the join; the first is never null. */
const REGISTRY = ['id', ...STORED_COLUMNS] as const;
const VAULT = ['id', ...STORED_COLUMNS] as const;
const KEY = ['name', 'listed', 'seen_at', ...STORED_COLUMNS] as const;
const PRINCIPAL = ['principal_id', ...STORED_COLUMNS] as const;
const IDENTITY = ['id', ...STORED_COLUMNS] as const;

type JoinedRow = JoinedColumns<'registries', (typeof REGISTRY)[number]> &
  JoinedColumns<'vaults', (typeof VAULT)[number]> &
  JoinedColumns<'keys', (typeof KEY)[number]> &
  JoinedColumns<'access', (typeof PRINCIPAL)[number]> &
  JoinedColumns<'identities', (typeof IDENTITY)[number]>;

/**
 * Registries with what their encryption depends on, by their ARM ids in lower case, in one statement for each batch.
 * Omits ids without a row.
 */
export async function knownBundles(
  db: Knex,
  ids: readonly string[],
): Promise<Map<string, KnownBundle>> {
  const bundles = new Map<string, KnownBundle>();
  for (const row of await findInBatches(ids, batch => joinedRows(db, batch))) {
    const registry = rowOf(row, 'registries', REGISTRY)!;
    if (bundles.has(registry.id)) continue;
    const vault = rowOf(row, 'vaults', VAULT);
    const key = rowOf(row, 'keys', KEY);
    const access = rowOf(row, 'access', PRINCIPAL);
    const identity = rowOf(row, 'identities', IDENTITY);
    bundles.set(registry.id, {
      registry: REGISTRIES.stored(registry),
      vault: vault && { id: vault.id, fact: VAULTS.stored(vault) },
      key: key && KEYS.stored(key),
      access: access && ACCESS.stored(access),
      identity: identity && {
        id: identity.id,
        fact: IDENTITIES.stored(identity),
      },
    });
  }
  return bundles;
}

/** Rows of registries with what belongs to them; of several for one, the first counts. */
function joinedRows(db: Knex, ids: readonly string[]): Promise<JoinedRow[]> {
  return db('registries')
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
    .orderByRaw(READ_LAST)
    .select<JoinedRow[]>(
      columnsOf('registries', REGISTRY),
      columnsOf('vaults', VAULT),
      columnsOf('keys', KEY),
      columnsOf('access', PRINCIPAL),
      columnsOf('identities', IDENTITY),
    );
}
