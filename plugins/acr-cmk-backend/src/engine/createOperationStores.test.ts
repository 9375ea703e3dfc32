import { randomUUID } from 'node:crypto';
import {
  type Plan,
  RegistryId,
  TargetBusy,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { until } from '../__testUtils__/until';
import { AuditLog } from '../platform/audit/AuditLog';
import { breaksIn } from '../platform/audit/chain';
import type { Effect } from '../domain/effects';
import { type Clock, DatabaseClock } from '../platform/database/clock';
import type { NewOperation } from './AcceptanceStore';
import { ApprovalStore } from './ApprovalStore';
import { createOperationStores } from './createOperationStores';
import { monotonicClock } from '../platform/time/realClock';
import { PlanStore } from '../changes/plans/PlanStore';
import { toRecord } from './rows';
import type { Lease } from './types';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

const LEASE_SECONDS = 60;
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

const databases = testDatabases();

function storesOn(
  db: Knex,
  clock: Clock = new DatabaseClock(db),
  audit = new AuditLog({ db, clock }),
) {
  return {
    ...createOperationStores({
      db,
      clock,
      audit,
      leaseSeconds: LEASE_SECONDS,
      settleMs: 20_000,
      monotonic: monotonicClock,
    }),
    approvals: new ApprovalStore({ db, clock, audit }),
  };
}

/** Runs a function right before the next update of an operation is sent. */
async function beforeUpdate(
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

const idOf = (name: string) =>
  RegistryId.parse(
    `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );

/** An operation on one registry, with a plan that is kept. */
async function operationOn(
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

describe.each(databases)('operation stores, on $name', ({ name, open }) => {
  let db: Knex;
  let stores: ReturnType<typeof storesOn>;
  beforeEach(async () => {
    db = await open();
    stores = storesOn(db);
  });
  afterEach(async () => {
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    const [broken] = breaksIn(await audit.list({}));
    await db.destroy();
    if (broken) throw new Error(`The audit chain breaks at ${broken.seq}`);
  });

  const end = async (id: string) => {
    for (;;) {
      const lease = await stores.leases.claim('ending');
      if (!lease) throw new Error(`${id} cannot be claimed`);
      await stores.writes.write(lease, { state: 'succeeded' });
      if (lease.operationId === id) return;
    }
  };

  it('F12: of many requests at once one is taken, and the others name it', async () => {
    const wanted = await Promise.all(
      range(8).map(() => operationOn(db, 'registry')),
    );
    const answers = await Promise.allSettled(
      wanted.map(operation => stores.acceptances.accept(operation)),
    );
    const [{ id }] = await db('operations').select('id');
    const lost = answers.flatMap(answer =>
      answer.status === 'rejected' ? [answer.reason] : [],
    );
    expect(lost).toHaveLength(7);
    for (const reason of lost) {
      expect(reason).toBeInstanceOf(TargetBusy);
      expect(reason).toMatchObject({ operationId: id });
    }
    expect(await db('audit')).toHaveLength(1);
  });

  it('F11: the same request many times at once is one operation', async () => {
    const wanted = await operationOn(db, 'registry');
    const answers = await Promise.all(
      range(8).map(() =>
        stores.acceptances.accept({ ...wanted, id: randomUUID() }),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await db('operations')).toHaveLength(1);
  });

  it('F11: a key that came with another request is refused, and nothing is stored', async () => {
    const first = await operationOn(db, 'registry');
    const { id } = await stores.acceptances.accept(first);
    const other = await operationOn(db, 'other', {
      idempotencyKey: first.idempotencyKey,
      requestHash: 'another',
    });
    await expect(stores.acceptances.accept(other)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      operationId: id,
    });
    expect(await db('operations')).toHaveLength(1);
  });

  it('claims revokes before all others that are due, and only them for the places that are theirs', async () => {
    const made: string[] = [];
    for (const [index, kind] of ['rotate', 'revoke', 'restore'].entries()) {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, `registry${index}`, {}, {
          intent: { kind },
        } as Partial<Plan>),
      );
      await db('operations').where({ id }).update({ due_at: index });
      made.push(id);
    }
    expect(await stores.leases.claim('one')).toMatchObject({
      operationId: made[1],
    });
    expect(
      await stores.leases.claim('two', { onlyRevokes: true }),
    ).toBeUndefined();
    expect(await stores.leases.claim('three')).toMatchObject({
      operationId: made[0],
    });
  });

  it('claims operations of campaigns after all others that are due', async () => {
    const ids: string[] = [];
    for (const [registry, campaignId] of [
      ['first', randomUUID()],
      ['second', undefined],
      ['third', randomUUID()],
      ['fourth', undefined],
    ] as const) {
      const made = await stores.acceptances.accept(
        await operationOn(db, registry, {
          ...(campaignId && { campaignId, origin: 'campaign' }),
        }),
      );
      expect(made.campaignId).toBe(campaignId);
      ids.push(made.id);
    }
    // Each became due after the one before it.
    for (const [index, id] of ids.entries()) {
      await db('operations').where({ id }).update({ due_at: index });
    }
    const claimed: (string | undefined)[] = [];
    for (const owner of ids) {
      claimed.push((await stores.leases.claim(owner))?.operationId);
    }
    expect(claimed).toEqual([ids[1], ids[3], ids[0], ids[2]]);
  });

  it('makes an operation that people have approved before', async () => {
    const need = { permission: 'acr-cmk.operation.approve', because: 'of it' };
    const met = [
      { ...need, by: 'user:default/priya', at: 2_000, standing: ['an owner'] },
      { ...need, by: 'user:default/paul', at: 1_000, standing: [] },
    ];
    const campaignId = randomUUID();
    const made = await stores.acceptances.accept(
      await operationOn(db, 'registry', {
        campaignId,
        origin: 'campaign',
        needs: met,
      }),
    );
    expect(made).toMatchObject({
      state: 'queued',
      approval: {
        state: 'approved',
        needs: met,
        by: 'user:default/priya',
        at: 2_000,
        expiresAt: undefined,
      },
    });
    const [record] = await new AuditLog({
      db,
      clock: new DatabaseClock(db),
    }).list({});
    expect(record).toMatchObject({
      actor: 'user:default/tester',
      details: { campaignId, origin: 'campaign', needs: met },
    });
    await expect(
      stores.acceptances.accept(
        await operationOn(db, 'other', { campaignId, needs: [met[0], need] }),
      ),
    ).rejects.toThrow('Nobody has met the need of acr-cmk.operation.approve');
    expect(await db('operations')).toHaveLength(1);
  });

  it('takes a request, or names the holder, while the holder is ending', async () => {
    for (let round = 0; round < 20; round++) {
      const [first, second] = await Promise.all([
        operationOn(db, 'registry'),
        operationOn(db, 'registry'),
      ]);
      await stores.acceptances.accept(first);
      const [, answer] = await Promise.allSettled([
        end(first.id),
        stores.acceptances.accept(second),
      ]);
      const named =
        answer.status === 'rejected' ? answer.reason.operationId : first.id;
      expect(named).toBe(first.id);
      if (answer.status === 'fulfilled') await end(second.id);
    }
  });

  it('two that want the same keys in another order do not block each other', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = await Promise.all([
        operationOn(db, 'first', { locks: ['/a', '/b', '/c'] }),
        operationOn(db, 'second', { locks: ['/c', '/b', '/a'] }),
      ]);
      const answers = await Promise.allSettled([
        stores.acceptances.accept(one),
        stores.acceptances.accept(other),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        'rejected',
      ]);
      const lost = answers.find(({ status }) => status === 'rejected');
      expect(lost).toMatchObject({ reason: expect.any(TargetBusy) });
      const [{ id }] = await db('operations').whereNotNull('due_at');
      await end(id);
    }
  });

  describe('when the answer to its commit is lost', () => {
    /** A database whose commits go through, and which then is away for so many more statements. */
    const losing = (awayFor: number): Knex => {
      let away = 0;
      return new Proxy(db, {
        apply: (target, self, args) => {
          if (away > 0) {
            away -= 1;
            throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
          }
          return Reflect.apply(target, self, args);
        },
        get: (target, property) =>
          property === 'transaction'
            ? async (fill: (trx: Knex.Transaction) => Promise<void>) => {
                await target.transaction(fill);
                away = awayFor;
                throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
              }
            : Reflect.get(target, property, target),
      });
    };

    it('F31: an acceptance is read back', async () => {
      const wanted = await operationOn(db, 'registry');
      const clock = new DatabaseClock(db);
      expect(
        await storesOn(losing(0), clock).acceptances.accept(wanted),
      ).toMatchObject({
        id: wanted.id,
        state: 'queued',
      });
    });

    it('F31: an acceptance that cannot be read back is said to be unknown, with its key, and a repetition finds it', async () => {
      const wanted = await operationOn(db, 'registry');
      const clock = new DatabaseClock(db);
      await expect(
        storesOn(losing(1), clock).acceptances.accept(wanted),
      ).rejects.toMatchObject({
        code: 'ACCEPTANCE_UNKNOWN',
        idempotencyKey: wanted.idempotencyKey,
        message: expect.stringContaining(wanted.idempotencyKey),
      });
      expect(await stores.acceptances.accept(wanted)).toMatchObject({
        id: wanted.id,
      });
      expect(await db('operations')).toHaveLength(1);
    });
  });

  it('accepts again after another transaction waited for this one, and it for that one', async () => {
    let deadlocks = 1;
    const wanted = await operationOn(db, 'registry');
    const accepted = await stores.acceptances.accept({
      ...wanted,
      also: async () => {
        if (deadlocks-- > 0) {
          throw Object.assign(new Error('deadlock'), { code: '40P01' });
        }
      },
    });
    expect(accepted).toMatchObject({ id: wanted.id, state: 'queued' });
    expect(await db('operations')).toHaveLength(1);
  });

  it('gives each operation to one of many workers', async () => {
    for (const n of range(12)) {
      await stores.acceptances.accept(await operationOn(db, `registry${n}`));
    }
    const drain = async (owner: string) => {
      const leases = [];
      for (;;) {
        const lease = await stores.leases.claim(owner);
        if (!lease) return leases;
        leases.push(lease);
      }
    };
    const leases = (
      await Promise.all(range(6).map(n => drain(`worker-${n}`)))
    ).flat();
    expect(leases).toHaveLength(12);
    expect(new Set(leases.map(({ operationId }) => operationId)).size).toBe(12);
    expect(leases.every(({ epoch }) => epoch === 1)).toBe(true);
  });

  /** Writes to Azure, if it gets the operation. */
  async function work(): Promise<boolean> {
    const lease = await stores.leases.claim('worker');
    if (!lease) return false;
    const fenced = await stores.writes.write(lease, {
      step: { position: 0, state: 'running', attempts: 1 },
    });
    await stores.writes.write(lease, { state: 'waiting', release: true });
    return fenced;
  }

  it('F33: a cancellation that meets the first write of a worker, which then lets go, finds the write', async () => {
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const lease = (await stores.leases.claim('worker'))!;
    const writeAndLetGo = async () => {
      await stores.writes.write(lease, {
        step: { position: 0, state: 'running', attempts: 1 },
      });
      await stores.writes.write(lease, { state: 'waiting', release: true });
    };
    if (name === 'PostgreSQL') {
      // Between whatever the cancellation has read and its update.
      await beforeUpdate(db, writeAndLetGo);
    } else {
      // SQLite has one writer at a time, so the worker comes before the transaction.
      const inner = new DatabaseClock(db);
      let first = true;
      const cancelling = storesOn(db, {
        now: async trx => {
          if (first) {
            first = false;
            await writeAndLetGo();
          }
          return inner.now(trx);
        },
      });
      stores.approvals = cancelling.approvals;
    }
    await expect(
      stores.approvals.cancel(id, {
        actor: 'user:default/x',
        reason: 'Too late',
      }),
    ).rejects.toThrow('it has written to Azure');
    expect(await stores.operations.get(id)).toMatchObject({ state: 'waiting' });
    expect(await db('operation_locks')).toHaveLength(2);
  });

  it('F33: an operation that a worker has in hand is not cancelled: it may be about to write', async () => {
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const lease = (await stores.leases.claim('worker'))!;
    await expect(
      stores.approvals.cancel(id, {
        actor: 'user:default/x',
        reason: 'In between',
      }),
    ).rejects.toThrow('a worker is working on it now; try again');
    expect(await stores.writes.write(lease, { state: 'running' })).toBe(true);
  });

  it('F33: a worker that comes after a cancellation writes nothing', async () => {
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const lease = (await stores.leases.claim('worker'))!;
    await stores.writes.write(lease, { state: 'waiting', release: true });
    await stores.approvals.cancel(id, {
      actor: 'user:default/x',
      reason: 'In time',
    });
    expect(
      await stores.writes.write(lease, {
        step: { position: 0, state: 'running', attempts: 1 },
      }),
    ).toBe(false);
    expect(await stores.operations.get(id)).toMatchObject({
      state: 'cancelled',
      steps: [{ attempts: 0 }],
    });
  });

  it('never cancels what has written to Azure', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      const [wrote, cancelled] = await Promise.all([
        work(),
        stores.approvals
          .cancel(id, { actor: 'user:default/x', reason: 'Race' })
          .then(
            () => 'cancelled',
            error => error.code,
          ),
      ]);
      expect(cancelled).toBe(wrote ? 'OPERATION_STATE' : 'cancelled');
      if (wrote) await end(id);
    }
  });

  it('keeps the agreements of two people who approve at once', async () => {
    const [read, rotate] = ['acr-cmk.registry.read', 'acr-cmk.key.rotate'];
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry', {
        approvalExpiresAfterMs: 60_000,
        needs: [read, rotate].map(permission => ({
          permission,
          because: 'a test',
        })),
      }),
    );
    const approve = (permission: string) =>
      stores.approvals.approve(id, {
        actor: `user:default/${permission}`,
        planHash: 'h'.repeat(64),
        meets: need => (need.permission === permission ? ['owner'] : undefined),
      });
    const areMet = await Promise.all([approve(read), approve(rotate)]);
    expect(areMet.sort()).toEqual([false, true]);
    expect(await stores.operations.get(id)).toMatchObject({
      approval: { state: 'approved' },
    });
  });

  describe('a revoke whose target another operation has not begun to change', () => {
    const revoke = { intent: { kind: 'revoke' } } as const;
    const inWaitingPeriod = { waitingSeconds: 600 };
    const forApproval = { approvalExpiresAfterMs: 60_000 };

    it.each<[how: string, Partial<NewOperation>, Partial<Plan>]>([
      ['in its waiting period', {}, inWaitingPeriod],
      ['that waits for approval', forApproval, {}],
    ])('cancels a rotation %s, which then says so', async (_how, ...first) => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', ...first),
      );
      const { id: revokeId } = await stores.acceptances.accept(
        await operationOn(db, 'registry', {}, revoke),
      );
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'cancelled',
        result: {
          code: 'TARGET_BUSY',
          message: expect.stringContaining(revokeId),
        },
      });
      expect(await db('operation_locks').pluck('operation_id')).toEqual([
        revokeId,
        revokeId,
      ]);
    });

    it('leaves a revoke that waits for approval as it is: that takes something away as well', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', forApproval, revoke),
      );
      await stores.acceptances.accept(
        await operationOn(db, 'registry', {}, revoke),
      );
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'awaiting-approval',
      });
    });

    it('is refused because of a revoke in its waiting period', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(
          db,
          'registry',
          {},
          { ...revoke, ...inWaitingPeriod },
        ),
      );
      await expect(
        stores.acceptances.accept(
          await operationOn(db, 'registry', {}, revoke),
        ),
      ).rejects.toMatchObject({ code: 'TARGET_BUSY', operationId: id });
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'waiting',
      });
    });
  });

  describe('a revoke whose target another operation works on', () => {
    const revoke = { intent: { kind: 'revoke' } } as const;
    /** A rotation that has begun and waits, with nothing sent and no worker. */
    async function waitingRotation(fields: object = {}, ofStep: object = {}) {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      await db('operations')
        .where({ id })
        .update({ state: 'waiting', started_at: 1, ...fields });
      await db('operation_steps')
        .where({ operation_id: id })
        .update({
          state: 'waiting',
          spec: JSON.stringify({
            kind: 'make-key-version',
            version: 1,
            key: 'https://kv-test.vault.azure.net/keys/k',
          }),
          ...ofStep,
        });
      return id;
    }
    const acceptRevoke = async (change: Partial<NewOperation> = {}) =>
      stores.acceptances.accept(
        await operationOn(db, 'registry', change, revoke),
      );

    it('ends it where it only waits and has sent nothing', async () => {
      const id = await waitingRotation();
      const { id: revokeId } = await acceptRevoke();
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'failed',
        dueAt: undefined,
        result: {
          code: 'TARGET_BUSY',
          message: expect.stringContaining(
            `operation ${revokeId}, a revoke, went first`,
          ),
        },
        steps: [{ state: 'failed' }],
      });
      expect(await stores.leases.claim('worker')).toMatchObject({
        operationId: revokeId,
      });
      expect(await stores.leases.claim('worker')).toBeUndefined();
    });

    it.each<[what: string, fields: object]>([
      ['still queued', { waiting_for: null }],
      ['waiting to be tried again', { state: 'waiting', due_at: 2 ** 42 }],
      ['left by a lost worker', { lease_owner: 'lost', lease_until: 1 }],
    ])('ends it where nobody has begun it: %s', async (_what, fields) => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      await db('operations').where({ id }).update(fields);
      const { id: revokeId } = await acceptRevoke();
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'cancelled',
        result: { code: 'TARGET_BUSY' },
      });
      expect(await stores.leases.claim('worker')).toMatchObject({
        operationId: revokeId,
      });
      expect(await stores.leases.claim('worker')).toBeUndefined();
    });

    it('is refused while a worker has just taken it', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      expect(await stores.leases.claim('worker')).toBeDefined();
      await expect(acceptRevoke()).rejects.toMatchObject({ operationId: id });
    });

    it.each<[why: string, fields: object, ofStep: object]>([
      ['a worker has it', { lease_until: Date.now() + 60_000 }, {}],
      [
        'a write of a lost worker may still arrive',
        { settles_at: Date.now() + 60_000 },
        {},
      ],
      ['the effect of its write is not seen', {}, { attempts: 1 }],
    ])('is refused while %s', async (_why, fields, ofStep) => {
      const id = await waitingRotation(fields, ofStep);
      await expect(acceptRevoke()).rejects.toMatchObject({
        code: 'TARGET_BUSY',
        operationId: id,
      });
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'waiting',
      });
    });
  });

  describe('a revoke while Azure hangs at a write that another operation has sent', () => {
    const registryId = idOf('registry');
    const key = 'kv-test/k';
    const keyUri = 'https://kv-test.vault.azure.net/keys/k';
    const changed: Effect = {
      kind: 'registry-changed',
      registryId: registryId.key,
      key,
    };
    const LOSS: Effect = {
      kind: 'registry-loses-key',
      registryId: registryId.key,
      key,
    };
    const byAccess: Effect[] = [
      { kind: 'access-removed', scope: '/vault', to: 'identity' },
      LOSS,
    ];
    const byVersion: Effect[] = [
      {
        kind: 'key-changed',
        key,
        change: 'version-disabled',
        version: '0'.repeat(32),
        usedBy: [registryId.key],
      },
      LOSS,
    ];
    const pointing = {
      kind: 'point-registry-at-key',
      version: 1,
      registryId: registryId.toString(),
      key: keyUri,
      mode: 'automatic',
      use: '0'.repeat(32),
      identity: 'system',
    };
    const making = { kind: 'make-key-version', version: 1, key: keyUri };

    /** A rotation whose step was sent, without an end. */
    async function hanging(spec: object, effects: Effect[]) {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', { effects }),
      );
      await db('operations')
        .where({ id })
        .update({ state: 'waiting', started_at: 1, attempts: 1 });
      await db('operation_steps')
        .where({ operation_id: id })
        .update({ state: 'waiting', attempts: 1, spec: JSON.stringify(spec) });
      return id;
    }
    const acceptRevoke = async (effects: Effect[]) =>
      stores.acceptances.accept(
        await operationOn(
          db,
          'registry',
          { effects },
          { intent: { kind: 'revoke' } },
        ),
      );

    it('goes first where the write has the registry use the key that it loses, and says that the write may still arrive', async () => {
      const id = await hanging(pointing, [changed]);
      const { id: revokeId } = await acceptRevoke(byAccess);
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'failed',
        result: {
          code: 'TARGET_BUSY',
          message: expect.stringMatching(
            /Send the key k without a version to registry.*, and Azure may still carry out the last write, because operation .*, a revoke, went first/,
          ),
        },
        steps: [{ state: 'failed', attempts: 1 }],
      });
      expect(await db('operation_locks').distinct('operation_id')).toEqual([
        { operation_id: revokeId },
      ]);
    });

    it.each<[why: string, spec: object, effects: Effect[], revoke: Effect[]]>([
      [
        'may have the registry use another version than the revoke disables',
        pointing,
        [changed],
        byVersion,
      ],
      [
        'may give the registry another key',
        pointing,
        [
          changed,
          {
            kind: 'registry-begins-to-use-key',
            registryId: registryId.key,
            key: 'kv-test/other',
            usedBy: [],
          },
        ],
        byAccess,
      ],
      [
        'may give it another identity',
        pointing,
        [
          changed,
          {
            kind: 'registry-reached-by-identity',
            registryId: registryId.key,
            identity: 'system',
          },
        ],
        byAccess,
      ],
      ['may make a version', making, [changed], byAccess],
      ['has effects that are not known', pointing, [], byAccess],
    ])('waits for a write that %s', async (_why, spec, effects, revoke) => {
      const id = await hanging(spec, effects);
      await expect(acceptRevoke(revoke)).rejects.toMatchObject({
        code: 'TARGET_BUSY',
        operationId: id,
      });
    });
  });

  describe('a target that is kept for a revoke', () => {
    const [KEY_LOCK, REGISTRY_LOCK] = ['key:of-registry', idOf('registry').key];
    const locks = [REGISTRY_LOCK, KEY_LOCK];
    const MINUTE = 60_000;
    const of = (kind: string) =>
      operationOn(db, 'registry', {}, { intent: { kind } as Plan['intent'] });
    const forApproval = {
      approvalExpiresAfterMs: 60 * MINUTE,
      needs: [{ permission: 'acr-cmk.operation.approve', because: 'a test' }],
    };

    it('lets nothing else begin while its request waits for approval, for a while', async () => {
      let offset = 0;
      const inner = new DatabaseClock(db);
      stores = storesOn(db, {
        now: async trx => (await inner.now(trx)) + offset,
      });
      const request = await operationOn(db, 'registry', forApproval, {
        intent: { kind: 'revoke' },
      });
      await stores.acceptances.accept(request);
      await expect(
        stores.acceptances.accept(await of('rotate')),
      ).rejects.toMatchObject({
        code: 'TARGET_BUSY',
        operationId: undefined,
        message: expect.stringMatching(
          /^A revoke that concerns .* was requested, and goes first\. Try again after /,
        ),
      });
      offset = 16 * MINUTE;
      await stores.acceptances.accept(await of('rotate'));
    });

    it('is free for a restore, and for a revoke, which ends it', async () => {
      await stores.acceptances.keepForRevoke({
        registryKey: REGISTRY_LOCK,
        requestedBy: 'user:default/tester',
        locks,
        needs: [],
      });
      const restore = await stores.acceptances.accept(await of('restore'));
      await end(restore.id);
      const { id } = await stores.acceptances.accept(await of('revoke'));
      await end(id);
      expect(await stores.acceptances.accept(await of('rotate'))).toMatchObject(
        { state: 'queued' },
      );
    });

    it('stays kept for one person when the revoke of another is cancelled, or begins', async () => {
      const claim = {
        registryKey: REGISTRY_LOCK,
        requestedBy: 'user:default/first',
        locks,
        needs: [],
      };
      const kept = () => stores.operations.keptForRevoke('rotate', locks);
      const intent = { kind: 'revoke' } as Plan['intent'];
      const waiting = await stores.acceptances.accept(
        await operationOn(db, 'registry', forApproval, { intent }),
      );
      await stores.acceptances.keepForRevoke(claim);
      await stores.approvals.cancel(waiting.id, {
        actor: 'user:default/tester',
        reason: 'A test',
      });
      expect(await kept()).toBeDefined();
      await end((await stores.acceptances.accept(await of('revoke'))).id);
      expect(await kept()).toBeDefined();
      const own = { ...forApproval, requestedBy: claim.requestedBy };
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', own, { intent }),
      );
      await stores.approvals.cancel(id, {
        actor: claim.requestedBy,
        reason: 'A test',
      });
      expect(await kept()).toBeUndefined();
    });

    it('is only its own registry where others have to agree', async () => {
      await stores.acceptances.keepForRevoke({
        registryKey: REGISTRY_LOCK,
        requestedBy: 'user:default/tester',
        locks,
        needs: [{ permission: 'acr-cmk.key.revoke' }],
      });
      expect(
        await stores.operations.keptForRevoke('rotate', [KEY_LOCK]),
      ).toBeUndefined();
      expect(
        await stores.operations.keptForRevoke('rotate', [REGISTRY_LOCK]),
      ).toMatchObject({ target: REGISTRY_LOCK });
    });

    it('is kept when a request that was approved no longer fits, not when a person rejects it', async () => {
      for (const [code, kept] of [
        ['PLAN_DRIFTED', true],
        [undefined, false],
      ] as const) {
        const request = await operationOn(db, 'registry', forApproval, {
          intent: { kind: 'revoke' },
        });
        const { id } = await stores.acceptances.accept(request);
        if (kept) await db('revoke_claims').delete();
        await stores.approvals.reject(id, {
          actor: 'user:default/second',
          reason: 'A test',
          code,
          message: 'A test',
        });
        expect(
          (await stores.operations.keptForRevoke('rotate', locks)) !==
            undefined,
        ).toBe(kept);
      }
    });
  });

  it('counts the leases that ran out, until there is progress', async () => {
    let offset = 0;
    const inner = new DatabaseClock(db);
    stores = storesOn(db, {
      now: async trx => (await inner.now(trx)) + offset,
    });
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    for (const interruptions of [0, 1, 2]) {
      const lease = await stores.leases.claim('a worker whose process ends');
      expect(lease).toMatchObject({ operationId: id });
      expect(await stores.operations.get(id)).toMatchObject({ interruptions });
      offset += LEASE_SECONDS * 1000 + 1000;
    }
    const lease = await stores.leases.claim('a worker that makes progress');
    await stores.writes.write(lease!, { step: { position: 0, state: 'done' } });
    expect(await stores.operations.get(id)).toMatchObject({ interruptions: 0 });
  });

  it('writes nothing for a worker whose operation another one has taken over, although its lease holds', async () => {
    let offset = 0;
    const inner = new DatabaseClock(db);
    stores = storesOn(db, {
      now: async trx => (await inner.now(trx)) + offset,
    });
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const late = await stores.leases.claim(
      'a worker that was stopped for a while',
    );
    offset += LEASE_SECONDS * 1000 + 1000;
    const heir = await stores.leases.claim('the worker after it');
    const before = await stores.operations.get(id);

    const landed = await stores.writes.write(late!, {
      state: 'failed',
      step: { position: 0, state: 'failed' },
    });

    expect(landed).toBe(false);
    expect(await stores.operations.get(id)).toEqual(before);
    expect(await stores.writes.write(heir!, { state: 'succeeded' })).toBe(true);
  });

  it.each<[does: string, attempt: (lease: Lease) => Promise<boolean>]>([
    ['a write', lease => stores.writes.write(lease, { state: 'failed' })],
    ['a renewal', lease => stores.leases.renew(lease)],
    ['an interruption', lease => stores.leases.interrupted(lease)],
  ])(
    'of a worker whose lease is over, %s lands neither before nor after another one has taken the operation',
    async (_does, attempt) => {
      let offset = 0;
      const inner = new DatabaseClock(db);
      stores = storesOn(db, {
        now: async trx => (await inner.now(trx)) + offset,
      });
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      const row = () => db('operations').where({ id }).first();
      const late = (await stores.leases.claim('a worker that was stopped'))!;
      offset += LEASE_SECONDS * 1000 + 1000;

      const free = await row();
      expect(await attempt({ ...late })).toBe(false);
      expect(await row()).toEqual(free);

      await stores.leases.claim('the worker after it');
      const taken = await row();
      expect(await attempt({ ...late })).toBe(false);
      expect(await row()).toEqual(taken);
    },
  );

  it('stores nothing whose audit record cannot be written: no acceptance, and no change of a worker', async () => {
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const lease = (await stores.leases.claim('worker'))!;
    jest
      .spyOn(audit, 'append')
      .mockRejectedValue(new Error('The record is full'));
    const unrecorded = storesOn(db, undefined, audit);
    const before = await stores.operations.get(id);
    await expect(
      unrecorded.acceptances.accept(await operationOn(db, 'other')),
    ).rejects.toThrow('The record is full');
    await expect(
      unrecorded.writes.write(lease, {
        state: 'succeeded',
        audit: { event: 'operation-ended', details: {} },
      }),
    ).rejects.toThrow('The record is full');
    expect(await db('operations')).toHaveLength(1);
    expect(await stores.operations.get(id)).toEqual(before);
    expect(await db('operation_locks')).toHaveLength(2);
  });

  it.each<[state: 'succeeded' | 'failed', attempts: number, isArmed: boolean]>([
    ['succeeded', 1, true],
    // Half a revoke is undone as well.
    ['failed', 1, true],
    ['failed', 0, false],
  ])(
    'arms the restore timer of a revoke that ended as %s after %i writes: %s',
    async (state, attempts, isArmed) => {
      const { id } = await stores.acceptances.accept(
        await operationOn(
          db,
          'registry',
          {},
          { intent: { kind: 'revoke', restoreAfterMinutes: 5 } },
        ),
      );
      const lease = (await stores.leases.claim('worker'))!;
      const step = { position: 0, state: 'running', attempts } as const;
      await stores.writes.write(lease, { step });
      await stores.writes.write(lease, { state });
      const { restoresAt, endedAt } = (await stores.operations.get(id))!;
      expect(restoresAt).toBe(isArmed ? endedAt! + 5 * 60_000 : undefined);
    },
  );

  it.each<[kind: 'revoke' | 'rotate', counts: number]>([
    ['revoke', 1],
    ['rotate', 0],
  ])(
    'counts a step of a %s that was found done as %i writes',
    async (kind, counts) => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', {}, { intent: { kind } }),
      );
      const lease = (await stores.leases.claim('worker'))!;
      await stores.writes.write(lease, {
        step: { position: 0, state: 'unchanged' },
      });
      expect(await db('operations').where({ id }).pluck('attempts')).toEqual([
        counts,
      ]);
    },
  );

  it('says when the next operation is due, within what was asked', async () => {
    const { id } = await stores.acceptances.accept(
      await operationOn(db, 'registry'),
    );
    expect(await stores.leases.msUntilDue(60_000)).toBeUndefined();
    const lease = await stores.leases.claim('worker');
    await stores.writes.write(lease!, {
      state: 'waiting',
      release: true,
      dueAt: (await new DatabaseClock(db).now()) + 30_000,
    });
    expect(await stores.leases.msUntilDue(20_000)).toBeUndefined();
    const untilDue = await stores.leases.msUntilDue(60_000);
    expect(untilDue).toBeGreaterThan(20_000);
    expect(untilDue).toBeLessThanOrEqual(30_000);
    expect(await stores.operations.get(id)).toMatchObject({ state: 'waiting' });
  });
});

it('says of an operation that has become due since the last look for one that it is due now', async () => {
  const db = await databases[0].open();
  let now = Date.now();
  const { acceptances, leases } = storesOn(db, { now: async () => now });
  await acceptances.accept(await operationOn(db, 'registry'));
  await db('operations').update({ due_at: now + 5 });
  expect(await leases.claim('worker')).toBeUndefined();
  now += 10;
  expect(await leases.msUntilDue(60_000)).toBe(0);
  // Whatever keeps it from being claimed, it is not waited for without a pause.
  await db('operations').update({ lease_until: now + 60_000 });
  expect(await leases.claim('worker')).toBeUndefined();
  expect(await leases.msUntilDue(60_000)).toBeUndefined();
  await db.destroy();
});

it('reads no authorities from a row that has none', async () => {
  const db = await databases[0].open();
  const { acceptances } = storesOn(db);
  await acceptances.accept(await operationOn(db, 'registry'));
  const [row] = await db('operations');
  expect(toRecord({ ...row, authorities: null }, []).authorities).toEqual([]);
  await db.destroy();
});

// On SQLite there is one connection, so a transaction cannot be looked at from beside.
describe('operation stores with two connections, on PostgreSQL only', () => {
  const { open } = databases.find(({ name }) => name === 'PostgreSQL')!;

  it('leaves an operation with its holder, who prolongs the lease at the last moment', async () => {
    const db = await open();
    const { id } = await storesOn(db).acceptances.accept(
      await operationOn(db, 'registry'),
    );
    const start = await new DatabaseClock(db).now();
    const at = (now: number) => storesOn(db, { now: async () => now });
    const holder = await at(start).leases.claim('holder');
    const leaseEnds = start + LEASE_SECONDS * 1000;

    // Both have looked before either writes: the row is held until they stand in line.
    const inLine = (wanted: number) =>
      until(
        `${wanted} stand in line`,
        async () => {
          const [row] = await db('pg_stat_activity')
            .where({ wait_event_type: 'Lock' })
            .whereRaw('datname = current_database()')
            .count();
          return Number(row.count);
        },
        waiting => waiting >= wanted,
      );
    const row = await db.transaction();
    await row('operations').where({ id }).forUpdate();
    const prolonging = at(leaseEnds).writes.write(holder!, {
      step: { position: 0, attempts: 1 },
    });
    await inLine(1);
    const taking = at(leaseEnds + 1).leases.claim('other');
    await inLine(2);
    await row.commit();

    expect(await prolonging).toBe(true);
    expect(await taking).toBeUndefined();
    await db.destroy();
  });
});
