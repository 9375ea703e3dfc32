import type { Context } from '../../platform/context';
import { tryPull } from '../../domain/steps/pull';
import { nextPulls } from '../../engine/pulls';
import type { PullStore } from '../../engine/PullStore';

/** Pulls that one sweep tries. */
const SWEEP = 20;

/**
 * Tries pulls after a revoke until they are refused, and after a restore until they are answered. The
 * operation has ended by then: nothing waits for it, and it holds nothing.
 *
 * Every sweep may run twice, in two replicas: of two, one is written.
 */
export async function followUpPulls(
  {
    azure: { registries },
    clock,
    logger,
  }: Pick<Context, 'clock' | 'logger'> & {
    azure: Pick<Context['azure'], 'registries'>;
  },
  pulls: PullStore,
  signal?: AbortSignal,
): Promise<void> {
  for (const due of await pulls.due(SWEEP)) {
    if (signal?.aborted) return;
    const { operationId, registryId, watch, superseded } = due;
    try {
      await pulls.observed(
        due,
        superseded
          ? { watch: { ...watch, state: 'stopped' }, dueAt: null }
          : nextPulls(
              watch,
              await tryPull({ registries }, registryId),
              await clock.now(),
            ),
      );
    } catch (error) {
      logger.error(
        `What pulls get after operation ${operationId} could not be kept`,
        error as Error,
      );
    }
  }
}
