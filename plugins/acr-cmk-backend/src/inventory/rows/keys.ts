import type {
  AzureProblem,
  KeyFacts,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { ListedKey } from '../../azure/ports';
import { latestVersion } from '../../domain/encryptedRegistry';
import { nextRotationAt } from '../../domain/rotation';
import type { KeyRow } from '../../platform/database/tables';
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
import { markOf } from './markOf';
import { hostOfVault } from './vaults';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';
import { optionalNumber } from '../../platform/database/results';

const table = new ReadingTable('keys');

/** The columns that `storedKey` needs of a row. */
export const KEY_COLUMNS = [...STORED_COLUMNS, 'listed', 'seen_at'] as const;

type KeyName = Pick<KeyIdentifier, 'vaultName' | 'keyName'>;

/** Rows of keys, with all their versions, and of what lists of vaults say of them. */
export class KeyRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The row of one key. */
  of(key: KeyName): StoredReading<KeyFacts> {
    return {
      name: `key ${lower(`${key.vaultName}/${key.keyName}`)}`,
      syncedBy: 'key-list',
      read: () => this.get(key),
      keep: (value, reading) => this.keep([value], reading),
      keepProblem: (problem, at) => this.keepProblem(key, problem, at),
    };
  }

  async get(key: KeyName): Promise<StoredFact<KeyFacts> | undefined> {
    const row = await this.#db('keys')
      .where(placeOf(key).key)
      .first(...KEY_COLUMNS);
    return row && storedKey(row);
  }

  /** @returns those that differ from before; the registries that use them are judged again */
  async keep(
    keys: readonly KeyFacts[],
    reading: Reading,
  ): Promise<{ vaultHost: string; name: string }[]> {
    const changed = await table.keepAndJudge(this.#db, keys.map(toRow), {
      reading,
      judge: judgeUsers,
    });
    return changed.map(({ vault_host, name }) => ({
      vaultHost: vault_host,
      name,
    }));
  }

  /** Keeps what was read at different times, all of it or nothing; their users are judged again. */
  async keepRead(
    read: readonly { facts: KeyFacts; reading: Reading }[],
  ): Promise<void> {
    if (read.length === 0) return;
    await this.#db.transaction(async trx => {
      const rows = read.map(({ facts, reading }) => ({
        ...toRow(facts),
        reading,
      }));
      await judgeUsers(trx, await table.keep(trx, rows, read[0].reading));
    });
  }

  /**
   * Keeps what a whole list of a vault says, without the versions. It may be kept again at any time. A key that is
   * still to be read again does not count as seen, so that what is known of it gets older. What is known of a key whose
   * entry differs from the last list expires: the list of a form would otherwise hide the change from the sync.
   */
  async keepListed(
    vaultName: string,
    keys: readonly ListedKey[],
    seenAt: number,
  ): Promise<void> {
    for (const batch of batchesOf(keys)) {
      await this.#db('keys')
        .insert(
          batch.map(listed => ({
            ...placeOf({ vaultName, keyName: listed.name }).key,
            listed: JSON.stringify(listed),
            seen_at: seenAt,
          })),
        )
        .onConflict(['vault_host', 'name'])
        .merge({
          listed: this.#db.raw('excluded.listed'),
          expired_at: this.#db.raw(
            'case when keys.listed <> excluded.listed and coalesce(keys.expired_at, 0) < excluded.seen_at then excluded.seen_at else keys.expired_at end',
          ),
          seen_at: this.#db.raw(
            'case when exists ? then keys.seen_at else excluded.seen_at end',
            [markOf(this.#db, 'keys')],
          ),
        })
        .where(older =>
          older.whereNull('keys.seen_at').orWhere('keys.seen_at', '<=', seenAt),
        );
    }
  }

  /** Keys in the last lists of a vault, with the types of those that were read: a vault's list has none. */
  async listedIn(vaultName: string): Promise<ListedKey[]> {
    const rows = await this.#db('keys')
      .where({ vault_host: hostOfVault(vaultName) })
      .whereNotNull('listed')
      .orderBy('name')
      .select('listed', 'facts');
    return rows.map(({ listed, facts }): ListedKey => {
      const { type, size }: Partial<KeyFacts> = facts ? JSON.parse(facts) : {};
      return {
        ...(type && { type, ...(size && { size }) }),
        ...JSON.parse(listed!),
      };
    });
  }

  async keepProblem(
    key: KeyName,
    problem: AzureProblem,
    at: number,
  ): Promise<void> {
    const place = placeOf(key);
    await this.#db.transaction(async trx => {
      await table.keepProblem(trx, place, { problem, at });
      await judgeUsers(trx, [place.key]);
    });
  }

  /** We have changed it. */
  async expire(key: KeyName, at: number): Promise<void> {
    await table.expire(this.#db, placeOf(key), at);
  }

  /**
   * Forgets keys that a whole list of their vault, which began at `before`, did not hold. Keeps those that are still to
   * be read again.
   *
   * @returns names of those that registries use: they are kept, and have to be read, so that Azure
   *   itself says what has become of them
   */
  async removeUnseen(vaultName: string, before: number): Promise<string[]> {
    const host = hostOfVault(vaultName);
    const unseen: string[] = await this.#db('keys')
      .where({ vault_host: host })
      .where(row => row.whereNull('seen_at').orWhere('seen_at', '<', before))
      .where(row => row.whereNull('read_at').orWhere('read_at', '<', before))
      .whereNotExists(markOf(this.#db, 'keys'))
      .pluck('name');
    // A transaction costs more than the question, and there is mostly nothing to delete.
    if (unseen.length === 0) return [];
    return this.#db.transaction(async trx => {
      const used: string[] = [];
      for (const batch of batchesOf(unseen)) {
        const names = await trx('registries')
          .where({ vault_host: host })
          .whereIn('key_name', batch)
          .distinct()
          .pluck('key_name');
        used.push(...names.flatMap(name => name ?? []));
        const here = trx('keys').where({ vault_host: host });
        await here
          .clone()
          .whereIn('name', batch)
          .whereNotIn('name', used)
          .delete();
        await here.clone().whereIn('name', batch).update({ listed: null });
      }
      return used;
    });
  }
}

/** Converts a row of `keys`. */
export function storedKey(
  row: StoredColumns & Pick<KeyRow, 'listed' | 'seen_at'>,
): StoredFact<KeyFacts> {
  return {
    ...storedFact<KeyFacts>(row, JSON.parse),
    // A list that shows something else has the key read, too.
    ...(row.listed && { confirmedAt: optionalNumber(row.seen_at) }),
  };
}

/** Registries that use these keys are judged again. */
async function judgeUsers(
  trx: Knex,
  keys: readonly KeyOf<'keys'>[],
): Promise<void> {
  for (const batch of batchesOf(keys)) {
    await judgeAgain(trx, registries =>
      registries.whereIn(
        ['vault_host', 'key_name'],
        batch.map(({ vault_host, name }) => [vault_host, name]),
      ),
    );
  }
}

function placeOf({ vaultName, keyName }: KeyName): RowPlace<'keys'> {
  return {
    key: { vault_host: hostOfVault(vaultName), name: lower(keyName) },
    columns: {},
  };
}

function toRow(facts: KeyFacts): RowToKeep<'keys'> {
  const newest = latestVersion(facts);
  return {
    ...placeOf({ vaultName: facts.vaultName, keyName: facts.name }),
    columns: {
      newest_version: newest?.version ?? null,
      listed_version: facts.versions[0]?.version ?? null,
      created_at: newest ? Date.parse(newest.created) : null,
      expires_at: newest?.expires ? Date.parse(newest.expires) : null,
      rotates_by_policy: facts.rotatesByPolicy,
      rotates_at: nextRotationAt(facts) ?? null,
      versions: facts.versions.length,
    },
    facts,
  };
}
