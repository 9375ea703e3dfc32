import type {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { ActionRefused } from 'backstage-plugin-acr-cmk-common';
import type { FleetReader } from '../fleet/FleetReader';
import type { AcceptanceService } from '../operations/AcceptanceService';
import type { OperationReader } from '../operations/OperationReader';
import type { PlanService } from '../plans/PlanService';
import type { RegistryService } from '../registries/RegistryService';
import { registerFindRegistries } from './findRegistries';
import { registerGetOperation } from './getOperation';
import { registerGetRegistryEncryption } from './getRegistryEncryption';
import { registerPlanKeyOperation } from './planKeyOperation';
import { registerAcceptRestorePlan } from './acceptRestorePlan';
import { registerAcceptRevokePlan } from './acceptRevokePlan';
import { registerAcceptAutomaticRotationPlan } from './acceptAutomaticRotationPlan';
import { registerAcceptRotatePlan } from './acceptRotatePlan';

/** What programs can ask for, by the services that people's requests go to as well. */
export interface ActionServices {
  registries: Pick<RegistryService, 'registriesOf'>;
  plans: Pick<PlanService, 'plan' | 'cloud'>;
  acceptance: Pick<AcceptanceService, 'accept'>;
  operations: Pick<OperationReader, 'operation'>;
  fleet: Pick<FleetReader, 'list'>;
}

/** What an action needs. */
export interface ActionDeps {
  registry: ActionsRegistryService;
  services: ActionServices;
  /** The person who calls. Nobody else may change anything. */
  person(
    credentials: BackstageCredentials,
  ): BackstageCredentials<BackstageUserPrincipal>;
  /** `acrCmk.actions.revoke` */
  revokes: boolean;
}

/**
 * The plugin for programs: actions that the actions registry offers to MCP clients and templates.
 * Parse, call a service, answer.
 */
export function registerActions({
  registry,
  services,
  auth,
  revokes,
}: {
  registry: ActionsRegistryService;
  services: ActionServices;
  auth: AuthService;
  revokes: boolean;
}): void {
  const deps: ActionDeps = {
    registry,
    services,
    revokes,
    person(credentials) {
      if (auth.isPrincipal(credentials, 'user')) return credentials;
      throw new ActionRefused(
        'key-operation',
        'Keys are planned for and changed by people only: call this with the token of a person, not of a service',
      );
    },
  };
  registerGetRegistryEncryption(deps);
  registerFindRegistries(deps);
  registerGetOperation(deps);
  registerPlanKeyOperation(deps);
  registerAcceptRotatePlan(deps);
  registerAcceptAutomaticRotationPlan(deps);
  registerAcceptRestorePlan(deps);
  if (revokes) registerAcceptRevokePlan(deps);
}
