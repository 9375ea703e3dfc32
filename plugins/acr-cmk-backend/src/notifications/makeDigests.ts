import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { inTransaction } from '../platform/database/inTransaction';
import type { NotifierContext } from './context';
import { type DigestEntry, digestOf } from './digest';
import { GROUPED_KINDS, topicOf } from './kinds';
import { putMessage } from './Outbox';
import { batchesOf } from '../platform/database/batches';

type DigestContext = Pick<NotifierContext, 'db' | 'clock' | 'platform'>;

/** Entries of a topic that were not reported yet. */
const entriesOf = (db: Knex, topic: string) =>
  db('notification_ledger')
    .whereNull('message_id')
    .whereIn(
      'kind',
      Object.keys(GROUPED_KINDS).filter(kind => topicOf(kind) === topic),
    );

/** Turns the ledger's entries of a topic that were not reported yet into one message for each recipient. */
export async function makeDigests(
  context: DigestContext,
  topic: string,
): Promise<void> {
  const recipients: string[] = await entriesOf(context.db, topic)
    .distinct('recipient')
    .orderBy('recipient')
    .pluck('recipient');
  for (const recipient of recipients) {
    await makeDigest(context, { recipient, topic });
  }
}

async function makeDigest(
  { db, clock, platform }: DigestContext,
  { recipient, topic }: { recipient: string; topic: string },
): Promise<void> {
  await inTransaction(db, async trx => {
    const now = await clock.now(trx);
    const rows = await entriesOf(trx, topic)
      .where({ recipient })
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
          topic,
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
