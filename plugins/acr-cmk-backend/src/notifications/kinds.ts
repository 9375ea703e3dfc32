import type { NotificationKind } from '../config';

/** Kinds that are reported together, in a digest. The others are reported one by one, at once. */
export type DigestKind = Extract<
  NotificationKind,
  | 'expires'
  | 'expired'
  | 'behind'
  | 'pinned-key-trap'
  | 'identity-detached'
  | 'firewall-closed'
>;

/** What people switch off in Backstage's settings, which show these names. */
export const TOPICS = {
  expires: 'key-expiry',
  expired: 'key-expiry',
  behind: 'key-version',
  'pinned-key-trap': 'key-version',
  'identity-detached': 'key-access',
  'firewall-closed': 'key-access',
  revoked: 'revokes-and-restores',
  restored: 'revokes-and-restores',
  'approval-wanted': 'approvals',
  'operation-ended': 'operations',
} as const satisfies Record<NotificationKind, string>;

export type Topic = (typeof TOPICS)[NotificationKind];
