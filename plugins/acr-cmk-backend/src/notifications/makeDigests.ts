import { randomUUID } from 'node:crypto';
import { inTransaction } from '../platform/database/inTransaction';
import type { NotifierContext } from './context';
import { type DigestEntry, digestOf } from './digest';
import { putMessage } from './Outbox';
import { batchesOf } from '../platform/database/batches';

type DigestContext = Pick<NotifierContext, 'db' | 'clock' | 'platform'>;

/** Turns the ledger's entries that were not reported yet into one digest for each recipient. */
export async function makeDigests(context: DigestContext): Promise<void> {
  const recipients: string[] = await context
    .db('notification_ledger')
    .whereNull('message_id')
    .distinct('recipient')
    .orderBy('recipient')
    .pluck('recipient');
  for (const recipient of recipients) await makeDigest(context, recipient);
}

async function makeDigest(
  { db, clock, platform }: DigestContext,
  recipient: string,
): Promise<void> {
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
