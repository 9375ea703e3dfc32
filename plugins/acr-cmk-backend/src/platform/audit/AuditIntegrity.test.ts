import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
import { AuditIntegrity, type FurtherBreaks } from './AuditIntegrity';
import { AuditLog } from './AuditLog';
import type { AuditEvent, ChainBreak } from './chain';

describe.each(testDatabases())('AuditIntegrity, on $name', ({ open }) => {
  let db: Knex;
  let audit: AuditLog;
  let reported: ChainBreak[];
  let further: FurtherBreaks[];

  /** A process that has just started. */
  const startProcess = () => {
    const log = new AuditLog({ db, clock: new DatabaseClock(db) });
    const integrity = new AuditIntegrity({
      audit: log,
      onBreak: async broken => {
        reported.push(broken);
      },
      onFurtherBreaks: async found => {
        further.push({ ...found });
      },
    });
    return { log, integrity };
  };
  const record = (event: AuditEvent, log: AuditLog, kind = 'rotate') =>
    log.record({
      event,
      actor: 'user:default/olivia',
      details: { intent: { kind } },
    });

  const appendUpTo = (seq: number) =>
    db.transaction(async trx => {
      for (let n = 11; n <= seq; n += 1) {
        await audit.append(trx, {
          event: 'step-ended',
          actor: 'user:default/olivia',
          details: {},
        });
      }
    });

  beforeEach(async () => {
    db = await open();
    reported = [];
    further = [];
    audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    for (let n = 1; n <= 10; n += 1) await record('step-ended', audit);
  });
  afterEach(() => db.destroy());

  const damages: [what: string, damage: () => Promise<unknown>, why: string][] =
    [
      [
        'a changed record',
        () => db('audit').where({ seq: 4 }).update({ actor: 'x' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'details that are not JSON any more',
        () => db('audit').where({ seq: 4 }).update({ details: '{"n":' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'a time that does not exist',
        () => db('audit').where({ seq: 4 }).update({ at: '9000000000000000' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'a removed record',
        () => db('audit').where({ seq: 4 }).delete(),
        'record 5 comes after 3',
      ],
      [
        'the first record removed',
        () => db('audit').where({ seq: 1 }).delete(),
        'record 2 comes after 0',
      ],
      [
        'the last records removed',
        () => db('audit').where('seq', '>', 8).delete(),
        'record 8 is not the end of the chain, which is record 10',
      ],
      [
        'the head set back',
        () => db('audit_head').update({ seq: 8 }),
        'record 10 is not the end of the chain, which is record 8',
      ],
      [
        'the head removed',
        () => db('audit_head').delete(),
        'record 10 is the last one, and the end of the chain is lost',
      ],
      [
        'another hash in the head',
        () => db('audit_head').update({ hash: 'f'.repeat(64) }),
        'record 10 has another hash than the end of the chain',
      ],
      [
        'every record removed',
        () => db('audit').delete(),
        'record 0 is not the end of the chain, which is record 10',
      ],
    ];

  it('takes a chain for intact whose records follow one another', async () => {
    const { log, integrity } = startProcess();
    expect(integrity.state).toBe('verifying');
    expect(await integrity.verify()).toBe(true);
    expect(integrity.state).toBe('intact');
    await record('operation-accepted', log);
    expect(await integrity.verify()).toBe(true);
  });

  it.each(damages)(
    'F29: reports %s once for each process, and recording goes on',
    async (_what, damage, why) => {
      await damage();
      const { log, integrity } = startProcess();
      expect(await integrity.verify()).toBe(false);
      expect(integrity.state).toBe('damaged');
      expect(reported).toHaveLength(1);
      const [{ seq, id, why: said }] = reported;
      expect(`record ${seq} ${said}`).toBe(why);
      await record('operation-accepted', log);
      await record('step-ended', log);
      await integrity.verify();
      expect(reported).toHaveLength(1);
      await startProcess().integrity.verify();
      expect(reported.map(each => each.id)).toEqual([id, id]);
    },
  );

  it('gives further damage of a record another id', async () => {
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await startProcess().integrity.verify();
    await db('audit').where({ seq: 4 }).update({ actor: 'y' });
    await startProcess().integrity.verify();
    const [first, second] = reported;
    expect(second).toMatchObject({ seq: 4 });
    expect(second.id).not.toBe(first.id);
  });

  it('verifies what is new when asked again', async () => {
    const { log, integrity } = startProcess();
    await integrity.verify();
    await record('step-ended', log);
    await db('audit').where({ seq: 11 }).update({ actor: 'x' });
    expect(await integrity.verify()).toBe(false);
    expect(integrity.breaks).toMatchObject([{ seq: 11 }]);
  });

  it('finds an old record that was changed since, when it verifies the whole chain again', async () => {
    const { integrity } = startProcess();
    await integrity.verify();
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    expect(await integrity.verify()).toBe(true);
    expect(await integrity.verifyAgain()).toBe(false);
    expect(integrity.breaks).toMatchObject([{ seq: 4 }]);
    await integrity.verifyAgain();
    expect(reported).toHaveLength(1);
  });

  it('counts breaks beyond those that it keeps once, however often it verifies the whole chain', async () => {
    await appendUpTo(150);
    await db('audit').where('seq', '<=', 130).update({ actor: 'x' });
    await db('audit').where('seq', '>', 140).delete();
    const { integrity } = startProcess();
    await integrity.verify();
    expect(integrity.furtherBreaks).toBe(31);
    await integrity.verifyAgain();
    expect(integrity.furtherBreaks).toBe(31);
    expect(further).toMatchObject([{ count: 31 }, { count: 31 }]);
  });

  it('goes on after the breaks that it keeps, and reports the number of further ones', async () => {
    await appendUpTo(250);
    await db('audit').where('seq', '<=', 230).update({ actor: 'x' });
    await db('audit').where('seq', '>', 240).delete();
    const { log, integrity } = startProcess();
    await integrity.verify();
    expect(integrity.isVerified).toBe(true);
    expect(integrity.breaks).toHaveLength(100);
    expect(reported).toHaveLength(100);
    expect(integrity.furtherBreaks).toBe(131);
    expect(further).toMatchObject([{ count: 131, first: { seq: 101 } }]);
    await integrity.verify();
    await record('step-ended', log);
    await integrity.verify();
    expect(integrity.furtherBreaks).toBe(131);
    expect(further).toHaveLength(1);

    await record('step-ended', log);
    await db('audit').where({ seq: 252 }).update({ actor: 'x' });
    await integrity.verify();
    expect(integrity.furtherBreaks).toBe(132);
    expect(further[1]).toMatchObject({
      count: 1,
      first: { seq: 252, id: expect.stringMatching(/^content:252:/) },
    });
  });

  it('is not verified when it was stopped after a break and before its end', async () => {
    await appendUpTo(150);
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    const integrity = new AuditIntegrity({
      audit,
      onBreak: async () => integrity.stop(),
      onFurtherBreaks: async () => undefined,
    });
    await integrity.verify();
    expect(integrity.state).toBe('damaged');
    expect(integrity.isVerified).toBe(false);
  });

  it('is not taken for intact when it was stopped before its end', async () => {
    const { integrity } = startProcess();
    integrity.stop();
    expect(await integrity.verify()).toBe(false);
    expect(integrity.state).toBe('verifying');
  });

  it('finds a removed record on every side of a batch, and lets others work in between', async () => {
    await appendUpTo(250);
    let turns = 0;
    const count = () => {
      turns += 1;
    };
    setImmediate(count);
    expect(await startProcess().integrity.verify()).toBe(true);
    expect(turns).toBe(1);
    for (const seq of [99, 100, 101, 200, 201, 249]) {
      const row = await db('audit').where({ seq }).first();
      await db('audit').where({ seq }).delete();
      const { integrity } = startProcess();
      await integrity.verify();
      expect(integrity.breaks.map(found => found.seq)).toEqual([seq + 1]);
      await db('audit').insert(row!);
    }
  });
});
