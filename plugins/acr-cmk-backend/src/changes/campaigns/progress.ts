/**
 * Decides how a campaign goes on. Pure: the same rows, operations and time have the same answer, so that any number
 * of replicas may ask at any moment, and one that died changes nothing.
 */
import type { CampaignStageRule } from 'backstage-plugin-acr-cmk-common';
import type { AuditEvent } from '../../platform/audit/AuditLog';
import { nameOfNeed } from '../gate/deciders';
import type { OperationEnd } from '../../engine/OperationQueries';
import type { StoredNeed } from '../../engine/types';
import { endInWords } from './inWords';
import { FAILURES, UNBEGUN, UNDER_WAY } from './memberStates';
import type { Changes } from './types';
import { UnderWay } from './UnderWay';
import type { CampaignRecord, MemberPlan, MemberRecord } from './types';
import {
  type CampaignCalendar,
  nextOpenAt,
  type Opening,
  openingAt,
} from './windows';

/** The part of a member that progress depends on. */
export interface ProgressMember extends Pick<
  MemberRecord,
  | 'campaignId'
  | 'position'
  | 'state'
  | 'stage'
  | 'attempt'
  | 'operationId'
  | 'subscriptionId'
  | 'vaultHost'
> {
  plan?: Pick<MemberPlan, 'seconds'>;
  /** Read only of members that are `waiting`, whose stage has not opened. */
  needs: MemberRecord['needs'];
}

/** Everything that progress depends on. */
export interface ProgressInput {
  campaign: CampaignRecord;
  /** Members with a stage. */
  members: readonly ProgressMember[];
  /** Ends of the operations of members that are `running`, by id. Others have not ended. */
  ends: ReadonlyMap<string, OperationEnd>;
  /** Positions that this process is starting or proving now. */
  busy: ReadonlySet<number>;
  /** Positions that this process has planned ahead: they wait for a place. */
  planned: ReadonlySet<number>;
  /** Members that could not start or be proven, with the time of the next try. */
  notBefore: ReadonlyMap<number, number>;
  calendar: CampaignCalendar;
  now: number;
  /** Time in which a stage can be approved. */
  approvalExpiresAfterMs: number;
}

/** A change of one member. */
interface MemberChange {
  member: ProgressMember;
  changes: Changes<MemberRecord>;
}

/** A record of the audit log that goes with the changes. */
export interface ProgressNote {
  event: Extract<AuditEvent, `campaign-${string}`>;
  details: Record<string, unknown>;
}

/**
 * The next moves. Either there are changes to store, after which progress is asked again, or there are members to start
 * and to prove, and a time at which to look again. Of those to start, some are only planned: no place is free.
 */
export interface Progress {
  members: MemberChange[];
  campaign?: Changes<Omit<CampaignRecord, 'id' | 'revision'>>;
  notes: ProgressNote[];
  start: ProgressMember[];
  prove: ProgressMember[];
  /** Absent when only a person or the end of an operation changes something. */
  dueAt?: number;
  /** Cause in a sentence, while the current stage waits for a time or for a setting. */
  waitingFor?: string;
}

/** Interval at which running members are looked at: the wake-up by the end of an operation may be lost. */
const POLL_MS = 10_000;

/**
 * Longest estimate of an operation whose member is planned before a place is free. Beside longer ones a place is free
 * too late for the plan.
 */
const AHEAD_SECONDS = 60;

const isUnmet = ({ needs }: ProgressMember) =>
  needs.some(({ by }) => by === undefined);
const hasEnded = ({ state }: ProgressMember) =>
  !UNBEGUN.has(state) && !UNDER_WAY.has(state);

export function progressOf(input: ProgressInput): Progress {
  return (
    endsOfOperations(input) ??
    expired(input) ??
    endOfCampaign(input) ??
    (input.campaign.state === 'running' ? running(input) : resting(input))
  );
}

const NOTHING = { members: [], notes: [], start: [], prove: [] };

/** Members whose operation has ended. */
function endsOfOperations({
  campaign,
  members,
  ends,
  now,
}: ProgressInput): Progress | undefined {
  const changes = members.flatMap((member): MemberChange[] => {
    const end =
      member.state === 'running' && member.operationId !== undefined
        ? ends.get(member.operationId)
        : undefined;
    if (!end) return [];
    const aborts = campaign.pause?.aborts === true;
    return [{ member, changes: afterEnd(member, end, { now, aborts }) }];
  });
  if (changes.length === 0) return undefined;
  return {
    ...NOTHING,
    members: changes,
    notes: changes
      .filter(({ changes: { state } }) => state === 'changed')
      .map(one => memberChanged(campaign, one)),
  };
}

/**
 * A campaign that is aborted puts no member back: its operation has ended, and nobody would start another. One that a
 * revoke has stopped is no failure of the campaign: somebody has wanted that its key is taken away.
 */
function afterEnd(
  { attempt }: ProgressMember,
  { state, code, message }: OperationEnd,
  { now, aborts }: { now: number; aborts: boolean },
): Changes<MemberRecord> {
  const ended = { message: message ?? null, endedAt: now };
  if (code === 'TARGET_BUSY' && state !== 'cancelled') {
    return { ...ended, state: 'skipped' };
  }
  switch (state) {
    case 'succeeded':
      // What it said belongs to the operation; the proof decides about the member.
      return { state: 'proving' };
    case 'unverified':
      return { ...ended, state: 'unverified' };
    case 'cancelled':
      return code === 'TARGET_BUSY' && !aborts
        ? {
            state: 'ready',
            attempt: attempt + 1,
            operationId: null,
            startedAt: null,
            message: message ?? null,
          }
        : { ...ended, state: 'skipped' };
    default:
      return code === 'PLAN_DRIFTED' && !aborts
        ? { ...ended, state: 'changed' }
        : { ...ended, state: 'failed' };
  }
}

/** The audit record of a member that its plan no longer fits. */
export function memberChanged(
  { stage }: Pick<CampaignRecord, 'stage'>,
  { member, changes }: MemberChange,
): ProgressNote {
  return {
    event: 'campaign-member-changed',
    details: { stage, position: member.position, message: changes.message },
  };
}

/** Members that nobody has approved in time. A freeze that the configuration has had since keeps them. */
function expired({
  campaign,
  members,
  calendar,
  now,
}: ProgressInput): Progress | undefined {
  const { approvalExpiresAt, stage } = campaign;
  if (approvalExpiresAt === undefined || approvalExpiresAt > now) {
    return undefined;
  }
  const silent = members.filter(
    member => member.stage === stage && member.state === 'approval',
  );
  if (silent.length === 0) return undefined;
  const opensAt = nextOpenAt(calendar, now);
  if (opensAt > now) {
    return { ...NOTHING, campaign: { approvalExpiresAt: opensAt } };
  }
  return {
    ...NOTHING,
    members: silent.map(member => ({
      member,
      changes: {
        state: 'expired',
        endedAt: now,
        message: 'Nobody approved it in time. Nothing was written',
      },
    })),
    notes: [
      {
        event: 'campaign-approvals-expired',
        details: { stage, positions: silent.map(({ position }) => position) },
      },
    ],
  };
}

/** The end of the campaign, when nothing is left to do. */
function endOfCampaign({ campaign, members, now }: ProgressInput) {
  if (!members.every(hasEnded)) return undefined;
  const state = campaign.pause?.aborts ? 'aborted' : 'ended';
  return {
    ...NOTHING,
    campaign: {
      state,
      endedAt: now,
      dueAt: null,
      soakUntil: null,
      approvalExpiresAt: null,
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
  } satisfies Progress;
}

/** A campaign that starts nothing: those that have begun are seen to their end. */
function resting(input: ProgressInput): Progress {
  const prove = provable(input);
  return {
    ...NOTHING,
    prove,
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
 * retry, those that wait for an approval already keep their time, at least.
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
  const stillAwaited = open.some(
    ({ stage, state }) => stage === next && state === 'approval',
  );
  const known = stillAwaited ? (campaign.approvalExpiresAt ?? null) : null;
  // Its time begins and ends while the calendar is open, as nobody could start what is approved before or after.
  const approvalExpiresAt =
    unapproved.length > 0
      ? nextOpenAt(calendar, nextOpenAt(calendar, now) + approvalExpiresAfterMs)
      : known;
  return {
    ...NOTHING,
    members: waiting.map(member => ({
      member,
      changes: { state: isUnmet(member) ? 'approval' : 'ready' },
    })),
    campaign: {
      stage: next,
      stageOpenedAt: now,
      soakUntil: null,
      // After a retry, the failures that it left stay accepted.
      failuresAccepted:
        next === campaign.stage ? (campaign.failuresAccepted ?? 0) : 0,
      approvalExpiresAt,
    },
    notes: [
      stageOpened({
        campaign,
        stage: next,
        unapproved,
        expiresAt: approvalExpiresAt,
      }),
    ],
  };
}

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
    },
  };
}

/** Whether more members of the current stage have failed than its rule allows. */
export function hasTooManyFailures(
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

/** Members of an open stage are proven, and started as far as strategy and calendar allow. */
function continueStage(
  input: ProgressInput,
  ofStage: readonly ProgressMember[],
): Progress {
  const { calendar, now, notBefore, busy } = input;
  const ready = ofStage.filter(
    ({ state, position }) => state === 'ready' && !busy.has(position),
  );
  const openings = openingsOf(ready, calendar, now);
  const startable = ready.filter(
    member =>
      openings.get(member)?.open &&
      (notBefore.get(member.position) ?? 0) <= now,
  );
  const closed = [...openings.values()].flatMap(one => (one.open ? [] : [one]));
  return {
    ...NOTHING,
    prove: provable(input),
    start: withinConcurrency(input, new Set(startable)),
    dueAt: earliest([
      lookAgain(input),
      // The process that starts them may die.
      openings.size > closed.length || busy.size > 0
        ? now + POLL_MS
        : undefined,
      approvalEnd(input),
      ...closed.map(({ until }) => until),
      ...ready.map(({ position }) => notBefore.get(position)),
    ]),
    waitingFor: closed[0]?.message ?? triedAgain(input, ofStage),
  };
}

/** Reason why nothing is under way although members are ready: each was tried, and is tried again. */
function triedAgain(
  { notBefore }: ProgressInput,
  ofStage: readonly ProgressMember[],
): string | undefined {
  const ready = ofStage.filter(({ state }) => state === 'ready');
  return ready.length > 0 &&
    ready.every(({ position }) => notBefore.has(position)) &&
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
      const { seconds = 0 } = member.plan ?? {};
      const known =
        byDuration.get(seconds) ?? openingAt(calendar, now, seconds * 1000);
      byDuration.set(seconds, known);
      return [member, known];
    }),
  );
}

/**
 * As many of them as may change beside those that are changing. Of those that are ready, the first have the places that
 * are free; when none takes a place now, the plans of some are made for the next places.
 */
function withinConcurrency(
  { campaign, members, busy, planned }: ProgressInput,
  startable: ReadonlySet<ProgressMember>,
): ProgressMember[] {
  const underWay = new UnderWay(
    campaign,
    members.filter(({ state }) => UNDER_WAY.has(state)),
  );
  let fillsPlaces = false;
  return members.filter(member => {
    const { state, position, plan } = member;
    const isStarting = state === 'ready' && busy.has(position);
    if (!isStarting && !startable.has(member)) return false;
    const hasRoom = underWay.hasRoomFor(member);
    fillsPlaces ||= hasRoom;
    const isPlanned = isStarting || planned.has(position);
    const starts =
      hasRoom ||
      (!fillsPlaces &&
        !isPlanned &&
        (plan?.seconds ?? 0) <= AHEAD_SECONDS &&
        underWay.hasRoomFor(member, { onlyPlan: true }));
    if (starts || isPlanned) {
      underWay.add(hasRoom ? { ...member, state: 'running' } : member);
    }
    return starts && !isStarting;
  });
}

function provable({ members, busy, notBefore, now }: ProgressInput) {
  return members.filter(
    ({ state, position }) =>
      state === 'proving' &&
      !busy.has(position) &&
      (notBefore.get(position) ?? 0) <= now,
  );
}

function lookAgain({ members, now }: ProgressInput): number | undefined {
  return members.some(({ state }) => UNDER_WAY.has(state))
    ? now + POLL_MS
    : undefined;
}

function approvalEnd({ campaign, members }: ProgressInput): number | undefined {
  return members.some(({ state }) => state === 'approval')
    ? campaign.approvalExpiresAt
    : undefined;
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
