import type {
  EntityProviderConnection,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { DemoFleetProvider, type DemoRegistry } from './DemoFleetProvider';

const registry = (
  name: string,
  tags: Record<string, string>,
): DemoRegistry => ({
  id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/${name}`,
  name,
  tags,
});

const SOURCE = 'http://azure.example/registries';

async function entitiesOf(registries: DemoRegistry[]) {
  const mutations: EntityProviderMutation[] = [];
  const provider = new DemoFleetProvider({
    source: SOURCE,
    read: async url => (url === SOURCE ? registries : []),
  });
  await provider.connect({
    applyMutation: async mutation => {
      mutations.push(mutation);
    },
    refresh: async () => undefined,
  } as EntityProviderConnection);
  expect(mutations).toEqual([]);
  await provider.refresh();
  const [mutation] = mutations;
  if (mutation?.type !== 'full') throw new Error('Expected a full mutation');
  return mutation.entities.map(({ entity }) => entity);
}

describe('DemoFleetProvider', () => {
  it('offers an entity for a registry whose tags name it and its owner, with the owner', async () => {
    const entities = await entitiesOf([
      registry('amber00001', {
        'backstage-entity-ref': 'resource:default/amber00001',
        owner: 'group:default/team-fraud',
      }),
    ]);
    expect(entities).toMatchObject([
      {
        kind: 'Group',
        metadata: { name: 'team-fraud', title: 'Team Fraud' },
      },
      {
        kind: 'Resource',
        metadata: {
          name: 'amber00001',
          annotations: {
            'azure.com/container-registry-id': registry('amber00001', {}).id,
          },
        },
        spec: { owner: 'group:default/team-fraud' },
      },
    ]);
  });

  it.each<[why: string, tags: Record<string, string>]>([
    ['without an owner: one of the demo', { 'backstage-entity-ref': 'a:b/c' }],
    ['without an entity', { owner: 'group:default/team-fraud' }],
  ])('offers nothing for a registry %s', async (_why, tags) => {
    expect(await entitiesOf([registry('amber00002', tags)])).toEqual([]);
  });

  it('leaves the teams of the demo as they are', async () => {
    const entities = await entitiesOf([
      registry('amber00003', {
        'backstage-entity-ref': 'resource:default/amber00003',
        owner: 'group:default/team-shop',
      }),
    ]);
    expect(entities.map(({ kind }) => kind)).toEqual(['Resource']);
  });
});
