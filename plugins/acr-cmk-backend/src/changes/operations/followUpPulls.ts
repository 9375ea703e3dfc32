import type { Context } from '../../platform/context';
import { tryPull } from '../../domain/steps/pull';
import { nextPulls, stillServes } from '../../engine/pulls';
import { duePulls, keepPull } from '../../engine/pullWatches';

/** Pulls that one sweep tries. */
const SWEEP = 20;

/**
 * Tries pulls after a revoke until they are refused, and after a restore until they are answered. The
 * operation has ended by then: nothing waits for it, and it holds nothing.
 *
 * Every sweep may run twice, in two replicas: of two, one is written.
 */
export async function followUpPulls(
  context: Pick<Context, 'db' | 'clock' | 'audit' | 'logger'> & {
    azure: Pick<Context['azure'], 'registries'>;
  },
  signal?: AbortSignal,
): Promise<void> {
  const { azure, clock, logger } = context;
  for (const due of await duePulls(context, SWEEP)) {
    if (signal?.aborted) return;
    const { operationId, registryId, watch, superseded } = due;
    try {
      const next = superseded
        ? { watch: { ...watch, state: 'stopped' as const }, dueAt: null }
        : nextPulls(watch, await tryPull(azure, registryId), await clock.now());
      const kept = await keepPull(context, due, next);
      if (kept && stillServes(kept)) {
        logger.warn(
          `Operation ${operationId} is unverified: ${registryId.name} still serves pulls after the revoke`,
        );
      }
    } catch (error) {
      logger.error(
        `What pulls get after operation ${operationId} could not be kept`,
        error as Error,
      );
    }
  }
}
