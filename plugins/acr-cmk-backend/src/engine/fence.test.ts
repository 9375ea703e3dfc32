import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { until } from '../__testUtils__/until';
import { AuditLog } from '../platform/audit/AuditLog';
import { DatabaseClock } from '../platform/database/clock';
import {
  LEASE_SECONDS,
  storesOn,
  operationOn,
  type Stores,
  closeIntact,
} from './__testUtils__/operationStores';
import type { Lease } from './types';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

const databases = testDatabases();

describe.each(databases)('writes of a worker, on $name', ({ open }) => {
  let db: Knex;
  let stores: Stores;
  beforeEach(async () => {
    db = await open();
    stores = storesOn(db);
  });
  afterEach(() => closeIntact(db));

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
