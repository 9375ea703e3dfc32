import { type CampaignIntent, utcTime } from 'backstage-plugin-acr-cmk-common';
import { countOfRegistries, typed } from '../message';
import type { EventKind, NeededApproval } from './types';

const linkTo = (id: unknown) => `/acr-cmk/campaigns/${id}`;

/** A change of so many members, in words. */
function changeInWords(kind: unknown, count: number): string {
  switch (kind as CampaignIntent['kind']) {
    case 'automatic-mode':
      return `switch ${countOfRegistries(count)} to automatic version mode`;
    case 'new-version':
      return `make a new version of ${count === 1 ? '1 key' : `${count} keys`}`;
    case 'automatic-rotation':
      return `set up automatic rotation of ${
        count === 1 ? '1 key' : `${count} keys`
      }`;
    default:
      return `change the identity of ${countOfRegistries(count)}`;
  }
}

/** Kinds about campaigns. */
export const CAMPAIGN_KINDS: Record<string, EventKind> = {
  'campaign-approval-wanted': {
    topic: 'approvals',
    on: ['campaign-stage-opened'],
    notice({ seq, details }) {
      const approvals = details.approvals as NeededApproval[];
      if (approvals.length === 0) return undefined;
      const { campaignId, stage, intent, onBehalfOf, reason, givesAccess } =
        details;
      return {
        to: { approvals },
        scope: `campaign-approval:${campaignId}:${seq}`,
        excluded: String(onBehalfOf),
        message: members => ({
          // Somebody waits for the reader. Nothing else may stand before it.
          severity: 'critical',
          title: `Approval wanted: ${changeInWords(intent, members)}`,
          description: `Stage ${stage} of a campaign by ${onBehalfOf}. Reason: ${typed(
            reason,
          )}. ${
            givesAccess
              ? 'Members of the stage give access to keys, which may have been revoked. '
              : ''
          }It expires at ${utcTime(Number(details.expiresAt))}.`,
          link: linkTo(campaignId),
        }),
      };
    },
  },
  'campaign-ended': {
    topic: 'operations',
    on: ['campaign-ended', 'campaign-paused', 'campaign-member-changed'],
    notice({ seq, at, event, actor, details }) {
      const { campaignId, stage, onBehalfOf, message } = details;
      const requester = String(onBehalfOf);
      if (actor.toLowerCase() === requester.toLowerCase()) return undefined;
      const link = linkTo(campaignId);
      if (event === 'campaign-member-changed') {
        return {
          to: { requester },
          // The first one of a stage and day (UTC): it waits for the requester from then on.
          scope: `campaign-changed:${campaignId}:${stage}:${at.slice(0, 10)}`,
          message: () => ({
            severity: 'high',
            title: `Campaign needs a decision: a plan in stage ${stage} no longer fits`,
            description: `${typed(message)}. Retry or skip it, or abort the campaign.`,
            link,
          }),
        };
      }
      if (event === 'campaign-paused') {
        return {
          to: { requester },
          scope: `campaign-paused:${campaignId}:${seq}`,
          message: () => ({
            severity: 'high',
            title: 'A campaign of yours is paused',
            description: typed(message),
            link,
          }),
        };
      }
      return {
        to: { requester },
        scope: `campaign-ended:${campaignId}:${seq}`,
        message: () => ({
          severity: details.isClean ? 'low' : 'high',
          title:
            details.state === 'aborted'
              ? 'A campaign of yours was aborted'
              : 'A campaign of yours has ended',
          description: typed(message),
          link,
        }),
      };
    },
  },
};
