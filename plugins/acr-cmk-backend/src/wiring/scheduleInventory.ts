import { atPriority } from '../azure/transport/budget';
import type { Judge } from '../inventory/Judge';
import type { Listings } from '../inventory/Listings';
import type { TaskScheduler } from '../platform/time/Tasks';

/**
 * Interval of whole listings. Minutes. Our choice: viewed facts are read more often, and a plan reads its own
 * facts.
 */
const LIST_EVERY = 5;
/** Interval of the check whether the catalog has to be read. Minutes. */
const LINK_EVERY = 0.5;
/** Interval at which verdicts are renewed that time alone changes. Minutes. */
const JUDGE_EVERY = 1;
/**
 * Interval at which the rules of the last verdicts are compared: another release may have judged since.
 * Minutes.
 */
const RULES_EVERY = 10;

const MINUTE = 60_000;

/** Schedules the recurring work of the inventory. Each task runs in one replica at a time. */
export async function scheduleInventory(options: {
  tasks: TaskScheduler;
  /** Lists of ARM, where the sync is off. */
  listings?: Listings;
  judge: Judge;
  /** Fingerprint of the rules. */
  rules: string;
  /** Reads which entities name registries, when it is time. */
  linkTurn: () => Promise<void>;
}): Promise<void> {
  const { tasks, listings, judge, rules, linkTurn } = options;
  const task = (
    id: string,
    minutes: number,
    fn: (signal: AbortSignal) => Promise<unknown>,
  ) =>
    tasks.scheduleTask({
      id: `acr-cmk-${id}`,
      frequency: { seconds: minutes * 60 },
      timeout: { minutes: minutes === JUDGE_EVERY ? 1 : 5 },
      fn: signal => atPriority('sync', () => fn(signal)),
    });
  if (listings) {
    await task('inventory', LIST_EVERY, async signal => {
      // One minute of grace, so that a task that starts a little early lists all the same.
      const maxAgeMs = (LIST_EVERY - 1) * MINUTE;
      for (const kind of ['registries', 'vaults', 'identities'] as const) {
        await listings.ensure(kind, { maxAgeMs });
      }
      await judge.judgeDue(() => signal.aborted);
    });
  }
  await task('links', LINK_EVERY, linkTurn);
  await judge.useRules(rules);
  await task('rules', RULES_EVERY, () => judge.useRules(rules));
  await task('verdicts', JUDGE_EVERY, signal =>
    judge.judgeDue(() => signal.aborted),
  );
}
