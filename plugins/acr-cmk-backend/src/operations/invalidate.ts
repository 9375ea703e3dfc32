import type { Inventory } from '../inventory/Inventory';
import { keysNamedIn } from '../steps/keysNamedIn';
import type { OperationRecord } from './engine/types';

/** An operation has changed its registry: what is known of it, its vault and keys is old now. */
export async function invalidate(
  operation: Pick<OperationRecord, 'registryId' | 'steps'>,
  inventory: Pick<Inventory, 'expire'>,
): Promise<void> {
  await inventory.expire(
    operation.registryId,
    keysNamedIn(operation.steps.map(({ spec }) => spec)),
  );
}
