import { parseRecords } from './records';

const ID =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/rg/providers/microsoft.containerregistry/registries/shopimages';
const entityRefs = ['resource:azure/registry-shopimages'];
const vault = {
  name: 'kv-shop',
  host: 'kv-shop.vault.azure.net',
  tags: {},
  entityRefs,
};
const good = {
  registryId: ID,
  tags: {},
  entityRefs,
  key: { keyName: 'images', entityRefs, vault },
};

describe('parseRecords', () => {
  it('takes what is right', () => {
    const { registries, malformed } = parseRecords([good]);
    expect(registries).toHaveLength(1);
    expect(registries[0]).toMatchObject({ id: { key: ID }, key: good.key });
    expect(malformed).toMatchObject({ count: 0, named: true });
  });

  it.each<[string, unknown, boolean, string]>([
    ['nothing', null, false, 'expected object'],
    ['no id', { tags: {} }, false, 'registryId'],
    [
      'an id of something else',
      { ...good, registryId: '/x' },
      false,
      'is no id',
    ],
    ['no tags', { registryId: ID }, true, 'tags'],
    [
      'nothing about whom its tag names, from an older backend',
      { ...good, entityRefs: undefined },
      true,
      'entityRefs',
    ],
    [
      'a tag that is no text',
      { ...good, tags: { owner: 1 } },
      true,
      'tags.owner',
    ],
    [
      'a name that no key has',
      { ...good, key: { ...good.key, keyName: 'a/b' } },
      true,
      'key.keyName is no name of a key',
    ],
    [
      'a vault that leads elsewhere',
      {
        ...good,
        key: { ...good.key, vault: { ...vault, host: 'x/../y' } },
      },
      true,
      'key.vault.host is no host',
    ],
  ])(
    'leaves out a record with %s, and keeps the others',
    (_, item, named, example) => {
      const other = { ...good, registryId: ID.replace('shop', 'other') };
      const { registries, malformed } = parseRecords([item, other]);
      expect(registries.map(({ id }) => id.name)).toEqual(['otherimages']);
      expect(malformed).toEqual({
        count: 1,
        named,
        ids: new Set(named ? [ID] : []),
        example: expect.stringContaining(example),
      });
    },
  );
});
