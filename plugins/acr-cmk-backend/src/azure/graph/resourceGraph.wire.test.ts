import { opensData } from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { failureOf } from '../__testUtils__/azureWorld';
import {
  itEmulatorOnly,
  startWireWorld,
  WIRE_TIMEOUT_MS,
  type WireWorld,
} from '../__testUtils__/wireWorld';
import { createCredentials } from '../credentials/credentials';
import type { GraphPart } from './resourceGraphPort';

const byId = (a: { id: string }, b: { id: string }) =>
  a.id.toLowerCase().localeCompare(b.id.toLowerCase());

jest.setTimeout(WIRE_TIMEOUT_MS);

describe('Resource Graph', () => {
  let world: WireWorld;
  let ONE: GraphPart;
  beforeAll(async () => {
    world = await startWireWorld('graph', { registries: true });
    ONE = { subscriptionIds: [world.subscriptionId], part: 0, of: 1 };
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  const emulator = () => world.emulated.emulator;
  const queries = () =>
    world.requests('POST', '/providers/Microsoft.ResourceGraph/resources');

  /** Resources that the suite has made, in a subscription with others. */
  const ours = <T extends { id: string }>(facts: T[]): T[] => {
    const { shop, orders } = world;
    const made = [shop, orders].flatMap(({ registry, vaultId, identityId }) =>
      [registry.key, vaultId, identityId].map(id => id.toLowerCase()),
    );
    return facts
      .filter(({ id }) => world.isEmulated || made.includes(id.toLowerCase()))
      .sort(byId);
  };

  it('shows the registries that ARM lists, with the same facts but for the last change', async () => {
    const { resourceGraph, registries } = world.ports;
    await world.eventually(async () => {
      const { value } = await resourceGraph.registries(ONE);
      const listed = await registries.listBySubscription(world.subscriptionId);
      expect(value.unusable).toBe(0);
      // Resource Graph does not show the last change of a registry.
      expect(ours(value.items.map(({ facts }) => facts))).toEqual(
        ours(listed.value.map(({ lastModified, ...facts }) => facts)),
      );
      expect(value.items[0].subscriptionId).toBe(world.subscriptionId);
    });
  });

  itEmulatorOnly.world(
    'shows the network rules of a registry as ARM does',
    async () => {
      const { status } = await emulator().outOfBand(
        'PATCH',
        `https://management.azure.com${world.shop.registry}?api-version=2025-11-01`,
        {
          properties: {
            publicNetworkAccess: 'Disabled',
            networkRuleSet: {
              defaultAction: 'Deny',
              ipRules: [{ action: 'Allow', value: '203.0.113.7' }],
            },
          },
        },
      );
      expect(status).toBeLessThan(300);
      emulator().clock.advance(60_000);
      const { value } = await world.ports.resourceGraph.registries(ONE);
      const shown = value.items.find(
        ({ facts }) => facts.name === world.shop.registry.name,
      );
      const { value: read } = await world.ports.registries.get(
        world.shop.registry,
      );
      expect(read.network).toEqual({
        publicNetworkAccess: false,
        defaultAction: 'deny',
        ipRules: ['203.0.113.7'],
      });
      expect({ ...shown?.facts, lastModified: read.lastModified }).toEqual(
        read,
      );
    },
  );

  it('shows the vaults and the identities that ARM lists, with the same facts', async () => {
    const { resourceGraph, vaults, identities } = world.ports;
    await world.eventually(async () => {
      const graph = await resourceGraph.vaults(ONE);
      const arm = await vaults.listBySubscription(world.subscriptionId);
      expect(ours(graph.value.items.map(({ facts }) => facts))).toEqual(
        ours(arm.value),
      );
      const inGraph = await resourceGraph.identities(ONE);
      const inArm = await identities.listBySubscription(world.subscriptionId);
      expect(ours(inGraph.value.items.map(({ facts }) => facts))).toEqual(
        ours(inArm.value),
      );
    });
  });

  itEmulatorOnly.world(
    'shows each thing in exactly one part, the same each time',
    async () => {
      const { resourceGraph } = world.ports;
      const parts = await Promise.all(
        [0, 1, 2].map(part =>
          resourceGraph.registries({ ...ONE, part, of: 3 }),
        ),
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
    },
  );

  it('counts what it would show, and shows which subscriptions it can read', async () => {
    const { resourceGraph } = world.ports;
    const { value: counts } = await resourceGraph.counts([
      world.subscriptionId,
    ]);
    const { value: rows } = await resourceGraph.registries(ONE);
    expect(counts).toContainEqual({
      kind: 'registries',
      subscriptionId: world.subscriptionId,
      count: rows.items.length,
    });
    expect(counts.map(({ kind }) => kind).sort()).toEqual([
      'identities',
      'registries',
      'vaults',
    ]);
    const stranger = '99999999-2222-4333-8444-555555555555';
    expect(
      (await resourceGraph.readable([world.subscriptionId, stranger])).value,
    ).toEqual([world.subscriptionId]);
  });

  itEmulatorOnly.world(
    'shows all role assignments of an identity in one part, with what the role allows',
    async () => {
      const { resourceGraph, access } = world.ports;
      const { value: count } = await resourceGraph.countAssignments([
        SUBSCRIPTION,
      ]);
      const parts = await Promise.all(
        [0, 1, 2].map(part =>
          resourceGraph.assignments({ ...ONE, part, of: 3 }),
        ),
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
      const { principalId } = all.find(({ keyUses }) => opensData(keyUses))!;
      const inArm = await access.assignmentsFor(principalId, key);
      expect(all).toEqual(expect.arrayContaining(inArm.value));
    },
  );

  itEmulatorOnly.world(
    'shows resources with the host of a vault in their properties, those of one vault, and how many there are',
    async () => {
      const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys`;
      const put = async (path: string, properties: object) => {
        const { status } = await emulator().outOfBand(
          'PUT',
          `https://management.azure.com${GROUP}/providers/${path}?api-version=2024-01-01`,
          { location: 'westeurope', properties },
        );
        expect(status).toBeLessThan(300);
      };
      const at = (host: string) => ({
        keyVaultProperties: { vault: `https://${host}/` },
      });
      const [first, second] = [
        'kv-one.vault.azure.net',
        'kv-two.vault.azure.net',
      ];
      await put('Microsoft.Automation/automationAccounts/one', at(first));
      await put('Microsoft.Batch/batchAccounts/two', at(second.toUpperCase()));
      await put(
        'Microsoft.Batch/batchAccounts/hsm',
        at('hsm.managedhsm.azure.net'),
      );
      await put('Microsoft.Batch/batchAccounts/none', at('kv.example.org'));
      await put('Microsoft.Web/sites/other', at(first));
      const set = `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/Set1`;
      await put('Microsoft.Compute/disks/disk1', {
        encryption: { diskEncryptionSetId: set },
      });
      await put('Microsoft.Compute/snapshots/snap1', {
        encryption: { diskEncryptionSetId: set.toLowerCase() },
      });
      await put('Microsoft.ContainerService/managedClusters/aks1', {
        diskEncryptionSetID: set,
      });
      await put('Microsoft.Compute/disks/plain', {});
      const { resourceGraph } = world.portsWith({
        credentials: createCredentials({
          read: world.emulated.principal('admin'),
        }),
      });
      const types = [
        'Microsoft.Automation/automationAccounts',
        'Microsoft.Batch/batchAccounts',
      ];
      const namesAt = async (part: GraphPart & { hosts?: string[] }) => {
        const { value } = await resourceGraph.consumers(part, {
          types,
          toFacts: ({ name, type, resourceGroup, properties }) => {
            if (name === 'hsm' && part.of > 1)
              throw new Error('Not understood');
            return `${name} ${type} ${resourceGroup} ${JSON.stringify(properties).length}`;
          },
        });
        return {
          ...value,
          items: value.items.map(({ facts }) => facts.split(' ')[0]).sort(),
        };
      };
      expect(await namesAt(ONE)).toEqual({
        items: ['hsm', 'one', 'two'],
        unusable: 0,
      });
      expect(await namesAt({ ...ONE, hosts: [second] })).toEqual({
        items: ['two'],
        unusable: 0,
      });
      const parts = await Promise.all(
        [0, 1].map(part => namesAt({ ...ONE, part, of: 2 })),
      );
      expect(parts.flatMap(({ items }) => items).sort()).toEqual([
        'one',
        'two',
      ]);
      expect(parts.map(({ unusable }) => unusable).sort()).toEqual([0, 1]);
      expect(
        (await resourceGraph.countConsumers([SUBSCRIPTION], types)).value,
      ).toEqual([{ subscriptionId: SUBSCRIPTION, count: 3 }]);
      const sets = (await resourceGraph.encryptedBySets([SUBSCRIPTION])).value;
      expect(sets.get(set.toLowerCase())).toEqual({
        'microsoft.compute/disks': 1,
        'microsoft.compute/snapshots': 1,
        'microsoft.containerservice/managedclusters': 1,
      });
      // The revoker may read none of them.
      const revoker = world.portsWith({
        credentials: createCredentials({
          read: world.emulated.principal('revoker'),
        }),
      });
      const { value } = await revoker.resourceGraph.countConsumers(
        [SUBSCRIPTION],
        types,
      );
      expect(value).toEqual([]);
    },
  );

  itEmulatorOnly.rights(
    'lists the subscriptions below a management group, and asks ARM for that',
    async () => {
      const { resourceGraph } = world.portsWith({
        credentials: createCredentials({
          read: world.emulated.principal('admin'),
        }),
      });
      expect(
        (await resourceGraph.subscriptionsBelow(emulator().ready.tenantId))
          .value,
      ).toEqual({ subscriptionIds: [SUBSCRIPTION], complete: true });
      expect(queries()).toEqual([]);
    },
  );

  itEmulatorOnly.rights(
    'without the right to that lists those that it can read, and says that there may be more',
    async () => {
      const { resourceGraph } = world.ports;
      expect(
        (await resourceGraph.subscriptionsBelow(emulator().ready.tenantId))
          .value,
      ).toEqual({ subscriptionIds: [SUBSCRIPTION], complete: false });
    },
  );

  it.each(['../../subscriptions', 'a/b', '', 'x'.repeat(91), 'a?b', '..'])(
    'sends nothing for a management group that has no possible name: %j',
    async name => {
      expect(
        await failureOf(world.ports.resourceGraph.subscriptionsBelow(name)),
      ).toMatchObject({ code: 'InvalidInput' });
      expect(world.sent()).toEqual([]);
    },
  );

  itEmulatorOnly.faults(
    'repeats a query that was throttled or lost: it changes nothing',
    async () => {
      emulator().faults.add({
        path: '/providers/Microsoft.ResourceGraph/resources',
        reset: 'before',
      });
      emulator().faults.add({
        path: '/providers/Microsoft.ResourceGraph/resources',
        retryAfter: '1',
      });
      await world.ports.resourceGraph.counts([SUBSCRIPTION]);
      expect(
        world.emulated
          .requests('POST', '/providers/Microsoft.ResourceGraph/resources')
          .map(({ status }) => status)
          .slice(-2),
      ).toEqual([429, 200]);
    },
  );

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
