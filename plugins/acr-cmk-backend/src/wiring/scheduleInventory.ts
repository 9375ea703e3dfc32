import { atPriority } from '../azure/transport/budget';
import type { Judge } from '../inventory/Judge';
import type { CatalogSweep } from '../catalog/CatalogSweep';
import type { Context } from '../platform/context';

/** Interval of the check whether the catalog has to be read. Minutes. */
const LINK_EVERY = 0.5;
/** Interval at which verdicts are renewed that time alone changes. Minutes. */
const JUDGE_EVERY = 1;
/**
 * Interval at which the rules of the last verdicts are compared: another release may have judged since.
 * Minutes.
 */
const RULES_EVERY = 10;

/** Schedules the recurring work of the inventory. Each task runs in one replica at a time. */
export async function scheduleInventory(
  { tasks }: Pick<Context, 'tasks'>,
  parts: {
    judge: Judge;
    catalogSweep: CatalogSweep;
    /** Fingerprint of the rules. */
    rules: string;
  },
): Promise<void> {
  const { judge, catalogSweep, rules } = parts;
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
  await task('links', LINK_EVERY, () => catalogSweep.turn());
  await judge.useRules(rules);
  await task('rules', RULES_EVERY, () => judge.useRules(rules));
  await task('verdicts', JUDGE_EVERY, signal =>
    judge.judgeDue(() => signal.aborted),
  );
}
