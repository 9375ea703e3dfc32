import type { CampaignIntent } from 'backstage-plugin-acr-cmk-common';
import { atPriority } from '../../azure/transport/budget';
import { batchesOf } from '../../platform/database/batches';
import type { Context } from '../../platform/context';
import { yieldToEventLoop } from '../../platform/time/yieldToEventLoop';
import type { UserCredentials } from '../gate/Gate';
import type { PlannedMember, PlannerFor } from './MemberPlanner';
import type { MemberRecord } from './types';

/** Members that are planned at once. Our choice. */
const PLANNED_AT_ONCE = 4;
/** Planning without progress for so long was interrupted: its process ended. Our choice. Milliseconds. */
export const INTERRUPTED_AFTER_MS = 2 * 60_000;

/** A member with its new plan. */
export interface MemberWithPlan {
  member: MemberRecord;
  planned: PlannedMember;
}

/** Plans the members of previews and retries in this process, also after the request was answered. */
export class BackgroundPlanning {
  readonly #clock: Context['clock'];
  readonly #plannerFor: PlannerFor;
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  constructor(
    { clock }: Pick<Context, 'clock'>,
    { plannerFor }: { plannerFor: PlannerFor },
  ) {
    this.#clock = clock;
    this.#plannerFor = plannerFor;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins work that plans members. `stop` waits until it has settled. */
  begin(
    work: () => Promise<void>,
    { failed, settled }: { failed(error: unknown): unknown; settled(): void },
  ): { work: Promise<void>; settled: Promise<void> } {
    const started = atPriority('sync', work);
    const running: Promise<void> = started
      .catch(async error => {
        await failed(error);
      })
      // What is overdue counts as interrupted.
      .catch(() => undefined)
      .finally(() => {
        this.#running.delete(running);
        settled();
      });
    this.#running.add(running);
    return { work: started, settled: running };
  }

  /**
   * Plans members, a few at a time.
   *
   * @param of.store - stores the plans of a few members. False ends the planning
   * @returns false when it ended before all were planned
   */
  async plan(
    members: readonly MemberRecord[],
    of: {
      intent: CampaignIntent;
      credentials: UserCredentials;
      store(planned: readonly MemberWithPlan[]): Promise<boolean>;
    },
  ): Promise<boolean> {
    const { intent, credentials, store } = of;
    const refs = members.flatMap(({ entityRef }) => entityRef ?? []);
    const planner = await this.#plannerFor({
      entityRefs: [...new Set(refs)],
      intent,
      credentials,
    });
    for (const batch of batchesOf(members, PLANNED_AT_ONCE)) {
      // The answer to the request, and other requests, go before.
      await yieldToEventLoop();
      if (this.#isStopped) return false;
      const now = await this.#clock.now();
      const planned = await Promise.all(
        batch.map(async member => ({
          member,
          planned: await planner.plan(member, { intent, credentials, now }),
        })),
      );
      if (!(await store(planned))) return false;
    }
    return true;
  }

  /** Ends the planning that runs here: its previews are interrupted, and nothing of its retries is stored. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.idle();
  }

  /** Resolves when nothing is planned here. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
