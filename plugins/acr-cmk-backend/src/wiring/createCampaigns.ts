import type { PermissionChecker } from '../authority/PermissionChecker';
import type { RequestRecorder } from '../authority/RequestRecorder';
import { CampaignReader, signalOf } from '../campaigns/CampaignReader';
import { CampaignService } from '../campaigns/CampaignService';
import { CampaignStore } from '../campaigns/CampaignStore';
import { MemberPlanner } from '../campaigns/MemberPlanner';
import { MemberSelector } from '../campaigns/selection';
import { inScope } from '../config';
import type { FleetReader } from '../fleet/FleetReader';
import { VisibleEntities } from '../fleet/VisibleEntities';
import type { Engine } from './createEngine';
import type { Knowledge } from './createKnowledge';
import type { Base } from './PluginServices';

/** Parts that make, start and show campaigns. */
export interface CampaignParts {
  campaigns: CampaignReader;
  campaignService: CampaignService;
}

export function createCampaigns(
  base: Base,
  parts: {
    knowledge: Knowledge;
    engine: Engine;
    fleet: FleetReader;
    permissionChecker: PermissionChecker;
    recorder: RequestRecorder;
  },
): CampaignParts {
  const { deps, config, db, clock, audit } = base;
  const { knowledge, engine, fleet, permissionChecker, recorder } = parts;
  const { maxMembers, enabled } = config.campaigns;
  const store = new CampaignStore({ db, cloud: config.cloud });
  const campaignService = new CampaignService({
    store,
    selector: new MemberSelector({
      fleet,
      registries: knowledge.rows.registries,
      bindings: config.bindings,
      maxMembers,
      includes: id => inScope(config.scopes, id),
    }),
    planner: new MemberPlanner({
      gate: engine.gate,
      inventory: knowledge.inventory,
      logger: deps.logger,
    }),
    permissionChecker,
    recorder,
    audit,
    clock,
    logger: deps.logger,
    enabled,
    changed: id => knowledge.signals.changed([signalOf(id)]),
    started: () => undefined,
  });
  return {
    campaignService,
    campaigns: new CampaignReader({
      store,
      service: campaignService,
      fleet,
      visible: new VisibleEntities({ catalog: deps.catalog }),
      permissionChecker,
      approvers: config.approvers,
      changeTokenOf: knowledge.changeTokenOf,
      awaited: async () => undefined,
      waitingFor: async () => undefined,
    }),
  };
}
