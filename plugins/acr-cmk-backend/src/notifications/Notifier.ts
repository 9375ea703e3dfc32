import type { NotifierContext } from './context';
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

  /** Reports events of operations and campaigns, makes the digests when they are due, and retries messages. */
  async turn(signal?: AbortSignal): Promise<void> {
    await reportEvents(this.#context);
    await this.#makeDigests();
    await this.#outbox.send(signal);
  }

  /** Reports events of operations and campaigns at once. */
  async notifyAtOnce(): Promise<void> {
    await reportEvents(this.#context);
    await this.#outbox.send();
  }

  async #makeDigests(): Promise<void> {
    const { db, clock, limits } = this.#context;
    const now = await clock.now();
    const never: DigestState = { begunAt: 0 };
    await insertState(db, DIGESTS, { value: never, now });
    const { value: before, at } = (await readState<DigestState>(db, DIGESTS))!;
    if (now - before.begunAt < limits.digestEveryMs) return;
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
    await noteConditions(this.#context);
    await makeDigests(this.#context);
    await this.#outbox.removeOld();
  }
}
