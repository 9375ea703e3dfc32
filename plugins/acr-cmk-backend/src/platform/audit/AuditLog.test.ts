import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
import { AuditLog } from './AuditLog';
import { breaksIn } from './chain';

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.each(testDatabases())('AuditLog, on $name', ({ open }) => {
  let db: Knex;
  let audit: AuditLog;
  beforeEach(async () => {
    db = await open();
    audit = new AuditLog({ db, clock: new DatabaseClock(db) });
  });
  afterEach(() => db.destroy());

  const record = (n: number) =>
    audit.record({
      event: 'operation-refused',
      actor: `user:default/tester-${n}`,
      details: { n, text: 'Größe 你好 "quoted" \u0000' },
    });

  it('keeps one chain, however many write at once', async () => {
    await Promise.all(range(60).map(record));
    const records = await audit.list({});
    expect(records.map(({ seq }) => seq)).toEqual(range(60).map(n => n + 1));
    expect(breaksIn(records)).toEqual([]);
    expect(new Set(records.map(({ details }) => details.n)).size).toBe(60);
  });

  it('reads back what was hashed, times and text included', async () => {
    await record(1);
    const [first] = await audit.list({});
    expect(first).toMatchObject({
      seq: 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      details: { n: 1, text: 'Größe 你好 "quoted" \u0000' },
      previousHash: '0'.repeat(64),
    });
    expect(breaksIn([first])).toEqual([]);
  });

  it('leaves no gap and no record when the transaction is taken back', async () => {
    await record(1);
    await expect(
      db.transaction(async trx => {
        await audit.append(trx, {
          event: 'azure-write',
          actor: 'user:default/tester',
          details: {},
        });
        throw new Error('The change it records fails');
      }),
    ).rejects.toThrow('The change it records fails');
    await record(2);
    const records = await audit.list({});
    expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(breaksIn(records)).toEqual([]);
  });

  it.each([
    ['is changed', () => db('audit').where({ seq: 3 }).update({ actor: 'x' })],
    ['is taken out', () => db('audit').where({ seq: 2 }).delete()],
  ])('points at the first broken link when a record %s', async (_, tamper) => {
    for (const n of range(5)) await record(n);
    await tamper();
    expect(breaksIn(await audit.list({}))).toMatchObject([{ seq: 3 }]);
  });
});
