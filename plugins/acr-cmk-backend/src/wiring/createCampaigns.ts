import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import type { MayRead } from '../changes/mayRead';
import { BackgroundPlanning } from '../changes/campaigns/BackgroundPlanning';
import { CampaignApprovals } from '../changes/campaigns/CampaignApprovals';
import { CampaignControls } from '../changes/campaigns/CampaignControls';
import { CampaignDecisions } from '../changes/campaigns/CampaignDecisions';
import { CampaignReader, signalOf } from '../changes/campaigns/CampaignReader';
import { CampaignRetries } from '../changes/campaigns/CampaignRetries';
import { CampaignReporter } from '../changes/campaigns/CampaignReporter';
import { CampaignRunner } from '../changes/campaigns/CampaignRunner';
import { CampaignService } from '../changes/campaigns/CampaignService';
import { CampaignStore } from '../changes/campaigns/CampaignStore';
import {
  type HoldMembers,
  holdMembers as makeHeldOperations,
} from '../changes/campaigns/holdMembers';
import { MemberSelector } from '../changes/campaigns/selection';
import { inScope } from '../platform/config';
import { sleep } from '../platform/time/realClock';
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
    permissionChecker: PermissionChecker;
    mayRead: MayRead;
  },
): CampaignParts {
  const { config, limits, db, clock, audit } = context;
  const { knowledge, engine, fleet, permissionChecker } = parts;
  const { approvals, recorder } = engine;
  const { catalog } = knowledge;
  const { approvers, campaigns: calendar } = config;
  const { approvalExpiresAfterMs } = limits;
  const store = new CampaignStore({ db });
  const holdMembers: HoldMembers = campaign =>
    makeHeldOperations(campaign, { store, ...engine });
  const changed = (id: string) => {
    knowledge.signals.changed([signalOf(id)]);
    engine.notifyAtOnce();
  };
  const campaignRunner = new CampaignRunner({
    store,
    holdMembers,
    decisions: approvals,
    audit,
    clock,
    calendar,
    approvals: config.approvals,
    approvalExpiresAfterMs,
    logger: context.logger,
    released: () => engine.worker.wake(),
    changed,
  });
  engine.onLetGo(operation => campaignRunner.operationChanged(operation));
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
  const planning = new BackgroundPlanning(context, {
    plannerFor: of => previewPlanner(context, { knowledge, engine }, of),
  });
  context.lifecycle.addShutdownHook(() => planning.stop());
  const retries = new CampaignRetries({
    store,
    holdMembers,
    approvals,
    planning,
    audit,
    clock,
    sleep,
    logger: context.logger,
    waitingRequests: limits.waitingRequests,
    changed: changedByPerson,
  });
  const campaignService = new CampaignService({
    store,
    holdMembers,
    selector: new MemberSelector({
      fleet,
      registries: knowledge.rows.registries,
      bindings: config.bindings,
      maxMembers: limits.campaignMembers,
      includes: id => inScope(config.scopes, id),
    }),
    planning,
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
    catalog,
    mayRead: parts.mayRead,
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
      operations: approvals,
      catalog,
      approvers,
      decided: changedByPerson,
    }),
    campaignControls: new CampaignControls({
      ...shared,
      permissionChecker,
      approvals,
      retries,
      approvalExpiresAfterMs,
      changed: changedByPerson,
    }),
  };
}
