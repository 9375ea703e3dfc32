import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { FRESH, type Inventory } from '../inventory/Inventory';
import type { OperationRecord } from './engine/types';

/** An operation has changed its registry: what is known of it, its vault and keys is old now. */
export async function invalidate(
  operation: Pick<OperationRecord, 'registryId' | 'steps'>,
  inventory: Inventory,
): Promise<void> {
  for (const key of keysOf(operation)) {
    const vault = await inventory.vault(key.vaultName, FRESH);
    if (vault.known) await inventory.expireKey(vault.value.id, key);
  }
  const registry = await inventory.registry(operation.registryId, FRESH);
  if (!registry.known) {
    await inventory.expireRegistry(operation.registryId);
    return;
  }
  await inventory.expire(await inventory.bundle(registry.value, FRESH));
}

/**
 * Keys that the steps of an operation are about. Steps are kept as text, so this is a door; a step of
 * a newer release may mean something else by the field.
 */
function keysOf({ steps }: Pick<OperationRecord, 'steps'>): KeyIdentifier[] {
  const uris = steps.flatMap(({ spec }) =>
    'key' in spec && typeof spec.key === 'string' ? [spec.key] : [],
  );
  return [...new Set(uris)].flatMap(uri => KeyIdentifier.tryParse(uri) ?? []);
}
