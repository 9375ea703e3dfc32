import { randomUUID } from 'node:crypto';
import { type Plan, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { PlanStore } from '../../changes/plans/PlanStore';
import { AuditLog } from '../../platform/audit/AuditLog';
import { breaksIn } from '../../platform/audit/chain';
import { type Clock, DatabaseClock } from '../../platform/database/clock';
import { monotonicClock } from '../../platform/time/realClock';
import type { NewOperation } from '../AcceptanceStore';
import { ApprovalStore } from '../ApprovalStore';
import { createOperationStores } from '../createOperationStores';

export const LEASE_SECONDS = 60;

export const range = (count: number) =>
  Array.from({ length: count }, (_, n) => n);

export function storesOn(
  db: Knex,
  clock: Clock = new DatabaseClock(db),
  audit = new AuditLog({ db, clock }),
) {
  return {
    ...createOperationStores({
      db,
      clock,
      audit,
      limits: { leaseSeconds: LEASE_SECONDS },
      azure: { callLimitMs: 20_000, monotonic: monotonicClock },
    }),
    approvals: new ApprovalStore({ db, clock, audit }),
  };
}

/** Runs a function right before the next update of an operation is sent. */
export async function beforeUpdate(
  db: Knex,
  then: () => Promise<void>,
): Promise<void> {
  // A transaction has a client of its own, made of the prototype.
  const { prototype } = db.client.constructor;
  const { query } = prototype;
  prototype.query = async function withWork(connection: unknown, sent: any) {
    if (/^update "operations"/i.test(sent.sql ?? sent)) {
      prototype.query = query;
      await then();
    }
    return query.call(this, connection, sent);
  };
}

export const idOf = (name: string) =>
  RegistryId.parse(
    `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );

/** An operation on one registry, with a plan that is kept. */
export async function operationOn(
  db: Knex,
  name: string,
  change: Partial<NewOperation> = {},
  planned: Partial<Plan> = {},
): Promise<NewOperation> {
  const registryId = idOf(name);
  const plan = {
    id: randomUUID(),
    hash: 'h'.repeat(64),
    intent: { kind: 'rotate' },
    entityRef: 'resource:default/under-test',
    registryId: registryId.toString(),
    expiresAt: new Date(0).toISOString(),
    waitingSeconds: 0,
    ...planned,
  } as Plan;
  const steps: NewOperation['steps'] = [
    { kind: 'make-key-version', version: 1, key: 'https://v/keys/k' } as any,
  ];
  const requestedBy = 'user:default/tester';
  const locks = [registryId.key, `key:of-${name}`];
  await new PlanStore({ db }).keep({
    plan,
    requestedBy,
    registryId,
    steps,
    inverse: [],
    locks,
    effects: [],
    fingerprint: {},
  });
  return {
    id: randomUUID(),
    plan,
    steps,
    inverse: [],
    locks,
    authorities: [],
    registryId,
    reason: 'A test',
    requestedBy,
    idempotencyKey: randomUUID(),
    requestHash: plan.hash,
    ...change,
  };
}

export type Stores = ReturnType<typeof storesOn>;

/** Closes a database. @throws when its audit chain breaks */
export async function closeIntact(db: Knex): Promise<void> {
  const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
  const [broken] = breaksIn(await audit.list({}));
  await db.destroy();
  if (broken) throw new Error(`The audit chain breaks at ${broken.seq}`);
}

/** Carries operations on until one has ended. */
export async function end(stores: Stores, id: string): Promise<void> {
  for (;;) {
    const lease = await stores.leases.claim('ending');
    if (!lease) throw new Error(`${id} cannot be claimed`);
    await stores.writes.write(lease, { state: 'succeeded' });
    if (lease.operationId === id) return;
  }
}
