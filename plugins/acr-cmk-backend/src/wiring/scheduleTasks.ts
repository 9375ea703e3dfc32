import { acrCmkVersion } from 'backstage-plugin-acr-cmk-common';
import { emitAuditorEvent } from '../platform/audit/emitAuditorEvent';
import { rulesFingerprint } from '../domain/findings';
import type { CampaignService } from '../changes/campaigns/CampaignService';
import { scheduleInventory } from './scheduleInventory';
import type { ApprovalStore } from '../engine/ApprovalStore';
import { actorOf } from '../engine/types';
import { PullStore } from '../engine/PullStore';
import { Retention } from '../engine/Retention';
import { PullFollowUp } from '../changes/operations/PullFollowUp';
import { RestoreTimer } from '../changes/operations/RestoreTimer';
import type { PlanService } from '../changes/plans/PlanService';
import { sleep } from '../platform/time/realClock';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';

/** Facts that only plans and checks of names need are of no use after a minute. Our choice. Milliseconds. */
const FACTS_KEPT_MS = 24 * 60 * 60_000;

/** Schedules the recurring work of the plugin. Each task runs in one replica at a time. */
export async function scheduleTasks(
  context: Context,
  parts: {
    knowledge: Knowledge;
    engine: Engine;
    approvals: ApprovalStore;
    planService: PlanService;
    campaignService: CampaignService;
  },
): Promise<void> {
  const { tasks, config, db, clock, audit } = context;
  const { knowledge, engine, approvals, planService, campaignService } = parts;
  const { worker, operationChanged } = engine;
  const task = (
    id: string,
    everyMinutes: number,
    fn: (signal: AbortSignal) => Promise<unknown>,
  ) =>
    tasks.scheduleTask({
      id: `acr-cmk-${id}`,
      frequency: { minutes: everyMinutes },
      timeout: { minutes: Math.min(everyMinutes, 5) },
      fn,
    });

  const followUp = new PullFollowUp({
    pulls: new PullStore({ db, clock, audit }),
    registries: context.azure.registries,
    clock,
    logger: context.logger,
  });
  await task('pulls', 1, signal => followUp.sweep(signal));

  const timer = new RestoreTimer({
    operations: engine.operations,
    acceptances: engine.acceptances,
    approvals,
    plans: planService,
    clock,
    logger: context.logger,
    accepted: async restore => {
      worker.wake();
      operationChanged(restore);
      await emitAuditorEvent(context.auditor, {
        eventId: 'restore-timer',
        actor: actorOf(restore),
        meta: {
          onBehalfOf: restore.requestedBy,
          operationId: restore.id,
          registryId: restore.plan.registryId,
        },
      });
    },
  });
  await task('restore-timer', 1, signal => timer.sweep(signal));
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  context.lifecycle.addStartupHook(() => {
    running = timer.run(sleep, stopped.signal);
  });
  context.lifecycle.addShutdownHook(async () => {
    stopped.abort();
    await running;
  });
  await task('expired-plans', 10, () => planService.sweep());
  await task('campaign-previews', 10, () => campaignService.sweep());
  context.lifecycle.addShutdownHook(() => campaignService.stop());
  const { retentionMs } = config;
  if (retentionMs !== undefined) {
    const retention = new Retention(db);
    await task('old-operations', 60, async signal => {
      const deleted = await retention.deleteEnded(
        (await clock.now()) - retentionMs,
        signal,
      );
      if (deleted > 0) {
        context.logger.info(
          `Deleted ${deleted} operations that ended before acrCmk.operations.retention`,
        );
      }
    });
  }
  await task('old-facts', 60, async () =>
    knowledge.rows.facts.deleteOld((await clock.now()) - FACTS_KEPT_MS),
  );
  await scheduleInventory(context, {
    ...knowledge,
    // Verdicts also depend on code that the fingerprint of the rules does not see: it changes with a release alone.
    rules: `${acrCmkVersion} ${rulesFingerprint()}`,
  });
}
