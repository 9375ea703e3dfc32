import { refsInTags } from '../../domain/refsInTags';
import {
  type AcrCmkConfig,
  entitiesOfGroup,
  entitiesOfIdentity,
  entitiesOfKey,
} from '../../platform/config';

type Config = Pick<AcrCmkConfig, 'keys' | 'identities'>;
type GroupConfig = Pick<AcrCmkConfig, 'resourceGroups'>;

/** Tags of vaults and keys. */
interface Tagged {
  vaults: readonly { name: string; tags?: Record<string, string> }[];
  keys: readonly {
    vaultName: string;
    name: string;
    tags?: Record<string, string>;
  }[];
}

/** The entity and its owners for whom something is to be used, as lower-cased refs. */
export type Claimants = ReadonlySet<string>;

const names = (refs: Iterable<string>, claimants: Claimants) =>
  [...refs].some(ref => claimants.has(ref));

/** Whether every key of the vault is open, including one that is created only now. */
export function isVaultOpen(
  vaultName: string,
  {
    facts,
    config,
    claimants,
  }: { facts: Tagged; config: Config; claimants: Claimants },
): boolean {
  const vault = facts.vaults.find(
    ({ name }) => name.toLowerCase() === vaultName.toLowerCase(),
  );
  const ofVault = config.keys.filter(
    entry =>
      entry.keyName === undefined &&
      entry.vaultName === vaultName.toLowerCase(),
  );
  return (
    names(refsInTags(vault?.tags), claimants) ||
    ofVault.some(({ entityRefs }) => names(entityRefs, claimants))
  );
}

/** Whether its own tag, its vault's tag, or the configuration opens a key. */
export function isKeyOpen(
  { vaultName, keyName }: { vaultName: string; keyName: string },
  of: { facts: Tagged; config: Config; claimants: Claimants },
): boolean {
  const key = of.facts.keys.find(
    one =>
      one.vaultName.toLowerCase() === vaultName.toLowerCase() &&
      one.name.toLowerCase() === keyName.toLowerCase(),
  );
  return (
    isVaultOpen(vaultName, of) ||
    names(refsInTags(key?.tags), of.claimants) ||
    names(entitiesOfKey(of.config, { vaultName, keyName }), of.claimants)
  );
}

/** Whether its tag or the configuration opens a user-assigned identity. */
export function isIdentityOpen(
  identity: { resourceId: string; tags?: Record<string, string> },
  { config, claimants }: { config: Config; claimants: Claimants },
): boolean {
  return (
    names(refsInTags(identity.tags), claimants) ||
    names(entitiesOfIdentity(config, identity.resourceId), claimants)
  );
}

/** Whether its tag or the configuration lets registries be created in a resource group. */
export function isGroupOpen(
  group: { id: string; tags?: Record<string, string> },
  { config, claimants }: { config: GroupConfig; claimants: Claimants },
): boolean {
  return (
    names(refsInTags(group.tags), claimants) ||
    names(entitiesOfGroup(config, group.id), claimants)
  );
}
