import type { Background } from '../inventory/Background';
import type { Context } from '../platform/context';
import { createNotifier, type NotifierParts } from './createNotifier';

/** Notifications, if they are turned on. */
export interface Notifications {
  /** Reports events of operations at once. Without this call they are reported within a minute. */
  notifyAtOnce(): void;
}

/** Starts the task that sends notifications, in one replica at a time. */
export async function startNotifications(
  context: Context,
  {
    background,
    ...parts
  }: Omit<NotifierParts, 'settings'> & { background: Pick<Background, 'add'> },
): Promise<Notifications> {
  const settings = context.config.notifications;
  if (!settings) return { notifyAtOnce: () => undefined };
  const notifier = createNotifier(context, { ...parts, settings });
  await notifier.begin();
  await context.tasks.scheduleTask({
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
