import type { SchedulerService } from '@backstage/backend-plugin-api';
import { atPriority } from '../azure/budget';
import type { Judge } from './Judge';

/** How often the catalog is asked which entities name registries. Minutes. */
const LINK_EVERY = 3;
/** How often verdicts are made again that time alone has changed. Minutes. */
const JUDGE_EVERY = 1;

/** The inventory's work that nobody asks for. Each task runs in one replica at a time. */
export async function scheduleInventory(options: {
  scheduler: SchedulerService;
  judge: Judge;
  refreshLinks: () => Promise<void>;
}): Promise<void> {
  const { scheduler, judge, refreshLinks } = options;
  const task = (
    id: string,
    minutes: number,
    fn: (signal: AbortSignal) => Promise<unknown>,
  ) =>
    scheduler.scheduleTask({
      id: `acr-cmk-${id}`,
      frequency: { minutes },
      timeout: { minutes: Math.max(5, minutes) },
      fn: async signal => {
        await atPriority('sync', () => fn(signal));
      },
    });
  await task('links', LINK_EVERY, refreshLinks);
  await task('verdicts', JUDGE_EVERY, signal =>
    judge.judgeDue(() => signal.aborted),
  );
}
