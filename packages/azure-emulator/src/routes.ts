import { armRoutes } from './azure/arm';
import { armKeyRoutes } from './azure/armKeys';
import { authorizationRoutes } from './azure/authorization';
import { deletedKeyRoutes } from './azure/deletedKeys';
import type { DeliveryTokens } from './deliveryTokens';
import type { EventDelivery } from './eventDelivery';
import { entraRoutes } from './azure/entra';
import { eventGridRoutes } from './azure/eventGrid';
import { graphRoutes } from './azure/graph';
import { hsmAuthorizationRoutes } from './azure/hsmAuthorization';
import { identityRoutes } from './azure/identities';
import { keyBackupRoutes } from './azure/keyBackup';
import { keyCryptoRoutes } from './azure/keyCrypto';
import { keyRoutes } from './azure/keys';
import { lockRoutes } from './azure/locks';
import { managedHsmRoutes } from './azure/managedHsms';
import { groupRoutes } from './azure/groups';
import { providerRoutes } from './azure/providers';
import { operationRoutes } from './azure/operations';
import { registryAuthRoutes } from './azure/registryAuth';
import { registryChildRoutes } from './azure/registryChildren';
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
  eventDelivery,
}: {
  tokens: Tokens;
  secrets: Secrets;
  registrySignIn: RegistrySignIn;
  deliveryTokens: DeliveryTokens;
  eventDelivery: EventDelivery;
}): Route[] {
  const routes = [
    ...entraRoutes(tokens, secrets, deliveryTokens),
    ...armRoutes,
    ...providerRoutes,
    ...groupRoutes,
    ...managementGroupRoutes,
    ...resourceRoutes,
    ...tagRoutes,
    ...registryRoutes,
    ...registryChildRoutes,
    ...registryAuthRoutes(registrySignIn),
    ...registryDataPlaneRoutes,
    ...vaultRoutes,
    ...managedHsmRoutes,
    ...armKeyRoutes,
    ...keyRoutes,
    ...deletedKeyRoutes,
    ...keyCryptoRoutes,
    ...keyBackupRoutes,
    ...hsmAuthorizationRoutes,
    ...graphRoutes,
    ...identityRoutes,
    ...authorizationRoutes,
    ...roleDefinitionRoutes,
    ...lockRoutes,
    ...eventGridRoutes(eventDelivery),
    ...resourceGraphRoutes,
  ];
  return [...routes, ...operationRoutes(routes)];
}
