import type { KeyFacts, KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { ListedKey } from '../../azure/ports';
import { latestVersion } from '../../domain/encryptedRegistry';
import { nextRotationAt } from '../../domain/rotation';
import type { KeyRow } from '../../platform/database/tables';
import { batchesOf } from '../../platform/database/batches';
import { optionalNumber } from '../../platform/database/results';
import { lower } from '../../platform/text';
import {
  type FactDescription,
  FactTable,
  type KeyOf,
  type Reading,
  STORED_COLUMNS,
  type StoredColumns,
  storedFact,
} from './FactTable';
import { hostOfVault } from './vaults';

type KeyName = Pick<KeyIdentifier, 'vaultName' | 'keyName'>;

/** Columns from which a key's facts are converted. */
type KeyColumns = StoredColumns & Pick<KeyRow, 'listed' | 'seen_at'>;

/** Keys, with all their versions. */
export const KEYS: FactDescription<'keys', KeyName, KeyFacts, KeyColumns> = {
  table: 'keys',
  thing: 'key',
  placeOf: ({ vaultName, keyName }) => ({
    key: { vault_host: hostOfVault(vaultName), name: lower(keyName) },
    columns: {},
  }),
  columnsOf: facts => {
    const newest = latestVersion(facts);
    return {
      newest_version: newest?.version ?? null,
      listed_version: facts.versions[0]?.version ?? null,
      created_at: newest ? Date.parse(newest.created) : null,
      expires_at: newest?.expires ? Date.parse(newest.expires) : null,
      rotates_by_policy: facts.rotatesByPolicy,
      rotates_at: nextRotationAt(facts) ?? null,
      versions: facts.versions.length,
    };
  },
  storedColumns: [...STORED_COLUMNS, 'listed', 'seen_at'],
  stored: row => ({
    ...storedFact<KeyFacts>(row, JSON.parse),
    // A list that shows something else has the key read, too.
    ...(row.listed && { confirmedAt: optionalNumber(row.seen_at) }),
  }),
  judged: (registries, keys) =>
    registries.whereIn(
      ['vault_host', 'key_name'],
      keys.map(({ vault_host, name }) => [vault_host, name]),
    ),
  users: usersOfKey,
};

/** Registries that use the key of a row of `keys`. */
export function usersOfKey(db: Knex): Knex.QueryBuilder {
  return db('registries')
    .whereRaw('registries.vault_host = keys.vault_host')
    .whereRaw('registries.key_name = keys.name');
}

/** Rows of keys, with all their versions, and of what lists of vaults say of them. */
export class KeyRows extends FactTable<'keys', KeyName, KeyFacts, KeyColumns> {
  constructor(db: Knex) {
    super(db, KEYS);
  }

  keep(keys: readonly KeyFacts[], reading: Reading): Promise<KeyOf<'keys'>[]> {
    return this.keepEach(
      keys.map(facts => ({
        name: { vaultName: facts.vaultName, keyName: facts.name },
        facts,
      })),
      reading,
    );
  }

  /**
   * Keeps a whole list of a vault's keys, without their versions. It may be kept again at any time. A key that has yet
   * to be read again does not count as seen, so that its facts get older. The facts of a key whose entry differs from
   * the last list expire: the list of a form would otherwise hide the change from the sync.
   */
  async keepListed(
    vaultName: string,
    keys: readonly ListedKey[],
    seenAt: number,
  ): Promise<void> {
    for (const batch of batchesOf(keys)) {
      await this.db('keys')
        .insert(
          batch.map(listed => ({
            ...this.keyOf({ vaultName, keyName: listed.name }),
            listed: JSON.stringify(listed),
            seen_at: seenAt,
          })),
        )
        .onConflict(['vault_host', 'name'])
        .merge({
          listed: this.db.raw('excluded.listed'),
          ...this.expired(
            this.db.raw('excluded.seen_at'),
            'keys.listed <> excluded.listed and coalesce(keys.expired_at, 0) < excluded.seen_at',
          ),
          seen_at: this.db.raw(
            'case when keys.next_read_at is not null then keys.seen_at else excluded.seen_at end',
          ),
        })
        .where(older =>
          older.whereNull('keys.seen_at').orWhere('keys.seen_at', '<=', seenAt),
        );
    }
  }

  /** Keys in the last list of a vault. A list has no types: keys that were read have theirs. */
  async listedIn(vaultName: string): Promise<ListedKey[]> {
    const rows = await this.db('keys')
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

  /**
   * Removes keys that a whole list of their vault, which began at `before`, did not hold. Keeps keys that have yet to be
   * read again.
   *
   * @returns names of missing keys that registries use: they are kept, and have to be read, so that Azure
   *   itself says what has become of them
   */
  async removeUnseen(vaultName: string, before: number): Promise<string[]> {
    const host = hostOfVault(vaultName);
    const unseen: string[] = await this.db('keys')
      .where({ vault_host: host })
      .where(row => row.whereNull('seen_at').orWhere('seen_at', '<', before))
      .where(row => row.whereNull('read_at').orWhere('read_at', '<', before))
      .whereNull('next_read_at')
      .pluck('name');
    // A transaction costs more than the question, and there is mostly nothing to delete.
    if (unseen.length === 0) return [];
    return this.db.transaction(async trx => {
      const used: string[] = [];
      for (const batch of batchesOf(unseen)) {
        const names = await trx('registries')
          .where({ vault_host: host })
          .whereIn('key_name', batch)
          .distinct()
          .pluck('key_name');
        used.push(...names.flatMap(name => name ?? []));
        // Not those that were queued since the question.
        const here = trx('keys')
          .where({ vault_host: host })
          .whereIn('name', batch)
          .whereNull('next_read_at');
        await here.clone().whereNotIn('name', used).delete();
        await here.clone().update({ listed: null });
      }
      return used;
    });
  }
}
