import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { Services } from '../http/services';

/** Dependencies of an action. */
export interface ActionDeps {
  registry: Pick<ActionsRegistryService, 'register'>;
  /** Services of people's requests as well. */
  services: Services;
  /** The person who calls. Nobody else may change anything. */
  person(
    credentials: BackstageCredentials,
  ): BackstageCredentials<BackstageUserPrincipal>;
  /** `acrCmk.actions.revoke` */
  revokes: boolean;
}
