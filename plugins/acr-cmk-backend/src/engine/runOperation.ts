import { expireApproval, failAfterInterruptions, succeed } from './endings';
import { MAX_INTERRUPTIONS } from './Leases';
import type { Next, Run, RunnerDeps } from './run';
import { runStep } from './runStep';
import type { Lease } from './types';

/**
 * Carries an operation on, from wherever it stands, until it ends or has to wait.
 *
 * For each step: observe Azure. Done: the next one. Needs a write: make sure that the lease still
 * holds and that what must be durable is, write once, and observe again. Nothing is concluded from
 * the answer to a write, because a crash may take it away: what counts is what is seen afterwards.
 * Every write to the database may find the lease lost; then another worker has the operation, and this
 * one stops.
 */
export async function runOperation(
  lease: Lease,
  deps: RunnerDeps,
): Promise<void> {
  let next: Next = 'continue';
  while (next === 'continue') {
    const operation = await deps.operations.get(lease.operationId);
    next = operation ? await turn({ lease, operation, deps }) : 'stop';
  }
}

async function turn(run: Run): Promise<Next> {
  const { operation } = run;
  // It is due and still waits for a yes: its time is over.
  if (operation.state === 'awaiting-approval') return expireApproval(run);
  const record = operation.steps.find(
    ({ state }) => state !== 'done' && state !== 'unchanged',
  );
  if (operation.interruptions >= MAX_INTERRUPTIONS) {
    const last = withoutInvalidation(run);
    return record ? failAfterInterruptions({ ...last, record }) : succeed(last);
  }
  return record ? runStep({ ...run, record }) : succeed(run);
}

/** The last attempt asks for nothing that it can do without: facts get old by themselves. */
function withoutInvalidation(run: Run): Run {
  const { deps } = run;
  return {
    ...run,
    deps: {
      ...deps,
      invalidate: it => deps.invalidate(it).catch(() => undefined),
    },
  };
}
