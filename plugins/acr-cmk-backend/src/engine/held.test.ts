import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { AuditLog } from '../platform/audit/AuditLog';
import { DatabaseClock } from '../platform/database/clock';
import { inTransaction } from '../platform/database/inTransaction';
import { operationOn, storesOn } from './__testUtils__/operationStores';
import { release, setAside } from './held';

const NEED = { permission: 'acr-cmk.key.rotate', because: 'a test' };

describe('the release of', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await openSqlite();
  });
  afterEach(() => db.destroy());

  const hold = async (needs?: (typeof NEED)[]) =>
    storesOn(db).acceptances.accept(
      await operationOn(db, 'registry', { held: { stage: 1 }, needs }),
    );
  const released = async (id: string) => {
    const clock = new DatabaseClock(db);
    const audit = new AuditLog({ db, clock });
    const now = await clock.now();
    return inTransaction(db, trx => release(trx, id, { now, audit }));
  };
  const stateOf = async (id: string) =>
    (await storesOn(db).operations.get(id))?.state;

  it('an operation takes its locks, and lets a worker begin it', async () => {
    const { id } = await hold();
    expect(await db('operation_locks')).toEqual([]);
    expect(await storesOn(db).leases.claim('a worker')).toBeUndefined();
    expect(await released(id)).toBe(true);
    expect(await db('operation_locks')).toHaveLength(2);
    expect(await storesOn(db).leases.claim('a worker')).toMatchObject({
      operationId: id,
    });
  });

  it('an operation that needs an approval is refused', async () => {
    const { id } = await hold([NEED]);
    expect(await released(id)).toBe(false);
    expect(await stateOf(id)).toBe('held');
  });

  it('an operation that a person has to look at is refused', async () => {
    const { id } = await hold();
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    await inTransaction(db, trx =>
      setAside(trx, id, { message: 'Look', code: 'A_CODE', audit }),
    );
    expect(await released(id)).toBe(false);
    expect(await stateOf(id)).toBe('held');
  });

  it('an operation that was cancelled is refused', async () => {
    const { id } = await hold();
    await storesOn(db).approvals.cancel(id, {
      actor: 'user:default/x',
      reason: 'Not today',
    });
    expect(await released(id)).toBe(false);
    expect(await stateOf(id)).toBe('cancelled');
  });
});
