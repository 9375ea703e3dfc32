/**
 * The kinds of notifications, each with its texts and the condition or event that it reports.
 * A new kind is an entry in one of the lists and a row in docs/notifications.md; a test fails until they agree.
 */
import { CAMPAIGN_KINDS } from './campaignKinds';
import { OPERATION_KINDS } from './operationKinds';
import type { EventKind } from './types';

export {
  BACK_KIND,
  BACK_TOPIC,
  BY_REVOKE,
  CONDITION_KINDS,
  DIGEST_TOPIC,
  GROUPED_KINDS,
  isByRevoke,
  isLoss,
  type JudgedRegistry,
  LOSS_CONDITIONS,
  LOST_TOPIC,
  type Stage,
  topicOf,
} from './conditionKinds';
export type { EventNotice, NeededApproval, Recipients } from './types';

/** Kinds that are sent at once. */
export const EVENT_KINDS: Record<string, EventKind> = {
  ...OPERATION_KINDS,
  ...CAMPAIGN_KINDS,
};
