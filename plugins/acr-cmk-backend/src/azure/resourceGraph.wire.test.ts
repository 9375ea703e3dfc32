import { SUBSCRIPTION } from '../__testUtils__/demoWorld';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from './__testUtils__/azureWorld';
import { createCredentials } from './clients';
import type { GraphPart } from './resourceGraphPort';

const ONE: GraphPart = { subscriptionIds: [SUBSCRIPTION], part: 0, of: 1 };
const byId = (a: { id: string }, b: { id: string }) =>
  a.id.toLowerCase().localeCompare(b.id.toLowerCase());

describe('Resource Graph', () => {
  let world: AzureWorld;
  beforeAll(async () => {
    world = await startAzureWorld();
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.emulator.faults.clear();
    world.emulator.clearRequests();
  });

  const queries = () =>
    world.requests('POST', '/providers/Microsoft.ResourceGraph/resources');

  it('shows the registries that ARM lists, with the same facts', async () => {
    const { resourceGraph, registries } = world.ports;
    const { value } = await resourceGraph.registries(ONE);
    const listed = await registries.listBySubscription(SUBSCRIPTION);
    expect(value.unusable).toBe(0);
    expect(value.items.map(({ facts }) => facts).sort(byId)).toEqual(
      listed.value.sort(byId),
    );
    expect(value.items[0].subscriptionId).toBe(SUBSCRIPTION);
  });

  it('shows the vaults and the identities that ARM lists, with the same facts', async () => {
    const { resourceGraph, vaults, identities } = world.ports;
    const graph = await resourceGraph.vaults(ONE);
    const arm = await vaults.listBySubscription(SUBSCRIPTION);
    expect(graph.value.items.map(({ facts }) => facts).sort(byId)).toEqual(
      arm.value.sort(byId),
    );
    const inGraph = await resourceGraph.identities(ONE);
    const inArm = await identities.listBySubscription(SUBSCRIPTION);
    expect(inGraph.value.items.map(({ facts }) => facts).sort(byId)).toEqual(
      inArm.value.sort(byId),
    );
  });

  it('shows each thing in exactly one part, the same each time', async () => {
    const { resourceGraph } = world.ports;
    const parts = await Promise.all(
      [0, 1, 2].map(part => resourceGraph.registries({ ...ONE, part, of: 3 })),
    );
    const again = await resourceGraph.registries({ ...ONE, part: 1, of: 3 });
    const ids = parts.flatMap(({ value }) =>
      value.items.map(({ facts }) => facts.id),
    );
    const all = await resourceGraph.registries(ONE);
    expect(ids.sort()).toEqual(
      all.value.items.map(({ facts }) => facts.id).sort(),
    );
    expect(again.value).toEqual(parts[1].value);
    expect(new Set(parts.map(({ value }) => value.items.length > 0))).toEqual(
      new Set([true]),
    );
  });

  it('counts what it would show, and shows which subscriptions it can read', async () => {
    const { resourceGraph } = world.ports;
    const { value: counts } = await resourceGraph.counts([SUBSCRIPTION]);
    const { value: rows } = await resourceGraph.registries(ONE);
    expect(counts).toContainEqual({
      kind: 'registries',
      subscriptionId: SUBSCRIPTION,
      count: rows.items.length,
    });
    expect(counts.map(({ kind }) => kind).sort()).toEqual([
      'identities',
      'registries',
      'vaults',
    ]);
    const stranger = '99999999-2222-4333-8444-555555555555';
    expect(
      (await resourceGraph.readable([SUBSCRIPTION, stranger])).value,
    ).toEqual([SUBSCRIPTION]);
  });

  it('shows all role assignments of an identity in one part, with what the role allows', async () => {
    const { resourceGraph, access } = world.ports;
    const { value: count } = await resourceGraph.countAssignments([
      SUBSCRIPTION,
    ]);
    const parts = await Promise.all(
      [0, 1, 2].map(part => resourceGraph.assignments({ ...ONE, part, of: 3 })),
    );
    const all = parts.flatMap(({ value }) =>
      value.items.map(({ facts }) => facts),
    );
    expect(all).toHaveLength(count);
    const partsOf = new Map<string, Set<number>>();
    parts.forEach(({ value }, part) =>
      value.items.forEach(({ facts: { principalId } }) =>
        partsOf.set(
          principalId,
          new Set([...(partsOf.get(principalId) ?? []), part]),
        ),
      ),
    );
    expect([...partsOf.values()].every(({ size }) => size === 1)).toBe(true);
    const key = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-rbac/keys/shopimages`;
    const { principalId } = all.find(({ wrapsKeys }) => wrapsKeys)!;
    const inArm = await access.assignmentsFor(principalId, key);
    expect(all).toEqual(expect.arrayContaining(inArm.value));
  });

  it('lists the subscriptions below a management group, and asks ARM for that', async () => {
    const { resourceGraph } = world.portsWith({
      credentials: createCredentials({ read: world.principal('admin') }),
    });
    expect(
      (await resourceGraph.subscriptionsBelow(world.emulator.ready.tenantId))
        .value,
    ).toEqual({ subscriptionIds: [SUBSCRIPTION], complete: true });
    expect(queries()).toEqual([]);
  });

  it('without the right to that lists those that it can read, and says that there may be more', async () => {
    const { resourceGraph } = world.ports;
    expect(
      (await resourceGraph.subscriptionsBelow(world.emulator.ready.tenantId))
        .value,
    ).toEqual({ subscriptionIds: [SUBSCRIPTION], complete: false });
  });

  it.each(['../../subscriptions', 'a/b', '', 'x'.repeat(91), 'a?b', '..'])(
    'sends nothing for a management group that has no possible name: %j',
    async name => {
      expect(
        await failureOf(world.ports.resourceGraph.subscriptionsBelow(name)),
      ).toMatchObject({ code: 'InvalidInput' });
      expect(world.emulator.requests().filter(r => r.principal)).toEqual([]);
    },
  );

  it('repeats a query that was throttled or lost: it changes nothing', async () => {
    world.emulator.faults.add({
      path: '/providers/Microsoft.ResourceGraph/resources',
      reset: 'before',
    });
    world.emulator.faults.add({
      path: '/providers/Microsoft.ResourceGraph/resources',
      retryAfter: '1',
    });
    await world.ports.resourceGraph.counts([SUBSCRIPTION]);
    expect(
      queries()
        .map(({ status }) => status)
        .slice(-2),
    ).toEqual([429, 200]);
  });

  it('says which right is missing when no subscription can be read', async () => {
    expect(
      await failureOf(
        world.ports.resourceGraph.counts([
          '99999999-2222-4333-8444-555555555555',
        ]),
      ),
    ).toMatchObject({ kind: 'denied' });
  });
});
