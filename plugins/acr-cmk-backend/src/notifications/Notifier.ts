import type { NotifierContext } from './context';
import { BACK_TOPIC, DIGEST_TOPIC, LOST_TOPIC } from './kinds';
import { makeDigests } from './makeDigests';
import { isAllKnown, noteConditions } from './noteConditions';
import { Outbox } from './Outbox';
import { beginReporting, reportEvents } from './reportEvents';
import { insertState, moveState, readState } from '../platform/database/state';

const DIGESTS = 'notifications-digests';
/**
 * Time for which the first digests wait until everything is known, so that all conditions of that moment
 * are in them. Some may never be known. Our choice.
 */
const FIRST_WITHIN_MS = 60 * 60_000;

interface DigestState {
  /** Time when the last digests were begun, epoch milliseconds. */
  begunAt: number;
}

/** Sends notifications. It can be stopped at any time, and run in several replicas. */
export class Notifier {
  readonly #context: NotifierContext;
  readonly #outbox: Outbox;

  constructor(context: NotifierContext) {
    this.#context = context;
    this.#outbox = new Outbox(context);
  }

  /** Reports what happens from now on. Does nothing when that was begun before. */
  async begin(): Promise<void> {
    await beginReporting(this.#context);
  }

  /** Reports events and losses, makes the digests when they are due, and retries messages. */
  async turn(signal?: AbortSignal): Promise<void> {
    await reportEvents(this.#context);
    await this.#reportConditions();
    await this.#outbox.send(signal);
  }

  /** Reports events of operations and campaigns at once. */
  async notifyAtOnce(): Promise<void> {
    await reportEvents(this.#context);
    await this.#outbox.send();
  }

  async #reportConditions(): Promise<void> {
    const { db, clock, limits, judge } = this.#context;
    // All registries that one cause affects are judged, so that one message has them.
    await judge.judgeDue();
    const now = await clock.now();
    const never: DigestState = { begunAt: 0 };
    await insertState(db, DIGESTS, { value: never, now });
    const { value: before, at } = (await readState<DigestState>(db, DIGESTS))!;
    if (now - before.begunAt < limits.digestEveryMs) {
      await noteConditions(this.#context, { losses: true });
      await this.#tellAtOnce();
      return;
    }
    if (
      before.begunAt === 0 &&
      now - at < FIRST_WITHIN_MS &&
      !(await isAllKnown(this.#context))
    ) {
      return;
    }
    const begun: DigestState = { begunAt: now };
    // One replica makes them. If it dies, the next digests have the rest.
    const isOurs = await moveState(db, DIGESTS, {
      from: before,
      to: begun,
      now,
    });
    if (!isOurs) return;
    await noteConditions(this.#context, {});
    await this.#tellAtOnce();
    await makeDigests(this.#context, DIGEST_TOPIC);
    await this.#outbox.removeOld();
  }

  async #tellAtOnce(): Promise<void> {
    for (const topic of [LOST_TOPIC, BACK_TOPIC]) {
      await makeDigests(this.#context, topic);
    }
  }
}
