import type { Knex } from 'knex';
import type { Clock } from '../platform/database/clock';
import type { Digests } from './Digests';
import type { OperationNotices } from './OperationNotices';
import type { Outbox } from './Outbox';
import type { RegistryNotices } from './RegistryNotices';
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

interface Deps {
  db: Knex;
  clock: Clock;
  /** Time between two digests. */
  digestEveryMs: number;
  operationNotices: Pick<OperationNotices, 'begin' | 'read'>;
  registryNotices: Pick<RegistryNotices, 'read' | 'isAllKnown'>;
  digests: Pick<Digests, 'make'>;
  outbox: Pick<Outbox, 'send' | 'removeOld'>;
}

/** Sends notifications. It can be stopped at any time, and run in several replicas. */
export class Notifier {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Reports what happens from now on. Does nothing when that was begun before. */
  async begin(): Promise<void> {
    await this.#deps.operationNotices.begin();
  }

  /** Reports events of operations, makes the digests when they are due, and retries messages. */
  async turn(signal?: AbortSignal): Promise<void> {
    await this.#deps.operationNotices.read();
    await this.#makeDigests();
    await this.#deps.outbox.send(signal);
  }

  /** Reports events of operations at once. */
  async notifyAtOnce(): Promise<void> {
    await this.#deps.operationNotices.read();
    await this.#deps.outbox.send();
  }

  async #makeDigests(): Promise<void> {
    const { db, clock, digestEveryMs, registryNotices, digests, outbox } =
      this.#deps;
    const now = await clock.now();
    const never: DigestState = { begunAt: 0 };
    await insertState(db, DIGESTS, { value: never, now });
    const { value: before, at } = (await readState<DigestState>(db, DIGESTS))!;
    if (now - before.begunAt < digestEveryMs) return;
    if (
      before.begunAt === 0 &&
      now - at < FIRST_WITHIN_MS &&
      !(await registryNotices.isAllKnown())
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
    await registryNotices.read();
    await digests.make();
    await outbox.removeOld();
  }
}
