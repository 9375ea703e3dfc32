import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  type FleetFilter,
  type FleetListQuery,
  type FleetRegistry,
  fleetReadPermission,
  registryStateIds,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { linesOf } from '../../__testUtils__/fleetOver';
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
import {
  group,
  resource,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import type { OperationRow } from '../../platform/database/tables';
import { fleetChanged } from '../../inventory/rows/fleetChanges';
import { createRegistryConditionalDecision, registryConditions } from './rules';
import { VisibleEntities } from './VisibleEntities';

const WORLD: FleetWorld = {
  registries: 60,
  teams: 3,
  now: Date.parse('2026-11-25T12:00:00Z'),
  linkedAt: Date.parse('2100-01-01T00:00:00Z'),
};
const NUMBERS = Array.from({ length: WORLD.registries }, (_, n) => n);
/** Entity that the catalog shows to nobody. */
const HIDDEN = 8;
/** Registry that the configuration binds to its entity. */
const BOUND = 31;

describe('the fleet over HTTP', () => {
  let portal: TestPortal;
  let db: Knex;
  beforeAll(async () => {
    db = await openSqlite();
    portal = await startPortal({
      db,
      config: {
        scopes: [
          `/subscriptions/${subscriptionNumber(0)}`,
          `/subscriptions/${subscriptionNumber(1)}/resourceGroups/rg-1`,
          `/subscriptions/${subscriptionNumber(1)}/resourceGroups/rg-3`,
        ],
        bindings: [
          {
            registryId: registryNumber(BOUND, WORLD).id,
            entityRef: entityNumber(BOUND),
          },
        ],
      },
      entities: [
        ...NUMBERS.filter(n => !isUnbound(n, WORLD) && n !== HIDDEN).map(n =>
          resource(`images-${n}`, registryNumber(n, WORLD).id),
        ),
        group('team-0'),
        group('team-1'),
        group('team-2'),
      ],
      hides: ref => ref === 'group:default/team-2',
    });
    await portal.deleteFacts();
    await fillFleet(db, WORLD);
    portal.decideFleet(user => {
      if (user === 'priya') return { result: AuthorizeResult.ALLOW };
      if (user === 'vera') return { result: AuthorizeResult.DENY };
      const team = user === 'olivia' ? 'team-1' : 'team-2';
      return createRegistryConditionalDecision(
        fleetReadPermission,
        registryConditions.isRegistryOwner({
          claims: [`user:default/${user}`, `group:default/${team}`],
        }),
      );
    });
  });
  afterAll(() => portal.stop());

  /** Numbers of registries in scope. */
  const inScope = NUMBERS.filter(
    n => n % 2 === 0 || n % 5 === 1 || n % 5 === 3,
  );
  const owned = (team: number) =>
    inScope.filter(
      n =>
        !isUnbound(n, WORLD) &&
        teamOf(n, WORLD) === `group:default/team-${team}`,
    );
  const names = (numbers: readonly number[]) =>
    numbers.map(n => `registry${n}`).sort();

  /** All pages. */
  async function listAs(
    user: string,
    query: FleetListQuery = {},
  ): Promise<{ items: FleetRegistry[]; totals: number[] }> {
    const items: FleetRegistry[] = [];
    const totals: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await portal
        .as(user)
        .fleet.registries({ limit: 7, ...query, cursor });
      items.push(...page.items);
      totals.push(page.total);
      cursor = page.nextCursor;
    } while (cursor);
    return { items, totals };
  }

  const keyOf = (n: number) => registryNumber(n, WORLD).id.toLowerCase();
  /** Link of a tag that names the entity of the n-th registry. */
  const tagged = (n: number) => ({
    registry_id: keyOf(n),
    entity_ref: entityNumber(n),
    source: 'tag' as const,
    read_at: WORLD.now,
  });
  const operationOf = (n: number) =>
    `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;

  /** An operation on the n-th registry that has read its version back. */
  async function operate(n: number, more: Partial<OperationRow> = {}) {
    const row = await db('registries')
      .where({ id: keyOf(n) })
      .first();
    await insertOperation(db, {
      id: operationOf(n),
      label: 'change-mode',
      registry_key: keyOf(n),
      created_at: WORLD.now,
      ended_at: WORLD.now,
      ...more,
    });
    await insertVersionRead(db, operationOf(n), row?.version_in_use);
  }

  async function csvAs(user: string, filter: FleetFilter = {}) {
    return linesOf(await (await portal.as(user).fleet.csv(filter)).text());
  }

  it.each<[who: string, numbers: readonly number[]]>([
    ['priya', inScope],
    ['olivia', owned(1)],
    ['daniel', owned(2)],
  ])(
    'shows %s exactly their registries in list, counts and export',
    async (user, numbers) => {
      expect(numbers.length).toBeGreaterThan(5);
      const { items, totals } = await listAs(user);
      expect(items.map(({ name }) => name).sort()).toEqual(names(numbers));
      expect(new Set(totals)).toEqual(new Set([numbers.length]));
      const { total, counts, scope } = await portal.as(user).fleet.summary();
      expect(total).toBe(numbers.length);
      expect(scope).toMatchObject({
        visible: numbers.length,
        known: inScope.length,
      });
      for (const facet of ['state', 'severity', 'subscription'] as const) {
        expect(counts[facet].reduce((sum, { count }) => sum + count, 0)).toBe(
          numbers.length,
        );
      }
      const lines = await csvAs(user);
      expect(lines.map(({ registry }) => registry).sort()).toEqual(
        names(numbers),
      );
    },
  );

  it('shows every field of a registry in the list, and in the columns of the export', async () => {
    const n = 30;
    await db('registries')
      .where({ id: keyOf(n) })
      .update({ lag_ms: 300_000 });
    const link = { registry_id: keyOf(n), read_at: WORLD.now };
    await db('links').insert([
      tagged(n),
      {
        ...link,
        entity_ref: entityNumber(4),
        source: 'annotation',
        owner: teamOf(4, WORLD),
      },
      { ...link, entity_ref: entityNumber(HIDDEN), source: 'annotation' },
    ]);
    await operate(n);
    await fleetChanged(db);
    const whole: Required<FleetRegistry> = {
      name: 'registry30',
      registryId: registryNumber(n, WORLD).id,
      subscriptionId: subscriptionNumber(0),
      resourceGroup: 'rg-0',
      location: 'westeurope',
      state: { id: registryStateIds[0], message: 'Message 30' },
      stateSince: '2026-10-26T12:00:00.000Z',
      severity: 'warning',
      findings: ['key-behind'],
      key: { vaultName: 'kv-15-fleet', keyName: 'key-15' },
      versionMode: 'manual',
      versionInUse: versionNumber(16),
      versionCreatedAt: '2026-10-26T12:00:00.000Z',
      latestVersion: versionNumber(17),
      behindSince: '2026-11-25T11:59:59.970Z',
      expiresAt: '2026-12-05T12:00:00.000Z',
      entities: [
        { entityRef: entityNumber(n), owner: teamOf(n, WORLD) },
        { entityRef: entityNumber(4), owner: teamOf(4, WORLD) },
      ],
      hiddenEntities: 1,
      owners: [teamOf(n, WORLD)],
      unprovenOwners: [teamOf(4, WORLD)],
      lastOperation: {
        id: operationOf(n),
        kind: 'change-mode',
        state: 'succeeded',
        at: '2026-11-25T12:00:00.000Z',
      },
      observedAt: '2026-11-25T12:00:00.000Z',
      lagSeconds: 300,
      stale: false,
    };
    try {
      const { items } = await listAs('priya', { search: 'registry30' });
      expect(items).toEqual([whole]);
      expect(await csvAs('priya', { search: 'registry30' })).toEqual([
        {
          registry: whole.name,
          'registry id': whole.registryId,
          subscription: whole.subscriptionId,
          'resource group': whole.resourceGroup,
          location: whole.location,
          state: whole.state.id,
          reason: whole.state.message,
          'state since': whole.stateSince,
          severity: whole.severity,
          findings: 'key-behind',
          vault: whole.key.vaultName,
          key: whole.key.keyName,
          mode: whole.versionMode,
          'version in use': whole.versionInUse,
          'version created': whole.versionCreatedAt,
          'in use since': whole.lastOperation.at,
          'proved by operation': whole.lastOperation.id,
          'operation ended': whole.lastOperation.at,
          'latest version': whole.latestVersion,
          'behind since': whole.behindSince,
          expires: whole.expiresAt,
          entities: `${entityNumber(n)} ${entityNumber(4)}`,
          owners: teamOf(n, WORLD),
          'unproven owners': teamOf(4, WORLD),
          'hidden entities': '1',
          'read at': whole.observedAt,
          'may lag by (seconds)': '300',
          stale: 'no',
        },
      ]);
    } finally {
      await db('operation_steps')
        .where({ operation_id: operationOf(n) })
        .delete();
      await db('operations')
        .where({ id: operationOf(n) })
        .delete();
      await db('links').where({ source: 'tag' }).delete();
      await db('links')
        .where({ registry_id: keyOf(n) })
        .whereNot({ entity_ref: entityNumber(n) })
        .delete();
      await db('registries')
        .where({ id: keyOf(n) })
        .update({ lag_ms: 0 });
      await fleetChanged(db);
    }
  });

  it('refuses people without the permission, and names it', async () => {
    for (const path of [
      'registries',
      'registries.csv',
      'summary',
      'keys',
      'expiries',
      `registries/${subscriptionNumber(0)}/rg-0/registry0`,
    ]) {
      const { status, body } = await portal.request(
        'GET',
        `/v1/fleet/${path}`,
        { user: 'vera' },
      );
      expect({ path, status, code: body.error?.code }).toEqual({
        path,
        status: 403,
        code: 'PERMISSION_MISSING',
      });
      expect(body.error.message).toContain('acr-cmk.fleet.read');
    }
  });

  it('finds nothing by an entity or owner that the viewer may not see', async () => {
    await db('links').insert(
      NUMBERS.filter(n => !isUnbound(n, WORLD)).map(tagged),
    );
    await fleetChanged(db);
    expect(
      (await listAs('priya', { entityRef: entityNumber(2) })).items,
    ).toHaveLength(1);
    for (const query of [
      { entityRef: entityNumber(HIDDEN) },
      { owner: 'group:default/team-2' },
      { search: `images-${HIDDEN}` },
    ]) {
      expect((await listAs('priya', query)).items).toEqual([]);
    }
    const { counts } = await portal.as('priya').fleet.summary();
    expect(counts.owner.map(({ value }) => value).sort()).toEqual([
      'group:default/team-0',
      'group:default/team-1',
    ]);
    expect(counts.otherOwners).toBe(1);
    await db('links').where({ source: 'tag' }).delete();
    await fleetChanged(db);
  });

  it.each<[what: string, query: FleetListQuery]>([
    ['a state', { state: ['revoked', 'behind'] }],
    ['a severity', { severity: ['error', 'none'] }],
    ['a mode', { mode: 'manual' }],
    ['an owner', { owner: 'group:default/team-1' }],
    ['a subscription', { subscription: subscriptionNumber(1) }],
    ['a resource group', { resourceGroup: 'RG-3' }],
    ['a vault', { vault: 'kv-3-fleet' }],
    ['a key', { key: 'key-4' }],
    ['an expiry', { expiresBefore: '2026-12-20' }],
    ['no entity', { unbound: true }],
    ['an entity', { unbound: false }],
    ['a text in names', { search: 'REGISTRY1' }],
    ['a text in vaults', { search: 'kv-1' }],
    ['a text in entities', { search: 'images-1' }],
  ])('filters by %s alike in list, counts and export', async (_, query) => {
    const { items, totals } = await listAs('priya', query);
    expect(items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThan(inScope.length);
    expect(totals[0]).toBe(items.length);
    const { total } = await portal.as('priya').fleet.summary(query);
    expect(total).toBe(items.length);
    expect(await csvAs('priya', query)).toHaveLength(items.length);
  });

  it('asks the catalog only about entities by which a search may find more', async () => {
    const among = jest.spyOn(VisibleEntities.prototype, 'among');
    const twin = 'resource:default/registry2';
    const name = (n: number) =>
      db('links').insert({
        registry_id: keyOf(n),
        entity_ref: twin,
        source: 'annotation',
        read_at: WORLD.linkedAt,
      });
    const asked = async () => {
      await fleetChanged(db);
      among.mockClear();
      const { items } = await listAs('priya', { search: 'registry2' });
      expect(items.map(({ name: of }) => of)).toContain('registry2');
      return [...among.mock.calls[0][0]];
    };
    await name(2);
    expect(await asked()).toEqual([]);
    // Without a key.
    await name(10);
    expect(await asked()).toEqual([twin]);
    await db('links').where({ entity_ref: twin }).delete();
    await fleetChanged(db);
    among.mockRestore();
  });

  it('finds nothing by the part of a host that all vaults have', async () => {
    expect((await listAs('priya', { search: 'azure' })).items).toEqual([]);
  });

  it('reads the wildcards of LIKE literally', async () => {
    for (const search of ['%', '_', '\\', 'registry_']) {
      expect((await listAs('priya', { search })).items).toEqual([]);
    }
  });

  it.each(
    (['state', 'name', 'expires', 'age'] as const).flatMap(sort =>
      (['asc', 'desc'] as const).map(direction => ({ sort, direction })),
    ),
  )(
    'goes through all pages by $sort $direction, each registry once',
    async order => {
      const { items } = await listAs('priya', { ...order, limit: 5 });
      expect(items.map(({ name }) => name).sort()).toEqual(names(inScope));
      const whole = await listAs('priya', { ...order, limit: 200 });
      expect(items).toEqual(whole.items);
    },
  );

  it('sorts the worst first, the soonest expiry first and the oldest version first', async () => {
    const [worst] = (await listAs('priya')).items;
    expect(worst.state.id).toBe('revoked');
    const expiring = (await listAs('priya', { sort: 'expires' })).items;
    const times = expiring.map(({ expiresAt }) => expiresAt ?? '9');
    expect(times).toEqual([...times].sort());
    const ages = (await listAs('priya', { sort: 'age' })).items.map(
      ({ versionCreatedAt }) => versionCreatedAt ?? '9',
    );
    expect(ages).toEqual([...ages].sort());
  });

  it.each([
    ['cursor=abc', 'cursor'],
    [
      `cursor=${Buffer.from('["name","asc","a","b"]').toString('base64url')}`,
      'cursor',
    ],
    ['state=behind,asleep', 'state.1'],
    ['limit=201', 'limit'],
    ['sort=colour', 'sort'],
    ['expiresBefore=2026-02-31T99:00:00Z', 'expiresBefore'],
    ['expiresBefore=2026-02-31', 'expiresBefore'],
    ['expiresBefore=2026-02-30T00:00:00Z', 'expiresBefore'],
    ['search=', 'search'],
    ['search=%00', 'search'],
    ['unbound=yes', 'unbound'],
    ['vaults=a', 'vaults'],
  ])('refuses %s, and names the field', async (query, field) => {
    const { status, body } = await portal.request(
      'GET',
      `/v1/fleet/registries?${query}`,
      { user: 'priya' },
    );
    expect({ status, ...body.error }).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      field,
    });
  });

  it('shows what people did to a registry only to those who may read the entity that it was for, or the linked one', async () => {
    const [inTag, own, forHers, ...others] = owned(1).filter(n => n !== BOUND);
    for (const n of owned(1)) {
      await operate(n, {
        ...(n === forHers && { entity_ref: entityNumber(n) }),
        ...(n === own && { requested_by: 'user:default/Olivia' }),
      });
    }
    await db('links').insert(tagged(inTag));
    portal.decide(
      (permission, entityRef) =>
        (permission !== 'acr-cmk.registry.read' &&
          permission !== 'acr-cmk.audit.read') ||
        [inTag, BOUND, forHers].some(n => entityNumber(n) === entityRef),
    );
    try {
      const shownTo = async (user: string) => {
        const { items } = await listAs(user, {});
        const lines = await csvAs(user);
        return {
          list: items
            .filter(({ lastOperation }) => lastOperation)
            .map(({ name }) => name)
            .sort(),
          csv: lines
            .filter(line => JSON.stringify(line).includes('-4000-9000-'))
            .map(({ registry }) => registry)
            .sort(),
        };
      };
      const withKey = (numbers: readonly number[]) =>
        names(numbers.filter(n => n % 11 !== 10));
      expect(others.length).toBeGreaterThan(1);
      const hers = [inTag, BOUND, own, forHers];
      expect(await shownTo('olivia')).toEqual({
        list: names(hers),
        csv: withKey(hers),
      });
      expect(await shownTo('priya')).toEqual({
        list: names(owned(1)),
        csv: withKey(owned(1)),
      });
    } finally {
      portal.decide(() => true);
    }
  });

  it('asks Azure nothing', async () => {
    portal.azure.clearRequests();
    await listAs('priya', { search: 'images' });
    await portal.as('priya').fleet.summary();
    await portal.as('priya').fleet.keys();
    await portal.as('priya').fleet.expiries();
    await csvAs('priya');
    expect(portal.azure.requests()).toEqual([]);
  });
});
