import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import type { RequestRecorder } from '../changes/gate/RequestRecorder';
import { CampaignApprovals } from '../changes/campaigns/CampaignApprovals';
import { CampaignControls } from '../changes/campaigns/CampaignControls';
import { CampaignDecisions } from '../changes/campaigns/CampaignDecisions';
import { CampaignReader, signalOf } from '../changes/campaigns/CampaignReader';
import { CampaignRetries } from '../changes/campaigns/CampaignRetries';
import { CampaignReporter } from '../changes/campaigns/CampaignReporter';
import { CampaignRunner } from '../changes/campaigns/CampaignRunner';
import { CampaignService } from '../changes/campaigns/CampaignService';
import { CampaignStore } from '../changes/campaigns/CampaignStore';
import type { PlannerFor } from '../changes/campaigns/MemberPlanner';
import { MemberStarter } from '../changes/campaigns/MemberStarter';
import { MemberSelector } from '../changes/campaigns/selection';
import { inScope } from '../platform/config';
import { sleep } from '../platform/time/realClock';
import type { PlanService } from '../changes/plans/PlanService';
import type { FleetReader } from '../registries/fleet/FleetReader';
import { VisibleEntities } from '../registries/fleet/VisibleEntities';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Context } from '../platform/context';
import { previewPlanner } from './previewPlanner';

/** Services of campaigns. */
export interface CampaignParts {
  campaigns: CampaignReader;
  campaignService: CampaignService;
  campaignApprovals: CampaignApprovals;
  campaignReporter: CampaignReporter;
  campaignDecisions: CampaignDecisions;
  campaignControls: CampaignControls;
}

/** Creates the services of campaigns, and carries campaigns on while the plugin runs. */
export function createCampaigns(
  context: Context,
  parts: {
    knowledge: Knowledge;
    engine: Engine;
    fleet: FleetReader;
    plans: PlanService;
    permissionChecker: PermissionChecker;
    recorder: RequestRecorder;
  },
): CampaignParts {
  const { config, limits, db, clock, audit } = context;
  const { knowledge, engine, fleet, permissionChecker, recorder } = parts;
  const { inventory, catalog } = knowledge;
  const { approvers, campaigns: calendar } = config;
  const { approvalExpiresAfterMs } = limits;
  const store = new CampaignStore({ db, cloud: config.cloud });
  const changed = (id: string) => {
    knowledge.signals.changed([signalOf(id)]);
    engine.notifyAtOnce();
  };
  const campaignRunner = new CampaignRunner({
    store,
    operations: engine.operations,
    starter: new MemberStarter({
      store,
      plans: parts.plans,
      acceptances: engine.acceptances,
      inventory,
      clock,
      calendar,
      approvals: config.approvals,
    }),
    inventory,
    audit,
    clock,
    calendar,
    approvalExpiresAfterMs,
    logger: context.logger,
    accepted: operation => {
      engine.worker.wake();
      engine.operationChanged(operation);
    },
    changed,
  });
  engine.onEnded(operation => campaignRunner.operationEnded(operation));
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  context.lifecycle.addStartupHook(() => {
    running = campaignRunner.run(sleep, stopped.signal);
  });
  context.lifecycle.addShutdownHook(async () => {
    stopped.abort();
    await running;
  });
  const changedByPerson = (id: string) => {
    campaignRunner.wake(id);
    changed(id);
  };
  const plannerFor: PlannerFor = of =>
    previewPlanner(context, { knowledge, engine }, of);
  const retries = new CampaignRetries({
    store,
    plannerFor,
    audit,
    clock,
    sleep,
    logger: context.logger,
    waitingRequests: limits.waitingRequests,
    changed: changedByPerson,
  });
  context.lifecycle.addShutdownHook(() => retries.stop());
  const campaignService = new CampaignService({
    store,
    selector: new MemberSelector({
      fleet,
      registries: knowledge.rows.registries,
      bindings: config.bindings,
      maxMembers: limits.campaignMembers,
      includes: id => inScope(config.scopes, id),
    }),
    plannerFor,
    permissionChecker,
    recorder,
    audit,
    clock,
    logger: context.logger,
    waitingRequests: limits.waitingRequests,
    changed,
    started: changedByPerson,
  });
  const campaignApprovals = new CampaignApprovals({
    store,
    permissionChecker,
    clock,
  });
  const campaigns = new CampaignReader({
    store,
    service: campaignService,
    fleet,
    visible: new VisibleEntities(context),
    permissionChecker,
    approvers,
    changeTokenOf: knowledge.changeTokenOf,
    awaited: (campaign, credentials) =>
      campaignApprovals.awaited(campaign, credentials),
  });
  const shared = {
    store,
    record: campaigns.record.bind(campaigns),
    recorder,
    audit,
    clock,
  };
  return {
    campaigns,
    campaignService,
    campaignApprovals,
    campaignReporter: new CampaignReporter({
      store,
      record: shared.record,
      reader: campaigns,
      permissionChecker,
    }),
    campaignDecisions: new CampaignDecisions({
      ...shared,
      approvals: campaignApprovals,
      catalog,
      approvers,
      decided: changedByPerson,
    }),
    campaignControls: new CampaignControls({
      ...shared,
      permissionChecker,
      retries,
      approvalExpiresAfterMs,
      changed: changedByPerson,
    }),
  };
}
