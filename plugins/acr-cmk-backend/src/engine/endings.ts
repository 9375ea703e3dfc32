/** Ways in which a worker releases an operation: until later, or for good. */
import { describeStep } from '../domain/steps';
import type { Observation } from '../domain/steps/step';
import { firstPulls } from './pulls';
import { logWait, type Next, type Run, type StepRun } from './run';
import { prove } from './prove';
import { observeAgain, waitsToSettle } from './settle';

/** Observations of a step before its write, and now. */
export interface Observations {
  before: Observation[];
  after: Observation[];
}

/** Lets the operation go until its due time: no worker is held meanwhile. */
export async function wait(
  run: StepRun,
  until: { message: string; seconds: number; observations?: Observations },
): Promise<Next> {
  const { lease, record, deps } = run;
  const dueAt = (await deps.clock.now()) + until.seconds * 1000;
  logWait(run, { message: until.message, dueAt });
  await deps.writes.write(lease, {
    state: 'waiting',
    waitingFor: until.message,
    dueAt,
    release: true,
    step: {
      position: record.position,
      state: 'waiting',
      checkpoint: record.checkpoint,
      attempts: record.attempts,
      message: until.message,
      ...until.observations,
    },
  });
  return 'stop';
}

/** Azure ends its sentences with a full stop; ours that follow begin with one. */
const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');

/** Ends the operation at a step, and names every write that was made. */
export async function end(
  run: StepRun,
  how: {
    state: 'failed' | 'unverified';
    message: string;
    code?: string;
    correlationId?: string;
    observations?: Observations;
    /** A write was tried, and refused. */
    hasTried?: true;
    /** Azure or the catalog did not answer for long. */
    isOutage?: boolean;
  },
): Promise<Next> {
  if (await waitsToSettle(run, how)) return 'stop';
  const isUntouched =
    run.operation.campaignId !== undefined &&
    !run.operation.steps.some(({ attempts }) => attempts > 0) &&
    run.record.attempts === 0 &&
    !how.hasTried;
  if (isUntouched) return putBack(run, how);
  const { lease, operation, record, deps } = run;
  const message = [withoutStop(how.message), ...writesInWords(run)].join('. ');
  const now = await deps.clock.now();
  // Invalidate first, so that readers who are notified of the end see fresh facts.
  await deps.invalidate(operation);
  await deps.writes.write(lease, {
    state: how.state,
    waitingFor: null,
    result: {
      message,
      code: how.code,
      correlationId: how.correlationId ?? record.correlationId,
    },
    step: {
      position: record.position,
      state: 'failed',
      message: how.message,
      attempts: record.attempts,
      endedAt: now,
      ...how.observations,
    },
    audit: {
      event: 'operation-ended',
      details: { state: how.state, code: how.code, message },
    },
  });
  return 'stop';
}

/**
 * An operation of a campaign that has tried no write goes back to the campaign. After an outage the campaign releases it
 * again; otherwise a person has to look.
 */
async function putBack(
  { lease, operation, deps }: Run,
  { message, code, isOutage }: Parameters<typeof end>[1],
): Promise<Next> {
  if (isOutage) {
    await deps.writes.write(lease, {
      state: 'held',
      waitingFor: `Waits, because it cannot be checked now: ${message}`,
    });
    return 'stop';
  }
  const { campaignId, stage, requestedBy } = operation;
  await deps.writes.write(lease, {
    state: 'held',
    waitingFor: null,
    result: { message, code },
    audit: {
      event: 'campaign-member-changed',
      details: { campaignId, stage, onBehalfOf: requestedBy, code, message },
    },
  });
  return 'stop';
}

/** Describes the writes that are done, and those that were sent without a proof of their effect. */
export function writesInWords({ operation, record }: StepRun): string[] {
  const done = operation.steps
    .filter(({ state, spec }) => state === 'done' && describeStep(spec).writes)
    .map(step => step.message ?? step.spec.kind);
  const sent = operation.steps
    .map(step => (step.position === record.position ? record : step))
    .filter(({ state, attempts }) => attempts > 0 && state !== 'done')
    .map(({ spec, attempts }) => `${describeStep(spec).title} (${attempts}×)`);
  return [
    ...(done.length > 0 ? [`Completed before that: ${done.join('; ')}`] : []),
    ...(sent.length > 0
      ? [
          `Sent to Azure, effect not confirmed: ${sent.join(
            '; ',
          )}. Refresh the Encryption tab to see whether it took effect`,
        ]
      : []),
  ];
}

/** Every step is done, or needed no change. */
export async function succeed(run: Run): Promise<Next> {
  const { lease, operation, deps } = run;
  const reached = operation.steps.at(-1)?.message ?? 'No change was needed';
  if (await waitsToSettle(run, { message: reached })) return 'stop';
  const differences = await observeAgain(run);
  if (!Array.isArray(differences)) return differences;
  const proof = await prove(run);
  if (typeof proof === 'string') return proof;
  const { problem } = proof;
  const state = problem === undefined ? 'succeeded' : 'unverified';
  const message =
    problem ?? [reached, ...differences].join('. Observed again: ');
  const pulls = firstPulls(operation, await deps.clock.now());
  // Invalidate first, so that readers who are notified of the end see fresh facts.
  if (operation.provingSince === undefined) await deps.invalidate(operation);
  await deps.writes.write(lease, {
    state,
    waitingFor: null,
    result: { message },
    ...(pulls && { pulls }),
    audit: { event: 'operation-ended', details: { state, message } },
  });
  return 'stop';
}

/** The approval has expired. That of a campaign's operation is waited for until the campaign's calendar is open. */
export async function expireApproval({
  lease,
  operation,
  deps,
}: Run): Promise<Next> {
  const now = await deps.clock.now();
  const until =
    operation.campaignId === undefined
      ? now
      : (deps.awaitsApprovalUntil?.(now) ?? now);
  if (until > now) {
    await deps.writes.write(lease, {
      dueAt: until,
      approvalExpiresAt: until,
      release: true,
    });
    return 'stop';
  }
  const code = 'APPROVAL_EXPIRED';
  const message = 'Nobody approved it in time. Nothing was written';
  await deps.writes.write(lease, {
    state: 'rejected',
    waitingFor: null,
    approval: 'expired',
    result: { message, code },
    audit: {
      event: 'operation-ended',
      details: { state: 'rejected', code, message },
    },
  });
  return 'stop';
}

/** Faults of ours, or ended processes, again and again at the same place: another try helps nobody. */
export async function failAfterInterruptions(run: StepRun): Promise<Next> {
  const { id, interruptions } = run.operation;
  return end(run, {
    state: 'failed',
    code: 'INTERNAL',
    message: `Stopped after ${interruptions} interruptions in a row. The log of the backend says why, under the operation ${id}. Check what Azure shows now, and create a new plan for what is missing`,
  });
}
