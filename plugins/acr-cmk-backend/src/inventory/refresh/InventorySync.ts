import type { LoggerService } from '@backstage/backend-plugin-api';
import { atPriority } from '../../azure/transport/budget';
import { repeatThrottled } from '../../azure/transport/call';
import { AzureError } from '../../azure/AzureError';
import type { Clock } from '../../platform/database/clock';
import { Background } from '../Background';
import type { QueueReader } from './QueueReader';
import type { StaleRows } from './StaleRows';
import type { KeyLists } from './KeyLists';
import type { Sweeper } from './Sweeper';
import type { SyncState } from '../rows/SyncState';
import { TURN, type Turn } from './turns';

/** State key of a requested sync. */
const ASKED = 'asked';

interface InventorySyncDeps {
  sweeper: Sweeper;
  keys: KeyLists;
  stale: StaleRows;
  reader: QueueReader;
  state: SyncState;
  clock: Clock;
  /** Returns the subscriptions that are in scope now. */
  subscriptions: () => Promise<readonly string[]>;
  /** Judges the registries behind what was read. */
  judge: (isStopped: () => boolean) => Promise<unknown>;
  logger: Pick<LoggerService, 'warn'>;
  /** Interval of whole listings. Milliseconds. */
  everyMs: number;
}

/**
 * Does work after everybody else's. A storm of refusals by Azure ends when Azure's waits do, and not a turn later.
 */
const inSync = <T>(isStopped: () => boolean, work: () => T): T =>
  atPriority('sync', () => repeatThrottled(isStopped, work));

/**
 * Keeps the inventory as Azure is. Turn by turn, in one replica at a time; the next turn continues
 * what a turn or a killed process did not end. It reads from Azure and never writes there.
 */
export class InventorySync {
  readonly #deps: InventorySyncDeps;
  readonly #parts: {
    sweeper: Sweeper;
    keys: KeyLists;
    stale: StaleRows;
    reader: QueueReader;
  };

  constructor(deps: InventorySyncDeps) {
    this.#deps = deps;
    const { sweeper, keys, stale, reader } = deps;
    this.#parts = { sweeper, keys, stale, reader };
  }

  /**
   * Requests that the next turn lists everything, unless a list begins in between. A list that is already under
   * way does not count, as it may be past the change in question: another one follows.
   */
  async ask(): Promise<void> {
    await this.#deps.state.set(ASKED, true);
  }

  /** One turn. What it has not read when the signal aborts, the next one reads. */
  turn(signal?: AbortSignal): Promise<void> {
    const isStopped = () => signal?.aborted === true;
    return inSync(isStopped, async () => {
      const { clock, state } = this.#deps;
      const turn: Turn = {
        ...(await state.get<Turn>(TURN))?.value,
        startedAt: await clock.now(),
      };
      await state.set(TURN, turn);
      await this.#turn(isStopped);
      const ended: Turn = { ...turn, endedAt: await clock.now() };
      await state.set(TURN, ended);
    });
  }

  /** Reads what is queued, without waiting for a turn. */
  async readQueued(): Promise<void> {
    await inSync(
      () => false,
      async () => {
        await this.#try('read what has changed', () =>
          this.#parts.reader.readDue(),
        );
        await this.#deps.judge(() => false);
      },
    );
  }

  async #turn(isStopped: () => boolean): Promise<void> {
    const { keys, stale, reader } = this.#parts;
    const { everyMs, logger } = this.#deps;
    const meanwhile = new Background({ logger });
    const steps: [doing: string, step: () => Promise<unknown>][] = [
      ['list', () => this.#sweep(meanwhile, isStopped)],
      // First, so that the status says from the start how much is left.
      ['find what was not read', () => stale.queue({ everyMs })],
      ['read keys', () => meanwhile.idle()],
      ['list keys', () => keys.listDue({ everyMs, isStopped })],
      ['find what could not be read', () => stale.queueFailed({ everyMs })],
      ['read what has changed', () => reader.readDue(isStopped)],
      // What was read may lead to more: a new registry to its key.
      ['find what was not read', () => stale.queue({ everyMs })],
      ['read what has changed', () => reader.readDue(isStopped)],
      ['judge', () => this.#deps.judge(isStopped)],
    ];
    for (const [doing, step] of steps) {
      if (isStopped()) break;
      await this.#try(doing, step);
    }
    await meanwhile.idle();
  }

  /**
   * Lists everything. The keys of registries that are found are read meanwhile, since Azure counts those calls apart
   * from those of the lists; when all is listed, registries are judged as their keys are kept.
   */
  async #sweep(meanwhile: Background, isStopped: () => boolean): Promise<void> {
    const { state, everyMs } = this.#deps;
    const { sweeper, keys, stale, reader } = this.#parts;
    const subscriptions = await this.#deps.subscriptions();
    if (subscriptions.length === 0) return;
    const asked = await state.get<boolean>(ASKED);
    let isListed = false;
    const keysKept = () => {
      // Before that, many would be judged without the access that is listed last.
      if (!isListed) return;
      meanwhile.add('judging', () => this.#deps.judge(isStopped));
    };
    await sweeper.resume({
      subscriptions,
      everyMs,
      ...(asked?.value && { askedAt: asked.at }),
      isStopped,
      found: async () => {
        await this.#try('find unread keys', () => stale.queueUnreadKeys());
        await this.#try('list keys', () =>
          keys.listDue({ everyMs, isStopped }),
        );
        meanwhile.add('reading keys', () =>
          reader.readDue(isStopped, keysKept),
        );
      },
    });
    isListed = true;
  }

  /** One part that fails does not keep the others from their work. */
  async #try<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      // A wait that Azure asks for is no failure: the next turn goes on.
      if (error instanceof AzureError && error.kind === 'throttled')
        return undefined;
      this.#deps.logger.warn(`The sync could not ${doing}: ${error}`);
      return undefined;
    }
  }
}
