import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { isDatabaseAway } from './away';
import { inTransaction } from './inTransaction';

// The first test waits for PostgreSQL to start.
jest.setTimeout(60_000);

const [, postgresql] = testDatabases();

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  );

/** Takes the lock that orders all who write to the audit record. */
const takeHead = (trx: Knex.Transaction) =>
  trx('audit_head').where({ id: 1 }).update({ seq: 0 });

describe('transactions on PostgreSQL', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await postgresql.open();
  });
  afterEach(() => db.destroy());

  it('one that waits for another fails in time, as a database that is away', async () => {
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    let hasLock = () => {};
    const locked = new Promise<void>(resolve => {
      hasLock = resolve;
    });
    const holder = inTransaction(db, async trx => {
      await takeHead(trx);
      hasLock();
      await held;
    });
    await locked;
    const failure = await failureOf(
      inTransaction(db, takeHead, { lockLimitMs: 50 }),
    );
    expect(failure).toMatchObject({ code: '55P03' });
    expect(isDatabaseAway(failure)).toBe(true);
    release();
    await holder;
    await inTransaction(db, takeHead, { lockLimitMs: 50 });
  });

  it('one whose process was stopped in the middle is ended, and holds nobody up', async () => {
    let wakeUp = () => {};
    const stopped = new Promise<void>(resolve => {
      wakeUp = resolve;
    });
    let hasLock = () => {};
    const locked = new Promise<void>(resolve => {
      hasLock = resolve;
    });
    const holder = failureOf(
      inTransaction(
        db,
        async trx => {
          await takeHead(trx);
          hasLock();
          await stopped;
          await takeHead(trx);
        },
        { idleLimitMs: 50 },
      ),
    );
    await locked;
    // Waits until the server has ended the other one.
    await inTransaction(db, takeHead);
    wakeUp();
    expect(isDatabaseAway(await holder)).toBe(true);
  });
});
