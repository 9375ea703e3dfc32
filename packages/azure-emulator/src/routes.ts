import { subscriptionRoutes } from './azure/arm';
import { armKeyRoutes } from './azure/armKeys';
import { authorizationRoutes } from './azure/authorization';
import { deletedKeyRoutes } from './azure/deletedKeys';
import type { DeliveryTokens } from './deliveryTokens';
import { entraRoutes } from './azure/entra';
import { graphRoutes } from './azure/graph';
import { hsmAuthorizationRoutes } from './azure/hsmAuthorization';
import { identityRoutes } from './azure/identities';
import { keyRoutes } from './azure/keys';
import { lockRoutes } from './azure/locks';
import { managedHsmRoutes } from './azure/managedHsms';
import { groupRoutes } from './azure/groups';
import { registryAuthRoutes } from './azure/registryAuth';
import { registryRoutes } from './azure/registries';
import { registryDataPlaneRoutes } from './azure/registryDataPlane';
import { managementGroupRoutes } from './azure/managementGroups';
import { resourceGraphRoutes } from './azure/resourceGraph';
import { resourceRoutes } from './azure/resources';
import { roleDefinitionRoutes } from './azure/roleDefinitions';
import { tagRoutes } from './azure/tags';
import { vaultRoutes } from './azure/vaults';
import type { RegistrySignIn } from './registrySignIn';
import type { Route } from './router';
import type { Secrets, Tokens } from './tokens';

/** All routes of the emulator, by service. */
export function allRoutes({
  tokens,
  secrets,
  registrySignIn,
  deliveryTokens,
}: {
  tokens: Tokens;
  secrets: Secrets;
  registrySignIn: RegistrySignIn;
  deliveryTokens: DeliveryTokens;
}): Route[] {
  return [
    ...entraRoutes(tokens, secrets, deliveryTokens),
    ...subscriptionRoutes,
    ...groupRoutes,
    ...managementGroupRoutes,
    ...resourceRoutes,
    ...tagRoutes,
    ...registryRoutes,
    ...registryAuthRoutes(registrySignIn),
    ...registryDataPlaneRoutes,
    ...vaultRoutes,
    ...managedHsmRoutes,
    ...armKeyRoutes,
    ...keyRoutes,
    ...deletedKeyRoutes,
    ...hsmAuthorizationRoutes,
    ...graphRoutes,
    ...identityRoutes,
    ...authorizationRoutes,
    ...roleDefinitionRoutes,
    ...lockRoutes,
    ...resourceGraphRoutes,
  ];
}
