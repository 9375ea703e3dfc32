import {
  type KeyIdentifier,
  opensData,
  type RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { lower } from '../../platform/text';
import {
  type FactDescription,
  FactTable,
  STORED_COLUMNS,
  storedFact,
} from './FactTable';
import { hostOfVault } from './vaults';

/** A principal at a key. */
export interface AccessName {
  principalId: string;
  key: Pick<KeyIdentifier, 'vaultName' | 'keyName'>;
}

/**
 * Every role assignment by which a principal reaches a key: direct, inherited and by group. In vaults that work with
 * RBAC; access policies are facts of their vault.
 */
export const ACCESS: FactDescription<
  'access',
  AccessName,
  RoleAssignmentFacts[]
> = {
  table: 'access',
  thing: 'access',
  placeOf: ({ principalId, key }) => ({
    key: {
      principal_id: lower(principalId),
      vault_host: hostOfVault(key.vaultName),
      key_name: lower(key.keyName),
    },
    columns: {},
  }),
  columnsOf: (assignments, { principalId }) => ({
    path: pathOf(principalId, assignments),
  }),
  storedColumns: STORED_COLUMNS,
  stored: row => storedFact(row, JSON.parse),
  judged: (registries, keys) =>
    registries.whereIn(
      ['vault_host', 'key_name', 'principal_id'],
      keys.map(({ vault_host, key_name, principal_id }) => [
        vault_host,
        key_name,
        principal_id,
      ]),
    ),
  users: usersOfAccess,
};

/** Rows of access paths. */
export class AccessRows extends FactTable<
  'access',
  AccessName,
  RoleAssignmentFacts[]
> {
  constructor(db: Knex) {
    super(db, ACCESS);
  }

  /** Marks the access of all principals to a key as old, after our own change. */
  async expireTo(key: AccessName['key'], at: number): Promise<void> {
    const { vault_host, key_name } = this.keyOf({ principalId: '', key });
    await this.db('access')
      .where({ vault_host, key_name })
      .update(this.expired(at));
  }

  /** Removes what no registry reaches its key by any more, and was read before `before`. */
  async removeUnused(before: number): Promise<number> {
    return this.db('access')
      .where(row => row.whereNull('read_at').orWhere('read_at', '<', before))
      .whereNotExists(usersOfAccess(this.db))
      .delete();
  }
}

/** Registries that reach the key of a row of `access` as its principal. */
export function usersOfAccess(db: Knex): Knex.QueryBuilder {
  return db('registries')
    .whereRaw('registries.vault_host = access.vault_host')
    .whereRaw('registries.key_name = access.key_name')
    .whereRaw('registries.principal_id = access.principal_id');
}

/** The shortest way by which the principal may open data keys. */
function pathOf(
  principalId: string,
  assignments: readonly RoleAssignmentFacts[],
): 'direct' | 'inherited' | 'group' | 'none' {
  const wraps = assignments.filter(({ keyUses }) => opensData(keyUses));
  const own = wraps.filter(
    assignment => lower(assignment.principalId) === lower(principalId),
  );
  if (
    own.some(({ scope }) =>
      /\/(vaults|managedhsms)\/[^/]+(\/keys(\/[^/]+)?)?$/i.test(scope),
    )
  ) {
    return 'direct';
  }
  if (own.length > 0) return 'inherited';
  return wraps.length > 0 ? 'group' : 'none';
}
