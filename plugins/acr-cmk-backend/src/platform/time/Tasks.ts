import type { SchedulerService } from '@backstage/backend-plugin-api';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import type { Knex } from 'knex';
import type { Sleep } from './realClock';
import { yieldToEventLoop } from './yieldToEventLoop';

/** Wait for turns in a shutdown: below the 30 seconds that Kubernetes gives a pod. Milliseconds. */
const STOP_WITHIN_MS = 20_000;
/** Wait in a shutdown for Backstage to note that the turns have ended. Milliseconds. */
const NOTE_WITHIN_MS = 1_000;
/** Part of a task's timeout after which its turn is asked to end. The rest is for the call that is under way. */
const PART_OF_TIMEOUT = 0.75;

/** A task of this plugin. */
interface Task {
  id: string;
  scope?: 'global' | 'local';
  frequency: HumanDuration;
  initialDelay?: HumanDuration;
  timeout: HumanDuration;
  /** One turn. It ends soon after the signal aborts, and the next one goes on. */
  fn(signal: AbortSignal): Promise<unknown>;
}

/** Schedules recurring work. */
export interface TaskScheduler {
  scheduleTask(task: Task): Promise<void>;
  /** Schedules a task of an interval in minutes. Default timeout: the interval, at most five minutes. */
  every(
    minutes: number,
    task: Pick<Task, 'id' | 'scope' | 'fn'> & { timeoutMinutes?: number },
  ): Promise<void>;
}

interface TasksDeps {
  scheduler: Pick<SchedulerService, 'scheduleTask'>;
  /** Database of the plugin, in which Backstage keeps which replica runs a task. */
  db: Knex;
  sleep: Sleep;
}

/**
 * Recurring tasks whose turns end in time. A task runs in one replica at a time, and Backstage lets another one
 * begin after a replica was killed only when the timeout of the task has passed. So timeouts are short, a turn is
 * asked to end before, and a shutdown waits for the turns under way.
 */
export class Tasks implements TaskScheduler {
  readonly #deps: TasksDeps;
  readonly #stopping = new AbortController();
  readonly #turns = new Set<Promise<unknown>>();

  constructor(deps: TasksDeps) {
    this.#deps = deps;
  }

  async scheduleTask(task: Task): Promise<void> {
    const stopped = this.#stopping.signal;
    const longestMs = durationToMilliseconds(task.timeout) * PART_OF_TIMEOUT;
    await this.#deps.scheduler.scheduleTask({
      ...task,
      signal: stopped,
      fn: async signal => {
        if (stopped.aborted) return;
        const turn = task.fn(
          AbortSignal.any([signal, stopped, AbortSignal.timeout(longestMs)]),
        );
        this.#turns.add(turn);
        await turn.finally(() => this.#turns.delete(turn));
      },
    });
  }

  async every(
    minutes: number,
    {
      timeoutMinutes = Math.min(minutes, 5),
      ...task
    }: Parameters<TaskScheduler['every']>[1],
  ): Promise<void> {
    await this.scheduleTask({
      ...task,
      frequency: { seconds: minutes * 60 },
      timeout: { minutes: timeoutMinutes },
    });
  }

  /** Asks the turns under way to end, and waits for them. No other begins. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const ended = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#turns),
      this.#deps.sleep(STOP_WITHIN_MS, ended.signal),
    ]);
    // Backstage notes now that the turns have ended; the connections are closed after this hook.
    await yieldToEventLoop();
    // In development, Backstage keeps the only connection of an SQLite database in memory from here on.
    await Promise.race([
      this.#deps.db.raw('select 1').catch(() => undefined),
      this.#deps.sleep(NOTE_WITHIN_MS, ended.signal),
    ]);
    ended.abort();
  }
}
