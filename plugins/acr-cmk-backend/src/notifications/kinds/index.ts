/**
 * The kinds of notifications, each with its texts and the condition or event that it reports.
 * A new kind is an entry in one of the three lists, a name in config.d.ts and a row in
 * docs/notifications.md; tests fail until the three agree.
 */
import { CAMPAIGN_KINDS } from './campaignKinds';
import { DIGEST_KINDS } from './digestKinds';
import { EVENT_KINDS } from './eventKinds';

export { CAMPAIGN_KINDS, type NeededApproval } from './campaignKinds';
export {
  DIGEST_KINDS,
  DIGEST_TOPIC,
  type JudgedRegistry,
  type Stage,
} from './digestKinds';
export { EVENT_KINDS, type EventNotice } from './eventKinds';

/** Every kind, by the name that `acrCmk.notifications.kinds` has for it. */
export const NOTIFICATION_KINDS: readonly string[] = [
  ...Object.keys(DIGEST_KINDS),
  ...Object.keys(EVENT_KINDS),
  ...Object.keys(CAMPAIGN_KINDS),
];
