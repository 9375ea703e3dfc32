import type { Knex } from 'knex';
import { batchesOf } from '../../platform/database/batches';
import { lockedById } from '../../platform/database/lockOrder';
import { lower } from '../../platform/text';
import { FactTable, type KeyOf } from './FactTable';

/** Rows of things that are listed by subscription. */
export class SubscriptionTable<
  T extends 'registries' | 'vaults' | 'identities',
  Name,
  Facts,
> extends FactTable<T, Name, Facts> {
  /** Facts in these subscriptions of what exists, as far as is known. */
  async inSubscriptions(
    subscriptions: readonly string[],
    which: (row: Knex.QueryBuilder) => void = () => {},
  ): Promise<Facts[]> {
    return this.known(
      this.there()
        .whereIn('subscription_id', subscriptions.map(lower))
        .where(which),
    );
  }

  /**
   * Removes those of a subscription that a whole listing, which began at `before`, did not hold, and that were not read
   * or changed otherwise since. Those that are still to be read are kept.
   *
   * @returns how many
   */
  async removeUnseen(subscriptionId: string, before: number): Promise<number> {
    return this.db.transaction(async trx => {
      const unseen = (await this.untouchedSince(before, trx)
        .where({ subscription_id: lower(subscriptionId) })
        .whereNull('next_read_at')
        // A row that is queued meanwhile waits for this, and is made again.
        .modify(lockedById(trx))
        .select('id')) as KeyOf<T>[];
      for (const batch of batchesOf(unseen)) {
        await this.changed(trx, batch);
        await this.rows(batch, trx).delete();
      }
      await this.removed(trx, unseen);
      return unseen.length;
    });
  }

  /** Called in the transaction that has removed these rows, after a whole listing. */
  protected async removed(
    _trx: Knex,
    _keys: readonly KeyOf<T>[],
  ): Promise<void> {}
}
