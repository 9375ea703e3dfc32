import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { PersonalLimits } from './PersonalLimits';

jest.setTimeout(60_000);

const START = Date.parse('2026-11-25T12:00:20Z');
const OLIVIA = 'user:default/olivia';
const PETER = 'user:default/peter';

describe.each(testDatabases())(
  'the limits of a person on $name',
  ({ open }) => {
    let db: Knex;
    let now: number;
    let limits: PersonalLimits;
    beforeEach(async () => {
      db = await open();
      now = START;
      limits = new PersonalLimits({
        db,
        clock: { now: async () => now },
        stopwatch: () => now - START,
        limits: {
          plansPerMinute: 3,
          nameChecksPerMinute: 2,
          waitingRequests: 2,
        },
      });
    });
    afterEach(() => db.destroy());

    const outcomes = async (asked: Promise<void>[]) =>
      (await Promise.allSettled(asked)).map(one =>
        one.status === 'fulfilled' ? 'allowed' : one.reason.code,
      );

    it('let three plans pass in a minute, however many are asked for at once', async () => {
      const asked = await outcomes(
        Array.from({ length: 20 }, () => limits.countPlan(OLIVIA)),
      );
      expect(asked.filter(one => one === 'allowed')).toHaveLength(3);
      expect(asked.filter(one => one === 'LIMIT_REACHED')).toHaveLength(17);
      await expect(
        limits.countPlan('User:Default/Olivia'),
      ).rejects.toMatchObject({
        statusCode: 429,
        limit: 'plansPerMinute',
        retryAfterSeconds: 40,
        message:
          'One person may have 3 plans in a minute (acrCmk.limits.plansPerMinute). Try again in 40 seconds',
      });
      await limits.countPlan(PETER);
      const written = await db('plan_counts').orderBy('person');
      await outcomes([limits.countPlan(OLIVIA), limits.countPlan(OLIVIA)]);
      expect(await db('plan_counts').orderBy('person')).toEqual(written);
      now += 40_000;
      await limits.countPlan(OLIVIA);
    });

    it('count checks of names apart from plans', async () => {
      await limits.countPlan(OLIVIA);
      const asked = await outcomes(
        Array.from({ length: 6 }, () => limits.countNameCheck(OLIVIA)),
      );
      expect([...asked].sort()).toEqual([
        ...Array(4).fill('LIMIT_REACHED'),
        ...Array(2).fill('allowed'),
      ]);
      await expect(limits.countNameCheck(OLIVIA)).rejects.toMatchObject({
        limit: 'nameChecksPerMinute',
        message:
          'One person may have 2 checks of names in a minute (acrCmk.limits.nameChecksPerMinute). Try again in 40 seconds',
      });
      await limits.countPlan(OLIVIA);
      await limits.countNameCheck(PETER);
      now += 40_000;
      await limits.countNameCheck(OLIVIA);
      await limits.deleteOld();
      expect(await db('name_check_counts').pluck('person')).toEqual([OLIVIA]);
    });

    it('delete minutes that are over, and no other', async () => {
      await limits.countPlan(OLIVIA);
      await limits.deleteOld();
      expect(await db('plan_counts')).toHaveLength(1);
      now += 60_000;
      await limits.countPlan(PETER);
      await limits.deleteOld();
      expect(await db('plan_counts').pluck('person')).toEqual([PETER]);
    });

    it('let two requests wait, however many are accepted at once', async () => {
      const accept = (person: string, state: string) =>
        db.transaction(async trx => {
          await insertOperation(trx, { person, state });
          await limits.requireRoomToWait(trx, person);
        });
      await accept(OLIVIA, 'running');
      const asked = await outcomes(
        Array.from({ length: 6 }, () => accept(OLIVIA, 'awaiting-approval')),
      );
      expect([...asked].sort()).toEqual([
        ...Array(4).fill('LIMIT_REACHED'),
        ...Array(2).fill('allowed'),
      ]);
      expect(
        await db('operations').where({ state: 'awaiting-approval' }),
      ).toHaveLength(2);
      await accept(PETER, 'awaiting-approval');
      await expect(accept(OLIVIA, 'awaiting-approval')).rejects.toMatchObject({
        limit: 'waitingRequests',
        message: expect.stringContaining('acrCmk.limits.waitingRequests'),
      });
    });
  },
);

async function insertOperation(
  trx: Knex.Transaction,
  { person, state }: { person: string; state: string },
): Promise<void> {
  const id = randomUUID();
  const plan = {
    entity_ref: 'resource:default/shop-images',
    registry_key: 'shop',
    requested_by: person,
    plan: '{}',
  };
  await trx('plans').insert({
    ...plan,
    id,
    hash: 'x',
    draft: '{}',
    expires_at: 0,
  });
  await trx('operations').insert({
    ...plan,
    id,
    revision: 1,
    state,
    kind: 'rotate',
    plan_id: id,
    idempotency_key: id,
    request_hash: 'x',
    reason: 'A test',
    inverse: '[]',
    outputs: '{}',
    created_at: 0,
    epoch: 0,
    waiting_seconds: 0,
  });
}
