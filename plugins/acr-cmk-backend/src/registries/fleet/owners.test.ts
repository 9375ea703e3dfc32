import { mockCredentials } from '@backstage/backend-test-utils';
import type { FleetFilter } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { csvOf, fleetOver } from '../../__testUtils__/fleetOver';
import {
  entityNumber,
  fillFleet,
  type FleetWorld,
  registryNumber,
  teamOf,
} from '../../__testUtils__/fleetWorld';
import type { Fleet } from './createFleet';

const WORLD: FleetWorld = {
  registries: 24,
  shared: 4,
  teams: 4,
  linked: true,
  now: Date.parse('2026-11-25T12:00:00Z'),
};
const SOMEBODY = mockCredentials.user('user:default/priya');
const id = (n: number) => registryNumber(n, WORLD).id.toLowerCase();

/** Bound by the configuration alone: no entity names the registries 0 and 7, and team-3 does not own 2. */
const BOUND = 'group:default/bound';
const HIDDEN = 'group:default/hidden';
const bindings = new Map([
  [id(0), new Set([BOUND, HIDDEN, entityNumber(1)])],
  [id(2), new Set([teamOf(3, WORLD)])],
  [id(7), new Set(['user:default/paul'])],
]);

describe.each(testDatabases())('owners of registries on $name', ({ open }) => {
  let db: Knex;
  let fleet: Fleet;
  beforeAll(async () => {
    db = await open();
    await fillFleet(db, WORLD);
    await db('links').insert({
      registry_id: id(0).toLowerCase(),
      entity_ref: 'group:default/tagged',
      source: 'tag',
      read_at: WORLD.now,
    });
    fleet = fleetOver(db, WORLD, { bindings, hidden: [HIDDEN] });
  });
  afterAll(() => db.destroy());

  async function list(filter: FleetFilter) {
    const { items, total } = await fleet.fleet.list(
      { filter, order: { sort: 'name', direction: 'asc' }, limit: 50 },
      SOMEBODY,
    );
    expect(total).toBe(items.length);
    return items;
  }
  const namesBy = async (owner: string) =>
    (await list({ owner })).map(({ name }) => name);
  const ofTeam = (team: number) =>
    Array.from({ length: WORLD.registries }, (_, n) => n)
      .filter(n => n % 7 !== 0 && n % 4 === team)
      .map(n => `registry${n}`);

  it('are those of entities that name them, and those that a tag or the configuration names', async () => {
    expect(await namesBy('group:default/tagged')).toEqual(['registry0']);
    expect(await namesBy(BOUND)).toEqual(['registry0']);
    expect(await namesBy('Group:default/BOUND')).toEqual(['registry0']);
    expect(await namesBy('user:default/paul')).toEqual(['registry7']);
    expect(await namesBy(teamOf(3, WORLD))).toEqual(
      [...ofTeam(3), 'registry2'].sort(),
    );
    // An entity that is neither a group nor a user owns nothing.
    expect(await namesBy(entityNumber(1))).toEqual([]);
  });

  it('are counted as the filter finds them', async () => {
    const { counts } = await fleet.fleetCounts.summary({}, SOMEBODY);
    const counted = new Map(
      counts.owner.map(({ value, count }) => [value, count]),
    );
    expect([...counted.keys()]).toEqual(
      expect.arrayContaining([BOUND, 'user:default/paul', teamOf(3, WORLD)]),
    );
    for (const [owner, count] of counted) {
      expect([owner, count]).toEqual([owner, (await namesBy(owner)).length]);
    }
  });

  it('are in the rows, the keys and the export', async () => {
    const owners = new Map(
      (await list({})).map(registry => [registry.name, registry.owners]),
    );
    expect(owners.get('registry0')).toEqual([BOUND, 'group:default/tagged']);
    expect(owners.get('registry1')).toEqual([teamOf(1, WORLD)]);
    expect(owners.get('registry2')).toEqual([
      teamOf(2, WORLD),
      teamOf(3, WORLD),
    ]);
    const { items } = await fleet.fleetKeys.list(
      { filter: { key: 'key-0' }, limit: 1 },
      SOMEBODY,
    );
    expect(items[0].owners).toContain(BOUND);
    const lines = await csvOf(fleet.fleetExport.csv({}, SOMEBODY));
    expect(lines).toContainEqual(
      expect.objectContaining({ owners: `${BOUND} group:default/tagged` }),
    );
    expect(JSON.stringify(lines)).not.toContain(HIDDEN);
  });

  it('are not the owners of an entity that names a registry without a link', async () => {
    await db('links').insert({
      registry_id: id(1),
      entity_ref: 'resource:default/spy-images',
      source: 'annotation',
      owner: 'group:default/spies',
      read_at: WORLD.now,
    });
    const [spied] = await list({ search: 'spy-images' });
    expect(spied).toMatchObject({
      name: 'registry1',
      owners: [teamOf(1, WORLD)],
      unprovenOwners: ['group:default/spies'],
    });
    expect(await namesBy('group:default/spies')).toEqual([]);
    const { counts } = await fleet.fleetCounts.summary({}, SOMEBODY);
    expect(counts.owner.map(({ value }) => value)).not.toContain(
      'group:default/spies',
    );
    const { items } = await fleet.fleetKeys.list(
      { filter: { key: 'key-0' }, limit: 1 },
      SOMEBODY,
    );
    expect(items[0].owners).not.toContain('group:default/spies');
    const lines = await csvOf(fleet.fleetExport.csv({}, SOMEBODY));
    expect(
      lines.filter(line => Object.values(line).includes('group:default/spies')),
    ).toMatchObject([
      { registry: 'registry1', 'unproven owners': 'group:default/spies' },
    ]);
    await db('links').where({ owner: 'group:default/spies' }).delete();
  });

  it('are not named, and find nothing, where the viewer may not see them', async () => {
    expect(await namesBy(HIDDEN)).toEqual([]);
    expect((await list({})).flatMap(({ owners }) => owners)).not.toContain(
      HIDDEN,
    );
    const { counts } = await fleet.fleetCounts.summary({}, SOMEBODY);
    expect(counts.owner.map(({ value }) => value)).not.toContain(HIDDEN);
    expect(counts.otherOwners).toBe(1);
  });

  it('make no registry one that an entity names', async () => {
    const unbound = await list({ unbound: true });
    expect(unbound.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['registry0', 'registry7']),
    );
    expect(unbound.flatMap(({ entities }) => entities)).toEqual([]);
  });
});
