import type { Knex } from 'knex';
import type { OperationRow } from '../platform/database/tables';

/** Stores an operation and its plan, as far as lists, limits and exports read them. It has succeeded, unless stated. */
export async function insertOperation(
  db: Knex,
  operation: Pick<OperationRow, 'id'> & Partial<OperationRow>,
): Promise<void> {
  const { id } = operation;
  const ofPlan = {
    entity_ref: 'resource:default/elsewhere',
    registry_key: 'r',
    requested_by: 'user:default/priya',
    plan: '{}',
  };
  await db('plans').insert({
    ...ofPlan,
    id,
    hash: 'h',
    draft: '{}',
    expires_at: 0,
  });
  await db('operations').insert({
    ...ofPlan,
    revision: 1,
    state: 'succeeded',
    kind: 'rotate',
    label: 'rotate',
    plan_id: id,
    idempotency_key: id,
    request_hash: 'h',
    reason: 'A test',
    authorities: '[]',
    inverse: '[]',
    outputs: '{}',
    epoch: 0,
    ...operation,
  });
}

/** Stores a step of an operation that has read a version in use back from Azure. */
export async function insertVersionRead(
  db: Knex,
  operationId: string,
  value: string | null | undefined,
): Promise<void> {
  await db('operation_steps').insert({
    operation_id: operationId,
    position: 0,
    state: 'done',
    spec: '{}',
    checkpoint: '{}',
    after: JSON.stringify([{ what: 'version in use', value }]),
    attempts: 1,
  });
}
