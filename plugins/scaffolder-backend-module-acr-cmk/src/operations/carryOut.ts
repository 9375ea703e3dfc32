import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import {
  type AcrCmkClient,
  isResponseError,
  type Operation,
  parseReason,
  type Plan,
  PlanBlocked,
  type PlanRequest,
} from 'backstage-plugin-acr-cmk-common';
import { codeOf, isTransient, TaskError } from '../errors';
import type { Sleep } from '../ports';
import { type Attempt, Attempts } from './Attempts';
import { describePlan } from './describePlan';
import { followOperation } from './followOperation';
import { withRetries } from './withRetries';

/** Request of a step. */
interface RequestedChange {
  request: PlanRequest;
  reason: string;
  /** Follow the operation to its end; else the step ends as soon as it is accepted. */
  wait: boolean;
  /** Refuses a plan before the step requests it. @throws TaskError */
  requireAcceptable?(plan: Plan): void;
}

type TaskContext = Pick<
  ActionContext<any>,
  'checkpoint' | 'isDryRun' | 'logger' | 'signal' | 'step' | 'task'
>;

/**
 * Plans, accepts and follows an operation until it has succeeded. Run again after a crash, it
 * resumes the operation that it had begun.
 *
 * @returns a plan only, of a dry run
 * @throws TaskError when the operation ends otherwise
 */
export async function carryOut(
  change: RequestedChange,
  ctx: TaskContext,
  { client, sleep }: { client: AcrCmkClient; sleep: Sleep },
): Promise<{ plan: Plan; operation?: Operation }> {
  const log = ctx.logger;
  parseReason(change.reason);
  if (ctx.isDryRun) {
    const plan = await client.plan(change.request);
    for (const line of describePlan(plan)) log.info(line);
    change.requireAcceptable?.(plan);
    requireUnblocked(plan);
    requireRoom(plan);
    log.info('A dry run: nothing was written to Azure');
    return { plan };
  }

  const retry = {
    sleep,
    signal: ctx.signal,
    warn: (text: string) => log.warn(text),
  };
  const attempts = new Attempts(ctx, change as unknown as JsonObject);
  let attempt = await attempts.current();
  let id: string;
  try {
    id = await accept(attempt, change, { client, ctx, retry });
  } catch (error) {
    // The plan of a run that was killed lies behind; nothing was accepted with it.
    if (codeOf(error) !== 'PLAN_EXPIRED') throw error;
    attempt = attempts.attempt(attempt.number + 1);
    id = await accept(attempt, change, { client, ctx, retry });
  }

  if (!change.wait) {
    const operation = await withRetries(() => client.operation(id), retry);
    return { plan: operation.plan, operation };
  }
  const operation = await followOperation(id, {
    client,
    sleep,
    log,
    signal: ctx.signal,
    taskName: `Scaffolder task ${ctx.task.id}`,
  });
  if (operation.state !== 'succeeded') {
    await attempt.ended(operation.state);
    throw new TaskError('OperationError', endOf(operation));
  }
  return { plan: operation.plan, operation };
}

/** @throws PlanBlocked as the API does when the plan is accepted */
function requireUnblocked({ id, blocked, checks }: Plan): void {
  if (!blocked) return;
  throw new PlanBlocked(
    id,
    checks.filter(({ status }) => status === 'fail'),
  );
}

/** @throws TaskError as the API does when a plan is accepted that would wait as one too many */
function requireRoom({ approval: { noRoom } }: Plan): void {
  if (noRoom === undefined) return;
  throw new TaskError('LimitReached', `${noRoom} (LIMIT_REACHED)`);
}

/** Plans and accepts, each once in an attempt. */
async function accept(
  attempt: Attempt,
  change: RequestedChange,
  deps: {
    client: AcrCmkClient;
    ctx: TaskContext;
    retry: Parameters<typeof withRetries>[1];
  },
): Promise<string> {
  const { client, ctx, retry } = deps;
  let isNew = false;
  const plan = await attempt.plan(async () => {
    const made = await withRetries(() => client.plan(change.request), retry);
    for (const line of describePlan(made)) ctx.logger.info(line);
    change.requireAcceptable?.(made);
    isNew = true;
    return { id: made.id, hash: made.hash };
  });
  if (isNew && ctx.signal?.aborted) {
    throw new TaskError(
      'CancelledError',
      'The task was cancelled before anything was requested (TASK_CANCELLED)',
    );
  }
  let wasAccepted = true;
  const id = await attempt.operation(async () => {
    wasAccepted = false;
    try {
      const operation = await withRetries(
        () =>
          client.accept({
            planId: plan.id,
            planHash: plan.hash,
            reason: change.reason,
            idempotencyKey: attempt.idempotencyKey,
          }),
        retry,
      );
      return operation.id;
    } catch (error) {
      // A refusal is final for this plan; no answer is not, since the request may have arrived.
      if (isResponseError(error) && !isTransient(error)) {
        await attempt.ended(codeOf(error) ?? error.cause.name);
      }
      throw error;
    }
  });
  ctx.logger.info(
    wasAccepted
      ? `Resumes operation ${id}, which this task had begun`
      : `Operation ${id} is accepted`,
  );
  return id;
}

function endOf({ id, state, result }: Operation): string {
  const message = result?.message ?? 'The reason is not known.';
  const code = result?.code ? ` (${result.code})` : '';
  return `Operation ${id} ended as ${state}: ${message}${code}`;
}
