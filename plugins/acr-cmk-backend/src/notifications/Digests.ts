import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';
import { inTransaction } from '../database/inTransaction';
import { batchesOf } from '../inventory/rows/readings';
import { type DigestEntry, digestOf } from './digest';
import { DIGEST_KINDS } from './kinds';
import { putMessage } from './Outbox';

interface Deps {
  db: Knex;
  clock: Clock;
  /** Recipients of what concerns registries without an owner. */
  platform: readonly string[];
}

/** Digest to be made for one recipient. */
interface DueDigest {
  recipient: string;
  topic: string;
  kinds: string[];
}

/** Turns the ledger's entries that were not reported yet into digests. */
export class Digests {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Makes one digest for each recipient and topic, since people switch topics off; or a single one
   * for each recipient, with every topic.
   */
  async make(per: 'topic' | 'recipient'): Promise<void> {
    const waiting = await this.#deps
      .db('notification_ledger')
      .whereNull('message_id')
      .distinct('recipient', 'kind')
      .orderBy(['recipient', 'kind']);
    const digests = new Map<string, DueDigest>();
    for (const { recipient, kind } of waiting) {
      const topic = per === 'topic' ? DIGEST_KINDS[kind].topic : 'overview';
      const digest = digests.get(`${topic} ${recipient}`);
      if (digest) digest.kinds.push(kind);
      else {
        digests.set(`${topic} ${recipient}`, {
          recipient,
          topic,
          kinds: [kind],
        });
      }
    }
    for (const digest of digests.values()) await this.#makeOne(digest);
  }

  async #makeOne({ recipient, topic, kinds }: DueDigest): Promise<void> {
    const { db, clock, platform } = this.#deps;
    await inTransaction(db, async trx => {
      const now = await clock.now(trx);
      const rows = await trx('notification_ledger')
        .where({ recipient })
        .whereIn('kind', kinds)
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
            topic,
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
