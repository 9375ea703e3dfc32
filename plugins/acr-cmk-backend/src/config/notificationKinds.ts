/** What owners may be notified of, by the names that the configuration uses. */
export const NOTIFICATION_KINDS = [
  'expires',
  'expired',
  'behind',
  'pinned-key-trap',
  'identity-detached',
  'firewall-closed',
  'revoked',
  'restored',
  'approval-wanted',
  'operation-ended',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** `acrCmk.notifications`, checked. */
export interface NotificationsConfig {
  /** Those that people are notified of. */
  kinds: ReadonlySet<NotificationKind>;
  /** Who is notified of what concerns no owner: lower-cased entity refs. */
  platform: readonly string[];
  /** Time between two digests. Milliseconds. */
  digestEveryMs: number;
}
