import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Clock } from '../platform/database/clock';
import { inTransaction } from '../platform/database/inTransaction';
import { type DigestEntry, digestOf } from './digest';
import { putMessage } from './Outbox';
import { batchesOf } from '../platform/database/batches';

interface Deps {
  db: Knex;
  clock: Clock;
  /** Recipients of what concerns registries without an owner. */
  platform: readonly string[];
}

/** Turns the ledger's entries that were not reported yet into digests. */
export class Digests {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Makes one digest for each recipient. */
  async make(): Promise<void> {
    const recipients: string[] = await this.#deps
      .db('notification_ledger')
      .whereNull('message_id')
      .distinct('recipient')
      .orderBy('recipient')
      .pluck('recipient');
    for (const recipient of recipients) await this.#makeOne(recipient);
  }

  async #makeOne(recipient: string): Promise<void> {
    const { db, clock, platform } = this.#deps;
    await inTransaction(db, async trx => {
      const now = await clock.now(trx);
      const rows = await trx('notification_ledger')
        .where({ recipient })
        .whereNull('message_id')
        .orderBy('thing')
        // Another replica that makes the same digest waits here, and then finds no rows. SQLite ignores it.
        .forUpdate();
      if (rows.length === 0) return;
      const entries = rows.map((row): DigestEntry => ({
        kind: row.kind,
        registryId: row.registry_id,
        details: JSON.parse(row.details),
      }));
      const id = await putMessage(
        trx,
        {
          scope: `digest:${randomUUID()}`,
          recipient,
          payload: digestOf(entries, {
            recipient,
            isPlatform: platform.includes(recipient),
          }),
        },
        now,
      );
      for (const batch of batchesOf(rows)) {
        await trx('notification_ledger')
          .where({ recipient })
          .whereIn(
            'thing',
            batch.map(({ thing }) => thing),
          )
          .update({ message_id: id });
      }
    });
  }
}
