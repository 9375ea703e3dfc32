import { registryId, OTHER, SUBSCRIPTION } from './__testUtils__/inventory';
import { makeOffer } from './makeOffer';
import type { Annotated } from './readAnnotated';
import { type Inventory, understand } from './records';

const THIRD = '33333333-2222-4333-8444-555555555555';
const settings = {
  namespace: 'azure',
  defaultOwner: 'group:default/platform-team',
  ownerTags: ['owner'],
};
const item = (name: string, subscription = SUBSCRIPTION) => ({
  registryId: registryId(name, subscription).toLowerCase(),
  tags: {},
  key: {
    keyName: 'images',
    vault: { name: 'kv-shop', host: 'kv-shop.vault.azure.net', tags: {} },
  },
});
const inventory = (
  items: readonly unknown[],
  rest: Partial<Inventory> = {},
): Inventory => ({
  ...understand(items),
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
const OLD_KEY = {
  ref: 'resource:azure/key-kv-old.images',
  named: { ...none, keys: ['kv-old/images'] },
};
const inCatalog = (
  own: Annotated['own'],
  adopted: Partial<Annotated['adopted']> = {},
): Annotated => ({
  own,
  adopted: {
    registries: new Map(),
    keys: new Map(),
    vaults: new Map(),
    ...adopted,
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

  it('is what somebody else stands for now, also when nothing is whole', () => {
    const shop = ownRegistry('images');
    const partial = inventory([item('images')], {
      subscriptions: new Map([[SUBSCRIPTION, false]]),
    });
    expect(
      removed(
        partial,
        inCatalog([shop, OLD_KEY], {
          registries: new Map([[shop.named.registries[0], 'resource:a/b']]),
          keys: new Map([['kv-old/images', 'resource:a/c']]),
        }),
      ),
    ).toEqual([shop.ref, OLD_KEY.ref]);
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

it('offers the same, to the byte, in whatever order it is told', () => {
  const items = [item('first'), item('second'), item('third', OTHER)];
  const offered = (of: readonly unknown[]) =>
    makeOffer(inventory(of), inCatalog([]), { settings, taken: new Set() })
      .entities.map(entity => JSON.stringify(entity))
      .sort();
  expect(offered([...items].reverse())).toEqual(offered(items));
});
