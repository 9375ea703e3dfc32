/**
 * Decides how a campaign goes on. Pure: the same rows and time have the same answer, so that any number of replicas may ask
 * at any moment, and one that died changes nothing.
 */
import {
  type CampaignStageRule,
  keyGrantPermission,
  keyRestorePermission,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditEvent } from '../../platform/audit/AuditLog';
import { approvalSetting } from '../../platform/config';
import { nameOfNeed } from '../gate/deciders';
import type { StoredNeed } from '../../engine/types';
import { endInWords } from './inWords';
import { FAILURES, UNBEGUN, UNDER_WAY } from './memberStates';
import { UnderWay } from './UnderWay';
import type { CampaignRecord, Changes, MemberRecord } from './types';
import {
  type CampaignCalendar,
  nextOpenAt,
  type Opening,
  openingAt,
} from './windows';

/** The part of a member that progress depends on. */
export interface ProgressMember extends Pick<
  MemberRecord,
  | 'position'
  | 'state'
  | 'stage'
  | 'operationId'
  | 'approvalExpiresAt'
  | 'subscriptionId'
  | 'vaultHost'
> {
  /** Estimated duration of its operation. */
  seconds: number;
  /** Unmet needs of a member whose stage has not opened; empty for others. */
  needs: MemberRecord['needs'];
  /** Reason why it could not start when it was last tried. */
  waitingFor?: string;
}

/** Everything that progress depends on. */
export interface ProgressInput {
  campaign: CampaignRecord;
  /** Members that change. */
  members: readonly ProgressMember[];
  calendar: CampaignCalendar;
  now: number;
  /** Time in which a stage can be approved. */
  approvalExpiresAfterMs: number;
}

/** A record of the audit log that goes with the changes. */
export interface ProgressNote {
  event: Extract<AuditEvent, `campaign-${string}`>;
  details: Record<string, unknown>;
}

/**
 * The next moves. Either there is a change to store, after which progress is asked again, or there are operations to release,
 * and a time at which to look again.
 */
export interface Progress {
  campaign?: Changes<Omit<CampaignRecord, 'id' | 'revision'>>;
  /** Operations that wait for their approvals from now on, until then. */
  approvals?: { operationIds: string[]; expiresAt: number };
  notes: ProgressNote[];
  /** Members that may start, in their order, while there is room. Absent when none may. */
  release?: { members: ProgressMember[]; room: UnderWay };
  /** Operations that went back to a campaign which is aborted: nobody would release them. */
  abort?: string[];
  /** Absent when only a person or the end of an operation changes something. */
  dueAt?: number;
  /** Cause in a sentence, while the current stage waits for a time or for a setting. */
  waitingFor?: string;
}

/** Interval at which running members are looked at: the wake-up by the end of an operation may be lost. */
const POLL_MS = 10_000;

const isUnmet = ({ needs }: Pick<ProgressMember, 'needs'>) =>
  needs.some(({ by }) => by === undefined);
const hasEnded = ({ state }: ProgressMember) =>
  !UNBEGUN.has(state) && !UNDER_WAY.has(state);

export function progressOf(input: ProgressInput): Progress {
  return (
    endOfCampaign(input) ??
    (input.campaign.state === 'running' ? running(input) : resting(input))
  );
}

const NOTHING = { notes: [] };

/** The end of the campaign, when nothing is left to do. */
function endOfCampaign({
  campaign,
  members,
  now,
}: ProgressInput): Progress | undefined {
  if (!members.every(hasEnded)) return undefined;
  const state = campaign.pause?.aborts ? 'aborted' : 'ended';
  return {
    ...NOTHING,
    campaign: {
      state,
      endedAt: now,
      dueAt: null,
      soakUntil: null,
    },
    notes: [
      {
        event: 'campaign-ended',
        details: {
          state,
          message: endInWords(
            members.map(({ state: of }) => ({ state: of, count: 1 })),
          ),
          isClean: members.every(one => one.state === 'succeeded'),
          members: members.map(({ position, state: of, operationId }) => ({
            position,
            state: of,
            operationId,
          })),
        },
      },
    ],
  };
}

/** A campaign that starts nothing: those that have begun are seen to their end. */
function resting(input: ProgressInput): Progress {
  const { campaign, members } = input;
  const unbegun = members.filter(({ state }) => UNBEGUN.has(state));
  if (campaign.pause?.aborts && unbegun.length > 0) {
    return {
      ...NOTHING,
      campaign: {},
      abort: unbegun.flatMap(({ operationId }) => operationId ?? []),
    };
  }
  return {
    ...NOTHING,
    dueAt: earliest([lookAgain(input), approvalEnd(input)]),
  };
}

function running(input: ProgressInput): Progress {
  const { campaign, members, now } = input;
  const { stage, stageOpenedAt } = campaign;
  const ofStage = members.filter(member => member.stage === stage);
  const rule = campaign.strategy?.stages[stage - 1];
  const isOver = ofStage.every(hasEnded);
  // Members of a retry may be skipped before their stage opens again: it ends as any other.
  if (!rule || (stageOpenedAt === undefined && !isOver)) return opened(input);
  if (hasTooManyFailures(campaign, members)) {
    return pausedByFailures(input, { of: ofStage.length, rule });
  }
  if (!isOver) return continueStage(input, ofStage);
  const { soakUntil } = campaign;
  const soakMs = (rule.soakMinutes ?? 0) * 60_000;
  if (soakUntil === undefined && soakMs > 0 && hasLater(input)) {
    return {
      ...NOTHING,
      campaign: {
        stageOpenedAt: stageOpenedAt ?? now,
        soakUntil: now + soakMs,
      },
    };
  }
  if (soakUntil !== undefined && soakUntil > now) {
    return {
      ...NOTHING,
      dueAt: soakUntil,
      waitingFor: 'Pauses before the next stage',
    };
  }
  return opened(input);
}

/** Whether members of a later stage have not ended. */
function hasLater({ campaign, members }: ProgressInput): boolean {
  return members.some(
    member => (member.stage ?? 0) > campaign.stage && !hasEnded(member),
  );
}

/**
 * The next stage with members that have not ended opens: its approvals are asked for, and the others are ready. After a
 * retry, those that wait for an approval already keep their time.
 */
function opened({
  campaign,
  members,
  calendar,
  now,
  approvalExpiresAfterMs,
}: ProgressInput): Progress {
  const open = members.filter(member => !hasEnded(member));
  const next = Math.min(...open.map(({ stage = 1 }) => stage));
  const waiting = open.filter(
    ({ stage, state }) => stage === next && state === 'waiting',
  );
  const unapproved = waiting.filter(isUnmet);
  // Its time begins and ends while the calendar is open, as nobody could start what is approved before or after.
  const expiresAt = nextOpenAt(
    calendar,
    nextOpenAt(calendar, now) + approvalExpiresAfterMs,
  );
  return {
    ...NOTHING,
    approvals: {
      operationIds: unapproved.flatMap(({ operationId }) => operationId ?? []),
      expiresAt,
    },
    campaign: {
      stage: next,
      stageOpenedAt: now,
      soakUntil: null,
      // After a retry, the failures that it left stay accepted.
      failuresAccepted:
        next === campaign.stage ? (campaign.failuresAccepted ?? 0) : 0,
    },
    notes: [
      stageOpened({
        campaign,
        stage: next,
        unapproved,
        expiresAt: unapproved.length > 0 ? expiresAt : null,
      }),
    ],
  };
}

/** Whether a need is asked for because access to a key is given, as a restore gives it. */
const isAboutAccess = ({ permission, because }: StoredNeed) =>
  permission === keyRestorePermission.name ||
  permission === keyGrantPermission.name ||
  because.includes(approvalSetting('restore'));

/** The audit record by which approvers are notified: the members that wait, by what they need. */
function stageOpened({
  campaign,
  stage,
  unapproved,
  expiresAt,
}: {
  campaign: Pick<CampaignRecord, 'reason' | 'intent'>;
  stage: number;
  unapproved: readonly ProgressMember[];
  expiresAt: number | null;
}): ProgressNote {
  const needed = new Map<
    string,
    Pick<StoredNeed, 'permission' | 'entityRef'> & { positions: number[] }
  >();
  for (const { needs, position } of unapproved) {
    for (const need of needs) {
      const { by, permission, entityRef } = need;
      if (by !== undefined) continue;
      const name = nameOfNeed(need);
      const positions = [...(needed.get(name)?.positions ?? []), position];
      needed.set(name, { permission, entityRef, positions });
    }
  }
  return {
    event: 'campaign-stage-opened',
    details: {
      stage,
      intent: campaign.intent.kind,
      reason: campaign.reason,
      expiresAt,
      approvals: [...needed.values()],
      ...(unapproved.some(({ needs }) => needs.some(isAboutAccess)) && {
        givesAccess: true,
      }),
    },
  };
}

/** Whether more members of the current stage have failed than its rule allows. */
function hasTooManyFailures(
  campaign: CampaignRecord,
  members: readonly Pick<ProgressMember, 'stage' | 'state'>[],
): boolean {
  const rule = campaign.strategy?.stages[campaign.stage - 1] ?? {};
  const ofStage = members.filter(({ stage }) => stage === campaign.stage);
  const failures = ofStage.filter(({ state }) => FAILURES.has(state)).length;
  return failures > allowedFailures(campaign, rule, ofStage.length);
}

/** Failures with which a stage goes on: by its rule, or as many as a person has resumed it with. */
function allowedFailures(
  { failuresAccepted = 0 }: CampaignRecord,
  { maxFailures, maxFailurePercent }: CampaignStageRule,
  members: number,
): number {
  const limits = [
    ...(maxFailures === undefined ? [] : [maxFailures]),
    ...(maxFailurePercent === undefined
      ? []
      : [Math.floor((members * maxFailurePercent) / 100)]),
  ];
  return Math.max(
    limits.length > 0 ? Math.min(...limits) : 0,
    failuresAccepted,
  );
}

function pausedByFailures(
  { campaign, members, now }: ProgressInput,
  { of, rule }: { of: number; rule: CampaignStageRule },
): Progress {
  const { stage } = campaign;
  const limit = allowedFailures({ ...campaign, failuresAccepted: 0 }, rule, of);
  const failed = members.filter(
    one => one.stage === stage && FAILURES.has(one.state),
  );
  const message = `${failed.length} of ${of} in stage ${stage} failed, and its strategy allows ${limit}. Nothing new starts`;
  return {
    ...NOTHING,
    campaign: { state: 'paused', pause: { message, at: now } },
    notes: [
      {
        event: 'campaign-paused',
        details: {
          stage,
          message,
          failed: failed.map(({ position }) => position),
        },
      },
    ],
  };
}

/** Members of an open stage start as far as strategy and calendar allow. */
function continueStage(
  input: ProgressInput,
  ofStage: readonly ProgressMember[],
): Progress {
  const { campaign, members, calendar, now } = input;
  const ready = ofStage.filter(({ state }) => state === 'ready');
  const openings = openingsOf(ready, calendar, now);
  const closed = [...openings.values()].flatMap(one => (one.open ? [] : [one]));
  const room = new UnderWay(
    campaign,
    members.filter(({ state }) => UNDER_WAY.has(state)),
  );
  const startable = ready.filter(
    member => openings.get(member)?.open && room.hasRoomFor(member),
  );
  return {
    ...NOTHING,
    ...(startable.length > 0 && { release: { members: startable, room } }),
    dueAt: earliest([
      lookAgain(input),
      // Another operation may hold what they work on, or the process that releases them may die.
      openings.size > closed.length ? now + POLL_MS : undefined,
      approvalEnd(input),
      ...closed.map(({ until }) => until),
    ]),
    waitingFor: closed[0]?.message ?? triedAgain(ofStage, ready),
  };
}

/** Reason why nothing is under way although members are ready: each was tried, and is tried again. */
function triedAgain(
  ofStage: readonly ProgressMember[],
  ready: readonly ProgressMember[],
): string | undefined {
  return ready.length > 0 &&
    ready.every(({ waitingFor }) => waitingFor !== undefined) &&
    !ofStage.some(({ state }) => UNDER_WAY.has(state))
    ? 'No member can start now; each is tried again. The list of members says why'
    : undefined;
}

/** Whether each member may start now. Many have one duration, and the calendar is asked once for each. */
function openingsOf(
  members: readonly ProgressMember[],
  calendar: CampaignCalendar,
  now: number,
): Map<ProgressMember, Opening> {
  const byDuration = new Map<number, Opening>();
  return new Map(
    members.map(member => {
      const { seconds } = member;
      const known =
        byDuration.get(seconds) ?? openingAt(calendar, now, seconds * 1000);
      byDuration.set(seconds, known);
      return [member, known];
    }),
  );
}

function lookAgain({ members, now }: ProgressInput): number | undefined {
  return members.some(({ state }) => UNDER_WAY.has(state))
    ? now + POLL_MS
    : undefined;
}

/** The engine ends what nobody has approved in time, a moment later. */
function approvalEnd({ members, now }: ProgressInput): number | undefined {
  const end = earliest(
    members.map(({ approvalExpiresAt, state }) =>
      state === 'approval' ? approvalExpiresAt : undefined,
    ),
  );
  return end !== undefined && end <= now ? now + POLL_MS : end;
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
