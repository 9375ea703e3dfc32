import type { NotificationPayload } from '@backstage/plugin-notifications-common';

/** Notification without the scope, in the plain text that Backstage shows. */
export type Message = Omit<NotificationPayload, 'scope' | 'icon' | 'metadata'>;

/** Severities of Backstage, the worst first. */
export const SEVERITIES = ['critical', 'high', 'normal', 'low'] as const;

/** Registries or operations that one message names; more are counted. */
export const MAX_NAMED = 5;

/** Characters of a text that a user has typed. */
const MAX_TYPED = 300;

/** A text that a user has typed, shortened. */
export function typed(text: unknown): string {
  const words = String(text ?? '');
  return words.length > MAX_TYPED ? `${words.slice(0, MAX_TYPED)}…` : words;
}

export const countOfRegistries = (count: number) =>
  count === 1 ? '1 registry' : `${count} registries`;

export const registryLink = (registryId: string) =>
  `/acr-cmk/registries?registry=${encodeURIComponent(registryId)}`;
