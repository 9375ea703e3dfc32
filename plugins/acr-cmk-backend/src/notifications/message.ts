import type { NotificationPayload } from '@backstage/plugin-notifications-common';

/** Notification without the scope, in the plain text that Backstage shows. */
export type Message = Omit<NotificationPayload, 'scope' | 'icon' | 'metadata'>;

export const countOfRegistries = (count: number) =>
  count === 1 ? '1 registry' : `${count} registries`;

export const registryLink = (registryId: string) =>
  `/acr-cmk/registries?registry=${encodeURIComponent(registryId)}`;
