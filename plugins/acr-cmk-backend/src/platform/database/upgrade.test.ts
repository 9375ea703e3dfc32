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

    it('pauses a campaign that is open, and has its members that have not begun retried', async () => {
      const campaign = {
        revision: 3,
        intent: '{"kind":"automatic-mode"}',
        selection: '{}',
        requested_by: 'user:default/ada',
        stage: 1,
        failures_accepted: 0,
        created_at: 1,
      };
      await db('campaigns').insert([
        { ...campaign, id: 'open', state: 'running', started_at: 2 },
        { ...campaign, id: 'ended', state: 'ended', started_at: 2 },
        { ...campaign, id: 'preview', state: 'preview', hash: 'h' },
      ]);
      const member = {
        name: 'shop',
        registry_id: '/subscriptions/s/shop',
        subscription_id: 's',
        registries: '[]',
        outcome: 'change',
        stage: 1,
        attempt: 0,
      };
      const states = ['ready', 'approval', 'skipped', 'not-started'];
      await db.batchInsert(
        'campaign_members',
        ['open', 'ended'].flatMap(id =>
          states.map((state, index) => ({
            ...member,
            campaign_id: id,
            position: index + 1,
            state,
            plan: '{"planId":"p","authorities":[],"writes":1}',
          })),
        ),
      );
      await db.migrate.latest(MIGRATIONS);
      expect(
        await db('campaigns').orderBy('id').select('id', 'state', 'revision'),
      ).toEqual([
        { id: 'ended', state: 'ended', revision: 3 },
        { id: 'open', state: 'paused', revision: 4 },
        { id: 'preview', state: 'interrupted', revision: 3 },
      ]);
      const statesOf = (id: string) =>
        db('campaign_members')
          .where({ campaign_id: id })
          .orderBy('position')
          .pluck('state');
      expect(await statesOf('ended')).toEqual(states);
      expect(await statesOf('open')).toEqual([
        'changed',
        'changed',
        'skipped',
        'not-started',
      ]);
    });
  },
);
