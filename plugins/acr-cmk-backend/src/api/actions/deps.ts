import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { CampaignReader } from '../../changes/campaigns/CampaignReader';
import type { CampaignService } from '../../changes/campaigns/CampaignService';
import type { FleetReader } from '../../registries/fleet/FleetReader';
import type { AcceptanceService } from '../../changes/operations/AcceptanceService';
import type { OperationReader } from '../../changes/operations/OperationReader';
import type { PlanService } from '../../changes/plans/PlanService';
import type { RegistryViews } from '../../registries/RegistryViews';

/** Services that actions call, which are those of people's requests as well. */
export interface ActionServices {
  registries: Pick<RegistryViews, 'registriesOf'>;
  plans: Pick<PlanService, 'plan' | 'cloud'>;
  acceptance: Pick<AcceptanceService, 'accept'>;
  operations: Pick<OperationReader, 'operation'>;
  fleet: Pick<FleetReader, 'list'>;
  campaigns: Pick<CampaignReader, 'campaign' | 'members'>;
  campaignService: Pick<CampaignService, 'create'>;
}

/** Dependencies of an action. */
export interface ActionDeps {
  registry: Pick<ActionsRegistryService, 'register'>;
  services: ActionServices;
  /** The person who calls. Nobody else may change anything. */
  person(
    credentials: BackstageCredentials,
  ): BackstageCredentials<BackstageUserPrincipal>;
  /** `acrCmk.actions.revoke` */
  revokes: boolean;
}
