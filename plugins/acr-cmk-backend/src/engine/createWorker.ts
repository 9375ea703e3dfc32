import { hostname } from 'node:os';
import { emitAuditorEvent } from '../platform/audit/emitAuditorEvent';
import type { Context } from '../platform/context';
import { OperationsWorker } from './OperationsWorker';
import type { RunnerDeps } from './run';
import { actorOf, type OperationRecord } from './types';

/**
 * Operations that one process carries on at once. Each is mostly waiting for Azure: two reads of 100 ms and 10 ms of
 * the thread for a look at an update. More at once would take the thread from people after a restart.
 */
const CONCURRENCY = 8;

/** The worker of this process, which reports each operation that has ended. */
export function createWorker(
  context: Context,
  {
    ended,
    letGo,
    ...runner
  }: Omit<RunnerDeps, 'azure' | 'clock' | 'logger'> & {
    /** Called with each operation that has ended here. */
    ended(operation: OperationRecord): void;
    /** Called with each operation that the worker has let go before its end. */
    letGo(operation: OperationRecord): void;
  },
): OperationsWorker {
  const { azure, clock, logger, telemetry, auditor, limits, sleep } = context;
  return new OperationsWorker({
    runner: { ...runner, azure, clock, logger },
    owner: `${hostname()}:${process.pid}`,
    logger,
    sleep,
    pollMs: limits.pollMs,
    concurrency: CONCURRENCY,
    letGo,
    async ended(operation) {
      const { id, state, intent, plan, result } = operation;
      const { createdAt, endedAt = createdAt } = operation;
      ended(operation);
      if (state === 'failed' || state === 'unverified') {
        logger.warn(
          `Operation ${id} (${intent.kind} of ${plan.registryName}) has ended as ${state}: ${result?.message}`,
        );
      }
      telemetry.operationEnded({
        intent: intent.kind,
        end: state,
        seconds: (endedAt - createdAt) / 1000,
      });
      await emitAuditorEvent(auditor, {
        eventId: 'operation-ended',
        actor: actorOf(operation),
        meta: {
          operationId: id,
          intent: intent.kind,
          registryId: plan.registryId,
          state,
        },
        failure: state === 'succeeded' ? undefined : result?.message,
      });
    },
  });
}
