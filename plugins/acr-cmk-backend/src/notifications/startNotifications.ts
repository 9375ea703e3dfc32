import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { NotificationsConfig } from '../config';
import type { Background } from '../inventory/Background';
import { createNotifier } from './createNotifier';

/** Notifies people, where that is configured. */
export interface Notifications {
  /** Something has happened to an operation. Without this call it is reported within a minute. */
  notifyAtOnce(): void;
}

/** Starts the task that notifies people, in one replica at a time. */
export async function startNotifications({
  config,
  scheduler,
  background,
  ...options
}: Omit<Parameters<typeof createNotifier>[0], 'config'> & {
  /** Nobody is notified without it. */
  config: NotificationsConfig | undefined;
  scheduler: SchedulerService;
  background: Pick<Background, 'add'>;
}): Promise<Notifications> {
  if (!config) return { notifyAtOnce: () => undefined };
  const notifier = createNotifier({ ...options, config });
  await notifier.begin();
  await scheduler.scheduleTask({
    id: 'acr-cmk-notifications',
    frequency: { minutes: 1 },
    timeout: { minutes: 10 },
    fn: signal => notifier.turn(signal),
  });
  return {
    notifyAtOnce: () =>
      background.add('notifying people', () => notifier.notifyAtOnce()),
  };
}
