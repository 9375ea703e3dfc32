import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { CampaignApprovals } from '../campaigns/CampaignApprovals';
import type { CampaignControls } from '../campaigns/CampaignControls';
import type { CampaignDecisions } from '../campaigns/CampaignDecisions';
import type { CampaignReader } from '../campaigns/CampaignReader';
import type { CampaignReporter } from '../campaigns/CampaignReporter';
import type { CampaignService } from '../campaigns/CampaignService';
import type { DoctorService } from '../doctor/DoctorService';
import type { Fleet } from '../fleet/createFleet';
import type { InventoryService } from '../inventoryApi/InventoryService';
import type { AcceptanceService } from '../operations/AcceptanceService';
import type { AuditReader } from '../operations/AuditReader';
import type { DecisionService } from '../operations/DecisionService';
import type { OperationReader } from '../operations/OperationReader';
import type { OperationStreams } from '../operations/OperationStreams';
import type { PlanService } from '../plans/PlanService';
import type { FormOptions } from '../registries/FormOptions';
import type { NameChecks } from '../registries/NameChecks';
import type { RegistryOptions } from '../registries/RegistryOptions';
import type { RegistryService } from '../registries/RegistryService';

/** Services behind the API. */
export interface Services extends Fleet {
  registries: RegistryService;
  formOptions: FormOptions;
  registryOptions: RegistryOptions;
  nameChecks: NameChecks;
  plans: PlanService;
  acceptance: AcceptanceService;
  operations: OperationReader;
  streams: OperationStreams;
  decisions: DecisionService;
  campaigns: CampaignReader;
  campaignService: CampaignService;
  campaignApprovals: CampaignApprovals;
  campaignReporter: CampaignReporter;
  campaignDecisions: CampaignDecisions;
  campaignControls: CampaignControls;
  audit: AuditReader;
  doctor: DoctorService;
  inventory: InventoryService;
}

/** Dependencies of routes. */
export interface RouteDeps {
  services: Services;
  httpAuth: HttpAuthService;
  health: { whileItAnswers<T>(work: () => Promise<T>): Promise<T> };
  logger: LoggerService;
}
