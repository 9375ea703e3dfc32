import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Campaigns } from '../../changes/campaigns/createCampaigns';
import type { Doctor } from '../../doctor/createDoctor';
import type { Fleet } from '../../registries/fleet/createFleet';
import type { InventoryService } from '../../registries/freshness/InventoryService';
import type { Operations } from '../../changes/operations/createOperations';
import type { PlanService } from '../../changes/plans/PlanService';
import type { Forms } from '../../registries/forms/createForms';
import type { RegistryViews } from '../../registries/RegistryViews';

/** Services behind the API. */
export interface Services extends Campaigns, Fleet, Forms, Operations {
  registries: RegistryViews;
  plans: PlanService;
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
