import type {
  AzureProblem,
  KeyIdentifier,
  RoleAssignmentFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  judgeAgain,
  type KeyOf,
  ReadingTable,
  type Reading,
  type RowPlace,
  type RowToKeep,
  STORED_COLUMNS,
  type StoredColumns,
  storedFact,
  type StoredFact,
  type StoredReading,
} from './readings';
import { hostOfVault } from './vaults';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';

const table = new ReadingTable('access');

/** A principal at a key. */
export interface AccessName {
  principalId: string;
  key: Pick<KeyIdentifier, 'vaultName' | 'keyName'>;
}

/** Every role assignment by which a principal reaches a key: direct, inherited and by group. */
export interface Access extends AccessName {
  assignments: RoleAssignmentFacts[];
}

/** Rows of access paths, in vaults that work with RBAC. Access policies are facts of their vault. */
export class AccessRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The row of one principal at one key. */
  of(name: AccessName): StoredReading<RoleAssignmentFacts[]> {
    const { principalId, key } = name;
    return {
      name: `access ${lower(`${principalId} ${key.vaultName}/${key.keyName}`)}`,
      syncedBy: 'assignments',
      read: () => this.get(name),
      keep: (assignments, reading) =>
        this.keep([{ ...name, assignments }], reading),
      keepProblem: (problem, at) => this.keepProblem(name, problem, at),
    };
  }

  async get(
    name: AccessName,
  ): Promise<StoredFact<RoleAssignmentFacts[]> | undefined> {
    const row = await this.#db('access')
      .where(placeOf(name).key)
      .first(...STORED_COLUMNS);
    return row && storedAccess(row);
  }

  /** @returns those that differ from before; the registries concerned are judged again */
  async keep(
    access: readonly Access[],
    reading: Reading,
  ): Promise<KeyOf<'access'>[]> {
    return table.keepAndJudge(this.#db, access.map(toRow), {
      reading,
      judge: judgeHolders,
    });
  }

  async keepProblem(
    name: AccessName,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    const place = placeOf(name);
    await this.#db.transaction(async trx => {
      await table.keepProblem(trx, place, { problem, at });
      await judgeHolders(trx, [place.key]);
    });
  }

  /** Marks the access of all principals to a key as old, after our own change. */
  async expire(key: AccessName['key'], at: number): Promise<void> {
    const { vault_host, key_name } = placeOf({ principalId: '', key }).key;
    await this.#db('access')
      .where({ vault_host, key_name })
      .update({ expired_at: at });
  }

  /** Removes what no registry reaches its key by any more, and was read before `before`. */
  async removeUnused(before: number): Promise<number> {
    return this.#db('access')
      .where(row => row.whereNull('read_at').orWhere('read_at', '<', before))
      .whereNotExists(usersOfAccess(this.#db))
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

/** Converts a row of `access`. */
export function storedAccess(
  row: StoredColumns,
): StoredFact<RoleAssignmentFacts[]> {
  return storedFact(row, JSON.parse);
}

/** Registries that reach these keys as these principals are judged again. */
async function judgeHolders(
  trx: Knex,
  access: readonly KeyOf<'access'>[],
): Promise<void> {
  for (const batch of batchesOf(access)) {
    await judgeAgain(trx, registries =>
      registries.whereIn(
        ['vault_host', 'key_name', 'principal_id'],
        batch.map(({ vault_host, key_name, principal_id }) => [
          vault_host,
          key_name,
          principal_id,
        ]),
      ),
    );
  }
}

function placeOf({ principalId, key }: AccessName): RowPlace<'access'> {
  return {
    key: {
      principal_id: lower(principalId),
      vault_host: hostOfVault(key.vaultName),
      key_name: lower(key.keyName),
    },
    columns: {},
  };
}

function toRow({ assignments, ...name }: Access): RowToKeep<'access'> {
  return {
    ...placeOf(name),
    columns: { path: pathOf(name.principalId, assignments) },
    facts: assignments,
  };
}

/** The shortest way by which the principal may wrap and unwrap. */
function pathOf(
  principalId: string,
  assignments: readonly RoleAssignmentFacts[],
): 'direct' | 'inherited' | 'group' | 'none' {
  const wraps = assignments.filter(({ wrapsKeys }) => wrapsKeys);
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
