import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Consumer, ConsumerUse } from '../../domain/consumers/consumer';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { inLockOrder } from '../../platform/database/lockOrder';
import type { ConsumerRow } from '../../platform/database/tables';
import { lower } from '../../platform/text';
import { hostOfVault } from './vaults';

const PRIMARY_KEY = [
  'id',
  'vault_host',
  'key_name',
  'version',
  'use',
  'identity',
] as const satisfies readonly (keyof ConsumerRow)[];

/** Name of a key, in any case. */
export type KeyName = Pick<KeyIdentifier, 'vaultName' | 'keyName'>;

/** Rows of one consumer: one for each use of a key and each identity that may reach it. */
function rowsOf(consumer: Consumer, seenAt: number): ConsumerRow[] {
  const facts = JSON.stringify({
    ...consumer,
    uses: consumer.uses.map(use => ({ ...use, key: use.key.toString() })),
  });
  return consumer.uses.flatMap(({ key, use, identities }) =>
    (identities.length > 0 ? identities : [{ reference: '' }]).map(
      ({ reference, principalId }): ConsumerRow => ({
        id: lower(consumer.id),
        vault_host: hostOfVault(key.vaultName),
        key_name: lower(key.keyName),
        version: key.version ?? '',
        use,
        identity: lower(principalId ?? reference),
        subscription_id: lower(consumer.subscriptionId),
        type: consumer.type,
        facts,
        seen_at: seenAt,
      }),
    ),
  );
}

function toConsumer({ facts, behind }: ConsumerRow): Consumer {
  const consumer = JSON.parse(facts);
  return {
    ...consumer,
    uses: consumer.uses.map((use: ConsumerUse) => ({
      ...use,
      key: KeyIdentifier.parse(use.key),
    })),
    ...(behind && { behind: JSON.parse(behind) }),
  };
}

const nameOf = (row: ConsumerRow) =>
  PRIMARY_KEY.map(column => row[column]) as string[];

/**
 * Resources of other Azure services that use keys, as Resource Graph last showed them. A reading replaces what an
 * earlier one showed of the same resource, and nothing is read of them one by one.
 */
export class ConsumerRows {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Keeps consumers in place of what is known of them, unless a later reading has shown them.
   *
   * @param seenAt - time when the reading began
   */
  async keep(consumers: readonly Consumer[], seenAt: number): Promise<void> {
    for (const some of batchesOf(consumers, 75)) {
      const rows = new Map(
        some
          .flatMap(each => rowsOf(each, seenAt))
          .map(row => [nameOf(row).join(' '), row]),
      );
      const ids = some.map(({ id }) => lower(id));
      await this.#db.transaction(async trx => {
        const newer = await trx('key_consumers')
          .whereIn('id', ids)
          .where('seen_at', '>', seenAt)
          .distinct()
          .pluck('id');
        const shown = [...rows.values()]
          .filter(({ id }) => !newer.includes(id))
          .sort((a, b) => inLockOrder(nameOf(a), nameOf(b)));
        for (const batch of batchesOf(shown)) {
          await trx('key_consumers')
            .insert(batch)
            .onConflict([...PRIMARY_KEY])
            .merge(['subscription_id', 'type', 'facts', 'seen_at']);
        }
        await trx('key_consumers')
          .whereIn('id', ids)
          .where('seen_at', '<', seenAt)
          .delete();
      });
    }
  }

  /** Disk encryption sets in these subscriptions, with the stored counts of what they encrypt. */
  async diskEncryptionSets(
    subscriptions: readonly string[],
  ): Promise<Pick<ConsumerRow, 'id' | 'behind'>[]> {
    return findInBatches(subscriptions, batch =>
      this.#db('key_consumers')
        .whereIn('subscription_id', batch)
        .where({ type: 'microsoft.compute/diskencryptionsets' })
        .distinct('id', 'behind'),
    );
  }

  /** Keeps how many resources a disk encryption set encrypts, by type. */
  async keepBehind(id: string, counts: Record<string, number>): Promise<void> {
    await this.#db('key_consumers')
      .where({ id })
      .update({ behind: JSON.stringify(counts) });
  }

  /**
   * Removes consumers of a subscription that no reading has shown since `before`.
   *
   * @param types - ARM types in lower case; default: all
   */
  async removeUnseen(
    subscription: string,
    before: number,
    types?: readonly string[],
  ): Promise<void> {
    await this.#unseen(subscription, before)
      .modify(rows => {
        if (types) rows.whereIn('type', types);
      })
      .delete();
  }

  /** Types of the consumers of a subscription that no reading has shown since `before`. */
  async unseenTypes(subscription: string, before: number): Promise<string[]> {
    return this.#unseen(subscription, before).distinct().pluck('type');
  }

  /** Consumers of these keys, whatever version, and those that may reach any key as one of these principals. */
  async usersOf(
    keys: readonly KeyName[],
    principals: readonly string[] = [],
  ): Promise<Consumer[]> {
    const places = keys.map(key => [
      hostOfVault(key.vaultName),
      lower(key.keyName),
    ]);
    const known = (column: 'id' | 'client_id') =>
      this.#db('identities')
        .whereIn('principal_id', principals.map(lower))
        .whereNotNull(column)
        .select(column);
    const rows: ConsumerRow[] = await this.#db('key_consumers')
      .whereIn(['vault_host', 'key_name'], places)
      .modify(query => {
        if (principals.length === 0) return;
        query
          .orWhereIn('identity', principals.map(lower))
          .orWhereIn('identity', known('id'))
          .orWhereIn('identity', known('client_id'));
      })
      .orderBy(['type', 'id', 'use'])
      .select();
    const byId = new Map(rows.map(row => [row.id, row]));
    return [...byId.values()].map(toConsumer);
  }

  #unseen(subscription: string, before: number) {
    return this.#db('key_consumers')
      .where({ subscription_id: lower(subscription) })
      .where('seen_at', '<', before);
  }
}
