import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  type FleetFilter,
  fleetReadPermission,
  type FleetSummary,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { csvOf, fleetOver } from '../../__testUtils__/fleetOver';
import {
  entityNumber,
  fillFleet,
  type FleetWorld,
  isUnbound,
  registryNumber,
  subscriptionNumber,
  teamOf,
  versionNumber,
} from '../../__testUtils__/fleetWorld';
import {
  insertOperation,
  insertVersionRead,
} from '../../__testUtils__/operationRows';
import { InventoryRows } from '../../inventory/rows';
import { fleetChanged } from '../../inventory/rows/fleetChanges';
import { keepVerdicts } from '../../inventory/rows/verdicts';
import type { Fleet } from './createFleet';
import { createRegistryConditionalDecision, registryConditions } from './rules';
import type { FleetResource } from './conditions';

const DAY_MS = 24 * 60 * 60_000;
const WORLD: FleetWorld = {
  registries: 40,
  shared: 4,
  teams: 4,
  linked: true,
  // A Wednesday.
  now: Date.parse('2026-11-25T12:00:00Z'),
};
const id = (n: number) => registryNumber(n, WORLD).id.toLowerCase();
const EVERYBODY = mockCredentials.user('user:default/priya');
const TEAM = mockCredentials.user('user:default/olivia');

describe.each(testDatabases())(
  'keys, calendar and export of the fleet on $name',
  ({ open }) => {
    let db: Knex;
    let fleet: Fleet;
    let complete = true;
    let getResources: (
      refs: string[],
    ) => Promise<(FleetResource | undefined)[]>;
    beforeAll(async () => {
      db = await open();
      await fillFleet(db, WORLD);
      fleet = fleetOver(db, WORLD, {
        hidden: ['group:default/team-3'],
        isComplete: () => complete,
        decide: credentials =>
          credentials === TEAM
            ? createRegistryConditionalDecision(
                fleetReadPermission,
                registryConditions.isRegistryOwner({
                  claims: ['group:default/team-1'],
                }),
              )
            : { result: AuthorizeResult.ALLOW },
        addResourceType: added => {
          getResources = added.getResources as never;
        },
      });
    });
    afterAll(() => db.destroy());
    beforeEach(() => {
      complete = true;
    });

    /** Registries with a customer-managed key. */
    const encrypted = Array.from(
      { length: WORLD.registries },
      (_, n) => n,
    ).filter(n => n % 11 !== 10);
    const usersOf = (key: number) =>
      encrypted.filter(n => Math.floor(n / 4) === key);
    const keysOf = async (credentials = EVERYBODY) => {
      const items = [];
      let total = 0;
      let cursor: string | undefined;
      do {
        const page = await fleet.fleetKeys.list(
          { filter: {}, cursor, limit: 3 },
          credentials,
        );
        total = page.total;
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      expect(total).toBe(items.length);
      return items;
    };

    const calendar = (weeks: number, filter: FleetFilter = {}) =>
      fleet.fleetCalendar.expiries({ filter, weeks }, EVERYBODY);

    it('shows every key once, with who uses which version', async () => {
      const keys = await keysOf();
      expect(keys.map(({ keyName }) => keyName).sort()).toEqual(
        Array.from({ length: 10 }, (_, n) => `key-${n}`).sort(),
      );
      for (const { keyName, registries, hiddenRegistries, versions } of keys) {
        const key = Number(keyName.slice(4));
        expect(registries).toBe(usersOf(key).length);
        expect(hiddenRegistries).toBe(0);
        // The newest, the one in use, and an older one.
        expect(versions.map(one => one.registries)).toEqual([
          0,
          usersOf(key).length,
          0,
        ]);
        expect(versions[1].holders.map(({ name }) => name)).toEqual(
          usersOf(key)
            .map(n => `registry${n}`)
            .sort(),
        );
        expect(versions.map(({ newest }) => newest)).toEqual([
          true,
          false,
          false,
        ]);
      }
    });

    it('says of each old version whether it can be retired, and which registries still use it', async () => {
      const [{ versions }] = (await keysOf()).filter(
        ({ keyName }) => keyName === 'key-1',
      );
      expect(versions.map(({ retirement }) => retirement?.answer)).toEqual([
        undefined,
        'in-use',
        'unused',
      ]);
      expect(versions[1].retirement?.message).toMatch(
        /^Still used by registry4, registry5/,
      );
      expect(Date.parse(versions[2].retirement?.since ?? '')).toBeGreaterThan(
        Date.parse(versions[1].created ?? ''),
      );
    });

    it('lets no version be retired while not all registries are known', async () => {
      complete = false;
      for (const { versions } of await keysOf()) {
        expect(versions.every(one => one.retirement?.answer !== 'unused')).toBe(
          true,
        );
      }
    });

    it('counts users and owners that the person may not see, and names none', async () => {
      const mine = encrypted.filter(
        n =>
          !isUnbound(n, WORLD) && teamOf(n, WORLD) === 'group:default/team-1',
      );
      const keys = await keysOf(TEAM);
      const names = keys.flatMap(({ versions }) =>
        versions.flatMap(({ holders }) => holders.map(({ name }) => name)),
      );
      expect(names.sort()).toEqual(mine.map(n => `registry${n}`).sort());
      for (const { keyName, registries, hiddenRegistries } of keys) {
        expect(registries + hiddenRegistries).toBe(
          usersOf(Number(keyName.slice(4))).length,
        );
      }
      const all = await keysOf();
      expect(all.flatMap(({ owners }) => owners)).not.toContain(
        'group:default/team-3',
      );
      expect(
        all.reduce((sum, { otherOwners }) => sum + otherOwners, 0),
      ).toBeGreaterThan(0);
    });

    it('counts in weeks from Monday what expires, each registry once', async () => {
      const { weeks, items, complete: whole } = await calendar(8);
      expect(whole).toBe(true);
      expect(weeks).toHaveLength(8);
      expect(weeks[0].start).toBe('2026-11-23T00:00:00.000Z');
      const end = Date.parse('2026-11-23T00:00:00Z') + 8 * 7 * DAY_MS;
      const expected = encrypted
        .filter(n => n % 2 === 0)
        .map(n => WORLD.now + ((n % 300) - 20) * DAY_MS)
        .filter(at => at < end);
      expect(weeks.reduce((sum, { expiries }) => sum + expiries, 0)).toBe(
        expected.length,
      );
      const first = expected.filter(
        at => at < Date.parse('2026-11-30T00:00:00Z'),
      );
      expect(weeks[0].expiries).toBe(first.length);
      const expiring = items.filter(({ kind }) => kind === 'expiry');
      expect(
        expiring.reduce((sum, { registries }) => sum + registries, 0),
      ).toBe(expected.length);
      expect(expiring.map(({ at }) => at)).toEqual(
        expiring.map(({ at }) => at).sort(),
      );
      for (const { registries, holders } of expiring) {
        expect(holders).toHaveLength(Math.min(5, registries));
      }
    });

    it('names the registries of each entry that it shows, also of the last one', async () => {
      const [registry] = await db('registries').where({ key_name: 'key-0' });
      const [key] = await db('keys').where({ name: 'key-0' });
      const more = Array.from({ length: 250 }, (_, n) => n);
      await db.batchInsert(
        'registries',
        more.map(n => ({
          ...registry,
          id: `${registry.id}-${n}`,
          key_name: `more-${n}`,
          expires_at: null,
        })),
        125,
      );
      await db.batchInsert(
        'keys',
        more.map(n => ({
          ...key,
          name: `more-${n}`,
          rotates_at: WORLD.now + n,
        })),
        125,
      );
      await fleetChanged(db);
      const { items, complete: whole } = await calendar(1);
      expect(whole).toBe(false);
      expect(items).toHaveLength(200);
      expect(items[199].kind).toBe('rotation');
      for (const { registries = 0, pinned = 0, holders } of items) {
        expect(holders).toHaveLength(Math.min(5, registries + pinned));
      }
      await db('registries').whereLike('key_name', 'more-%').delete();
      await db('keys').whereLike('name', 'more-%').delete();
      await fleetChanged(db);
    });

    it('counts what vaults rotate, and who will not follow', async () => {
      await db('keys')
        .where({ name: 'key-0' })
        .update({ rotates_at: WORLD.now + 14 * DAY_MS });
      const { weeks, items } = await calendar(4);
      expect(weeks.map(({ rotations }) => rotations)).toEqual([0, 0, 1, 0]);
      expect(items.filter(({ kind }) => kind === 'rotation')).toEqual([
        {
          kind: 'rotation',
          at: '2026-12-09T12:00:00.000Z',
          vaultName: 'kv-0-fleet',
          keyName: 'key-0',
          // 0 and 3 of 0 to 3 are manual.
          registries: 2,
          pinned: 2,
          holders: [0, 1, 2, 3].map(n =>
            expect.objectContaining({ name: `registry${n}` }),
          ),
          owners: ['group:default/team-1', 'group:default/team-2'],
          // Team-3; nobody owns the first one.
          otherOwners: 1,
        },
      ]);
      await db('keys').update({ rotates_at: null });
      await fleetChanged(db);
    });

    it('names the owners of what expires, as far as the viewer may see them', async () => {
      const { items } = await calendar(8);
      const entry = items.find(({ holders }) =>
        holders.some(({ name }) => name === 'registry2'),
      );
      expect(entry?.owners).toEqual(['group:default/team-2']);
      // The catalog does not show team-3 to anybody.
      expect(items.flatMap(({ owners }) => owners)).not.toContain(
        'group:default/team-3',
      );
    });

    it('ends the calendar before a day, for expiries and rotations', async () => {
      const until = '2026-12-10';
      await db('keys')
        .where({ name: 'key-0' })
        .update({ rotates_at: WORLD.now + 14 * DAY_MS });
      await db('keys')
        .where({ name: 'key-1' })
        .update({ rotates_at: WORLD.now + 16 * DAY_MS });
      const { weeks, items } = await calendar(26, { expiresBefore: until });
      expect(weeks).toHaveLength(3);
      expect(items.every(({ at }) => at < until)).toBe(true);
      expect(
        items
          .filter(({ kind }) => kind === 'rotation')
          .map(({ keyName }) => keyName),
      ).toEqual(['key-0']);
      await db('keys').update({ rotates_at: null });
      await fleetChanged(db);
    });

    it('lists only the keys with a version that no registry uses, and none while others may use them', async () => {
      // All versions of key-1 but the newest are in use or disabled.
      const row = (await db('keys').where({ name: 'key-1' }).first())!;
      const facts = JSON.parse(row.facts!);
      facts.versions[2].enabled = false;
      await db('keys')
        .where({ name: 'key-1' })
        .update({ facts: JSON.stringify(facts) });
      await fleetChanged(db);
      const unused = async () =>
        fleet.fleetKeys.list({ filter: {}, unused: true, limit: 4 }, EVERYBODY);
      const first = await unused();
      expect(first.total).toBe(9);
      expect(first.items.map(({ keyName }) => keyName)).not.toContain('key-1');
      const rest = await fleet.fleetKeys.list(
        { filter: {}, unused: true, cursor: first.nextCursor, limit: 9 },
        EVERYBODY,
      );
      const names = [...first.items, ...rest.items].map(
        ({ keyName }) => keyName,
      );
      expect(new Set(names).size).toBe(9);
      complete = false;
      expect(await unused()).toMatchObject({ items: [], total: 0 });
      await db('keys').where({ name: 'key-1' }).update({ facts: row.facts });
      await fleetChanged(db);
    });

    it('exports keys, a line for each version', async () => {
      const lines = await csvOf(
        fleet.fleetExport.keysCsv({ filter: { key: 'key-1' } }, EVERYBODY),
      );
      expect(lines).toHaveLength(3);
      expect(lines.map(line => line.retire)).toEqual(['', 'in-use', 'unused']);
      expect(lines[1]).toMatchObject({
        vault: 'kv-1-fleet',
        key: 'key-1',
        version: versionNumber(2),
        latest: 'no',
        registries: '4',
        'other services of the key': '',
      });
      expect(lines[2]['unused since']).toMatch(/^20\d\d-/);
    });

    it.each([
      ['no', 'not looked at', 'services: not looked at'],
      ['partly', 'not all looked at', 'could be looked at'],
    ] as const)(
      'takes no version for unused where other services were looked at: %s',
      async (lookedAt, words, reason) => {
        const doubtful = fleetOver(db, WORLD, { lookedAt });
        const request = { filter: { key: 'key-1' } };
        const lines = await csvOf(
          doubtful.fleetExport.keysCsv(request, EVERYBODY),
        );
        expect(lines.map(line => line.retire)).toEqual([
          '',
          'in-use',
          'unknown',
        ]);
        for (const line of lines.slice(1)) {
          expect(line).toMatchObject({
            'other services of the key': words,
            reason: expect.stringContaining(reason),
          });
        }
        const { items } = await doubtful.fleetKeys.list(
          { filter: {}, limit: 50 },
          EVERYBODY,
        );
        const answers = items.flatMap(({ versions }) =>
          versions.map(({ retirement }) => retirement?.answer),
        );
        expect(answers).toContain('unknown');
        expect(answers).not.toContain('unused');
        expect(
          await doubtful.fleetKeys.list(
            { filter: {}, unused: true, limit: 50 },
            EVERYBODY,
          ),
        ).toMatchObject({ items: [], total: 0 });
      },
    );

    it('counts resources of other services that use a key, and takes a version for used by them', async () => {
      const uri = 'https://kv-1-fleet.vault.azure.net/keys/key-1';
      const key = KeyIdentifier.parse(uri).at(versionNumber(1));
      const withServices = fleetOver(db, WORLD, {
        services: [
          {
            id: '/servers/orders',
            type: 'microsoft.sql/servers',
            name: 'orders',
            subscriptionId: '1',
            resourceGroup: 'rg',
            location: 'westeurope',
            uses: [{ key, isInUse: true, use: 'current', identities: [] }],
          },
        ],
      });
      const { items } = await withServices.fleetKeys.list(
        { filter: {}, limit: 50 },
        EVERYBODY,
      );
      const shown = items.find(({ keyName }) => keyName === 'key-1');
      expect(shown).toMatchObject({
        services: [{ service: 'SQL server', count: 1 }],
        servicesLookedAt: 'all',
      });
      expect(shown?.versions.at(-1)?.retirement).toEqual({
        answer: 'in-use',
        message: 'Still used by 1 × SQL server.',
      });
      expect(items.filter(({ services }) => services.length > 0)).toEqual([
        shown,
      ]);
      const lines = await csvOf(
        withServices.fleetExport.keysCsv(
          { filter: { key: 'key-1' } },
          EVERYBODY,
        ),
      );
      expect(lines[0]['other services of the key']).toBe('1 SQL server');
    });

    it('exports the calendar, a line for each registry', async () => {
      const lines = await csvOf(
        fleet.fleetExport.calendarCsv({ filter: {}, weeks: 8 }, EVERYBODY),
      );
      const { items } = await calendar(8);
      expect(lines).toHaveLength(
        items.reduce((sum, { registries }) => sum + registries, 0),
      );
      expect(lines.find(({ registry }) => registry === 'registry2')).toEqual({
        at: new Date(WORLD.now - 18 * DAY_MS).toISOString(),
        what: 'expiry',
        vault: 'kv-0-fleet',
        key: 'key-0',
        version: versionNumber(1),
        registry: 'registry2',
        'registry id': registryNumber(2, WORLD).id,
        mode: 'automatic',
        follows: '',
        owners: 'group:default/team-2',
      });
      const owner = 'group:default/team-2';
      const theirs = await csvOf(
        fleet.fleetExport.calendarCsv(
          { filter: { owner }, weeks: 8 },
          EVERYBODY,
        ),
      );
      expect(theirs.length).toBeGreaterThan(0);
      expect(theirs.every(({ owners }) => owners === owner)).toBe(true);
      // What the team sees does not expire.
      expect(
        await csvOf(
          fleet.fleetExport.calendarCsv({ filter: {}, weeks: 8 }, TEAM),
        ),
      ).toEqual([]);
    });

    describe('while nothing changes', () => {
      const LOOKS: Record<
        string,
        (credentials: BackstageCredentials) => Promise<unknown>
      > = {
        summary: who => fleet.fleetCounts.summary({}, who),
        'a page': who =>
          fleet.fleet.list(
            {
              filter: {},
              order: { sort: 'state', direction: 'asc' },
              limit: 5,
            },
            who,
          ),
        'by key': who => fleet.fleetKeys.list({ filter: {}, limit: 2 }, who),
        'keys to retire': who =>
          fleet.fleetKeys.list({ filter: {}, unused: true, limit: 2 }, who),
        calendar: who =>
          fleet.fleetCalendar.expiries({ filter: {}, weeks: 26 }, who),
      };

      /** Statements that go through the fleet, and not only through the users of a few keys. */
      async function scansOf(look: () => Promise<unknown>): Promise<string[]> {
        const scans: string[] = [];
        const note = ({ sql }: { sql: string }) => {
          const text = sql.replace(/[`"]/g, '');
          const isOfKeys = text.includes(
            '(registries.vault_host, registries.key_name) in',
          );
          if (text.includes('registries.read_at is not null') && !isOfKeys) {
            scans.push(text);
          }
        };
        db.on('query', note);
        await look();
        db.off('query', note);
        return scans;
      }

      it.each(Object.entries(LOOKS))(
        'the fleet is gone through once for all who see the same: %s',
        async (_, look) => {
          await fleetChanged(db);
          const first = await scansOf(() => look(EVERYBODY));
          expect(first).not.toEqual([]);
          const another = mockCredentials.user('user:default/paul');
          expect(await scansOf(() => look(another))).toEqual([]);
          expect(await look(another)).toEqual(await look(EVERYBODY));
          // Somebody who sees less gets another answer.
          expect(await scansOf(() => look(TEAM))).not.toEqual([]);
          expect(await look(TEAM)).not.toEqual(await look(EVERYBODY));
        },
      );

      it('counts stay the same until something changes: a verdict, a link, a registry', async () => {
        const rows = new InventoryRows(db, { now: async () => WORLD.now });
        const counts = async () =>
          (await fleet.fleetCounts.summary({}, EVERYBODY)).counts;
        const of = (state: string, { state: all }: FleetSummary['counts']) =>
          all.find(({ value }) => value === state)?.count ?? 0;
        const before = await counts();
        await db.transaction(async trx => {
          const row = await trx('registries')
            .where({ id: id(1) })
            .first();
          await keepVerdicts(trx, [{ ...row!, state: 'converging' }]);
          await fleetChanged(trx);
        });
        expect(of('converging', await counts())).toBe(
          of('converging', before) + 1,
        );
        await rows.links.keep(
          [
            {
              entityRef: 'resource:default/late',
              owner: 'group:default/team-1',
              registries: [RegistryId.parse(registryNumber(0, WORLD).id)],
            },
          ],
          WORLD.now + 1,
        );
        expect((await counts()).unbound).toBe(before.unbound - 1);
        await rows.registries.keepProblem(
          RegistryId.parse(registryNumber(1, WORLD).id),
          {
            kind: 'not-found',
            code: 'ResourceNotFound',
            message: 'It is gone',
          },
          WORLD.now + 1,
        );
        expect(of('converging', await counts())).toBe(of('converging', before));
        await db('registries')
          .where({ id: id(1) })
          .update({ state: 'current', problem: null, problem_kind: null });
        await db('links')
          .where({ entity_ref: 'resource:default/late' })
          .delete();
        await fleetChanged(db);
      });
    });

    it('exports since when a version is in use, and the operation that proved it', async () => {
      // Of 1, whose version is 1: it had it, had another one, and has it again; then nothing changed.
      for (const [n, month, version] of [
        [1, 3, 1],
        [1, 4, 9],
        [1, 5, 1],
        [1, 6, 1],
        [5, 7, 9],
      ]) {
        const operationId = `00000000-0000-4000-8000-00000000000${month}`;
        const endedAt = Date.parse(`2026-0${month}-01T00:00:00Z`);
        await insertOperation(db, {
          id: operationId,
          registry_key: id(n),
          created_at: endedAt - 1,
          ended_at: endedAt,
        });
        await insertVersionRead(
          db,
          operationId,
          `https://kv-0-fleet.vault.azure.net/keys/key-0/${versionNumber(version)}`,
        );
      }
      const lines = await csvOf(fleet.fleetExport.csv({}, EVERYBODY));
      expect(lines).toHaveLength(WORLD.registries);
      const of = (n: number) =>
        lines.find(({ registry }) => registry === `registry${n}`);
      expect(of(1)).toMatchObject({
        'registry id': registryNumber(1, WORLD).id,
        'version in use': versionNumber(1),
        'in use since': '2026-05-01T00:00:00.000Z',
        'proved by operation': '00000000-0000-4000-8000-000000000005',
        entities: entityNumber(1),
        owners: teamOf(1, WORLD),
      });
      // What was proved last is another version than the one in use.
      expect(of(5)).toMatchObject({ 'proved by operation': '' });
      // Azure's own time goes first.
      expect(of(4)?.['in use since']).toBe(
        registryNumber(4, WORLD).encryption.lastKeyRotation,
      );
    });

    it('shows permission rules a registry by its id in any spelling', async () => {
      const asked = registryNumber(1, WORLD).id;
      const [found, upper, none] = await getResources([
        asked,
        asked.toUpperCase(),
        asked.replace('registry1', 'absent'),
      ]);
      expect(found).toEqual({
        id: asked.toLowerCase(),
        subscriptionId: subscriptionNumber(1),
        resourceGroup: 'rg-1',
        state: expect.any(String),
        links: expect.arrayContaining([
          {
            entityRef: entityNumber(1),
            source: 'annotation',
            owner: teamOf(1, WORLD),
          },
          { entityRef: entityNumber(1), source: 'tag' },
        ]),
      });
      expect(upper).toEqual(found);
      expect(none).toBeUndefined();
    });
  },
);
