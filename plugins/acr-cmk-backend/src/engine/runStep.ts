import { assertNever, type FieldChange } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import { writesEndBy } from '../azure/transport/call';
import { fieldChangesInWords } from '../domain/plan/fingerprint';
import { turnOfEventLoop } from '../platform/time/yieldToEventLoop';
import { readStep } from '../domain/steps';
import type { Step, StepInput, StepStatus } from '../domain/steps/step';
import { end, type Observations, wait, writesInWords } from './endings';
import {
  nextTry,
  PARKED_SECONDS,
  type RetryState,
  type Setback,
  setbackAfterWrite,
  setbackOf,
  withoutRetries,
} from './retry';
import { hasWritten, ifLanded, inputOf, type Next, type StepRun } from './run';
import type { FindingIds, StepRecord } from './types';

/** Right after a grant. */
const SPREADING =
  'Waiting until the new access is known everywhere at Azure: a role assignment takes up to ten minutes (documented)';

/** A step with what it is given now. */
interface Working {
  step: Step;
  input: StepInput;
}

/** Observes a step once, and does what follows from it. */
export async function runStep(run: StepRun): Promise<Next> {
  const { record, deps } = run;
  const step = (deps.readStep ?? readStep)(record.spec);
  if (!step) {
    return wait(run, {
      message: `Step ${record.spec.kind} (v${record.spec.version}) was created by a newer release. A backend of that release will continue it.`,
      seconds: PARKED_SECONDS,
    });
  }
  const now = await deps.clock.now();
  if (record.state === 'pending' && !(await begin(run, now))) return 'stop';
  const input = inputOf(run, { step, now });
  let seen: StepStatus;
  try {
    seen = await step.observe(input);
  } catch (error) {
    return retryOrEnd(run, { step, input }, readSetback(run, error));
  }
  // Answers of Azure come together: what follows each of them is a dozen statements, and people wait meanwhile.
  await turnOfEventLoop();
  const observations = {
    before: record.before ?? seen.observations,
    after: seen.observations,
  };
  switch (seen.status) {
    case 'done':
      return finish(run, { step, seen, observations, now });
    case 'in-progress':
      return wait(
        {
          ...run,
          record: {
            ...record,
            checkpoint: afterAnswer(
              record,
              now + seen.checkAgainSeconds * 1000,
            ),
          },
        },
        {
          message: seen.message,
          seconds: seen.checkAgainSeconds,
          observations,
        },
      );
    case 'unverified':
      return end(run, {
        state: 'unverified',
        message: seen.message,
        observations,
      });
    case 'failed':
      return end(run, {
        state: 'failed',
        code: seen.code,
        message: seen.message,
        observations,
      });
    case 'needs-write':
      return write(run, { step, input, observations });
    default:
      return assertNever(seen);
  }
}

/**
 * Azure answers again: earlier failures do not count any more. A write that had to be repeated does, and so
 * does the time in which Azure is at it.
 *
 * @param until - time of the next call to Azure. Epoch milliseconds
 */
function afterAnswer({ attempts, checkpoint }: StepRecord, until: number) {
  return attempts > 1
    ? { ...checkpoint, nextTryAt: until }
    : withoutRetries(checkpoint);
}

async function begin(
  { lease, operation, record, deps }: StepRun,
  now: number,
): Promise<boolean> {
  return deps.writes.write(lease, {
    state: 'running',
    waitingFor: null,
    ...(operation.startedAt === undefined ? { startedAt: now } : {}),
    step: { position: record.position, state: 'running', startedAt: now },
  });
}

async function finish(
  { lease, operation, record, deps }: StepRun,
  of: {
    step: Step;
    seen: Extract<StepStatus, { status: 'done' }>;
    observations: Observations;
    now: number;
  },
): Promise<Next> {
  const { seen, observations } = of;
  const wrote = record.attempts > 0;
  const state = wrote || !of.step.act ? 'done' : 'unchanged';
  const landed = await deps.writes.write(lease, {
    state: 'running',
    waitingFor: null,
    ...(seen.outputs
      ? { outputs: { ...operation.outputs, ...seen.outputs } }
      : {}),
    step: {
      position: record.position,
      state,
      ...observations,
      message: seen.message,
      endedAt: of.now,
    },
    audit: {
      event: 'step-ended',
      details: {
        step: record.position,
        kind: record.spec.kind,
        state,
        ...observations,
        correlationId: record.correlationId,
      },
    },
  });
  return ifLanded(landed);
}

/** An effect that was found may be one of this operation, from before a failover of the database. */
const nothingWritten = ({ operation }: StepRun) =>
  operation.steps.some(({ state }) => state === 'unchanged')
    ? 'Nothing more was written'
    : 'Nothing was written';

function changedInWords(run: StepRun, changes: readonly FieldChange[]): string {
  const words = fieldChangesInWords(changes);
  return run.operation.campaignId === undefined
    ? `${nothingWritten(run)}, because this changed since the plan was accepted: ${words}. Create a new plan`
    : `${nothingWritten(run)}, because this changed since the preview: ${words}`;
}

/** The one place from which Azure is written to. */
async function write(
  run: StepRun,
  { step, input, observations }: Working & { observations: Observations },
): Promise<Next> {
  const { lease, record, deps } = run;
  if (!step.act) throw new Error(`A step that only reads wants to write`);
  const { observedAfter = 0 } = record.checkpoint;
  if (record.attempts > observedAfter) {
    return awaitEffect(run, { step, input, observations });
  }

  let checkpoint: RetryState & StepInput['checkpoint'];
  let findings: FindingIds | undefined;
  try {
    const changes = await changesBeforeFirstWrite(run);
    if (changes.length > 0) {
      return await end(run, {
        state: 'failed',
        code: 'PLAN_DRIFTED',
        message: changedInWords(run, changes),
        observations,
      });
    }
    findings = hasWritten(run.operation)
      ? undefined
      : await deps.findingsBefore?.(run.operation);
    checkpoint = { ...(await step.prepare(input)), wroteAt: input.now };
  } catch (error) {
    return retryOrEnd(run, { step, input }, readSetback(run, error));
  }

  const attempts = record.attempts + 1;
  const fenced = await deps.writes.write(lease, {
    findings,
    step: {
      position: record.position,
      state: 'running',
      checkpoint,
      before: observations.before,
      attempts,
    },
    audit: {
      event: 'azure-write',
      details: {
        step: record.position,
        kind: record.spec.kind,
        attempt: attempts,
      },
    },
  });
  if (!fenced || !(await enoughOfLease(run))) return 'stop';

  let receipt;
  try {
    receipt = await writesEndBy(lease.validUntil, () =>
      step.act!({ ...input, checkpoint }),
    );
  } catch (error) {
    // A refusal had no effect, so it does not count as a write.
    const refused = error instanceof AzureError && error.effect === 'refused';
    if (!refused && !(await deps.leases.renew(lease))) {
      return reportLateWrite(run, { step, input });
    }
    // Nor does what was noted for it: what others make until the next try is not ours.
    const counted = refused
      ? { attempts: record.attempts, checkpoint: record.checkpoint }
      : { attempts, checkpoint };
    return retryOrEnd(
      { ...run, record: { ...record, ...counted } },
      { step, input },
      { ...setbackOf(error), hasTried: true },
    );
  }
  const landed = await deps.writes.write(lease, {
    step: {
      position: record.position,
      correlationId: receipt.correlationId,
      checkpoint: {
        ...checkpoint,
        ...(receipt.operationUrl
          ? { operationUrl: receipt.operationUrl }
          : { azureSucceeded: true }),
      },
    },
  });
  return landed ? 'continue' : reportLateWrite(run, { step, input });
}

/**
 * The answer of the database to the fence may have taken long. What is left of the lease must be
 * enough for a call; if it is not, the lease is renewed.
 *
 * @returns false when the lease is lost
 */
async function enoughOfLease({ lease, deps }: StepRun): Promise<boolean> {
  const left = lease.validUntil - deps.azure.monotonic();
  return left >= deps.azure.callLimitMs || deps.leases.renew(lease);
}

/**
 * Reports a write that was sent although the lease is lost: this process was stopped between the two. The
 * worker that has the operation or the registry must learn of it: its observations may be outdated.
 */
async function reportLateWrite(
  { operation, record, deps }: StepRun,
  { step, input }: Working,
): Promise<Next> {
  const seen = await step.observe(input).catch(() => undefined);
  await deps.writes.lateWrite(operation.id, {
    step: record.position,
    kind: record.spec.kind,
    target: step.planned.target,
    seen: seen?.observations,
    message:
      'This write may have reached Azure after another worker had taken the operation. Compare what Azure shows now with what was wanted last',
  });
  await deps.invalidate(operation);
  return 'stop';
}

/** Finds changes since people agreed to the plan. After the first write nothing is checked. */
async function changesBeforeFirstWrite({
  operation,
  deps,
}: StepRun): Promise<FieldChange[]> {
  return hasWritten(operation) ? [] : deps.changesSincePlan(operation);
}

/**
 * The last write may have had no effect, or it does not show yet. Azure is given time before another
 * write: as long as for any other failure, and however many writes that takes.
 */
async function awaitEffect(
  run: StepRun,
  { step, input, observations }: Working & { observations: Observations },
): Promise<Next> {
  const { record } = run;
  const again = nextTry(
    { retry: { kind: 'later' } },
    {
      expectsFreshAccess: step.expectsFreshAccess,
      state: record.checkpoint,
      now: input.now,
    },
  );
  if (!again) {
    return end(run, {
      state: 'failed',
      code: 'NO_EFFECT',
      message: `It was sent ${record.attempts} times, and Azure shows no effect`,
      observations,
    });
  }
  const checkpoint = {
    ...record.checkpoint,
    ...again.state,
    observedAfter: record.attempts,
  };
  return wait(
    { ...run, record: { ...record, checkpoint } },
    {
      message: `Azure does not show the effect of the write yet (sent ${record.attempts} times)`,
      seconds: again.seconds,
      observations,
    },
  );
}

/** Cause of a failed read, depending on whether the operation has written before it. */
function readSetback({ operation, deps }: StepRun, error: unknown): Setback {
  if (!hasWritten(operation)) return setbackOf(error);
  const changesAccess = operation.steps.some(({ spec }) =>
    (deps.readStep ?? readStep)(spec)?.effects.some(
      ({ does }) => does === 'grant' || does === 'remove-access',
    ),
  );
  return setbackAfterWrite(error, { changesAccess });
}

/** Waits when another try may work, else ends the operation. */
async function retryOrEnd(
  run: StepRun,
  { step, input }: Working,
  setback: Setback,
): Promise<Next> {
  const { record } = run;
  const { retry, code, message, correlationId, hasTried } = setback;
  const again = nextTry(setback, {
    expectsFreshAccess: step.expectsFreshAccess,
    state: record.checkpoint,
    now: input.now,
  });
  if (!again) {
    return end(run, {
      state: 'failed',
      code,
      message,
      correlationId,
      hasTried,
      isOutage: retry.kind === 'later' && code !== 'PLAN_UNDECIDED',
    });
  }
  const checkpoint = { ...record.checkpoint, ...again.state };
  return wait(
    { ...run, record: { ...record, checkpoint } },
    {
      message: [
        // What Azure says meanwhile sounds like a failure, and is none.
        retry.kind === 'when-access-spreads' ? SPREADING : message,
        // A reader should know at once what was written.
        ...writesInWords(run),
      ].join('. '),
      seconds: again.seconds,
    },
  );
}
