import { armRoutes } from './azure/arm';
import { armKeyRoutes } from './azure/armKeys';
import { authorizationRoutes } from './azure/authorization';
import { deletedKeyRoutes } from './azure/deletedKeys';
import { entraRoutes, Secrets } from './azure/entra';
import { graphRoutes } from './azure/graph';
import { identityRoutes } from './azure/identities';
import { keyBackupRoutes } from './azure/keyBackup';
import { keyCryptoRoutes } from './azure/keyCrypto';
import { keyRoutes } from './azure/keys';
import { lockRoutes } from './azure/locks';
import { registryRoutes } from './azure/registries';
import { registryDataPlaneRoutes } from './azure/registryDataPlane';
import { resourceGraphRoutes } from './azure/resourceGraph';
import { roleDefinitionRoutes } from './azure/roleDefinitions';
import { vaultRoutes } from './azure/vaults';
import type { Route } from './router';
import type { Tokens } from './tokens';

/** All routes of the emulator, by service. */
export function allRoutes(tokens: Tokens, secrets: Secrets): Route[] {
  return [
    ...entraRoutes(tokens, secrets),
    ...armRoutes,
    ...registryRoutes,
    ...registryDataPlaneRoutes,
    ...vaultRoutes,
    ...armKeyRoutes,
    ...keyRoutes,
    ...deletedKeyRoutes,
    ...keyCryptoRoutes,
    ...keyBackupRoutes,
    ...graphRoutes,
    ...identityRoutes,
    ...authorizationRoutes,
    ...roleDefinitionRoutes,
    ...lockRoutes,
    ...resourceGraphRoutes,
  ];
}
