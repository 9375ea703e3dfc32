import { createAccess } from './arm/access';
import { createGroups } from './arm/groups';
import { createIdentities } from './arm/identities';
import { createLocks } from './arm/locks';
import { createRegistries } from './arm/registries';
import { createRoles } from './arm/roles';
import { type AzureOptions, createClients } from './client';
import { createResourceGraph } from './graph/resourceGraph';
import type { AzurePorts } from './ports';
import { createKeys } from './vault/keys';
import { createVaults } from './vault/vaults';

/** Azure, as the rest of the backend sees it. */
export function createAzurePorts(options: AzureOptions): AzurePorts {
  const clients = createClients(options);
  const roleOf = createRoles(clients);
  return {
    registries: createRegistries(clients),
    vaults: createVaults(clients),
    keys: createKeys(clients),
    access: createAccess(clients, roleOf),
    resourceGraph: createResourceGraph(clients, roleOf),
    identities: createIdentities(clients),
    locks: createLocks(clients),
    groups: createGroups(clients),
    has: clients.has,
    callLimitMs: clients.limits.timeoutSeconds * 1000,
    monotonic: clients.limits.monotonic,
  };
}
