import { concernsOf } from '../../domain/effects';
import type { Inventory } from '../../inventory/Inventory';
import type { OperationRecord } from '../../engine/types';

/** An operation has changed its registry: what is known of it, its vault and keys is old now. */
export async function invalidate(
  operation: Pick<OperationRecord, 'registryId' | 'steps'>,
  inventory: Pick<Inventory, 'expire'>,
): Promise<void> {
  const { keys } = concernsOf(operation.steps.map(({ spec }) => spec));
  await inventory.expire(operation.registryId, keys);
}
