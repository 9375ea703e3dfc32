import { TargetBusy } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Row } from './rows';

/**
 * Takes the locks of an operation that has waited for an approval, as its plan names them.
 *
 * @throws TargetBusy when another operation holds one
 */
export async function takeLocks(
  trx: Knex.Transaction,
  { id, plan_id: planId }: Row,
): Promise<void> {
  const { draft } = await trx('plans').where({ id: planId }).first('draft');
  const targets: string[] = JSON.parse(draft).locks;
  const held = await trx('operation_locks').whereIn('target', targets);
  const other = held.find(lock => lock.operation_id !== id);
  if (other) throw new TargetBusy(other.target, other.operation_id);
  const own = new Set(held.map(({ target }) => target));
  // In one order for all, so that no two wait for each other.
  for (const target of targets.filter(one => !own.has(one)).sort()) {
    await trx('operation_locks').insert({ target, operation_id: id });
  }
}
