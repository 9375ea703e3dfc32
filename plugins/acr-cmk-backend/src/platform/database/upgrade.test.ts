import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';

const MIGRATIONS = {
  directory: resolvePackagePath(
    'backstage-plugin-acr-cmk-backend',
    'migrations',
  ),
};
const FIRST = '20261125_init.js';

describe.each(testDatabases())(
  'a database of the first release, on $name',
  ({ open }) => {
    let db: Knex;
    beforeEach(async () => {
      db = await open();
      // Migrations are undone one by one, the newest first.
      for (;;) {
        const [done] = await db.migrate.list(MIGRATIONS);
        if (done.length === 1) break;
        await db.migrate.down(MIGRATIONS);
      }
    });
    afterEach(() => db.destroy());

    it('has the tables of this one after an upgrade, with facts that are read again', async () => {
      expect(
        (await db.migrate.list(MIGRATIONS))[0].map(
          ({ name }: { name: string }) => name,
        ),
      ).toEqual([FIRST]);
      await db.raw(
        `insert into facts (kind, subject, value, observed_at) values ('locks', 'x', '[]', 1)`,
      );
      await db.raw(
        `insert into listings (kind, part, items, read_at) values ('keys', 'x', 1, 1)`,
      );
      await db('sync_state').insert({ name: 'kept', value: '1', at: 1 });
      await db.migrate.latest(MIGRATIONS);
      expect(await db('facts')).toEqual([]);
      expect(await db.schema.hasTable('listings')).toBe(false);
      expect(await db('sync_state').pluck('name')).toEqual(['kept']);
    });
  },
);
