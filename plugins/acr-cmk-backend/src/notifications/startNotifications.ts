import type { NotificationsConfig } from '../platform/config';
import type { Background } from '../inventory/Background';
import { createNotifier } from './createNotifier';
import type { TaskScheduler } from '../platform/time/Tasks';

/** Notifications, if they are turned on. */
export interface Notifications {
  /** Reports events of operations at once. Without this call they are reported within a minute. */
  notifyAtOnce(): void;
}

/** Starts the task that sends notifications, in one replica at a time. */
export async function startNotifications({
  config,
  tasks,
  background,
  ...options
}: Omit<Parameters<typeof createNotifier>[0], 'config'> & {
  /** Without it, no notifications are sent. */
  config: NotificationsConfig | undefined;
  tasks: TaskScheduler;
  background: Pick<Background, 'add'>;
}): Promise<Notifications> {
  if (!config) return { notifyAtOnce: () => undefined };
  const notifier = createNotifier({ ...options, config });
  await notifier.begin();
  await tasks.scheduleTask({
    id: 'acr-cmk-notifications',
    frequency: { minutes: 1 },
    timeout: { minutes: 1 },
    fn: signal => notifier.turn(signal),
  });
  return {
    notifyAtOnce: () =>
      background.add('sending notifications', () => notifier.notifyAtOnce()),
  };
}
