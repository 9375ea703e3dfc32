import { mockCredentials } from '@backstage/backend-test-utils';
import {
  encryptedRegistryWith,
  registryOf,
} from '../../__testUtils__/encryptedRegistries';
import type { NamedBy } from '../../registries/fleet/fleetFields';
import { MemberSelector } from './selection';

const REGISTRY = registryOf({
  ...encryptedRegistryWith().registry,
  tags: {},
});
const SHOP = {
  entityRef: 'resource:default/shop-images',
  owner: 'group:default/team-shop',
};
const FIRST_BY_NAME = {
  entityRef: 'resource:default/aaa-images',
  owner: 'group:default/team-payments',
};

/** Selects one registry without a tag, which these entities name. */
async function select(namedBy: Pick<NamedBy, 'entities' | 'hiddenEntities'>) {
  const selector = new MemberSelector(
    {
      config: { bindings: new Map(), scopes: [] },
      limits: { campaignMembers: 10 },
    },
    {
      fleet: {
        idsMatching: async () => ({
          ids: [],
          total: 0,
          searchIncomplete: false,
        }),
        visibleIds: async ids => new Set(ids),
        namedBy: async () => () => ({ ...namedBy, owners: [] }),
      },
      registries: { getAll: async () => [REGISTRY], usersOf: async () => [] },
    },
  );
  const {
    members: [member],
    unlinkedCommands: [command],
  } = await selector.select(
    {
      intent: { kind: 'identity', identity: 'system' },
      selected: { kind: 'registries', ids: [REGISTRY.registryId] },
      selection: { registryIds: [REGISTRY.id] },
    },
    mockCredentials.user(),
  );
  return { ...member, command };
}

const PLACEHOLDER =
  "'backstage-entity-ref=<kind:namespace/name of the entity>'";

describe('an unlinked registry', () => {
  it('has the only entity that names it in its command', async () => {
    const { outcome, command, message } = await select({
      entities: [SHOP],
      hiddenEntities: 0,
    });
    expect(outcome).toBe('unlinked');
    expect(command).toContain(
      '--tags backstage-entity-ref=resource:default/shop-images ',
    );
    expect(message).toMatch(
      /annotations: resource:default\/shop-images \(owner group:default\/team-shop\)\.$/,
    );
  });

  it('has a placeholder in its command where several entities name it, and names them with their owners', async () => {
    const { command, message } = await select({
      entities: [FIRST_BY_NAME, SHOP],
      hiddenEntities: 0,
    });
    expect(command).toContain(PLACEHOLDER);
    expect(command).not.toContain('aaa-images');
    expect(message).toMatch(
      /annotations: resource:default\/aaa-images \(owner group:default\/team-payments\), resource:default\/shop-images \(owner group:default\/team-shop\)\.$/,
    );
  });

  it('has a placeholder in its command where an entity that the caller may not see names it, too', async () => {
    const { command, message } = await select({
      entities: [FIRST_BY_NAME],
      hiddenEntities: 1,
    });
    expect(command).toContain(PLACEHOLDER);
    expect(message).toMatch(
      /aaa-images \(owner group:default\/team-payments\), 1 that you may not see\.$/,
    );
  });

  it('counts the entities beyond the first that name it', async () => {
    const entities = [1, 2, 3, 4, 5, 6, 7].map(n => ({
      entityRef: `resource:default/images-${n}`,
    }));
    const { message } = await select({ entities, hiddenEntities: 0 });
    expect(message).toMatch(/images-5 \(without an owner\), 2 more\.$/);
    expect(message).not.toContain('images-6');
  });

  it('has a placeholder in its command, and no candidates, where no entity names it', async () => {
    const { command, message } = await select({
      entities: [],
      hiddenEntities: 0,
    });
    expect(command).toContain(PLACEHOLDER);
    expect(message).not.toContain('annotations');
  });
});
