import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { deleteEnded } from './retention';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const SHOP = registryId('shopimages');
const ORDERS = registryId('ordersimages');
const DAY_MS = 24 * 60 * 60_000;

describe.each(testDatabases({ fast: 'SQLite' }))(
  'the retention of operations, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    beforeEach(() => world.start());
    afterEach(() => world.stop());

    const kept = () => world.engine.db('operations').orderBy('created_at');
    /** Makes everything older. */
    const age = async (days: number) => {
      const { db } = world.engine;
      const ms = days * DAY_MS;
      await db('operations').update({ ended_at: db.raw('ended_at - ?', [ms]) });
      await db('plans').update({ expires_at: db.raw('expires_at - ?', [ms]) });
    };
    const deleteOlder = async (days: number) =>
      deleteEnded(
        world.engine.db,
        (await world.engine.clock.now()) - days * DAY_MS,
      );

    it('deletes what ended long ago with its details, and keeps the audit record whole', async () => {
      const old = await world.carryOut(SHOP, { kind: 'rotate' });
      await age(40);
      const last = await world.carryOut(SHOP, { kind: 'rotate' });
      const { db, audit } = world.engine;
      const records = await audit.list({});

      expect(await deleteOlder(41)).toBe(0);
      expect(await deleteOlder(30)).toBe(1);
      expect((await kept()).map(({ id }) => id)).toEqual([last.id]);
      expect(
        await db('operation_steps').where({ operation_id: old.id }),
      ).toEqual([]);
      expect(await audit.list({})).toEqual(records);

      // Nothing holds the plan any more.
      await world.engine.planService.sweep();
      expect(await db('plans').pluck('id')).toEqual([last.plan.id]);
    });

    it('keeps the last operation of a registry, and a revoke until it is undone', async () => {
      await world.carryOut(ORDERS, { kind: 'rotate' });
      const revoke = await world.carryOut(SHOP, { kind: 'revoke' });
      await age(400);
      await world.carryOut(SHOP, { kind: 'revoke', method: 'disable-version' });
      expect(await deleteOlder(30)).toBe(0);
      expect(
        (await world.engine.operations.pendingRevokes(revoke.registryId))
          .length,
      ).toBe(2);

      await world.carryOut(SHOP, { kind: 'restore' });
      expect(await deleteOlder(30)).toBe(1);
      expect(await world.engine.operations.get(revoke.id)).toBeUndefined();
    });

    it('keeps the last one that wrote, and the last one that made a version', async () => {
      const made = await world.carryOut(SHOP, { kind: 'rotate' });
      const wrote = await world.carryOut(SHOP, { kind: 'rotate' });
      const nothing = await world.carryOut(SHOP, { kind: 'rotate' });
      const { db } = world.engine;
      await db('operations').where({ id: wrote.id }).update({ outputs: '{}' });
      await db('operations')
        .where({ id: nothing.id })
        .update({ outputs: '{}', attempts: 0 });
      await age(40);
      expect(await deleteOlder(30)).toBe(0);

      await world.carryOut(SHOP, { kind: 'rotate' });
      expect(await deleteOlder(30)).toBe(3);
      expect(await world.engine.operations.get(made.id)).toBeUndefined();
    });

    it('deletes no operation that has not ended', async () => {
      await world.engine.accept(SHOP, { kind: 'rotate' });
      await age(400);
      expect(await deleteOlder(30)).toBe(0);
    });
  },
);
