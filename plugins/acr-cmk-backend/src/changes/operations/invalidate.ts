import { concernsOf } from '../../domain/effects';
import { readStep } from '../../domain/steps';
import type { Inventory } from '../../inventory/Inventory';
import type { OperationRecord } from '../../engine/types';

/** Marks as old the facts of the registry, vault, keys and identities that an operation has changed. */
export async function invalidate(
  operation: Pick<OperationRecord, 'registryId' | 'steps'>,
  inventory: Pick<Inventory, 'expire'>,
): Promise<void> {
  const specs = operation.steps.map(({ spec }) => spec);
  const { keys } = concernsOf(specs);
  // A plan that makes an identity has read that there is none.
  const identities = specs
    .flatMap(spec => readStep(spec)?.effects ?? [])
    .flatMap(effect =>
      effect.does === 'create-identity' ? [effect.identity] : [],
    );
  await inventory.expire(operation.registryId, keys, identities);
}
