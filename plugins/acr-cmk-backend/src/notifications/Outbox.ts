import { randomUUID } from 'node:crypto';
import { plainText } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { NotificationMessageRow } from '../platform/database/tables';
import type { NotifierContext } from './context';
import type { Message } from './message';

/** Message to one recipient. */
export interface NewMessage {
  /** Backstage keeps one notification for each recipient and scope: sent again, it is updated. */
  scope: string;
  recipient: string;
  /** User who is not notified, because they know already. */
  excluded?: string;
  /** It takes the place of an earlier message of its scope. Default: the earlier one stays. */
  replaces?: boolean;
  payload: Message;
}

const MINUTE_MS = 60_000;
/**
 * Delays before the next attempt. After the last one the message is given up. Our choice: two days, a
 * weekend without the notifications plugin.
 */
const RETRY_AFTER_MS = [5, 15, 60, 180, 360, 720, 1440].map(
  minutes => minutes * MINUTE_MS,
);
/** Time limit of an attempt, shorter than the first delay, so that two never overlap. */
const SEND_LIMIT_MS = MINUTE_MS;
/** Messages sent in one turn. */
const MAX_SENT = 200;
/** Time for which messages are kept. */
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;

/** The message with its words as plain text: Backstage's e-mail module puts them into HTML as they are. */
function asText(message: Message): Message {
  return {
    ...message,
    title: plainText(message.title),
    ...(message.description !== undefined && {
      description: plainText(message.description),
    }),
  };
}

/** Puts a message into the outbox, in the transaction of what it reports. @returns its id */
export async function putMessage(
  trx: Knex.Transaction,
  { scope, recipient, excluded, replaces, payload }: NewMessage,
  now: number,
): Promise<string> {
  const id = randomUUID();
  const insert = trx('notification_messages')
    .insert({
      // A replaced message that is being sent has another id, so that its end does not end this one.
      id,
      scope,
      recipient,
      excluded: excluded ?? null,
      payload: JSON.stringify(asText(payload)),
      created_at: now,
      due_at: now,
      attempts: 0,
      sent_at: null,
      problem: null,
    })
    .onConflict(['scope', 'recipient']);
  await (replaces ? insert.merge() : insert.ignore());
  return id;
}

type OutboxContext = Pick<
  NotifierContext,
  'db' | 'clock' | 'notifications' | 'sleep' | 'logger'
>;

/**
 * Sends the messages of the outbox, one for each recipient, so that a failed one does not delay the others.
 *
 * An attempt is claimed before it is made and marked as sent afterwards. A process that dies in between
 * leaves a message that may have been sent. It is sent again five minutes later with the same scope, by
 * which Backstage updates the notification instead of adding one. The other order would lose messages.
 */
export class Outbox {
  readonly #context: OutboxContext;
  #fails = false;

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  /** Sends what is due. */
  async send(
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const { db, clock } = this.#context;
    const due = await db('notification_messages')
      .where('due_at', '<=', await clock.now())
      .orderBy([{ column: 'created_at' }, { column: 'id' }])
      .limit(MAX_SENT);
    for (const row of due) {
      if (signal.aborted) return;
      await this.#sendOne(row);
    }
  }

  /** Removes messages that were sent or given up long ago. */
  async removeOld(): Promise<void> {
    const { db, clock } = this.#context;
    const before = (await clock.now()) - KEPT_MS;
    await db('notification_ledger').where('created_at', '<', before).delete();
    await db('notification_messages')
      .where('created_at', '<', before)
      .whereNull('due_at')
      .delete();
  }

  async #sendOne(row: NotificationMessageRow): Promise<void> {
    const { db, clock, notifications, logger } = this.#context;
    const attempts = Number(row.attempts);
    const retryAfter = RETRY_AFTER_MS[attempts];
    const claimed = { id: row.id, attempts: attempts + 1 };
    const won = await db('notification_messages')
      .where({ id: row.id, attempts: row.attempts })
      .whereNotNull('due_at')
      .update({
        attempts: attempts + 1,
        due_at: (await clock.now()) + (retryAfter ?? RETRY_AFTER_MS[0]),
      });
    if (won !== 1) return;
    try {
      await this.#limited(() =>
        notifications.send({
          recipients: {
            type: 'entity',
            entityRef: row.recipient,
            ...(row.excluded && { excludeEntityRef: row.excluded }),
          },
          payload: { ...JSON.parse(row.payload), scope: row.scope },
        }),
      );
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      await db('notification_messages')
        .where(claimed)
        .update({
          problem: problem.slice(0, 1000),
          ...(retryAfter === undefined && { due_at: null }),
        });
      this.#warn(problem);
      return;
    }
    await db('notification_messages')
      .where(claimed)
      .update({
        due_at: null,
        sent_at: await clock.now(),
        problem: null,
      });
    if (this.#fails) logger.info('Notifications can be sent again');
    this.#fails = false;
  }

  /** Logs one line, however many messages fail. */
  #warn(problem: string): void {
    if (!this.#fails) {
      this.#context.logger.warn(
        `Notifications cannot be sent; each is retried for two days. Install the notifications plugin, or set acrCmk.notifications.enabled to false. ${problem}`,
      );
    }
    this.#fails = true;
  }

  async #limited(send: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    try {
      await Promise.race([
        send(),
        this.#context.sleep(SEND_LIMIT_MS, over.signal).then(() => {
          if (!over.signal.aborted) {
            throw new Error('The notifications plugin did not answer in time');
          }
        }),
      ]);
    } finally {
      over.abort();
    }
  }
}
