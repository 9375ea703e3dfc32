import { randomUUID } from 'node:crypto';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { DatabaseClock } from '../platform/database/clock';
import {
  LEASE_SECONDS,
  range,
  storesOn,
  operationOn,
  type Stores,
  closeIntact,
} from './__testUtils__/operationStores';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

const databases = testDatabases();

describe.each(databases)('claiming operations, on $name', ({ open }) => {
  let db: Knex;
  let stores: Stores;
  beforeEach(async () => {
    db = await open();
    stores = storesOn(db);
  });
  afterEach(() => closeIntact(db));

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
