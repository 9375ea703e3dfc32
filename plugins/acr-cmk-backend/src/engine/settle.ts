/**
 * Settling of an operation that another worker held before. A worker that was stopped in the middle may have
 * sent a write that arrives late. Until no such write can arrive, the operation keeps its locks, so that nobody
 * restores or rotates a key that the write would change again. Then everything that was written is observed
 * again.
 */
import { AzureError } from '../azure/AzureError';
import { readStep } from '../domain/steps';
import { hasWritten, inputOf, logWait, type Next, type Run } from './run';
import type { StepRecord } from './types';

/**
 * Waits while a write of a former worker may still arrive.
 *
 * @returns true when the operation has been released for that
 */
export async function waitsToSettle(
  run: Run,
  { message }: { message: string },
): Promise<boolean> {
  const { lease, operation, deps } = run;
  const { settlesAt } = operation;
  if (settlesAt === undefined || !hasWritten(operation)) return false;
  if (settlesAt <= (await deps.clock.now())) return false;
  const waitingFor = `${message}. Its former worker was lost; it ends when no write of that worker can arrive any more`;
  logWait(run, { message: waitingFor, dueAt: settlesAt });
  await deps.writes.write(lease, {
    state: 'waiting',
    waitingFor,
    dueAt: settlesAt,
    release: true,
    keepsInterruptions: true,
  });
  return true;
}

/**
 * Observes once more what was written. A step whose effect is gone is taken up again, unless the proof has begun: its
 * locks are free then, and another operation may be the one that changed it.
 *
 * @returns what is different now, as messages; or `stop` or `continue` when the operation cannot end
 */
export async function observeAgain(run: Run): Promise<string[] | Next> {
  const { operation, lease, deps } = run;
  const differences: string[] = [];
  if (operation.settlesAt === undefined) return differences;
  for (const record of operation.steps) {
    if (record.attempts === 0) continue;
    const change = await changeSince(run, record);
    if (!change) continue;
    const isTakenUp = change.undone && operation.provingSince === undefined;
    const landed = await deps.writes.write(lease, {
      ...(isTakenUp
        ? {
            state: 'running' as const,
            step: { position: record.position, state: 'running' as const },
          }
        : {}),
      audit: {
        event: 'observed-again',
        details: {
          step: record.position,
          kind: record.spec.kind,
          before: record.message,
          after: change.message,
        },
      },
    });
    if (!landed) return 'stop';
    if (isTakenUp) return 'continue';
    differences.push(change.message);
  }
  return differences;
}

/** Difference between a step that is done and Azure's present state. Undefined when there is none. */
async function changeSince(
  run: Run,
  record: StepRecord,
): Promise<{ message: string; undone?: true } | undefined> {
  const { deps } = run;
  const step = (deps.readStep ?? readStep)(record.spec);
  if (!step) return { message: 'The step was created by a newer release' };
  const now = await deps.clock.now();
  try {
    const seen = await step.observe(inputOf({ ...run, record }, { step, now }));
    if (seen.status === 'done') return undefined;
    return seen.status === 'needs-write'
      ? { message: `${step.planned.title}: its effect is gone`, undone: true }
      : { message: seen.message };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { message: error.message };
  }
}
