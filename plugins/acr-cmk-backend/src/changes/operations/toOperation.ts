import type {
  Operation,
  OperationOffer,
  Pulls,
} from 'backstage-plugin-acr-cmk-common';
import {
  messageOf,
  presentNeed,
  presentPlan,
  type Reader,
  shownIn,
} from '../plans/toPlan';
import { describeStep } from '../../domain/steps';
import { isoTime } from '../../platform/database/clock';
import type { OperationRecord, PullWatch } from '../../engine/types';
import { evidenceOf } from './evidenceOf';
import { typedByApprover } from './typedName';

/** An operation as the API shows it, with what its reader may do with it. */
export function toOperation(
  record: OperationRecord,
  actions: OperationOffer[],
  reader: Reader,
): Operation {
  const plan = presentPlan(record.plan, reader);
  const shown = shownIn(plan, reader.approvers);
  // Approvals that were given meanwhile are not asked for.
  const unmet =
    record.approval?.state === 'pending' &&
    record.approval.needs.filter(({ by }) => by === undefined);
  const typedName = typedByApprover(record);
  const time = (at: number | undefined) =>
    at === undefined ? undefined : isoTime(at);
  return {
    id: record.id,
    revision: record.revision,
    state: record.state,
    intent: record.intent,
    entityRef: record.entityRef,
    registryId: record.plan.registryId,
    registryName: record.plan.registryName,
    plan: unmet
      ? {
          ...plan,
          approval: { ...plan.approval, message: messageOf(unmet, shown) },
        }
      : plan,
    reason: record.reason,
    requestedBy: record.requestedBy,
    ...(record.origin === 'timer' && { automatic: true }),
    ...(record.campaignId !== undefined && { campaignId: record.campaignId }),
    approval: record.approval && {
      state: record.approval.state,
      needs: record.approval.needs.map(({ standing, ...need }) => ({
        ...presentNeed({ ...need, at: undefined }, shown),
        at: time(need.at),
      })),
      ...(typedName !== undefined && { typedName }),
      by: record.approval.by,
      at: time(record.approval.at),
      expiresAt:
        record.approval.state === 'pending'
          ? time(record.approval.expiresAt)
          : undefined,
    },
    beginsAt: time(record.beginsAt),
    restoresAt: time(record.restoresAt),
    ...(isRestoreOverdue(record) && { restoreOverdue: true }),
    confirmedBy: record.confirmedBy,
    pulls: record.pulls && toPulls(record.pulls),
    actions,
    createdAt: isoTime(record.createdAt),
    startedAt: time(record.startedAt),
    endedAt: time(record.endedAt),
    waiting: waitingOf(record),
    result: record.result ?? null,
    steps: record.steps.map(step => ({
      index: step.position,
      ...describeStep(step.spec),
      state: step.state,
      attempts: step.attempts,
      startedAt: time(step.startedAt),
      endedAt: time(step.endedAt),
      evidence: evidenceOf(step),
      correlationId: step.correlationId,
      message: step.message,
    })),
  };
}

/** Whether the time of the automatic restore of a revoke has passed, and the timer tries again. */
export function isRestoreOverdue({
  endedAt,
  restoreAfterMinutes,
  restoresAt,
}: OperationRecord): boolean {
  return (
    endedAt !== undefined &&
    restoreAfterMinutes !== undefined &&
    restoresAt !== undefined &&
    restoresAt > endedAt + restoreAfterMinutes * 60_000
  );
}

/** API form of a watch of pulls. */
export function toPulls({
  wanted,
  state,
  reason,
  since,
  last,
  checkedAt,
  until,
}: PullWatch): Pulls {
  return {
    wanted,
    state,
    until: isoTime(until),
    ...(reason && { reason }),
    ...(since !== undefined && { since: isoTime(since) }),
    ...(last && {
      how: last.how,
      status: last.status,
      ...(last.regions && { regions: last.regions }),
    }),
    ...(checkedAt !== undefined && { checkedAt: isoTime(checkedAt) }),
  };
}

function waitingOf({
  silence,
  waitingFor,
  dueAt,
}: OperationRecord): Operation['waiting'] {
  if (dueAt === undefined) return undefined;
  if (silence) {
    return {
      message: 'Its worker was lost. Another one takes over',
      until: isoTime(silence.until),
    };
  }
  return (
    (waitingFor && { message: waitingFor, until: isoTime(dueAt) }) || undefined
  );
}
