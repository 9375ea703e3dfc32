import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Inventory } from '../inventory/Inventory';
import type { OperationRecord } from './engine/types';

/** An operation has changed its registry: what is known of it, its vault and keys is old now. */
export async function invalidate(
  operation: Pick<OperationRecord, 'registryId' | 'steps'>,
  inventory: Pick<Inventory, 'expire'>,
): Promise<void> {
  await inventory.expire(operation.registryId, keysOf(operation));
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
