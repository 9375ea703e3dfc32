import { subscriptionRoutes } from './arm/subscriptions';
import { armKeyRoutes } from './vault/armKeys';
import { authorizationRoutes } from './access/roleAssignments';
import { deletedKeyRoutes } from './vault/deletedKeys';
import type { DeliveryTokens } from './entra/deliveryTokens';
import { entraRoutes } from './entra/entra';
import { graphRoutes } from './entra/directoryObjects';
import { hsmAuthorizationRoutes } from './hsm/hsmAuthorization';
import { genericResourceRoutes } from './arm/genericResources';
import { identityRoutes } from './arm/identities';
import { keyRoutes } from './vault/keys';
import { lockRoutes } from './arm/locks';
import { managedHsmRoutes } from './hsm/managedHsms';
import { groupRoutes } from './arm/groups';
import { registryAuthRoutes } from './registry/registryAuth';
import { providerRoutes } from './arm/providers';
import { registryRoutes } from './registry/registries';
import { replicationRoutes } from './registry/replications';
import { registryDataPlaneRoutes } from './registry/registryDataPlane';
import { managementGroupRoutes } from './arm/managementGroups';
import { resourceGraphRoutes } from './resourceGraph/resourceGraph';
import { resourceRoutes } from './arm/resources';
import { roleDefinitionRoutes } from './access/roleDefinitions';
import { tagRoutes } from './arm/tags';
import { vaultRoutes } from './vault/vaults';
import type { RegistrySignIn } from './registry/registrySignIn';
import type { Secrets, Tokens } from './entra/tokens';
import type { Route } from './types';

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
    ...providerRoutes,
    ...managementGroupRoutes,
    ...resourceRoutes,
    ...tagRoutes,
    ...genericResourceRoutes,
    ...registryRoutes,
    ...replicationRoutes,
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
