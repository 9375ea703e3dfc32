import {
  createConditionTransformer,
  type PermissionRuleset,
} from '@backstage/plugin-permission-node';
import {
  AuthorizeResult,
  type PermissionCondition,
  type PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import { registryStateIds } from 'backstage-plugin-acr-cmk-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import {
  entityNumber,
  fillFleet,
  type FleetWorld,
  registryNumber,
  subscriptionNumber,
} from '../../__testUtils__/fleetWorld';
import type { FleetCondition, FleetResource } from './conditions';
import { FleetRows } from './FleetRows';
import type { Place } from './order';
import { registryConditions, registryPermissionRules } from './rules';

const WORLD: FleetWorld = {
  registries: 80,
  subscriptions: 3,
  teams: 4,
  now: Date.parse('2026-11-25T12:00:00Z'),
};
const TAGGED = 21;

const ruleset: PermissionRuleset<
  FleetResource,
  FleetCondition,
  'acr-cmk-registry'
> = {
  getRuleByName: name => {
    const rule = registryPermissionRules.find(one => one.name === name);
    if (!rule) throw new Error(`There is no rule ${name}`);
    return rule as never;
  },
};
const toCriteria = createConditionTransformer<FleetCondition>(ruleset);
const holdsFor = createConditionAuthorizer<FleetResource>(ruleset);

type Condition = PermissionCondition<'acr-cmk-registry'>;

const group = 'group:default/team-';
const texts = (...all: string[]) =>
  fc.subarray(all.length > 0 ? all : [''], { minLength: 0 });
const condition: fc.Arbitrary<Condition> = fc.oneof(
  texts(
    `${group}0`,
    `${group}1`,
    'GROUP:default/Team-2',
    'user:default/x',
    'group:default/tagged',
  ).map(claims => registryConditions.isRegistryOwner({ claims })),
  texts(
    entityNumber(1),
    entityNumber(4),
    'Resource:default/IMAGES-3',
    'group:default/tagged',
  ).map(entityRefs => registryConditions.isOfEntity({ entityRefs })),
  texts(subscriptionNumber(0), subscriptionNumber(1), 'other').map(
    subscriptions => registryConditions.inSubscription({ subscriptions }),
  ),
  fc
    .tuple(
      texts('rg-0', 'RG-1', 'rg-2'),
      fc.option(fc.constantFrom(subscriptionNumber(0), subscriptionNumber(1)), {
        nil: undefined,
      }),
    )
    .map(([resourceGroups, subscription]) =>
      registryConditions.inResourceGroup({
        resourceGroups,
        ...(subscription && { subscription }),
      }),
    ),
  fc
    .subarray([...registryStateIds])
    .map(states => registryConditions.inState({ states })),
  fc.constant(registryConditions.hasNoEntity({})),
) as fc.Arbitrary<Condition>;
const criteria: fc.Arbitrary<PermissionCriteria<Condition>> = fc.letrec(
  tie => ({
    criteria: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'criteria' },
      condition,
      fc.record({
        allOf: fc.array(tie('criteria'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        anyOf: fc.array(tie('criteria'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ not: tie('criteria') }),
    ),
  }),
).criteria as fc.Arbitrary<PermissionCriteria<Condition>>;

describe.each(testDatabases())('rules for registries on $name', ({ open }) => {
  let db: Knex;
  let rows: FleetRows;
  let resources: Map<string, FleetResource>;
  beforeAll(async () => {
    db = await open();
    await fillFleet(db, WORLD);
    // Not judged, without an entity but with a tag, gone, and never read.
    const id = (n: number) => registryNumber(n, WORLD).id.toLowerCase();
    await db('registries')
      .where({ id: id(3) })
      .update({ state: null });
    await db('links').insert({
      registry_id: id(TAGGED),
      entity_ref: 'group:default/tagged',
      source: 'tag',
      read_at: WORLD.now,
    });
    await db('registries')
      .where({ id: id(6) })
      .update({ problem_kind: 'not-found' });
    await db('registries')
      .where({ id: id(9) })
      .update({ facts: null, read_at: null });
    rows = new FleetRows({
      db,
      config: {
        readUnlinked: true,
        bindings: new Map(),
        scopes: [
          { subscriptionId: subscriptionNumber(0) },
          { subscriptionId: subscriptionNumber(1), resourceGroup: 'rg-1' },
          { subscriptionId: subscriptionNumber(1), resourceGroup: 'rg-4' },
        ],
      },
    });
    resources = await rows.resources(
      Array.from({ length: WORLD.registries }, (_, n) => id(n)),
    );
  });
  afterAll(() => db.destroy());

  const inSql = async (demanded: PermissionCriteria<Condition>) => {
    const ids: string[] = await rows
      .matching({
        visibleScope: { of: 'some', criteria: toCriteria(demanded) },
      })
      .orderBy('registries.id')
      .pluck('registries.id');
    return ids;
  };
  const inMemory = (demanded: PermissionCriteria<Condition>) =>
    [...resources]
      .filter(([, resource]) =>
        holdsFor(
          {
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'acr-cmk',
            resourceType: 'acr-cmk-registry',
            conditions: demanded,
          },
          resource,
        ),
      )
      .map(([id]) => id)
      .sort();

  const { isRegistryOwner, isOfEntity, inSubscription, inResourceGroup } =
    registryConditions;
  const { inState, hasNoEntity } = registryConditions;
  const ownedBy = (...claims: string[]) => isRegistryOwner({ claims });
  it.each<
    [what: string, demanded: PermissionCriteria<Condition>, some: boolean]
  >([
    ['an owner', ownedBy(`${group}1`), true],
    ['an entity as its own claim', ownedBy(entityNumber(1)), true],
    ['a tag', ownedBy('group:default/tagged'), true],
    ['no claims', ownedBy(), false],
    ['everything but nothing', { not: ownedBy() }, true],
    ['an entity', isOfEntity({ entityRefs: [entityNumber(1)] }), true],
    [
      'a subscription',
      inSubscription({ subscriptions: [subscriptionNumber(1)] }),
      true,
    ],
    [
      'a subscription out of scope',
      inSubscription({ subscriptions: [subscriptionNumber(2)] }),
      false,
    ],
    ['a resource group', inResourceGroup({ resourceGroups: ['RG-1'] }), true],
    [
      'a group of one subscription',
      inResourceGroup({
        resourceGroups: ['rg-1'],
        subscription: subscriptionNumber(1),
      }),
      true,
    ],
    ['a state', inState({ states: ['revoked'] }), true],
    ['not judged', inState({ states: ['unknown'] }), true],
    ['any other than a state', { not: inState({ states: ['unknown'] }) }, true],
    ['no entity', hasNoEntity({}), true],
    ['some entity', { not: hasNoEntity({}) }, true],
  ])('select by %s the same in SQL as in memory', async (_, demanded, some) => {
    const found = await inSql(demanded);
    expect(found).toEqual(inMemory(demanded));
    expect(found.length > 0).toBe(some);
    expect(found.length).toBeLessThanOrEqual(resources.size);
  });

  it('agree in SQL and in memory, however they are combined', async () => {
    await fc.assert(
      fc.asyncProperty(criteria, async demanded => {
        expect(await inSql(demanded)).toEqual(inMemory(demanded));
      }),
      { numRuns: 150 },
    );
  });

  it('list, count, page and group the same registries, whatever is decided', async () => {
    await fc.assert(
      fc.asyncProperty(
        criteria,
        fc.constantFrom('state', 'name', 'expires', 'age'),
        fc.constantFrom('asc', 'desc'),
        fc.integer({ min: 1, max: 30 }),
        async (demanded, sort, direction, limit) => {
          const selection = {
            visibleScope: { of: 'some', criteria: toCriteria(demanded) },
          } as const;
          const expected = inMemory(demanded);
          const order = { sort, direction } as const;
          const seen: string[] = [];
          let after: Place | undefined;
          do {
            const page = await rows.places(selection, { order, limit, after });
            seen.push(...page.ids);
            after = page.next;
          } while (after);
          expect([...seen].sort()).toEqual(expected);
          expect(await rows.count(selection)).toBe(expected.length);
          const groups = await rows.counts(selection);
          expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(
            expected.length,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold for nothing that is gone, was never read, or is out of scope', () => {
    const id = (n: number) => registryNumber(n, WORLD).id.toLowerCase();
    const has = (n: number) => resources.has(id(n));
    expect([0, 3, 4, TAGGED].map(has)).toEqual([true, true, true, true]);
    // Gone, never read, in another subscription, in another group.
    expect([6, 9, 2, 7].map(has)).toEqual([false, false, false, false]);
  });
});

it('say to editors of conditions what each parameter is', () => {
  for (const { name, description, paramsSchema } of registryPermissionRules) {
    expect(description).toMatch(/^Allow registries /);
    const { shape } = paramsSchema as unknown as {
      shape: Record<
        string,
        { description?: string; unwrap?: () => { description?: string } }
      >;
    };
    for (const [param, schema] of Object.entries(shape)) {
      expect([name, param, schema.description]).toEqual([
        name,
        param,
        expect.stringMatching(/\w/),
      ]);
    }
  }
});
