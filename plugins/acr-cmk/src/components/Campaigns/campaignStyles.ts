import AccessTimeIcon from '@material-ui/icons/AccessTime';
import BlockIcon from '@material-ui/icons/Block';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import PauseIcon from '@material-ui/icons/Pause';
import PlayIcon from '@material-ui/icons/PlayArrow';
import SkipNextIcon from '@material-ui/icons/SkipNext';
import SyncIcon from '@material-ui/icons/Sync';
import UpdateIcon from '@material-ui/icons/Update';
import WarningIcon from '@material-ui/icons/Warning';
import type {
  Campaign,
  CampaignMemberState,
  CampaignOutcome,
  CampaignState,
} from 'backstage-plugin-acr-cmk-common';
import { operationStyles, type StatusStyle } from '../shared/statusStyles';

const campaignStyles: Record<CampaignState, StatusStyle> = {
  previewing: { tone: 'info', Icon: SyncIcon },
  preview: { tone: 'neutral', Icon: HourglassIcon },
  interrupted: { tone: 'warning', Icon: WarningIcon },
  running: { tone: 'info', Icon: PlayIcon },
  paused: { tone: 'warning', Icon: PauseIcon },
  // One of which every member succeeded; see `styleOf`.
  ended: { tone: 'good', Icon: CheckCircleIcon },
  aborted: { tone: 'neutral', Icon: CancelIcon },
};

/** Icon of a campaign: one that has ended is a success only when each of its members is. */
export function styleOf({ state, states }: Campaign): StatusStyle {
  const isWhole = states.every(
    each => each.state === 'succeeded' || each.state === 'excluded',
  );
  return state === 'ended' && !isWhole
    ? { tone: 'warning', Icon: WarningIcon }
    : campaignStyles[state];
}

/** In the order in which a person reads them. */
export const outcomeStyles: Record<CampaignOutcome, StatusStyle> = {
  change: { tone: 'info', Icon: UpdateIcon },
  already: { tone: 'good', Icon: CheckCircleIcon },
  blocked: { tone: 'bad', Icon: BlockIcon },
  unlinked: { tone: 'warning', Icon: LinkOffIcon },
  pending: { tone: 'neutral', Icon: HourglassIcon },
};

/** A state that a member has from its operation looks like that of the operation. */
export const memberStyles: Record<CampaignMemberState, StatusStyle> = {
  failed: operationStyles.failed,
  unverified: operationStyles.unverified,
  changed: { tone: 'warning', Icon: WarningIcon },
  approval: operationStyles['awaiting-approval'],
  running: operationStyles.running,
  proving: { tone: 'info', Icon: SyncIcon },
  ready: operationStyles.queued,
  waiting: operationStyles.held,
  succeeded: operationStyles.succeeded,
  rejected: operationStyles.rejected,
  expired: { tone: 'neutral', Icon: AccessTimeIcon },
  skipped: { tone: 'neutral', Icon: SkipNextIcon },
  'not-started': { tone: 'neutral', Icon: CancelIcon },
  excluded: { tone: 'neutral', Icon: CancelIcon },
};

/** States of members, worst first. */
export const MEMBER_STATES = Object.keys(memberStyles) as CampaignMemberState[];

const UNENDED: readonly CampaignMemberState[] = [
  'waiting',
  'approval',
  'ready',
  'running',
  'proving',
  'changed',
];

/** Members of a stage that have ended, however they did. */
export function endedOf(
  states: readonly { state: CampaignMemberState; count: number }[],
): number {
  return states
    .filter(({ state }) => !UNENDED.includes(state) && state !== 'excluded')
    .reduce((sum, { count }) => sum + count, 0);
}
