import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RegistriesPort } from '../../azure/ports';
import type { Clock } from '../../platform/database/clock';
import { tryPull } from '../../domain/steps/pull';
import { nextPulls } from '../../engine/pulls';
import type { DuePulls, PullStore } from '../../engine/PullStore';

/** Pulls that one sweep tries. */
const SWEEP = 20;

interface PullFollowUpDeps {
  pulls: PullStore;
  registries: Pick<RegistriesPort, 'get' | 'testPull'>;
  clock: Clock;
  logger: LoggerService;
}

/**
 * Tries pulls after a revoke until they are refused, and after a restore until they are answered. The
 * operation has ended by then: nothing waits for it, and it holds nothing.
 *
 * Every sweep may run twice, in two replicas: of two, one is written.
 */
export class PullFollowUp {
  readonly #deps: PullFollowUpDeps;

  constructor(deps: PullFollowUpDeps) {
    this.#deps = deps;
  }

  async sweep(signal?: AbortSignal): Promise<void> {
    for (const due of await this.#deps.pulls.due(SWEEP)) {
      if (signal?.aborted) return;
      try {
        await this.#look(due);
      } catch (error) {
        this.#deps.logger.error(
          `What pulls get after operation ${due.operationId} could not be kept`,
          error as Error,
        );
      }
    }
  }

  async #look(due: DuePulls): Promise<void> {
    const { watch, superseded } = due;
    if (superseded) {
      await this.#deps.pulls.observed(due, {
        watch: { ...watch, state: 'stopped' },
        dueAt: null,
      });
      return;
    }
    const test = await tryPull(this.#deps, due.registryId);
    const now = await this.#deps.clock.now();
    await this.#deps.pulls.observed(due, nextPulls(watch, test, now));
  }
}
