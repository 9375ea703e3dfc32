/**
 * The kinds of notifications, each with its texts and the condition or event that it reports.
 * A new kind is an entry in one of the three lists and a row in docs/notifications.md; a test fails until they agree.
 */
export { CAMPAIGN_KINDS, type NeededApproval } from './campaignKinds';
export {
  DIGEST_KINDS,
  DIGEST_TOPIC,
  type JudgedRegistry,
  type Stage,
} from './digestKinds';
export { EVENT_KINDS, type EventNotice } from './eventKinds';
