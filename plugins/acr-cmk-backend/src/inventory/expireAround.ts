import type {
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { FactStore } from './FactStore';
import type { InventoryRows } from './rows';
import { hostOfVault } from './rows/vaults';

/**
 * Marks the facts of a registry, of its key and of the named keys, of their vaults and of the access to them as
 * old.
 */
export async function expireAround(
  { rows, facts, at }: { rows: InventoryRows; facts: FactStore; at: number },
  { id, named }: { id: RegistryId; named: readonly KeyIdentifier[] },
): Promise<void> {
  const stored = await rows.registries.get(id);
  await rows.registries.expire(id, at);
  const own = stored?.value?.key;
  const keys = new Map(
    [...named, ...(own ? [own] : [])].map(key => [key.keyOfKey, key]),
  );
  for (const key of keys.values()) {
    await rows.vaults.expireNamed(key.vaultName, at);
    await rows.keys.expire(key, at);
    await rows.listings.expire('keys', hostOfVault(key.vaultName), at);
    await rows.access.expireTo(key, at);
    await facts.expire({ kind: 'deleted-key', subject: key.keyOfKey }, at);
  }
}
