import type { CampaignMemberState } from 'backstage-plugin-acr-cmk-common';

/** States in which a member has not begun, and can be skipped. */
export const UNBEGUN: ReadonlySet<CampaignMemberState> = new Set([
  'waiting',
  'approval',
  'ready',
  'changed',
]);
/** States of a member that has begun and not ended. */
export const UNDER_WAY: ReadonlySet<CampaignMemberState> = new Set([
  'running',
  'proving',
]);
export const FAILURES: ReadonlySet<CampaignMemberState> = new Set([
  'failed',
  'unverified',
]);
/** States of members that `retry` plans again. */
export const RETRIED: ReadonlySet<CampaignMemberState> = new Set([
  'failed',
  'unverified',
  'skipped',
  'rejected',
  'expired',
  'changed',
]);
