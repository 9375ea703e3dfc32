import { AuditChainBroken } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite, testDatabases } from '../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
import { AuditIntegrity } from './AuditIntegrity';
import { AuditLog } from './AuditLog';
import { type AuditEvent, auditHash, type ChainBreak } from './chain';

describe.each(testDatabases())('AuditIntegrity, on $name', ({ open }) => {
  let db: Knex;
  let audit: AuditLog;
  let reported: ChainBreak[];
  let integrity: AuditIntegrity;

  /** As another process of the plugin has it. */
  const newProcess = () => {
    const log = new AuditLog({ db, clock: new DatabaseClock(db) });
    const made = new AuditIntegrity({
      db,
      audit: log,
      clock: new DatabaseClock(db),
      onBreak: async broken => {
        reported.push(broken);
      },
    });
    log.guardWith(trx => made.assertIntact(trx));
    return { log, integrity: made };
  };

  const record = (event: AuditEvent, log = audit) =>
    log.record({ event, actor: 'user:default/olivia', details: { n: 1 } });
  const accept = () => record('operation-accepted');
  const acknowledge = () =>
    integrity.acknowledge({
      actor: 'user:default/priya',
      reason: 'Restored from a backup',
    });

  beforeEach(async () => {
    db = await open();
    reported = [];
    ({ log: audit, integrity } = newProcess());
    for (let n = 1; n <= 10; n += 1) await record('step-ended');
    await integrity.check();
  });
  afterEach(() => db.destroy());

  /** Changes a record and hashes it and all after it again, as somebody would who hides it. */
  async function rewriteFrom(seq: number) {
    const records = await audit.list({ afterSeq: seq - 1 });
    let { previousHash } = records[0];
    for (const { hash: _hash, ...rest } of records) {
      const changed = { ...rest, actor: 'user:default/nobody', previousHash };
      previousHash = auditHash(changed);
      await db('audit').where({ seq: changed.seq }).update({
        actor: changed.actor,
        previous_hash: changed.previousHash,
        hash: previousHash,
      });
    }
    await db('audit_head').update({ hash: previousHash });
  }

  /** Damages of a chain, and the reason that the refusal gives. */
  const damages: [what: string, damage: () => Promise<unknown>, why: string][] =
    [
      [
        'a changed record',
        () => db('audit').where({ seq: 4 }).update({ actor: 'x' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'details that are no JSON any more',
        () => db('audit').where({ seq: 4 }).update({ details: '{"n":' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'a time that there is not',
        () => db('audit').where({ seq: 4 }).update({ at: '9000000000000000' }),
        'record 4 is not what its hash was made of',
      ],
      [
        'a record taken out',
        () => db('audit').where({ seq: 4 }).delete(),
        'record 5 comes after 3',
      ],
      [
        'the last records taken out',
        () => db('audit').where('seq', '>', 8).delete(),
        'record 8 is not the end of the chain, which is record 10',
      ],
      [
        'the last records taken out, and the head set back',
        async () => {
          await db('audit').where('seq', '>', 8).delete();
          const { hash } = (await audit.last())!;
          await db('audit_head').update({ seq: 8, hash });
        },
        'record 10 was there before and is not any more',
      ],
      [
        'the head set back',
        () => db('audit_head').update({ seq: 8 }),
        'record 10 is not the end of the chain, which is record 8',
      ],
      [
        'the head taken out',
        () => db('audit_head').delete(),
        'record 10 is the last one, and the end of the chain is not kept',
      ],
      [
        'a chain that was written and hashed again',
        () => rewriteFrom(4),
        'record 10 has another hash than it had before',
      ],
      ['every record taken out', () => db('audit').delete(), 'record 0 is not'],
    ];

  it('lets operations be accepted while the chain holds', async () => {
    await accept();
    expect(await integrity.check()).toEqual([]);
    expect(await audit.list({})).toHaveLength(11);
  });

  it.each(damages)(
    'F29: after %s nothing is accepted, reads go on, and an acknowledgement lets changes go on',
    async (_what, damage, why) => {
      await damage();
      await integrity.check();
      expect(reported).toHaveLength(1);

      const before = await audit.list({});
      const refusal = await accept().catch((error: Error) => error);
      expect(refusal).toBeInstanceOf(AuditChainBroken);
      expect(refusal).toMatchObject({
        name: 'ServiceUnavailableError',
        code: 'AUDIT_CHAIN_BROKEN',
        message: expect.stringContaining(why),
      });
      expect((refusal as Error).message).toContain('acr-cmk.audit.acknowledge');
      expect(await audit.list({})).toEqual(before);

      await acknowledge();
      const [last] = (await audit.list({})).slice(-1);
      expect(last).toMatchObject({
        event: 'audit-break-acknowledged',
        actor: 'user:default/priya',
        details: {
          reason: 'Restored from a backup',
          breaks: expect.arrayContaining([
            expect.objectContaining({ why: expect.any(String) }),
          ]),
        },
      });
      await accept();
      expect(await integrity.check()).toEqual([]);
      // Reported once, and not again after it was acknowledged.
      expect(reported).toHaveLength(1);
    },
  );

  it.each(damages)(
    'another process, which had found %s too, goes on after the acknowledgement',
    async (_what, damage) => {
      const other = newProcess();
      await other.integrity.check();
      await record('step-ended');
      await integrity.check();
      await damage();
      await integrity.check();
      await other.integrity.check();
      await expect(record('operation-accepted', other.log)).rejects.toThrow(
        AuditChainBroken,
      );
      await acknowledge();
      await record('operation-accepted', other.log);
      expect(await other.integrity.check()).toEqual([]);
    },
  );

  it('finds further damage after an acknowledgement', async () => {
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await integrity.check();
    await acknowledge();
    await db('audit').where({ seq: 4 }).update({ actor: 'y' });
    expect(await integrity.check()).toMatchObject([{ seq: 4 }]);
    await expect(accept()).rejects.toThrow(AuditChainBroken);
  });

  it('accepts a chain that nobody has changed', async () => {
    const { actor } = (await audit.list({ afterSeq: 3, limit: 1 }))[0];
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await integrity.check();
    await db('audit').where({ seq: 4 }).update({ actor });
    expect(await integrity.check()).toEqual([]);
    await accept();
  });

  it('refuses to acknowledge what is not broken', async () => {
    await expect(acknowledge()).rejects.toMatchObject({
      name: 'ConflictError',
      code: 'AUDIT_CHAIN_INTACT',
    });
  });

  it('lets nothing be approved while the chain is broken', async () => {
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await integrity.check();
    await expect(record('operation-approved')).rejects.toThrow(
      AuditChainBroken,
    );
  });

  it('lets what has begun record its steps while the chain is broken', async () => {
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await integrity.check();
    await record('step-ended');
    expect(await audit.list({})).toHaveLength(11);
  });

  it('finds damage that is as old as the process, too', async () => {
    await db('audit').where({ seq: 2 }).delete();
    const other = newProcess();
    expect(await other.integrity.check()).toMatchObject([{ seq: 3 }]);
  });
});

describe('AuditIntegrity, of a long chain', () => {
  const LENGTH = 35;
  const PAGE = 10;
  /** Checks in which every record is looked at. */
  const ROUND = Math.ceil(LENGTH / PAGE) + 1;
  let db: Knex;
  let integrity: AuditIntegrity;

  beforeAll(async () => {
    db = await openSqlite();
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    await db.transaction(async trx => {
      for (let n = 1; n <= LENGTH; n += 1) {
        await audit.append(trx, {
          event: 'step-ended',
          actor: 'user:default/olivia',
          details: {},
        });
      }
    });
  });
  beforeEach(() => {
    const clock = new DatabaseClock(db);
    integrity = new AuditIntegrity({
      db,
      audit: new AuditLog({ db, clock }),
      clock,
      page: PAGE,
      onBreak: async () => undefined,
    });
  });
  afterAll(() => db.destroy());

  /** Records at which a round of checks finds something. */
  async function foundInARound(): Promise<number[]> {
    const found = new Set<number>();
    for (let turn = 0; turn < ROUND; turn += 1) {
      for (const { seq } of await integrity.check()) found.add(seq);
    }
    return [...found];
  }

  it.each([1, 2, 9, 10, 11, 19, 20, 21, 24, 25, 26, 30, 31, 34])(
    'finds within a round of checks that record %i is missing',
    async seq => {
      expect(await foundInARound()).toEqual([]);
      const row = await db('audit').where({ seq }).first();
      await db('audit').where({ seq }).delete();
      const found = await foundInARound();
      await db('audit').insert(row!);
      expect(found).toEqual([seq + 1]);
    },
  );
});
