import type { Background } from '../inventory/Background';
import type { Context } from '../platform/context';
import type { NotifierContext } from './context';
import { Notifier } from './Notifier';

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
  }: Pick<
    NotifierContext,
    'subscriptions' | 'operations' | 'namesOf' | 'judge'
  > & {
    background: Pick<Background, 'add'>;
  },
): Promise<Notifications> {
  const settings = context.config.notifications;
  if (!settings) return { notifyAtOnce: () => undefined };
  const notifier = new Notifier({ ...context, ...parts, ...settings });
  await notifier.begin();
  await context.tasks.every(1, {
    id: 'acr-cmk-notifications',
    fn: signal => notifier.turn(signal),
  });
  return {
    notifyAtOnce: () =>
      background.add('sending notifications', () => notifier.notifyAtOnce()),
  };
}
