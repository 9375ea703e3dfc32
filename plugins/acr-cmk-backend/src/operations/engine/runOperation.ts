import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { AzurePorts } from '../../azure/ports';
import type { Clock } from '../../database/clock';
import { PreconditionUnavailable } from './PreconditionUnavailable';
import { MAX_INTERRUPTIONS, type OperationStore } from './OperationStore';
import { definitionOf } from '../../steps';
import type { StepContext, StepDefinition } from '../../steps/step';
import type {
  Lease,
  Observation,
  Checkpoint,
  OperationRecord,
  StepStatus,
  StepRecord,
} from './types';

/** What the runner needs of the rest of the house. */
export interface RunnerDeps {
  store: OperationStore;
  azure: AzurePorts;
  clock: Clock;
  /** Makes the plan again from fresh facts. Empty when nothing has changed. */
  changesSincePlan(operation: OperationRecord): Promise<FieldChange[]>;
  /** What the operation wrote to has changed: what is known of it is old now. */
  invalidate(operation: OperationRecord): Promise<void>;
}

/** How long Azure may be out of order, or refuse for a cause that passes, before a step gives up. */
const TROUBLE_WINDOW_MS = 30 * 60_000;
/** Writes whose effect stayed unknown before a step gives up. */
const MAX_ATTEMPTS = 3;
/** Wait before Azure is asked again; doubles with each trouble up to the maximum. Seconds. */
const FIRST_BACKOFF_SECONDS = 2;
const MAX_BACKOFF_SECONDS = 60;

const resetRetry = (checkpoint: Checkpoint): Checkpoint => ({
  ...checkpoint,
  retryingSince: undefined,
  retries: undefined,
});

/**
 * Carries an operation on, from wherever it stands, until it ends or has to wait.
 *
 * For each step: observe Azure; done, then the next; to do, then make sure that the lease still
 * holds and that what must be durable is, act once, and observe again. Nothing is concluded from
 * the answer to a write, because a crash may take it away: what counts is what is seen afterwards.
 * Every write to the store may find the lease lost; then another worker is on, and this one stops.
 */
export async function runOperation(
  lease: Lease,
  deps: RunnerDeps,
): Promise<void> {
  for (;;) {
    const operation = await deps.store.get(lease.operationId);
    if (!operation) return;
    if (operation.state === 'awaiting-approval') {
      await expireApproval(lease, deps);
      return;
    }
    const step = operation.steps.find(
      ({ state }) => state !== 'done' && state !== 'unchanged',
    );
    const isSpent = operation.interruptions >= MAX_INTERRUPTIONS;
    // Of the last attempt nothing is asked that can be done without: facts get old by themselves.
    const atTheEnd: RunnerDeps = isSpent
      ? {
          ...deps,
          invalidate: it => deps.invalidate(it).catch(() => undefined),
        }
      : deps;
    if (!step) {
      await succeed(lease, operation, atTheEnd);
      return;
    }
    if (isSpent) {
      await failAfterCrashes(lease, operation, step, atTheEnd);
      return;
    }
    const goOn = await runStep(lease, operation, step, deps);
    if (!goOn) return;
  }
}

/** It is due, and nobody has spoken: the answer is no. */
async function expireApproval(
  lease: Lease,
  { store }: RunnerDeps,
): Promise<void> {
  const message = 'Nobody approved it in time. Nothing was written';
  await store.write(lease, {
    state: 'rejected',
    waitingFor: null,
    approval: 'expired',
    result: { message, code: 'APPROVAL_EXPIRED' },
    audit: {
      event: 'operation-ended',
      details: { state: 'rejected', code: 'APPROVAL_EXPIRED', message },
    },
  });
}

/** @returns whether there is more to do now */
async function runStep(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
): Promise<boolean> {
  const { store, clock } = deps;
  const definition = definitionOf(step.spec);
  if (!definition) {
    return wait(lease, step, deps, {
      message: `This release does not know the step ${step.spec.kind} (version ${step.spec.version}); a newer one goes on with it`,
      seconds: MAX_BACKOFF_SECONDS,
    });
  }
  const now = await clock.now();
  const context: StepContext = {
    spec: step.spec,
    azure: deps.azure,
    outputs: operation.outputs,
    checkpoint: step.checkpoint,
    attempts: step.attempts,
    now,
    startedAt: step.startedAt ?? now,
  };
  if (step.state === 'pending') {
    const began = await store.write(lease, {
      state: 'running',
      waitingFor: null,
      ...(operation.startedAt === undefined ? { startedAt: now } : {}),
      step: { position: step.position, state: 'running', startedAt: now },
    });
    if (!began) return false;
  }

  let seen: StepStatus;
  try {
    seen = await definition.observe(context);
  } catch (error) {
    return retryOrEnd(lease, operation, step, deps, now, asAzureError(error));
  }
  const before = step.before ?? seen.observations;

  switch (seen.status) {
    case 'done': {
      const state = step.attempts > 0 || !definition.act ? 'done' : 'unchanged';
      return store.write(lease, {
        state: 'running',
        waitingFor: null,
        ...(seen.outputs
          ? { outputs: { ...operation.outputs, ...seen.outputs } }
          : {}),
        step: {
          position: step.position,
          state,
          before,
          after: seen.observations,
          message: seen.message,
          endedAt: now,
        },
        audit: {
          event: 'step-ended',
          details: {
            step: step.position,
            kind: step.spec.kind,
            state,
            before,
            after: seen.observations,
            correlationId: step.correlationId,
          },
        },
      });
    }
    case 'in-progress':
      // Azure answers again: what it had before does not count any more.
      return wait(
        lease,
        { ...step, checkpoint: resetRetry(step.checkpoint) },
        deps,
        {
          message: seen.message,
          seconds: seen.checkAgainSeconds,
          observations: { before, after: seen.observations },
        },
      );
    case 'unverified':
      await end(lease, operation, step, deps, {
        state: 'unverified',
        message: seen.message,
        observations: { before, after: seen.observations },
      });
      return false;
    case 'failed':
      await end(lease, operation, step, deps, {
        state: 'failed',
        code: seen.code,
        message: seen.message,
        observations: { before, after: seen.observations },
      });
      return false;
    case 'needs-write':
      return write(lease, operation, step, definition, context, deps, before);
    default:
      return seen satisfies never;
  }
}

/** The one place from which Azure is written to. */
async function write(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  definition: StepDefinition,
  context: StepContext,
  deps: RunnerDeps,
  before: Observation[],
): Promise<boolean> {
  const { store } = deps;
  if (!definition.act || step.attempts >= MAX_ATTEMPTS) {
    await end(lease, operation, step, deps, {
      state: 'failed',
      code: 'NO_EFFECT',
      message: `It was tried ${step.attempts} times and Azure shows no effect`,
      observations: { before, after: before },
    });
    return false;
  }
  try {
    // What people agreed to must still be what is there: asked once, before anything is written.
    if (operation.steps.every(({ attempts }) => attempts === 0)) {
      const changes = await deps.changesSincePlan(operation);
      if (changes.length > 0) {
        await end(lease, operation, step, deps, {
          state: 'failed',
          code: 'PLAN_DRIFTED',
          message: `Nothing was written, because this changed since the plan was accepted: ${changes
            .map(({ field }) => field)
            .join(', ')}. Make a new plan`,
          observations: { before, after: before },
        });
        return false;
      }
    }
    const checkpoint = definition.prepare
      ? await definition.prepare(context)
      : step.checkpoint;
    const fenced = await store.write(lease, {
      step: {
        position: step.position,
        state: 'running',
        checkpoint,
        before,
        attempts: step.attempts + 1,
      },
      audit: {
        event: 'azure-write',
        details: {
          step: step.position,
          kind: step.spec.kind,
          attempt: step.attempts + 1,
        },
      },
    });
    if (!fenced) return false;
    const receipt = await definition.act({ ...context, checkpoint });
    return await store.write(lease, {
      step: {
        position: step.position,
        correlationId: receipt.correlationId,
        checkpoint: {
          ...resetRetry(checkpoint),
          ...(receipt.operationUrl
            ? { operationUrl: receipt.operationUrl }
            : { azureSucceeded: true }),
        },
      },
    });
  } catch (error) {
    const latest = await store.get(operation.id);
    const current =
      latest?.steps.find(({ position }) => position === step.position) ?? step;
    return retryOrEnd(
      lease,
      operation,
      current,
      deps,
      context.now,
      asAzureError(error),
      definition,
    );
  }
}

/** Azure refused, failed or did not answer. Waits when that can pass, else ends the operation. */
async function retryOrEnd(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
  now: number,
  error: AzureError,
  definition?: StepDefinition,
): Promise<boolean> {
  const since = step.checkpoint.retryingSince ?? now;
  const retries = (step.checkpoint.retries ?? 0) + 1;
  const refusalPasses =
    error.effect === 'refused' &&
    definition?.passes?.(error, step.spec) === true;
  const passes =
    error.kind === 'throttled' || error.kind === 'unavailable' || refusalPasses;
  if (!passes || now - since > TROUBLE_WINDOW_MS) {
    await end(lease, operation, step, deps, {
      state: 'failed',
      code: error.code,
      message: error.message,
      correlationId: error.correlationId,
    });
    return false;
  }
  const backoff = Math.min(
    FIRST_BACKOFF_SECONDS * 2 ** (retries - 1),
    MAX_BACKOFF_SECONDS,
  );
  return wait(
    lease,
    {
      ...step,
      // A refusal had no effect, so it does not count as a write.
      attempts:
        definition && error.effect === 'refused'
          ? Math.max(step.attempts - 1, 0)
          : step.attempts,
      checkpoint: { ...step.checkpoint, retryingSince: since, retries },
    },
    deps,
    {
      message:
        error.kind === 'throttled'
          ? `Azure is throttling: ${error.message}`
          : error.message,
      seconds: error.retryAfterSeconds ?? backoff,
    },
  );
}

/** Lets the operation go until its due time: no worker is held meanwhile. */
async function wait(
  lease: Lease,
  step: StepRecord,
  { store, clock }: RunnerDeps,
  until: {
    message: string;
    seconds: number;
    observations?: { before: Observation[]; after: Observation[] };
  },
): Promise<boolean> {
  const now = await clock.now();
  await store.write(lease, {
    state: 'waiting',
    waitingFor: until.message,
    dueAt: now + until.seconds * 1000,
    release: true,
    step: {
      position: step.position,
      state: 'waiting',
      checkpoint: step.checkpoint,
      attempts: step.attempts,
      message: until.message,
      ...until.observations,
    },
  });
  return false;
}

async function end(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
  how: {
    state: 'failed' | 'unverified';
    message: string;
    code?: string;
    correlationId?: string;
    observations?: { before: Observation[]; after: Observation[] };
  },
): Promise<void> {
  const done = operation.steps.filter(({ state }) => state === 'done');
  const message =
    done.length === 0
      ? how.message
      : `${how.message}. Done before that: ${done
          .map(one => one.message ?? one.spec.kind)
          .join('; ')}`;
  const now = await deps.clock.now();
  // Before the end is told: who reads on hearing of it must not get the old picture.
  await deps.invalidate(operation);
  await deps.store.write(lease, {
    state: how.state,
    waitingFor: null,
    result: {
      message,
      code: how.code,
      correlationId: how.correlationId ?? step.correlationId,
    },
    step: {
      position: step.position,
      state: 'failed',
      message: how.message,
      endedAt: now,
      ...how.observations,
    },
    audit: {
      event: 'operation-ended',
      details: { state: how.state, code: how.code, message },
    },
  });
}

async function succeed(
  lease: Lease,
  operation: OperationRecord,
  deps: RunnerDeps,
): Promise<void> {
  const last = operation.steps[operation.steps.length - 1];
  const message = last?.message ?? 'Everything was as wanted already';
  // Before the end is told: who reads on hearing of it must not get the old picture.
  await deps.invalidate(operation);
  await deps.store.write(lease, {
    state: 'succeeded',
    waitingFor: null,
    result: { message },
    audit: {
      event: 'operation-ended',
      details: { state: 'succeeded', message },
    },
  });
}

/** Faults of ours, again and again at the same place: trying once more helps nobody. */
async function failAfterCrashes(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
): Promise<void> {
  await end(lease, operation, step, deps, {
    state: 'failed',
    code: 'INTERNAL',
    message: `A fault of this plugin interrupted it ${operation.interruptions} times in a row, so it was given up. The log of the backend says why, under the operation ${operation.id}. Observation at what Azure shows now, and make a new plan for what is missing`,
  });
}

/** Only Azure's trouble is handled here; any other error is a fault of ours and ends the run. */
function asAzureError(error: unknown): AzureError {
  if (error instanceof AzureError) return error;
  if (error instanceof PreconditionUnavailable) {
    return new AzureError(
      { kind: 'unavailable', code: error.code, message: error.message },
      { effect: 'refused', advice: 'later' },
    );
  }
  throw error;
}
