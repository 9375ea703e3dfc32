import type { Entity } from '@backstage/catalog-model';
import {
  OTHER,
  registryId,
  SUBSCRIPTION,
  type TestRegistry,
  vaultId,
} from './__testUtils__/inventory';
import { startWorld, type TestWorld } from './__testUtils__/world';

// A whole backend starts for each test; on a busy machine that takes seconds.
jest.setTimeout(120_000);

const SHOP: TestRegistry = {
  name: 'shopimages',
  key: 'kv-shop/images',
  tags: { owner: 'team-shop' },
};
const ORDERS: TestRegistry = { name: 'ordersimages', key: 'kv-shop/images' };
const PLAIN: TestRegistry = { name: 'plainimages' };
const ELSEWHERE: TestRegistry = {
  name: 'elsewhere',
  subscription: OTHER,
  key: 'kv-else/images',
};

const [KEY, VAULT] = [
  'resource:azure/key-kv-shop.images',
  'resource:azure/vault-kv-shop',
];
const own = (name: string) => `resource:azure/registry-${name}`;

function annotated(
  kind: string,
  name: string,
  annotations: Record<string, string>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': 'test:others',
        'backstage.io/managed-by-origin-location': 'test:others',
        ...annotations,
      },
    },
    spec: { type: 'container-registry', lifecycle: 'x', owner: 'team-shop' },
  };
}
const naming = (kind: string, name: string, ...registries: string[]) =>
  annotated(kind, name, {
    'azure.com/container-registry-id': registries
      .map(registry => registryId(registry))
      .join(', '),
  });

describe('registries, keys and vaults in the catalog', () => {
  let world: TestWorld;
  afterEach(() => world.stop());

  async function start(registries: readonly TestRegistry[]) {
    world = await startWorld();
    await world.inventory.holds(registries);
    await world.inventory.listed(SUBSCRIPTION);
    await world.inventory.listed(OTHER);
  }

  it('are entities with relations from registry to key to vault, by identity alone', async () => {
    await start([SHOP, PLAIN]);
    await world.inventory.holdsVault('kv-shop', {
      'Backstage-Entity-Ref': 'resource:default/x, group:default/team-keys',
    });
    await world.run();
    expect(await world.refs()).toEqual([
      KEY,
      own('plainimages'),
      own('shopimages'),
      VAULT,
    ]);
    const location = {
      'backstage.io/managed-by-location': 'acr-cmk:inventory',
      'backstage.io/managed-by-origin-location': 'acr-cmk:inventory',
    };
    const generated = { etag: expect.any(String), uid: expect.any(String) };
    expect(await world.entity(own('shopimages'))).toEqual({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: {
        ...generated,
        name: 'registry-shopimages',
        namespace: 'azure',
        title: 'shopimages',
        annotations: {
          ...location,
          'azure.com/container-registry-id':
            registryId('shopimages').toLowerCase(),
        },
      },
      spec: {
        type: 'container-registry',
        owner: 'group:default/team-shop',
        dependsOn: [KEY],
      },
      relations: [
        { type: 'dependsOn', targetRef: KEY },
        { type: 'ownedBy', targetRef: 'group:default/team-shop' },
      ],
    });
    expect(await world.entity(KEY)).toMatchObject({
      metadata: {
        title: 'kv-shop/images',
        annotations: {
          ...location,
          'azure.com/key-vault-key-id':
            'https://kv-shop.vault.azure.net/keys/images',
        },
      },
      // From its vault.
      spec: {
        type: 'encryption-key',
        owner: 'group:default/team-keys',
        dependsOn: [VAULT],
      },
    });
    expect(await world.entity(VAULT)).toMatchObject({
      metadata: {
        annotations: {
          ...location,
          'management.azure.com/resourceId': vaultId('kv-shop'),
        },
      },
      spec: { type: 'key-vault', owner: 'group:default/team-keys' },
      relations: expect.arrayContaining([
        { type: 'dependencyOf', targetRef: KEY },
      ]),
    });
    expect(await world.entity(own('plainimages'))).toMatchObject({
      spec: { owner: 'group:default/platform-team' },
    });
    expect(world.warnings()).toEqual([]);
  });

  describe('an entity that stands for a registry already', () => {
    it('is adopted and not doubled; what else names the registry depends on it', async () => {
      await start([SHOP, ORDERS]);
      await world.others([
        naming('Resource', 'shop-images', 'SHOPIMAGES'),
        naming('Component', 'shop-web', 'shopimages'),
        naming('Resource', 'suite', 'shopimages', 'ordersimages'),
      ]);
      await world.run();
      const refs = await world.refs();
      expect(refs).toEqual([
        'component:default/shop-web',
        KEY,
        own('ordersimages'),
        VAULT,
        'resource:default/shop-images',
        'resource:default/suite',
      ]);
      const dependsOn = async (ref: string) =>
        (await world.relations(ref)).dependsOn;
      await world.until(
        () => dependsOn('component:default/shop-web'),
        found => found.length > 0,
      );
      expect(await dependsOn('component:default/shop-web')).toEqual([
        'resource:default/shop-images',
      ]);
      expect(await dependsOn('resource:default/suite')).toEqual([
        own('ordersimages'),
        'resource:default/shop-images',
      ]);
      expect(await dependsOn('resource:default/shop-images')).toEqual([KEY]);
      expect(await dependsOn(KEY)).toEqual([VAULT]);
      expect((await world.relations(KEY)).dependencyOf).toEqual([
        own('ordersimages'),
        'resource:default/shop-images',
      ]);
    });

    it('takes the place of the one that was offered, when it comes later, and gives it back', async () => {
      await start([SHOP]);
      await world.others([naming('Component', 'shop-web', 'shopimages')]);
      await world.run();
      const web = async () =>
        (await world.relations('component:default/shop-web')).dependsOn;
      await world.until(web, ([ref]) => ref === own('shopimages'));

      await world.others([
        naming('Component', 'shop-web', 'shopimages'),
        naming('Resource', 'shop-images', 'shopimages'),
      ]);
      await world.run();
      expect(await world.refs()).toEqual([
        'component:default/shop-web',
        KEY,
        VAULT,
        'resource:default/shop-images',
      ]);
      await world.until(web, ([ref]) => ref === 'resource:default/shop-images');

      await world.others([naming('Component', 'shop-web', 'shopimages')]);
      await world.run();
      expect(await world.refs()).toContain(own('shopimages'));
      await world.until(web, ([ref]) => ref === own('shopimages'));
    });

    it('takes nothing from the one that the tag or the configuration names, whatever it is annotated with', async () => {
      const tagged = {
        ...SHOP,
        tags: { 'Backstage-Entity-Ref': own('shopimages') },
      };
      world = await startWorld({
        acrCmk: {
          bindings: [
            {
              registryId: registryId('ordersimages'),
              entityRef: own('ordersimages'),
            },
          ],
        },
      });
      await world.inventory.holds([tagged, ORDERS]);
      await world.inventory.listed(SUBSCRIPTION);
      await world.inventory.listed(OTHER);
      await world.run();
      const before = await world.refs();
      expect(before).toEqual(
        expect.arrayContaining([own('ordersimages'), own('shopimages')]),
      );

      await world.others([
        naming('Resource', 'a-foreign', 'shopimages'),
        naming('Resource', 'b-foreign', 'ordersimages'),
      ]);
      await world.run();
      expect(await world.refs()).toEqual(
        [
          ...before,
          'resource:default/a-foreign',
          'resource:default/b-foreign',
        ].sort(),
      );
      // Named like any other that uses the registry.
      await world.until(
        async () =>
          (await world.relations('resource:default/a-foreign')).dependsOn,
        ([ref]) => ref === own('shopimages'),
      );
    });

    it('is adopted for a key and for a vault as well', async () => {
      await start([SHOP]);
      await world.others([
        annotated('Resource', 'our-key', {
          'azure.com/key-vault-key-id':
            'https://KV-shop.vault.azure.net/keys/images',
        }),
        annotated('Resource', 'our-vault', {
          'management.azure.com/resourceId': vaultId('kv-shop').toUpperCase(),
        }),
      ]);
      await world.run();
      expect(await world.refs()).toEqual([
        own('shopimages'),
        'resource:default/our-key',
        'resource:default/our-vault',
      ]);
      expect((await world.relations(own('shopimages'))).dependsOn).toEqual([
        'resource:default/our-key',
      ]);
      const ofKey = await world.until(
        () => world.relations('resource:default/our-key'),
        ({ dependsOn }) => dependsOn.length > 0,
      );
      expect(ofKey).toEqual({
        dependsOn: ['resource:default/our-vault'],
        dependencyOf: [own('shopimages')],
      });
    });

    it('is linked to another key as soon as the registry uses that, and nothing else is processed', async () => {
      await start([SHOP, ORDERS]);
      await world.others([naming('Resource', 'shop-images', 'shopimages')]);
      await world.run();
      const target = async () =>
        (await world.relations('resource:default/shop-images')).dependsOn;
      await world.until(target, ([ref]) => ref === KEY);
      await world.settled();
      world.processed();

      await world.inventory.holds([{ ...SHOP, key: 'kv-shop/next' }, ORDERS]);
      await world.run();
      await world.until(
        target,
        ([ref]) => ref === 'resource:azure/key-kv-shop.next',
      );
      expect([...new Set(world.processed())]).toEqual([
        'resource:azure/key-kv-shop.next',
        'resource:default/shop-images',
      ]);
    });
  });

  it('whose name a foreign entity has are left out, with one warning', async () => {
    await start([SHOP, PLAIN]);
    const theirs = naming('Component', 'x', 'ordersimages');
    await world.others([
      {
        ...annotated('Resource', 'registry-plainimages', {}),
        metadata: {
          ...annotated('Resource', 'registry-plainimages', {}).metadata,
          namespace: 'azure',
          description: 'theirs',
        },
      },
      theirs,
    ]);
    await world.run();
    await world.run();
    expect(await world.entity(own('plainimages'))).toMatchObject({
      metadata: { description: 'theirs' },
    });
    expect(await world.refs()).toContain(own('shopimages'));
    expect(world.warnings()).toEqual([
      expect.stringContaining(
        `1 names are taken by entities of others, the first by ${own(
          'plainimages',
        )}`,
      ),
    ]);
  });

  it('that are not there any more are removed, with keys and vaults that nothing uses', async () => {
    await start([SHOP, ORDERS, ELSEWHERE]);
    await world.run();
    await world.inventory.holds([ELSEWHERE, { ...ORDERS, key: undefined }]);
    await world.run();
    expect(await world.refs()).toEqual([
      'resource:azure/key-kv-else.images',
      own('elsewhere'),
      own('ordersimages'),
      'resource:azure/vault-kv-else',
    ]);
  });

  it('of one subscription that cannot be read stay, while others are removed', async () => {
    await start([SHOP, ORDERS, ELSEWHERE]);
    await world.run();
    await world.inventory.holds([SHOP]);
    await world.inventory.listed(OTHER, false);
    await world.run();
    const refs = await world.refs();
    expect(refs).not.toContain(own('ordersimages'));
    expect(refs).toEqual(
      expect.arrayContaining([
        own('elsewhere'),
        'resource:azure/key-kv-else.images',
        'resource:azure/vault-kv-else',
      ]),
    );
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was never listed', () => world.inventory.neverListed()],
    [
      'could not be listed the last time',
      async () => {
        await world.inventory.listed(SUBSCRIPTION, false);
        await world.inventory.listed(OTHER, false);
      },
    ],
    ['is empty', () => world.inventory.holds([])],
    [
      'does not answer',
      () => world.db('acr-cmk').schema.dropTable('registries'),
    ],
  ])('stay when the inventory %s', async (_, happen) => {
    await start([SHOP, ORDERS, ELSEWHERE]);
    await world.run();
    const before = await world.snapshot();
    await world.inventory.holds([PLAIN]);
    await happen();
    await world.runOnly();
    await world.settled();
    const refs = (before as any)[0].map(({ entity_ref }: any) => entity_ref);
    expect(refs).toHaveLength(7);
    expect(await world.refs()).toEqual(expect.arrayContaining(refs));
  });

  it('keep their relations over a restart during which the backend does not answer', async () => {
    await start([SHOP]);
    await world.others([naming('Resource', 'shop-images', 'shopimages')]);
    await world.run();
    const target = async () =>
      (await world.relations('resource:default/shop-images')).dependsOn;
    await world.until(target, ([ref]) => ref === KEY);
    await world.settled();
    const databases = await world.halt();
    world = await startWorld({ databases });
    await world.db('acr-cmk').schema.dropTable('registries');
    // Makes it due.
    await world
      .db('catalog')('refresh_state')
      .update({ next_update_at: '2026-01-01 00:00:00' });
    await world.until(
      () => world.processed(),
      refs => refs.includes('resource:default/shop-images'),
    );
    await world.settled();
    expect(await target()).toEqual([KEY]);
  });

  it('have owners by tags; a malformed tag affects no other, with one warning', async () => {
    await start([
      { ...SHOP, tags: { owner: 'jane.doe@contoso.com' } },
      { ...ORDERS, tags: { owner: 'user:default/olivia' } },
    ]);
    await world.run();
    await world.run();
    const ownerOf = async (name: string) =>
      (await world.entity(own(name)))?.spec?.owner;
    expect(await ownerOf('shopimages')).toBe('group:default/platform-team');
    expect(await ownerOf('ordersimages')).toBe('user:default/olivia');
    expect(world.warnings()).toEqual([
      '1 tags that should name an owner hold no entity ref; group:default/platform-team stands in where no other tag does',
    ]);
  });
});

describe('the module without configuration', () => {
  it('offers nothing, adds no relation and asks for nothing', async () => {
    const world = await startWorld({ providers: {} });
    await world.inventory.holds([SHOP]);
    await world.inventory.listed(SUBSCRIPTION);
    await expect(world.runOnly()).rejects.toThrow('not found');
    await world.others([naming('Component', 'shop-web', 'shopimages')]);
    expect(await world.refs()).toEqual(['component:default/shop-web']);
    expect(await world.relations('component:default/shop-web')).toEqual({
      dependsOn: [],
      dependencyOf: [],
    });
    const [{ n }] = await world.db('catalog')('refresh_keys').count({ n: '*' });
    expect(n).toBe(0);
    await world.stop();
  });
});

describe('the module with a setting that is wrong', () => {
  it('says so in the log, keeps the entities and lets the catalog run', async () => {
    let world = await startWorld();
    await world.inventory.holds([SHOP]);
    await world.inventory.listed(SUBSCRIPTION);
    await world.inventory.listed(OTHER);
    await world.run();
    expect(await world.refs()).toContain(own('shopimages'));
    const databases = await world.halt();

    world = await startWorld({
      databases,
      providers: { acrCmk: { defaultOwner: 'platform-team', ownersTag: [] } },
    });
    expect(world.errors()).toEqual([
      expect.stringMatching(
        /^The catalog module of acr-cmk is off, and its entities stay as they are, because its configuration is invalid\. catalog\.providers\.acrCmk\.ownersTag is not a setting; did you mean catalog\.providers\.acrCmk\.ownerTags\?.* See docs\/catalog\.md$/,
      ),
    ]);
    await world.others([naming('Component', 'shop-web', 'shopimages')]);
    expect(await world.refs()).toEqual(
      expect.arrayContaining(['component:default/shop-web', own('shopimages')]),
    );
    await world.stop();
  });
});
