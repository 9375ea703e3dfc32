import { VisibleEntities } from '../../registries/fleet/VisibleEntities';
import type { FleetReader } from '../../registries/fleet/FleetReader';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { AcceptanceStore } from '../../engine/AcceptanceStore';
import type { ApprovalStore } from '../../engine/ApprovalStore';
import type { OperationRecord } from '../../engine/types';
import type { Inventory } from '../../inventory/Inventory';
import type { InventoryRows } from '../../inventory/rows';
import type { Context } from '../../platform/context';
import type { ChangeSignals } from '../../platform/signals/ChangeSignals';
import type { ChangeTokenOf } from '../../platform/signals/changeTokens';
import { runUntilShutdown } from '../../platform/time/runUntilShutdown';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { MayRead } from '../mayRead';
import type { Plans } from '../plans/createPlans';
import { BackgroundPlanning } from './BackgroundPlanning';
import { CampaignApprovals } from './CampaignApprovals';
import { CampaignControls } from './CampaignControls';
import { CampaignDecisions } from './CampaignDecisions';
import { CampaignPreviews } from './CampaignPreviews';
import { CampaignReader, signalOf } from './CampaignReader';
import { CampaignReporter } from './CampaignReporter';
import { CampaignRetries } from './CampaignRetries';
import { CampaignRunner } from './CampaignRunner';
import { CampaignStarts } from './CampaignStarts';
import { CampaignStore } from './CampaignStore';
import { holdMembers } from './holdMembers';
import { previewPlanner } from './previewPlanner';
import { MemberSelector } from './selection';
import type { CampaignRecord } from './types';

/** Services of campaigns. */
export interface Campaigns {
  campaigns: CampaignReader;
  campaignPreviews: CampaignPreviews;
  campaignStarts: CampaignStarts;
  campaignApprovals: CampaignApprovals;
  campaignReporter: CampaignReporter;
  campaignDecisions: CampaignDecisions;
  campaignControls: CampaignControls;
}

interface Parts extends Plans {
  acceptances: AcceptanceStore;
  approvals: ApprovalStore;
  catalog: CatalogLinks;
  fleet: FleetReader;
  inventory: Inventory;
  mayRead: MayRead;
  permissionChecker: PermissionChecker;
  rows: InventoryRows;
  signals: ChangeSignals;
  changeTokenOf: ChangeTokenOf;
  worker: { wake(): void };
  notifyAtOnce(): void;
  onLetGo(listener: (operation: OperationRecord) => void): void;
}

/** Creates the services of campaigns, and carries campaigns on while the plugin runs. */
export async function createCampaigns(
  context: Context,
  parts: Parts,
): Promise<Campaigns> {
  const { lifecycle, sleep, tasks } = context;
  const store = new CampaignStore(context);
  const planning = new BackgroundPlanning(context, {
    plannerFor: of => previewPlanner(context, parts, of),
  });
  const changed = (id: string) => {
    parts.signals.changed([signalOf(id)]);
    parts.notifyAtOnce();
  };
  const shared = {
    ...parts,
    store,
    planning,
    changed,
    holdMembers: (campaign: CampaignRecord) =>
      holdMembers(campaign, { ...parts, store }),
  };
  const runner = new CampaignRunner(context, {
    ...shared,
    released: () => parts.worker.wake(),
  });
  parts.onLetGo(operation => runner.operationChanged(operation));
  runUntilShutdown(lifecycle, stopped => runner.run(sleep, stopped));
  lifecycle.addShutdownHook(() => planning.stop());
  const changedByPerson = (id: string) => {
    runner.wake(id);
    changed(id);
  };
  const previews = new CampaignPreviews(context, {
    ...shared,
    selector: new MemberSelector(context, {
      fleet: parts.fleet,
      registries: parts.rows.registries,
    }),
  });
  await tasks.every(10, {
    id: 'acr-cmk-campaign-previews',
    fn: () => previews.sweep(),
  });
  const stages = new CampaignApprovals(context, shared);
  const reader = new CampaignReader(context, {
    ...shared,
    previews,
    stages,
    visible: new VisibleEntities(context),
  });
  const ofPersons = {
    ...shared,
    changedByPerson,
    record: reader.record.bind(reader),
  };
  return {
    campaigns: reader,
    campaignPreviews: previews,
    campaignStarts: new CampaignStarts(context, { ...ofPersons, previews }),
    campaignApprovals: stages,
    campaignReporter: new CampaignReporter({ ...ofPersons, reader }),
    campaignDecisions: new CampaignDecisions(context, { ...ofPersons, stages }),
    campaignControls: new CampaignControls(context, {
      ...ofPersons,
      retries: new CampaignRetries(context, ofPersons),
    }),
  };
}
