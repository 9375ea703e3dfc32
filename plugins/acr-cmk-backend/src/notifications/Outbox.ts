import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';
import type { Pause } from '../Pause';
import type { Message } from './message';

/** What is to be sent to one recipient. */
export interface NewMessage {
  /** Backstage keeps one notification of a person for each: sent again, it is updated. */
  scope: string;
  recipient: string;
  /** Who is not notified, since they know. */
  excluded?: string;
  payload: Message;
}

const MINUTE_MS = 60_000;
/**
 * How long after an attempt the next one comes, unless it was seen to succeed. After the last of them
 * the message is given up. Our choice: two days, a weekend without the notifications plugin.
 */
const RETRY_AFTER_MS = [5, 15, 60, 180, 360, 720, 1440].map(
  minutes => minutes * MINUTE_MS,
);
/** How long one sending may take. Shorter than the first of them, so that two never overlap. */
const SEND_LIMIT_MS = MINUTE_MS;
/** Messages of one turn. */
const MOST_SENT = 200;
/** How long it is known what was sent. */
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;

/** Puts a message into the outbox, in the transaction of what it reports. @returns its id */
export async function putMessage(
  trx: Knex.Transaction,
  { scope, recipient, excluded, payload }: NewMessage,
  now: number,
): Promise<string> {
  const id = randomUUID();
  await trx('notification_messages')
    .insert({
      id,
      scope,
      recipient,
      excluded: excluded ?? null,
      payload: JSON.stringify(payload),
      created_at: now,
      due_at: now,
    })
    .onConflict(['scope', 'recipient'])
    .ignore();
  return id;
}

interface Deps {
  db: Knex;
  clock: Clock;
  notifications: Pick<NotificationService, 'send'>;
  pause: Pause;
  logger: Pick<LoggerService, 'warn' | 'info'>;
}

/**
 * Sends what is in the outbox, to each recipient by itself, so that one who cannot be reached does not
 * delay the others.
 *
 * An attempt is claimed before it is made and marked as sent afterwards. A process that dies in
 * between leaves a message that may have been sent: it is sent again five minutes later, with the same
 * scope, by which Backstage updates the notification that it has instead of adding one. The other
 * order would lose messages.
 */
export class Outbox {
  readonly #deps: Deps;
  #fails = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Sends what is due. */
  async send(
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const { db, clock } = this.#deps;
    const due: any[] = await db('notification_messages')
      .where('due_at', '<=', await clock.now())
      .orderBy([{ column: 'created_at' }, { column: 'id' }])
      .limit(MOST_SENT);
    for (const row of due) {
      if (signal.aborted) return;
      await this.#sendOne(row);
    }
  }

  /** Removes what was sent, or given up, long ago. */
  async removeOld(): Promise<void> {
    const { db, clock } = this.#deps;
    const before = (await clock.now()) - KEPT_MS;
    for (const table of ['notification_ledger', 'notification_messages']) {
      await db(table)
        .where('created_at', '<', before)
        .modify(query => {
          if (table === 'notification_messages') query.whereNull('due_at');
        })
        .delete();
    }
  }

  async #sendOne(row: any): Promise<void> {
    const { db, clock, notifications, logger } = this.#deps;
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
      await this.#deps
        .db('notification_messages')
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

  /** One line, however many messages wait. */
  #warn(problem: string): void {
    if (!this.#fails) {
      this.#deps.logger.warn(
        `Notifications cannot be sent, and are tried again for two days. Is the notifications plugin installed? Without it, set acrCmk.notifications.enabled to false. ${problem}`,
      );
    }
    this.#fails = true;
  }

  async #limited(send: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    try {
      await Promise.race([
        send(),
        this.#deps.pause(SEND_LIMIT_MS, over.signal).then(() => {
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
