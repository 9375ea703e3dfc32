import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { CampaignApprovals } from '../../changes/campaigns/CampaignApprovals';
import type { CampaignControls } from '../../changes/campaigns/CampaignControls';
import type { CampaignDecisions } from '../../changes/campaigns/CampaignDecisions';
import type { CampaignReader } from '../../changes/campaigns/CampaignReader';
import type { CampaignReporter } from '../../changes/campaigns/CampaignReporter';
import type { CampaignService } from '../../changes/campaigns/CampaignService';
import type { Doctor } from '../../doctor/createDoctor';
import type { Fleet } from '../../registries/fleet/createFleet';
import type { InventoryService } from '../../registries/freshness/InventoryService';
import type { Operations } from '../../changes/operations/createOperations';
import type { PlanService } from '../../changes/plans/PlanService';
import type { Forms } from '../../registries/forms/createForms';
import type { RegistryViews } from '../../registries/RegistryViews';

/** Services behind the API. */
export interface Services extends Fleet, Forms, Operations {
  registries: RegistryViews;
  plans: PlanService;
  campaigns: CampaignReader;
  campaignService: CampaignService;
  campaignApprovals: CampaignApprovals;
  campaignReporter: CampaignReporter;
  campaignDecisions: CampaignDecisions;
  campaignControls: CampaignControls;
  doctor: Doctor;
  inventory: InventoryService;
}

/** Dependencies of routes. */
export interface RouteDeps {
  services: Services;
  httpAuth: HttpAuthService;
  health: { whileItAnswers<T>(work: () => Promise<T>): Promise<T> };
  logger: LoggerService;
}
