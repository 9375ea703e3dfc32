import knexFactory from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { isDatabaseAway, isDiskFull } from './away';

const failureOf = (call: PromiseLike<unknown>) =>
  Promise.resolve(call).then(
    () => undefined,
    error => error,
  );

describe('a database that is away', () => {
  it('is seen when SQLite is closed', async () => {
    const db = await openSqlite();
    await db.destroy();
    expect(isDatabaseAway(await failureOf(db('facts').select()))).toBe(true);
  });

  it('is seen when nobody listens', async () => {
    const db = knexFactory({
      client: 'pg',
      connection: { host: '127.0.0.1', port: 1, user: 'x', database: 'x' },
    });
    expect(isDatabaseAway(await failureOf(db.raw('select 1')))).toBe(true);
    await db.destroy();
  });

  it('is seen when its socket is gone, as while PostgreSQL starts again', async () => {
    const db = knexFactory({
      client: 'pg',
      connection: { host: '/no/such/folder', user: 'x', database: 'x' },
    });
    expect(isDatabaseAway(await failureOf(db.raw('select 1')))).toBe(true);
    await db.destroy();
  });

  it.each(['57P01', '57P03', '08006', '53300', '55P03', '25P03'])(
    'is seen by %s',
    code => {
      expect(isDatabaseAway(Object.assign(new Error('x'), { code }))).toBe(
        true,
      );
    },
  );

  it('differs from one whose disk is full', async () => {
    const db = await openSqlite();
    await db.raw('pragma max_page_count = 1');
    const full = await failureOf(
      db('facts').insert({
        kind: 'x',
        subject: 'x',
        facts: 'x'.repeat(1_000_000),
      }),
    );
    const inLog = new Error(
      'could not write to file "pg_wal/xlogtemp.9": No space left on device',
    );
    const pg = Object.assign(new Error('could not extend file'), {
      code: '53100',
    });
    for (const error of [full, inLog, pg]) {
      expect(isDiskFull(error)).toBe(true);
      expect(isDatabaseAway(error)).toBe(true);
    }
    const busy = Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
    expect(isDiskFull(busy)).toBe(false);
    expect(isDiskFull(undefined)).toBe(false);
    await db.destroy();
  });

  it('is not taken for a mistake of ours', async () => {
    const db = await openSqlite();
    expect(isDatabaseAway(await failureOf(db('nothing').select()))).toBe(false);
    expect(isDatabaseAway(new TypeError('x is undefined'))).toBe(false);
    expect(isDatabaseAway(undefined)).toBe(false);
    await db.destroy();
  });
});
