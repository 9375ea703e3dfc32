/** Ways in which a worker releases an operation: until later, or for good. */
import { describeStep } from '../domain/steps';
import type { Observation } from '../domain/steps/step';
import { firstPulls } from './pulls';
import { logWait, type Next, type Run, type StepRun } from './run';
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
  },
): Promise<Next> {
  if (await waitsToSettle(run, how)) return 'stop';
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
          )}. Check what Azure shows`,
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
  const message = [reached, ...differences].join('. Observed again: ');
  const pulls = firstPulls(operation, await deps.clock.now());
  // Invalidate first, so that readers who are notified of the end see fresh facts.
  await deps.invalidate(operation);
  await deps.writes.write(lease, {
    state: 'succeeded',
    waitingFor: null,
    result: { message },
    ...(pulls && { pulls }),
    audit: {
      event: 'operation-ended',
      details: { state: 'succeeded', message },
    },
  });
  return 'stop';
}

/** The approval has expired. */
export async function expireApproval({ lease, deps }: Run): Promise<Next> {
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
