import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';
import { inTransaction } from '../database/inTransaction';
import { isSqlite } from '../database/sqlite';
import { batchesOf } from '../inventory/rows/readings';
import { type DigestKind, TOPICS, type Topic } from './kinds';
import { putMessage } from './Outbox';
import { type DigestEntry, digestOf } from './words';

/** Makes one message of everything that a recipient has to be notified of and was not yet. */
export class Digests {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #platform: readonly string[];
  readonly #locks: boolean;

  constructor(options: {
    db: Knex;
    clock: Clock;
    /** Who is notified of what has no owner. */
    platform: readonly string[];
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#platform = options.platform;
    this.#locks = !isSqlite(options.db);
  }

  /**
   * One for each recipient and topic, since people switch topics off; or a single one for each
   * recipient, whatever it reports.
   */
  async make(per: 'topic' | 'recipient'): Promise<void> {
    const waiting: { recipient: string; kind: DigestKind }[] = await this.#db(
      'notification_ledger',
    )
      .whereNull('message_id')
      .distinct('recipient', 'kind')
      .orderBy(['recipient', 'kind']);
    const groups = new Map<
      string,
      { recipient: string; topic: Topic | 'overview'; kinds: DigestKind[] }
    >();
    for (const { recipient, kind } of waiting) {
      const topic = per === 'topic' ? TOPICS[kind] : 'overview';
      const group = groups.get(`${topic} ${recipient}`);
      if (group) group.kinds.push(kind);
      else {
        groups.set(`${topic} ${recipient}`, {
          recipient,
          topic,
          kinds: [kind],
        });
      }
    }
    for (const group of groups.values()) await this.#makeOne(group);
  }

  async #makeOne({
    recipient,
    topic,
    kinds,
  }: {
    recipient: string;
    topic: Topic | 'overview';
    kinds: readonly DigestKind[];
  }): Promise<void> {
    await inTransaction(this.#db, async trx => {
      const now = await this.#clock.now(trx);
      const rows: any[] = await trx('notification_ledger')
        .where({ recipient })
        .whereIn('kind', kinds)
        .whereNull('message_id')
        .orderBy('thing')
        .modify(query => {
          // Another replica that makes the same digest waits here, and then finds nothing.
          if (this.#locks) query.forUpdate();
        });
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
            isPlatform: this.#platform.includes(recipient),
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
