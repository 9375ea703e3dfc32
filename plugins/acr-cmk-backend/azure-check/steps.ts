import type { Time } from './time';

/** Work in steps: what it yields is how long to wait before the next one, in milliseconds. */
export type Steps<T> = AsyncGenerator<number, T, void>;

export interface Task<T> {
  steps: Steps<T>;
  /** What came of it; an error ends this task alone. */
  ended(outcome: { value: T } | { error: unknown }): void;
}

/**
 * Runs tasks side by side, one step at a time, each as soon as it is due. Waits that overlap take as long as
 * the longest of them, and no request runs beside another.
 */
export async function runTogether<T>(
  tasks: readonly Task<T>[],
  time: Time,
): Promise<void> {
  let waiting = tasks.map(task => ({ task, dueAt: time.now() }));
  while (waiting.length > 0) {
    const next = waiting.reduce((a, b) => (b.dueAt < a.dueAt ? b : a));
    const early = next.dueAt - time.now();
    if (early > 0) await time.pause(early);
    waiting = waiting.filter(each => each !== next);
    try {
      const step = await next.task.steps.next();
      if (step.done) next.task.ended({ value: step.value });
      else {
        waiting.push({ task: next.task, dueAt: time.now() + step.value });
      }
    } catch (error) {
      next.task.ended({ error });
    }
  }
}

/** Runs one task to its end, and gives its value or throws its error. */
export async function runAlone<T>(steps: Steps<T>, time: Time): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    await time.pause(step.value);
  }
}
