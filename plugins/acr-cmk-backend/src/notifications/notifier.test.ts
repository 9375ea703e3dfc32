import { mockCredentials } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { NotificationsConfig } from '../platform/config';
import { testDatabases } from '../__testUtils__/databases';
import { SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { ahead, NOW } from '../__testUtils__/encryptedRegistries';
import { fleetOver } from '../__testUtils__/fleetOver';
import { filterOf } from '../registries/fleet/filter';
import {
  DAY_MS,
  EVERYTHING,
  FLEET,
  HOUR_MS,
  idOf,
  judge,
  keep,
  listed,
  MINUTE_MS,
  PAYMENTS,
  PLATFORM,
  PortalNotifications,
  SHOP,
  startNotifier,
} from './__testUtils__/notifierWorld';

jest.setTimeout(60_000);

describe.each(testDatabases())(
  'notifications to owners, on $name',
  database => {
    let db: Knex;
    let now: number;
    let portal: PortalNotifications;
    beforeEach(async () => {
      db = await database.open();
      now = NOW;
      portal = new PortalNotifications();
      await listed(db, now);
    });
    afterEach(() => db.destroy());

    const notifier = (config?: NotificationsConfig, log?: string[]) =>
      startNotifier({ db, portal, now: () => now, config, log });
    const turn = (config?: NotificationsConfig) => notifier(config).turn();
    const later = async (ms: number) => {
      now += ms;
      await judge(db, now);
    };

    it('begins with one digest for each owner, of everything that holds by then, and one message about lost access', async () => {
      await keep(db, FLEET, now);
      await turn();
      expect(portal.shown).toHaveLength(5);
      expect(portal.to(SHOP).filter(({ topic }) => topic === 'digest')).toEqual(
        [
          {
            recipient: SHOP,
            title: '2 registries need attention',
            description:
              '1 registry is pinned to one version while a policy rotates the key: trapped. ' +
              '1 registry: the key version in use expires within 30 days: expiring (3 Dec 2026).',
            topic: 'digest',
            link: `/acr-cmk/registries?severity=error,warning&owner=${encodeURIComponent(
              SHOP,
            )}`,
            sent: 1,
          },
        ],
      );
      expect(portal.reported).toEqual(
        [
          `${SHOP} expired has expired`,
          `${SHOP} expiring expires within 30 days`,
          `${SHOP} trapped pinned to one version`,
          `${PAYMENTS} detached is not attached`,
          `${PAYMENTS} walled firewall keeps the registry`,
          `${PLATFORM} expired has expired`,
          `${PLATFORM} detached is not attached`,
          `${PLATFORM} walled firewall keeps the registry`,
          // No entity names it.
          `${PLATFORM} unowned expires within 30 days`,
        ].sort(),
      );
    });

    it.each([
      [
        'was not listed',
        () => db('facts').update({ read_at: null }),
        () => listed(db, now),
      ],
      [
        'of the catalog was not read',
        () => db('facts').where({ kind: 'list-of-links' }).delete(),
        () => listed(db, now),
      ],
      [
        'like a catalog that has just started names no registry',
        () => listed(db, now, 0),
        () => listed(db, now),
      ],
      [
        'is undecided',
        () => db('registries').limit(1).update({ undecided: '["key-behind"]' }),
        () => db('registries').update({ undecided: '[]' }),
      ],
    ] as const)(
      'waits with the first digests while something %s, but not for ever',
      async (_text, make, mend) => {
        await keep(db, FLEET, now);
        await make();
        await turn();
        now += 59 * MINUTE_MS;
        await turn();
        expect(portal.shown).toEqual([]);
        const mended = await database.copyOf(db);
        now += MINUTE_MS;
        await turn();
        expect(portal.shown).not.toEqual([]);

        await db.destroy();
        db = await mended();
        portal = new PortalNotifications();
        now -= MINUTE_MS;
        await mend();
        await turn();
        expect(portal.shown).toHaveLength(5);
      },
    );

    it('notifies about nothing when nothing has changed, however often it checks', async () => {
      await keep(db, FLEET, now);
      await turn();
      const { calls } = portal;
      for (let hours = 0; hours < 5; hours++) {
        await later(HOUR_MS);
        await turn();
      }
      expect(portal.calls).toBe(calls);
    });

    it('notifies once about each condition in two weeks that are checked every hour', async () => {
      await keep(db, FLEET, now);
      for (let hours = 0; hours < 14 * 24; hours += 6) {
        await turn();
        await later(6 * HOUR_MS);
      }
      const of = (name: string) =>
        portal.reported.filter(each => each.includes(` ${name} `));
      expect(of('expiring')).toEqual([
        `${PLATFORM} expiring has expired`,
        `${SHOP} expiring expires within 1 day`,
        `${SHOP} expiring expires within 30 days`,
        `${SHOP} expiring expires within 7 days`,
        `${SHOP} expiring has expired`,
      ]);
      expect(of('expired')).toEqual([
        `${PLATFORM} expired has expired`,
        `${SHOP} expired has expired`,
      ]);
      expect(of('unowned')).toEqual([
        `${PLATFORM} unowned expires within 30 days`,
        `${PLATFORM} unowned expires within 7 days`,
      ]);
      expect(new Set(portal.reported).size).toBe(portal.reported.length);
      expect(portal.shown.every(({ sent }) => sent === 1)).toBe(true);
    });

    it('notifies again when the condition has ended and begins anew', async () => {
      const trapped = FLEET.filter(({ name }) => name === 'trapped');
      await keep(db, trapped, now);
      await turn();
      for (const rotatesByPolicy of [false, true]) {
        now += HOUR_MS;
        await keep(db, [{ ...trapped[0], rotatesByPolicy }], now);
        await turn();
      }
      expect(portal.reported).toEqual([
        `${SHOP} trapped pinned to one version`,
        `${SHOP} trapped pinned to one version`,
      ]);
    });

    it('treats an unknown fact as neither the end nor the beginning of a condition', async () => {
      const walled = FLEET.filter(({ name }) => name === 'walled');
      await keep(db, walled, now);
      await turn();
      const unreadable = [JSON.stringify(['vault-firewall']), '[]'];
      for (const undecided of unreadable) {
        now += HOUR_MS;
        const findings = undecided === '[]' ? '["vault-firewall"]' : '[]';
        await db('registries').update({ findings, undecided });
        await turn();
      }
      expect(portal.reported).toEqual([
        `${PLATFORM} walled firewall keeps the registry`,
        `${PAYMENTS} walled firewall keeps the registry`,
      ]);
    });

    it('ignores a registry that was not judged yet', async () => {
      await keep(db, FLEET, now);
      await db('registries').update({ undecided: null });
      await turn();
      now += HOUR_MS;
      await turn();
      expect(portal.shown).toEqual([]);
    });

    it('notifies once about a registry that is behind, and again only about the next version', async () => {
      const newerSince = ahead({ minutes: -30 });
      const behind = { name: 'behind', owner: SHOP };
      await keep(db, [behind], now);
      await turn();
      await keep(db, [{ ...behind, newerSince }], now);
      await later(2 * HOUR_MS);
      await turn();
      expect(portal.to(SHOP)).toEqual([
        expect.objectContaining({
          title: 'behind has not followed a new version of the key',
          topic: 'digest',
          link: `/acr-cmk/registries?registry=${encodeURIComponent(
            idOf('behind').toLowerCase(),
          )}`,
        }),
      ]);
    });

    it('sends one digest for each owner from then on, too', async () => {
      await turn();
      await keep(db, FLEET, now);
      now += HOUR_MS;
      await turn();
      expect(
        portal
          .to(SHOP)
          .map(({ topic }) => topic)
          .sort(),
      ).toEqual(['access-lost', 'digest']);
      expect(portal.to(PAYMENTS)).toHaveLength(1);
    });

    it('makes digests once in their interval', async () => {
      await turn();
      await keep(
        db,
        FLEET.filter(({ name }) => name === 'expiring'),
        now,
      );
      now += HOUR_MS - 1;
      await turn();
      expect(portal.shown).toEqual([]);
      now += 1;
      await turn();
      expect(portal.shown).not.toEqual([]);
    });

    it('notifies no owner of an entity that only names a registry, which anybody may register', async () => {
      const [expiring] = FLEET;
      const unlinked = { ...expiring, unlinked: true } as const;
      await keep(db, [unlinked], now);
      await turn();
      expect(portal.reported).toEqual([
        `${PLATFORM} expiring expires within 30 days`,
      ]);
      await keep(
        db,
        [
          { ...unlinked, name: 'bound' },
          { ...expiring, name: 'tagged' },
        ],
        now,
      );
      await startNotifier({
        db,
        portal,
        now: () => now + HOUR_MS,
        bindings: new Map([
          [
            idOf('bound').toLowerCase(),
            new Set(['resource:default/bound', PAYMENTS]),
          ],
        ]),
      }).turn();
      expect(
        portal.reported.filter(each => !each.includes(' expiring ')),
      ).toEqual(
        [
          `${PAYMENTS} bound expires within 30 days`,
          `${SHOP} bound expires within 30 days`,
          `${SHOP} tagged expires within 30 days`,
        ].sort(),
      );
    });

    it('links to a list that shows all that a digest reports, and counts and exports the same', async () => {
      const expired = { expires: ahead({ days: -1 }) };
      const tagged = ['tagged1', 'tagged2'];
      await keep(
        db,
        [
          ...FLEET,
          { name: 'unowned1', expires: ahead({ days: 20 }) },
          ...tagged.map(name => ({ name, ...expired })),
        ],
        now,
      );
      const TEAM = 'group:default/team-tagged';
      await db('links').insert(
        tagged.map(name => ({
          registry_id: idOf(name).toLowerCase(),
          entity_ref: TEAM,
          source: 'tag',
          read_at: now,
        })),
      );
      await turn();
      const fleet = fleetOver(db, { now }, { subscriptions: [SUBSCRIPTION] });
      const reader = mockCredentials.user('user:default/olivia');
      const opened: Record<string, string[]> = {};
      const owners: Record<string, unknown> = {};
      const exported: Record<string, string> = {};
      // A message about one registry links to that.
      const lists = portal.shown.filter(
        ({ link }) => !link?.includes('registry='),
      );
      for (const { recipient, link } of lists) {
        const query = new URL(String(link), 'https://portal').searchParams;
        const filter = filterOf(Object.fromEntries(query));
        const { items } = await fleet.fleet.list(
          { filter, order: { sort: 'name', direction: 'asc' }, limit: 50 },
          reader,
        );
        opened[String(recipient)] = [
          ...new Set([
            ...(opened[String(recipient)] ?? []),
            ...items.map(({ name }) => name),
          ]),
        ].sort();
        const counts = await fleet.fleetCounts.summary(filter, reader);
        expect(counts.total).toBe(items.length);
        let lines = '';
        for await (const piece of fleet.fleetExport.csv(filter, reader)) {
          lines += piece;
        }
        expect(lines.split('\r\n').length - 2).toBe(items.length);
        owners[String(recipient)] = counts.counts.owner;
        exported[String(recipient)] = lines;
      }
      expect(opened[TEAM]).toEqual(tagged);
      expect(owners[TEAM]).toEqual([{ value: TEAM, count: 2 }]);
      expect(exported[TEAM]).toContain(`,${TEAM},`);
      expect(opened[PAYMENTS]).toEqual(['detached', 'walled']);
      expect(opened[SHOP]).toEqual(['expired', 'expiring', 'trapped']);
      expect(opened[PLATFORM]).toEqual(
        expect.arrayContaining(['unowned', 'unowned1']),
      );
    });

    it('notifies nobody about what has no owner when no platform team is configured', async () => {
      await keep(db, FLEET, now);
      await turn({ ...EVERYTHING, platform: [] });
      expect(
        portal.reported.filter(each => each.includes(' unowned ')),
      ).toEqual([]);
    });

    it('notifies nobody about a registry that is out of scope', async () => {
      await keep(db, FLEET, now);
      await db('registries').update({ subscription_id: 'another' });
      await turn();
      expect(portal.shown).toEqual([]);
    });

    describe('an owner who cannot be notified', () => {
      it('does not hold up notifications to others, and is notified when that is possible', async () => {
        portal.refused.add(SHOP);
        await keep(db, FLEET, now);
        await turn();
        expect(portal.to(PAYMENTS)).toHaveLength(1);
        expect(portal.to(PLATFORM)).toHaveLength(2);
        expect(portal.to(SHOP)).toEqual([]);
        portal.refused.clear();
        now += 5 * MINUTE_MS;
        await turn();
        expect(portal.to(SHOP).map(({ sent }) => sent)).toEqual([1, 1]);
        expect(portal.calls).toBe(7);
      });

      it('is given up after two days, with the reason on record', async () => {
        portal.refused.add(SHOP);
        await keep(db, FLEET.slice(1, 2), now);
        for (let hours = 0; hours < 4 * 24; hours++) {
          await turn({ platform: [] });
          await later(HOUR_MS);
        }
        expect(portal.calls).toBe(8);
        expect(await db('notification_messages')).toEqual([
          expect.objectContaining({
            recipient: SHOP,
            sent_at: null,
            due_at: null,
            problem: 'Request failed with status 404',
          }),
        ]);
      });
    });

    it('says once in the log that nothing can be sent, and once that it can be again', async () => {
      const log: string[] = [];
      portal.isAway = true;
      await keep(db, FLEET.slice(0, 1), now);
      const running = notifier(EVERYTHING, log);
      for (let minutes = 0; minutes < 4; minutes++) {
        await running.turn();
        now += 5 * MINUTE_MS;
      }
      expect(log).toEqual([
        expect.stringMatching(/^Notifications cannot be sent; .* 404$/),
      ]);
      portal.isAway = false;
      now += HOUR_MS;
      await running.turn();
      expect(log.slice(1)).toEqual(['Notifications can be sent again']);
    });

    it('forgets after 90 days what was sent, but not that it was', async () => {
      await keep(db, FLEET, now);
      await turn();
      await later(91 * DAY_MS);
      await turn();
      await turn();
      const [{ kept }] = await db('notification_ledger').count({ kept: '*' });
      // Reported on that day: the two that have expired by then, to one owner and twice to the platform team.
      expect(Number(kept)).toBe(3);
      now += HOUR_MS;
      const { calls } = portal;
      await turn();
      expect(portal.calls).toBe(calls);
    });
  },
);
