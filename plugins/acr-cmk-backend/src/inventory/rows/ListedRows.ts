import { createHash } from 'node:crypto';
import type { RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { canonicalJson } from '../../domain/canonicalJson';
import type { BigInteger, RegistryRow } from '../../platform/database/tables';
import { usersOfAccess } from './access';
import { type Reading } from './FactTable';
import { isThere } from './FactTable';
import { type AccessPlace, subjectOfAccess } from './subjects';
import { batchesOf } from '../../platform/database/batches';

/** Tables whose rows Resource Graph lists by their ARM id. */
export type ListedTable = 'registries' | 'vaults' | 'identities';

/** One thing as a list showed it. */
export interface Listed {
  /** ARM id, lower case. */
  id: string;
  hash: string;
}

/** Difference between a list and the one before it. */
export interface Compared {
  /** Not known yet. */
  fresh: Listed[];
  /** As it was when it was last read. */
  same: Listed[];
  /** Something is different: what, only ARM shows. */
  different: Listed[];
  /** All of these whose hash is not stored. */
  unstored: Listed[];
}

/** Access of a principal to a key, as a list showed it. */
export interface SeenAccess {
  row: AccessPlace;
  hash: string;
}

const ACCESS_KEY = ['principal_id', 'vault_host', 'key_name'] as const;

const valuesOf = ({ row }: SeenAccess) => ACCESS_KEY.map(name => row[name]);

export function hashOf(facts: unknown): string {
  return createHash('sha256').update(canonicalJson(facts)).digest('base64url');
}

/** Hash of facts without those that not every list shows. */
export function hashOfListed(facts: object): string {
  const { lastModified, ...listed } = facts as Partial<RegistryFacts>;
  return hashOf(listed);
}

/**
 * Rows as Resource Graph last listed them. It may show less than ARM, and later: what is known from
 * ARM is never replaced by a list. A list that shows the same as before confirms what is known, and one
 * that shows something else says that it has to be read.
 */
export class ListedRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async compare(table: ListedTable, listed: Listed[]): Promise<Compared> {
    const compared: Compared = {
      fresh: [],
      same: [],
      different: [],
      unstored: [],
    };
    for (const batch of batchesOf(listed)) {
      const rows = await rowsOf(this.#db, table, batch)
        .whereNotNull('facts')
        .select<ComparedRow[]>(
          'id',
          'listed_as',
          'problem_kind',
          this.#db.raw('case when listed_as is null then facts end as facts'),
        );
      const known = new Map(rows.map(row => [row.id, row]));
      for (const each of batch) {
        const row = known.get(each.id);
        if (row?.listed_as !== each.hash) compared.unstored.push(each);
        if (!row) compared.fresh.push(each);
        else if (isSame(row, each.hash)) compared.same.push(each);
        else compared.different.push(each);
      }
    }
    return compared;
  }

  /** Stores how things were listed. */
  async store(table: ListedTable, listed: readonly Listed[]): Promise<void> {
    for (const batch of batchesOf(listed)) {
      await rowsOf(this.#db, table, batch).update({
        listed_as: this.#db.raw(
          `case id ${batch.map(() => 'when ? then ?').join(' ')} end`,
          batch.flatMap(({ id, hash }) => [id, hash]),
        ),
      });
    }
  }

  /** Marks things as seen that `confirm` has not: each row is written once. */
  async see(
    table: ListedTable,
    { listed, seenAt }: { listed: readonly Listed[]; seenAt: number },
  ): Promise<void> {
    for (const batch of batchesOf(listed)) {
      await rowsOf(this.#db, table, batch)
        .where(row => row.whereNull('seen_at').orWhere('seen_at', '<', seenAt))
        .update({ seen_at: seenAt });
    }
  }

  /**
   * Confirms that stored facts still hold, and marks their things as seen. Skips things that are still to be read
   * again, that we have changed and not read since, and registries that may follow a newer version of their key at
   * any moment, which a list need not show.
   */
  async confirm(
    table: ListedTable,
    listed: readonly Listed[],
    { readAt, lagMs = 0, azureAt, seenAt }: Reading & { seenAt: number },
  ): Promise<void> {
    for (const batch of batchesOf(listed)) {
      await rowsOf(this.#db, table, batch)
        .where('read_at', '<', readAt)
        .where(row =>
          row.whereNull('expired_at').orWhereRaw('expired_at < read_at'),
        )
        .whereNull('problem')
        .whereNull('next_read_at')
        .modify(query => {
          if (table !== 'registries') return;
          query.whereNotExists(
            this.#db('keys')
              .whereRaw('keys.vault_host = registries.vault_host')
              .whereRaw('keys.name = registries.key_name')
              .whereRaw('keys.newest_version <> registries.version_in_use')
              .whereRaw(`registries.version_mode = 'automatic'`),
          );
        })
        .update({
          read_at: readAt,
          lag_ms: lagMs,
          azure_at: azureAt,
          seen_at: seenAt,
        });
    }
  }

  /** Principals at keys were listed so. */
  async seeAccess(
    access: readonly SeenAccess[],
    seenAt: number,
  ): Promise<void> {
    for (const batch of batchesOf(access)) {
      await this.#access(batch).update({
        seen_at: seenAt,
        listed_as: this.#db.raw(
          `case ${batch
            .map(
              () =>
                'when principal_id = ? and vault_host = ? and key_name = ? then ?',
            )
            .join(' ')} end`,
          batch.flatMap(each => [...valuesOf(each), each.hash]),
        ),
      });
    }
  }

  /**
   * Confirms that stored access still holds. Skips access that is still to be read again, or that we have changed and
   * not read since.
   */
  async confirmAccess(
    access: readonly SeenAccess[],
    { readAt, azureAt }: Reading,
  ): Promise<void> {
    for (const batch of batchesOf(access)) {
      await this.#access(batch)
        .where('read_at', '<', readAt)
        .whereNull('problem')
        .whereNull('next_read_at')
        .where(one =>
          one.whereNull('expired_at').orWhereRaw('expired_at < read_at'),
        )
        .update({ read_at: readAt, azure_at: azureAt });
    }
  }

  #access(access: readonly SeenAccess[]): Knex.QueryBuilder {
    return this.#db('access').whereIn([...ACCESS_KEY], access.map(valuesOf));
  }

  /** Number of known items, by subscription. */
  async known(
    table: ListedTable,
    subscriptions: readonly string[],
  ): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const batch of batchesOf(subscriptions)) {
      const rows: { subscription_id: string; n: BigInteger }[] =
        await this.#there(table)
          .whereIn('subscription_id', batch)
          .groupBy('subscription_id')
          .select('subscription_id')
          .count({ n: '*' });
      for (const row of rows) counts[row.subscription_id] = Number(row.n);
    }
    return counts;
  }

  /** ARM ids of those of a subscription that a list which began at `before` did not show, at most so many. */
  async missing(
    table: ListedTable,
    options: { subscription: string; before: number; limit: number },
  ): Promise<string[]> {
    const { subscription, before, limit } = options;
    return this.#there(table)
      .where({ subscription_id: subscription })
      .where(row => row.whereNull('seen_at').orWhere('seen_at', '<', before))
      .orderBy('id')
      .limit(limit)
      .pluck('id');
  }

  /** Principals at keys for which no assignment has been listed since `before`, as subjects of the queue. */
  async unseenAccess(before: number, readBefore: number): Promise<string[]> {
    const rows = await this.#db('access')
      .where(row => row.whereNull('seen_at').orWhere('seen_at', '<', before))
      .where(row =>
        row.whereNull('read_at').orWhere('read_at', '<', readBefore),
      )
      .whereExists(usersOfAccess(this.#db))
      .select('principal_id', 'vault_host', 'key_name');
    return rows.map(subjectOfAccess);
  }

  #there(table: ListedTable): Knex.QueryBuilder {
    return this.#db(table).whereNotNull('facts').where(isThere(table));
  }
}

function rowsOf(
  db: Knex,
  table: ListedTable,
  listed: readonly Listed[],
): Knex.QueryBuilder {
  return db(table).whereIn(
    'id',
    listed.map(({ id }) => id),
  );
}

/** The columns that are compared; the facts only where nothing was listed before. */
type ComparedRow = Pick<
  RegistryRow,
  'id' | 'listed_as' | 'problem_kind' | 'facts'
>;

function isSame(row: ComparedRow, hash: string): boolean {
  // It is said to be gone, and is listed: one of both is late.
  if (row.problem_kind === 'not-found') return false;
  return (
    (row.listed_as ?? hashOfListed(JSON.parse(row.facts ?? '{}'))) === hash
  );
}
