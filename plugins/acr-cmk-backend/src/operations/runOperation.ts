import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { AzurePorts } from '../azure/ports';
import type { Clock } from '../database/clock';
import { CannotTellYet } from './CannotTellYet';
import { MAX_INTERRUPTIONS, type OperationStore } from './OperationStore';
import { definitionOf } from './steps';
import type { StepContext, StepDefinition } from './steps/step';
import type {
  Lease,
  Look,
  Memo,
  OperationRecord,
  Sight,
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
  touched(operation: OperationRecord): Promise<void>;
}

/** How long Azure may be out of order, or refuse for a cause that passes, before a step gives up. */
const TROUBLE_WINDOW_MS = 30 * 60_000;
/** Writes whose effect stayed unknown before a step gives up. */
const MAX_ATTEMPTS = 3;
/** Wait before Azure is asked again; doubles with each trouble up to the maximum. Seconds. */
const FIRST_BACKOFF_SECONDS = 2;
const MAX_BACKOFF_SECONDS = 60;

const calm = (memo: Memo): Memo => ({
  ...memo,
  troubleSince: undefined,
  troubles: undefined,
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
      await lapse(lease, deps);
      return;
    }
    const step = operation.steps.find(
      ({ state }) => state !== 'done' && state !== 'unchanged',
    );
    const isSpent = operation.interruptions >= MAX_INTERRUPTIONS;
    // Of the last attempt nothing is asked that can be done without: facts get old by themselves.
    const atTheEnd: RunnerDeps = isSpent
      ? { ...deps, touched: it => deps.touched(it).catch(() => undefined) }
      : deps;
    if (!step) {
      await succeed(lease, operation, atTheEnd);
      return;
    }
    if (isSpent) {
      await giveUp(lease, operation, step, atTheEnd);
      return;
    }
    const goOn = await runStep(lease, operation, step, deps);
    if (!goOn) return;
  }
}

/** It is due, and nobody has spoken: the answer is no. */
async function lapse(lease: Lease, { store }: RunnerDeps): Promise<void> {
  const sentence = 'Nobody approved it in time. Nothing was written';
  await store.write(lease, {
    state: 'rejected',
    waitingFor: null,
    approval: 'lapsed',
    result: { sentence, code: 'APPROVAL_LAPSED' },
    audit: {
      event: 'operation-ended',
      details: { state: 'rejected', code: 'APPROVAL_LAPSED', sentence },
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
      sentence: `This release does not know the step ${step.spec.kind} (version ${step.spec.version}); a newer one goes on with it`,
      seconds: MAX_BACKOFF_SECONDS,
    });
  }
  const now = await clock.now();
  const context: StepContext = {
    spec: step.spec,
    azure: deps.azure,
    shared: operation.shared,
    memo: step.memo,
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

  let sight: Sight;
  try {
    sight = await definition.observe(context);
  } catch (error) {
    return trouble(lease, operation, step, deps, now, asAzureError(error));
  }
  const before = step.before ?? sight.looks;

  switch (sight.is) {
    case 'done': {
      const state = step.attempts > 0 || !definition.act ? 'done' : 'unchanged';
      return store.write(lease, {
        state: 'running',
        waitingFor: null,
        ...(sight.shared
          ? { shared: { ...operation.shared, ...sight.shared } }
          : {}),
        step: {
          position: step.position,
          state,
          before,
          after: sight.looks,
          sentence: sight.sentence,
          endedAt: now,
        },
        audit: {
          event: 'step-ended',
          details: {
            step: step.position,
            kind: step.spec.kind,
            state,
            before,
            after: sight.looks,
            correlationId: step.correlationId,
          },
        },
      });
    }
    case 'not-yet':
      // Azure answers again: what it had before does not count any more.
      return wait(lease, { ...step, memo: calm(step.memo) }, deps, {
        sentence: sight.sentence,
        seconds: sight.lookAgainSeconds,
        looks: { before, after: sight.looks },
      });
    case 'unconfirmed':
      await end(lease, operation, step, deps, {
        state: 'unverified',
        sentence: sight.sentence,
        looks: { before, after: sight.looks },
      });
      return false;
    case 'hopeless':
      await end(lease, operation, step, deps, {
        state: 'failed',
        code: sight.code,
        sentence: sight.sentence,
        looks: { before, after: sight.looks },
      });
      return false;
    case 'to-do':
      return write(lease, operation, step, definition, context, deps, before);
    default:
      return sight satisfies never;
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
  before: Look[],
): Promise<boolean> {
  const { store } = deps;
  if (!definition.act || step.attempts >= MAX_ATTEMPTS) {
    await end(lease, operation, step, deps, {
      state: 'failed',
      code: 'NO_EFFECT',
      sentence: `It was tried ${step.attempts} times and Azure shows no effect`,
      looks: { before, after: before },
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
          sentence: `Nothing was written, because this changed since the plan was accepted: ${changes
            .map(({ field }) => field)
            .join(', ')}. Make a new plan`,
          looks: { before, after: before },
        });
        return false;
      }
    }
    const memo = definition.prepare
      ? await definition.prepare(context)
      : step.memo;
    const fenced = await store.write(lease, {
      step: {
        position: step.position,
        state: 'running',
        memo,
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
    const receipt = await definition.act({ ...context, memo });
    return await store.write(lease, {
      step: {
        position: step.position,
        correlationId: receipt.correlationId,
        memo: {
          ...calm(memo),
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
    return trouble(
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
async function trouble(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
  now: number,
  error: AzureError,
  definition?: StepDefinition,
): Promise<boolean> {
  const since = step.memo.troubleSince ?? now;
  const troubles = (step.memo.troubles ?? 0) + 1;
  const refusalPasses =
    error.effect === 'refused' &&
    definition?.passes?.(error, step.spec) === true;
  const passes =
    error.kind === 'throttled' || error.kind === 'unavailable' || refusalPasses;
  if (!passes || now - since > TROUBLE_WINDOW_MS) {
    await end(lease, operation, step, deps, {
      state: 'failed',
      code: error.code,
      sentence: error.message,
      correlationId: error.correlationId,
    });
    return false;
  }
  const backoff = Math.min(
    FIRST_BACKOFF_SECONDS * 2 ** (troubles - 1),
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
      memo: { ...step.memo, troubleSince: since, troubles },
    },
    deps,
    {
      sentence:
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
    sentence: string;
    seconds: number;
    looks?: { before: Look[]; after: Look[] };
  },
): Promise<boolean> {
  const now = await clock.now();
  await store.write(lease, {
    state: 'waiting',
    waitingFor: until.sentence,
    dueAt: now + until.seconds * 1000,
    release: true,
    step: {
      position: step.position,
      state: 'waiting',
      memo: step.memo,
      attempts: step.attempts,
      sentence: until.sentence,
      ...until.looks,
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
    sentence: string;
    code?: string;
    correlationId?: string;
    looks?: { before: Look[]; after: Look[] };
  },
): Promise<void> {
  const done = operation.steps.filter(({ state }) => state === 'done');
  const sentence =
    done.length === 0
      ? how.sentence
      : `${how.sentence}. Done before that: ${done
          .map(one => one.sentence ?? one.spec.kind)
          .join('; ')}`;
  const now = await deps.clock.now();
  // Before the end is told: who reads on hearing of it must not get the old picture.
  await deps.touched(operation);
  await deps.store.write(lease, {
    state: how.state,
    waitingFor: null,
    result: {
      sentence,
      code: how.code,
      correlationId: how.correlationId ?? step.correlationId,
    },
    step: {
      position: step.position,
      state: 'failed',
      sentence: how.sentence,
      endedAt: now,
      ...how.looks,
    },
    audit: {
      event: 'operation-ended',
      details: { state: how.state, code: how.code, sentence },
    },
  });
}

async function succeed(
  lease: Lease,
  operation: OperationRecord,
  deps: RunnerDeps,
): Promise<void> {
  const last = operation.steps[operation.steps.length - 1];
  const sentence = last?.sentence ?? 'Everything was as wanted already';
  // Before the end is told: who reads on hearing of it must not get the old picture.
  await deps.touched(operation);
  await deps.store.write(lease, {
    state: 'succeeded',
    waitingFor: null,
    result: { sentence },
    audit: {
      event: 'operation-ended',
      details: { state: 'succeeded', sentence },
    },
  });
}

/** Faults of ours, again and again at the same place: trying once more helps nobody. */
async function giveUp(
  lease: Lease,
  operation: OperationRecord,
  step: StepRecord,
  deps: RunnerDeps,
): Promise<void> {
  await end(lease, operation, step, deps, {
    state: 'failed',
    code: 'INTERNAL',
    sentence: `A fault of this plugin interrupted it ${operation.interruptions} times in a row, so it was given up. The log of the backend says why, under the operation ${operation.id}. Look at what Azure shows now, and make a new plan for what is missing`,
  });
}

/** Only Azure's trouble is handled here; any other error is a fault of ours and ends the run. */
function asAzureError(error: unknown): AzureError {
  if (error instanceof AzureError) return error;
  if (error instanceof CannotTellYet) {
    return new AzureError(
      { kind: 'unavailable', code: error.code, message: error.message },
      { effect: 'refused', advice: 'later' },
    );
  }
  throw error;
}
