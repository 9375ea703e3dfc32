import { randomUUID } from 'node:crypto';
import { TargetBusy } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { AuditLog } from '../platform/audit/AuditLog';
import { DatabaseClock } from '../platform/database/clock';
import {
  range,
  storesOn,
  operationOn,
  type Stores,
  closeIntact,
  end,
} from './__testUtils__/operationStores';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

describe.each(testDatabases())('accepting operations, on $name', ({ open }) => {
  let db: Knex;
  let stores: Stores;
  beforeEach(async () => {
    db = await open();
    stores = storesOn(db);
  });
  afterEach(() => closeIntact(db));

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

  it('makes an operation that its campaign holds, without locks', async () => {
    const needs = [
      { permission: 'acr-cmk.operation.approve', because: 'of it' },
    ];
    const campaignId = randomUUID();
    const made = await stores.acceptances.accept(
      await operationOn(db, 'registry', {
        campaignId,
        held: { stage: 2 },
        origin: 'campaign',
        needs,
      }),
    );
    expect(made).toMatchObject({
      state: 'held',
      stage: 2,
      approval: { state: 'pending', needs, expiresAt: undefined },
    });
    expect(await db('operation_locks')).toEqual([]);
    const [record] = await new AuditLog({
      db,
      clock: new DatabaseClock(db),
    }).list({});
    expect(record).toMatchObject({
      actor: 'user:default/tester',
      details: { campaignId, origin: 'campaign', needs, stage: 2 },
    });
  });

  it('takes a request, or names the holder, while the holder is ending', async () => {
    for (let round = 0; round < 20; round++) {
      const [first, second] = await Promise.all([
        operationOn(db, 'registry'),
        operationOn(db, 'registry'),
      ]);
      await stores.acceptances.accept(first);
      const [, answer] = await Promise.allSettled([
        end(stores, first.id),
        stores.acceptances.accept(second),
      ]);
      const named =
        answer.status === 'rejected' ? answer.reason.operationId : first.id;
      expect(named).toBe(first.id);
      if (answer.status === 'fulfilled') await end(stores, second.id);
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
      await end(stores, id);
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
});
