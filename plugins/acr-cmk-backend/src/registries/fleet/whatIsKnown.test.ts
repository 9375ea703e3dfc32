import { mockCredentials } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite, testDatabases } from '../../__testUtils__/databases';
import { csvOf, fleetOver } from '../../__testUtils__/fleetOver';
import { fillFleet, type FleetWorld } from '../../__testUtils__/fleetWorld';
import { InventoryRows } from '../../inventory/rows';
import { FactRows } from '../../inventory/rows/facts';
import { fleetChanged } from '../../inventory/rows/fleetChanges';
import type { Fleet } from './createFleet';

const MINUTE_MS = 60_000;
const WORLD: FleetWorld = {
  registries: 40,
  shared: 4,
  teams: 4,
  // A Wednesday.
  now: Date.parse('2026-11-25T12:00:00Z'),
};
const SOMEBODY = mockCredentials.user('user:default/priya');
const KEY = { vault_host: 'kv-3-fleet.vault.azure.net', name: 'key-3' };
const time = (at: number) => new Date(at).toISOString();

describe.each(testDatabases())(
  'what the fleet knows of keys on $name',
  ({ open }) => {
    let db: Knex;
    let fleet: Fleet;
    beforeEach(async () => {
      db = await open();
      await fillFleet(db, WORLD);
      fleet = fleetOver(db, WORLD);
    });
    afterEach(() => db.destroy());

    const usersOfKey = async () => {
      const { items } = await fleet.fleet.list(
        {
          filter: { vault: 'kv-3-fleet', key: 'key-3' },
          order: { sort: 'name', direction: 'asc' },
          limit: 50,
        },
        SOMEBODY,
      );
      return items;
    };
    const failKey = (kind: string) =>
      db('keys')
        .where(KEY)
        .update({
          problem: JSON.stringify({ kind, code: 'X', message: 'No' }),
          problem_kind: kind,
          problem_at: WORLD.now,
        });
    const csv = () => csvOf(fleet.fleetExport.csv({}, SOMEBODY));

    it.each([
      [
        'not-found',
        false,
        /^The key key-3 does not exist in the vault kv-3-fleet, or is deleted$/,
      ],
      ['denied', true, /^No$/],
    ])(
      'a key whose last reading ended as %s is shown from before: %s, and no version of it may go',
      async (kind, isShown, problem) => {
        await db('keys').update({ rotates_at: WORLD.now + 60 * MINUTE_MS });
        const keyNow = async () => {
          const { items } = await fleet.fleetKeys.list(
            { filter: { key: 'key-3' }, limit: 5 },
            SOMEBODY,
          );
          expect(items).toHaveLength(1);
          return items[0];
        };
        const rotating = async () => {
          const { items } = await fleet.fleetCalendar.expiries(
            { filter: {}, weeks: 4 },
            SOMEBODY,
          );
          return items.flatMap(item =>
            item.kind === 'rotation' ? [item.keyName] : [],
          );
        };
        expect(
          (await keyNow()).versions.some(
            ({ retirement }) => retirement?.answer === 'unused',
          ),
        ).toBe(true);
        expect(await rotating()).toContain('key-3');

        await failKey(kind);
        await fleetChanged(db);
        const key = await keyNow();
        expect(key).toMatchObject({
          problem: expect.stringMatching(problem),
          registries: 4,
        });
        expect(key.latestVersion !== undefined).toBe(isShown);
        expect(key.rotatesAt !== undefined).toBe(isShown);
        expect(key.versions.flatMap(one => one.retirement ?? [])).toEqual([]);
        expect((await rotating()).includes('key-3')).toBe(isShown);
        expect(await rotating()).toContain('key-4');
      },
    );

    it('a deleted key is told as such, with the time until when it can be recovered', async () => {
      await new FactRows(db)
        .of({ kind: 'deleted-key', subject: 'kv-3-fleet/key-3' })
        .keep(
          { scheduledPurgeAt: '2027-03-02T12:00:00.000Z' },
          { readAt: WORLD.now, azureAt: WORLD.now },
        );
      await failKey('not-found');
      await fleetChanged(db);
      const { items } = await fleet.fleetKeys.list(
        { filter: { key: 'key-3' }, limit: 5 },
        SOMEBODY,
      );
      expect(items[0].problem).toBe(
        'The key key-3 was deleted, recoverable until 2 Mar 2027',
      );
    });

    it('a state has the message of the verdict, and says so where there is no verdict yet', async () => {
      await db('registries').update({
        state: 'current',
        state_message: 'It uses the latest version',
      });
      for (const { state } of await usersOfKey()) {
        expect(state).toEqual({
          id: 'current',
          message: 'It uses the latest version',
        });
      }
      await db('registries').update({ state: null, state_message: null });
      for (const { state } of await usersOfKey()) {
        expect(state).toEqual({
          id: 'unknown',
          message: 'It has not been judged yet',
        });
      }
    });

    it('the summary says how old most registries are, and which are older and why', async () => {
      const minutesAgo = (minutes: number) => WORLD.now - minutes * MINUTE_MS;
      await db('registries').update({ read_at: minutesAgo(2), problem: null });
      const ids = await db('registries').orderBy('id').pluck('id');
      const age = (range: string[], change: object) =>
        db('registries').whereIn('id', range).update(change);
      await age(ids.slice(0, 10), { read_at: minutesAgo(9) });
      await age(ids.slice(10, 13), {
        read_at: minutesAgo(40),
        problem: JSON.stringify({ kind: 'denied', code: 'X', message: 'No' }),
      });
      await age(ids.slice(13, 18), {
        read_at: minutesAgo(30),
        version_mode: 'automatic',
        version_in_use: 'an older one',
      });
      await age(ids.slice(13, 14), { read_at: minutesAgo(50) });
      const ages = async () => {
        await fleetChanged(db);
        return (await fleet.fleetCounts.summary({}, SOMEBODY)).scope.ages;
      };
      expect(await ages()).toEqual({
        observedAt: time(minutesAgo(9)),
        older: [
          { reason: 'failed', count: 3, observedAt: time(minutesAgo(40)) },
          { reason: 'following', count: 5, observedAt: time(minutesAgo(50)) },
        ],
      });
      await db('registries').update({
        read_at: minutesAgo(60),
        problem: null,
        version_mode: 'manual',
      });
      expect(await ages()).toEqual({
        older: [
          { reason: 'waiting', count: 40, observedAt: time(minutesAgo(60)) },
        ],
      });
      await db('registries').update({ read_at: null });
      expect(await ages()).toBeUndefined();
    });

    it('the summary counts the management groups whose subscriptions are not all known', async () => {
      const scopeOf = async (of: Fleet) =>
        (await of.fleetCounts.summary({}, SOMEBODY)).scope;
      expect(await scopeOf(fleet)).not.toHaveProperty('unreadableGroups');
      const groups = { groupsNotKnown: ['new'], groupsInPart: ['platform'] };
      expect(await scopeOf(fleetOver(db, WORLD, { groups }))).toMatchObject({
        unreadableGroups: 2,
      });
    });

    it('the summary tells subscriptions that were not listed yet from those that could not be', async () => {
      const listed = ['listed', 'refused', 'new'];
      const { listings } = new InventoryRows(db, {
        now: async () => WORLD.now,
      });
      await listings.keep('registries', 'listed', {
        items: 1,
        readAt: WORLD.now,
        azureAt: WORLD.now,
      });
      const problem = { kind: 'denied', code: 'X', message: 'No' } as const;
      await listings.keepProblem('registries', 'refused', {
        problem,
        at: WORLD.now,
      });
      const { fleetCounts } = fleetOver(db, WORLD, { listed });
      expect((await fleetCounts.summary({}, SOMEBODY)).scope).toMatchObject({
        unreadableSubscriptions: 2,
        unlistedSubscriptions: 1,
        problems: [
          { subscriptionId: 'refused', message: 'No' },
          {
            subscriptionId: 'new',
            message: 'Its registries were not listed yet',
          },
        ],
      });
      await listings.keepProblem('registries', 'new', {
        problem,
        at: WORLD.now,
      });
      const { scope } = await fleetOver(db, WORLD, {
        listed,
      }).fleetCounts.summary({}, SOMEBODY);
      expect(scope).not.toHaveProperty('unlistedSubscriptions');
    });

    it('a registry is as old as what is known of its key', async () => {
      const readAt = WORLD.now - 90 * MINUTE_MS;
      await db('keys').where(KEY).update({ read_at: readAt });
      for (const { observedAt, stale } of await usersOfKey()) {
        expect([observedAt, stale]).toEqual([time(readAt), false]);
      }
      // A list has shown since that the key has not changed.
      const seenAt = WORLD.now - 5 * MINUTE_MS;
      await db('keys').where(KEY).update({ seen_at: seenAt, listed: '{}' });
      const [newest] = await db('keys').where(KEY).pluck('listed_version');
      await db('registries').update({ version_in_use: newest });
      const users = await usersOfKey();
      expect(users).not.toEqual([]);
      for (const { observedAt } of users) {
        expect(observedAt).toBe(time(seenAt));
      }
    });

    it('a registry that uses an older version is as old as the last reading of its key: a list shows the newest alone', async () => {
      const readAt = WORLD.now - 90 * MINUTE_MS;
      const seenAt = WORLD.now - 5 * MINUTE_MS;
      await db('keys')
        .where(KEY)
        .update({ read_at: readAt, seen_at: seenAt, listed: '{}' });
      const users = await usersOfKey();
      expect(users).not.toEqual([]);
      for (const { observedAt } of users) {
        expect(observedAt).toBe(time(readAt));
      }
    });

    it('a reading of a source that lags has its own time, and the lag beside it', async () => {
      const lagMs = 5 * MINUTE_MS;
      const readAt = WORLD.now - MINUTE_MS;
      await db('registries')
        .where({ vault_host: KEY.vault_host, key_name: KEY.name })
        .update({ read_at: readAt - lagMs, lag_ms: lagMs });
      await db('keys').where(KEY).update({ read_at: WORLD.now });
      for (const { observedAt, lagSeconds } of await usersOfKey()) {
        expect([observedAt, lagSeconds]).toEqual([time(readAt), 300]);
      }
      expect((await csv()).filter(({ key }) => key === 'key-3')).toMatchObject(
        Array(4).fill({
          'read at': time(readAt),
          'may lag by (seconds)': '300',
        }),
      );
    });

    it('the summary has the time of such a reading, and the lag beside it', async () => {
      const lagMs = 5 * MINUTE_MS;
      const agesAt = async (readAt: number) => {
        await db('registries').update({
          read_at: readAt - lagMs,
          lag_ms: lagMs,
          problem: null,
          version_mode: 'manual',
        });
        await fleetChanged(db);
        return (await fleet.fleetCounts.summary({}, SOMEBODY)).scope.ages;
      };
      const lately = WORLD.now - 2 * MINUTE_MS;
      expect(await agesAt(lately)).toEqual({
        observedAt: time(lately),
        lagSeconds: 300,
        older: [],
      });
      const longAgo = WORLD.now - 60 * MINUTE_MS;
      expect(await agesAt(longAgo)).toEqual({
        older: [{ reason: 'waiting', count: 40, observedAt: time(longAgo) }],
      });
    });

    it('a registry is stale when its key could not be read again, in the export, too', async () => {
      await failKey('denied');
      const items = await usersOfKey();
      expect(items).toHaveLength(4);
      expect(items.every(({ stale }) => stale)).toBe(true);
      const lines = (await csv()).filter(({ stale }) => stale === 'yes');
      expect(lines.map(({ key }) => key)).toEqual(Array(4).fill('key-3'));
    });
  },
);

// With its one connection, what is asked for first is done first.
describe('a list that is read while rows are removed', () => {
  let db: Knex;
  let fleet: Fleet;
  let removal: PromiseLike<unknown>;
  const MANY = { ...WORLD, registries: 620, subscriptions: 2 };
  beforeEach(async () => {
    db = await openSqlite();
    await fillFleet(db, MANY);
    fleet = fleetOver(db, MANY);
    // One is removed between the question for what is in a page and the one for its rows.
    let removed = false;
    db.on('query-response', async (_answer, { sql }: { sql: string }) => {
      if (removed || !/order by .*registries.*limit/.test(sql)) return;
      removed = true;
      removal = db('registries').where({ name: 'registry0' }).delete();
      await removal;
    });
  });
  afterEach(async () => {
    await removal;
    await db.destroy();
  });

  it('goes on after the page that lost one', async () => {
    const order = { sort: 'name', direction: 'asc' } as const;
    const names = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await fleet.fleet.list(
        { filter: {}, order, cursor, limit: 200 },
        SOMEBODY,
      );
      page.items.forEach(({ name }) => names.add(name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(names.size).toBe(MANY.registries - 1);
  });

  it('is exported whole', async () => {
    expect(await csvOf(fleet.fleetExport.csv({}, SOMEBODY))).toHaveLength(
      MANY.registries - 1,
    );
  });
});
