import type { NotificationPayload } from '@backstage/plugin-notifications-common';

/** Notification without the scope, in the plain text that Backstage shows. */
export type Message = Omit<NotificationPayload, 'scope' | 'icon' | 'metadata'>;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A time for readers whose time zone is not known: `29 Nov 2026, 18:05 UTC`. */
export function shortTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}, ${iso.slice(11, 16)} UTC`;
}

export const countOfRegistries = (count: number) =>
  count === 1 ? '1 registry' : `${count} registries`;

export const registryLink = (registryId: string) =>
  `/acr-cmk/registries?registry=${encodeURIComponent(registryId)}`;
