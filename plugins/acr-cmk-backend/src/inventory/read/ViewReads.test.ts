/** Readings of Azure caused by viewers while a sync keeps the inventory. */
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { ViewReads } from './ViewReads';

const MINUTE = 60_000;

describe.each(testDatabases())(
  'readings for people who look, on $name',
  ({ open }) => {
    let db: Knex;
    let now: number;

    beforeEach(async () => {
      db = await open();
      now = 100 * MINUTE;
    });
    afterEach(() => db.destroy());

    const replica = () =>
      new ViewReads({ db, clock: { now: async () => now } });

    it('are six in a minute, for all replicas together', async () => {
      const replicas = [replica(), replica()];
      const taken = await Promise.all(
        Array.from({ length: 40 }, (_each, n) => replicas[n % 2].take()),
      );
      expect(taken.filter(Boolean)).toHaveLength(6);
      expect(await replica().take()).toBe(false);
    });

    it('are six again in the next minute, and the minute before is deleted', async () => {
      const views = replica();
      for (let n = 0; n < 10; n += 1) await views.take();
      now += MINUTE;
      expect(await views.take()).toBe(true);
      expect(await db('view_reads').pluck('minute')).toHaveLength(1);
    });
  },
);
