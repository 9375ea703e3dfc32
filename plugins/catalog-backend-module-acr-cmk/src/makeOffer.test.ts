import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  OTHER,
  registryId,
  SUBSCRIPTION,
  vaultId,
} from './__testUtils__/inventory';
import { makeOffer } from './makeOffer';
import type { Annotated } from './readAnnotated';
import { type Inventory, parseRecords } from './records';

const THIRD = '33333333-2222-4333-8444-555555555555';
const settings = {
  namespace: 'azure',
  defaultOwner: 'group:default/platform-team',
  ownerTags: ['owner'],
};
/** Owners that tags or the configuration name. */
interface Naming {
  registry?: string[];
  key?: string[];
  vault?: string[];
}
const item = (
  name: string,
  subscription = SUBSCRIPTION,
  { registry = [], key = [], vault = [] }: Naming = {},
) => ({
  registryId: registryId(name, subscription).toLowerCase(),
  tags: {},
  entityRefs: registry,
  key: {
    keyName: 'images',
    entityRefs: key,
    vault: {
      name: 'kv-shop',
      host: 'kv-shop.vault.azure.net',
      tags: {},
      entityRefs: vault,
    },
  },
});
const inventory = (
  items: readonly unknown[],
  rest: Partial<Inventory> = {},
): Inventory => ({
  ...parseRecords(items),
  subscriptions: new Map([
    [SUBSCRIPTION, true],
    [OTHER, true],
  ]),
  othersOutOfScope: true,
  ...rest,
});
const none = { registries: [], keys: [], vaults: [] };
const ownRegistry = (name: string, subscription = SUBSCRIPTION) => ({
  ref: `resource:azure/registry-${name}`,
  named: {
    ...none,
    registries: [registryId(name, subscription).toLowerCase()],
  },
});
const KEY = {
  ref: 'resource:azure/key-kv-shop.images',
  named: { ...none, keys: ['kv-shop/images'] },
};
const VAULT = {
  ref: 'resource:azure/vault-kv-shop',
  named: { ...none, vaults: ['kv-shop'] },
};
const OLD_KEY = {
  ref: 'resource:azure/key-kv-old.images',
  named: { ...none, keys: ['kv-old/images'] },
};
const inCatalog = (
  own: Annotated['own'],
  candidates: Partial<Annotated['candidates']> = {},
): Annotated => ({
  own,
  candidates: {
    registries: new Map(),
    keys: new Map(),
    vaults: new Map(),
    ...candidates,
  },
});
const removed = (of: Inventory, catalog: Annotated) =>
  makeOffer(of, catalog, { settings, taken: new Set() }).removed;

describe('what is removed', () => {
  const gone = ownRegistry('vanished');

  it('is what a whole listing does not show, and keys that nothing uses', () => {
    expect(
      removed(inventory([item('images')]), inCatalog([gone, OLD_KEY])),
    ).toEqual([gone.ref, OLD_KEY.ref]);
  });

  it.each<[string, Inventory, boolean]>([
    ['nothing is shown at all', inventory([]), false],
    [
      'its subscription is not whole',
      inventory([item('images')], {
        subscriptions: new Map([
          [SUBSCRIPTION, false],
          [OTHER, true],
        ]),
      }),
      false,
    ],
    [
      'there are no subscriptions',
      inventory([item('images')], { subscriptions: new Map() }),
      false,
    ],
    [
      'its record is malformed',
      inventory([
        item('images'),
        { registryId: registryId('vanished').toLowerCase() },
      ]),
      false,
    ],
    [
      'a malformed record may be its own',
      inventory([item('images'), { tags: {} }]),
      false,
    ],
    [
      'a malformed record is of another one',
      inventory([
        item('images'),
        { registryId: registryId('another').toLowerCase() },
      ]),
      true,
    ],
  ])('is not a registry when %s: %#', (_, of, isRemoved) => {
    expect(removed(of, inCatalog([gone]))).toEqual(isRemoved ? [gone.ref] : []);
  });

  it.each([true, false])(
    'is a registry of a subscription that is not in scope only when that is certain: %s',
    othersOutOfScope => {
      const third = ownRegistry('third', THIRD);
      expect(
        removed(
          inventory([item('images')], { othersOutOfScope }),
          inCatalog([third, OLD_KEY]),
        ),
      ).toEqual(othersOutOfScope ? [third.ref, OLD_KEY.ref] : []);
    },
  );

  it.each<[string, Inventory]>([
    [
      'another subscription is not whole',
      inventory([item('images')], {
        subscriptions: new Map([
          [SUBSCRIPTION, true],
          [OTHER, false],
        ]),
      }),
    ],
    [
      'a record is malformed',
      inventory([
        item('images'),
        { registryId: registryId('another').toLowerCase() },
      ]),
    ],
  ])('is no key when %s: a registry that is not seen may use it', (_, of) => {
    expect(removed(of, inCatalog([OLD_KEY]))).toEqual([]);
  });

  it('includes items now owned by another entity, even after a partial read', () => {
    const shop = ownRegistry('images');
    const partial = inventory([item('images')], {
      subscriptions: new Map([[SUBSCRIPTION, false]]),
    });
    expect(
      removed(
        partial,
        inCatalog([shop, KEY], {
          registries: new Map([[shop.named.registries[0], ['resource:a/b']]]),
          keys: new Map([['kv-shop/images', ['resource:a/c']]]),
        }),
      ),
    ).toEqual([shop.ref, KEY.ref]);
  });

  it('includes the entity of a registry that has one in another namespace now', () => {
    const before = {
      ...ownRegistry('images'),
      ref: 'resource:former/registry-images',
    };
    const partial = inventory([item('images')], {
      subscriptions: new Map([[SUBSCRIPTION, false]]),
    });
    expect(removed(partial, inCatalog([before]))).toEqual([before.ref]);
  });

  it('is not adopted when the inventory does not show it: the entity of its tag is unknown', () => {
    const partial = inventory([item('images')], {
      subscriptions: new Map([[SUBSCRIPTION, false]]),
    });
    expect(
      removed(
        partial,
        inCatalog([gone, OLD_KEY], {
          registries: new Map([[gone.named.registries[0], ['resource:a/b']]]),
          keys: new Map([['kv-old/images', ['resource:a/c']]]),
        }),
      ),
    ).toEqual([]);
  });

  it('is not an entity whose registry has moved: it keeps its name', () => {
    const before = {
      ...ownRegistry('images'),
      named: {
        ...none,
        registries: [registryId('images', OTHER).toLowerCase()],
      },
    };
    const offer = makeOffer(inventory([item('images')]), inCatalog([before]), {
      settings,
      taken: new Set(),
    });
    expect(offer.removed).toEqual([]);
    expect(
      offer.entities.find(({ metadata }) => metadata.name === 'registry-images')
        ?.metadata.annotations,
    ).toMatchObject({
      'azure.com/container-registry-id': registryId('images').toLowerCase(),
    });
  });
});

describe('a foreign entity that is annotated with a thing', () => {
  const [FOREIGN, OURS] = ['resource:default/a', 'resource:default/b'];
  const registry = ownRegistry('images');
  const everything = inCatalog([registry, KEY, VAULT], {
    registries: new Map([[registry.named.registries[0], [FOREIGN, OURS]]]),
    keys: new Map([['kv-shop/images', [FOREIGN, OURS]]]),
    vaults: new Map([['kv-shop', [FOREIGN, OURS]]]),
  });
  const ADOPTED = {
    registry: FOREIGN,
    key: FOREIGN,
    vault: FOREIGN,
  };

  it.each<[string, Naming, Partial<typeof ADOPTED>]>([
    ['no tag names anything', {}, {}],
    [
      'tags name groups and components',
      {
        registry: ['component:default/web', 'group:default/team'],
        vault: ['group:default/team'],
      },
      {},
    ],
    [
      'its tag names ours',
      { registry: [registry.ref] },
      { registry: registry.ref },
    ],
    [
      'its tag names ours beside another one',
      { registry: [OURS, registry.ref] },
      { registry: registry.ref },
    ],
    [
      'the tag of a vault names ours',
      { vault: [registry.ref] },
      { registry: registry.ref },
    ],
    ['its tag names one of them', { registry: [OURS] }, { registry: OURS }],
    [
      'its tag names a resource that is none of them',
      { registry: ['resource:default/other'] },
      { registry: registry.ref },
    ],
    ['the tag of the key names ours', { key: [KEY.ref] }, { key: KEY.ref }],
    ['the tag of the key names one of them', { key: [OURS] }, { key: OURS }],
    [
      'the tag of the key opens it to another entity',
      { key: ['resource:default/other'] },
      {},
    ],
    [
      'the tag of the vault names ours',
      { vault: [VAULT.ref] },
      { vault: VAULT.ref },
    ],
    [
      'the tag of the vault names one of them',
      { vault: [OURS] },
      { vault: OURS },
    ],
  ])('when %s: %#', (_, naming, expected) => {
    const standing = { ...ADOPTED, ...expected };
    const offer = makeOffer(
      inventory([item('images', SUBSCRIPTION, naming)]),
      everything,
      { settings, taken: new Set() },
    );
    const kept = new Set(Object.values(standing));
    expect(offer.removed).toEqual(
      [registry.ref, KEY.ref, VAULT.ref].filter(ref => !kept.has(ref)),
    );
    expect(offer.entities.map(entity => stringifyEntityRef(entity))).toEqual(
      expect.arrayContaining(
        [registry.ref, KEY.ref, VAULT.ref].filter(ref => kept.has(ref)),
      ),
    );
    const annotations: Record<string, string>[] = [
      { 'azure.com/container-registry-id': registryId('images') },
      {
        'azure.com/key-vault-key-id':
          'https://kv-shop.vault.azure.net/keys/images',
      },
      { 'management.azure.com/resourceId': vaultId('kv-shop') },
    ];
    const component = (of: Record<string, string>): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'web', annotations: of },
    });
    expect(
      annotations.map(one => offer.links.targetsOf(component(one)).refs),
    ).toEqual([[standing.registry], [standing.key], [standing.vault]]);
  });

  it('is adopted when it has our name and the tag names it', () => {
    const catalog = inCatalog([], {
      registries: new Map([
        [registry.named.registries[0], [FOREIGN, registry.ref]],
      ]),
    });
    const offer = makeOffer(
      inventory([item('images', SUBSCRIPTION, { registry: [registry.ref] })]),
      catalog,
      { settings, taken: new Set([registry.ref]) },
    );
    expect(offer.taken).toEqual([]);
    expect(offer.entities.map(({ metadata }) => metadata.name).sort()).toEqual([
      'key-kv-shop.images',
      'vault-kv-shop',
    ]);
  });
});

it('offers the same, to the byte, in whatever order it gets the items', () => {
  const items = [item('first'), item('second'), item('third', OTHER)];
  const offered = (of: readonly unknown[]) =>
    makeOffer(inventory(of), inCatalog([]), { settings, taken: new Set() })
      .entities.map(entity => JSON.stringify(entity))
      .sort();
  expect(offered([...items].reverse())).toEqual(offered(items));
});
