import { ConfigReader } from '@backstage/config';
import { readCatalogConfig } from './config';

const read = (acrCmk: unknown) =>
  readCatalogConfig(
    new ConfigReader({ catalog: { providers: { acrCmk } } } as never),
  );

describe('readCatalogConfig', () => {
  it('is off without the block', () => {
    expect(readCatalogConfig(new ConfigReader({}))).toBeUndefined();
    expect(
      readCatalogConfig(new ConfigReader({ catalog: { providers: {} } })),
    ).toBeUndefined();
  });

  it('has defaults for everything but the owner', () => {
    expect(read({ defaultOwner: 'platform-team' })).toEqual({
      defaultOwner: 'group:default/platform-team',
      ownerTags: [],
      namespace: 'azure',
      schedule: {
        frequency: { minutes: 10 },
        timeout: { minutes: 5 },
        initialDelay: { seconds: 30 },
      },
    });
  });

  it('takes what is written', () => {
    expect(
      read({
        defaultOwner: 'user:people/olivia',
        ownerTags: ['Owner', 'team'],
        namespace: 'cloud',
        schedule: { frequency: { cron: '0 * * * *' }, timeout: 'PT1M' },
      }),
    ).toEqual({
      defaultOwner: 'user:people/olivia',
      ownerTags: ['owner', 'team'],
      namespace: 'cloud',
      schedule: { frequency: { cron: '0 * * * *' }, timeout: { minutes: 1 } },
    });
  });

  it.each([
    [
      'an unknown key',
      { defaultOwner: 'x', owner: 'y' },
      'catalog.providers.acrCmk.owner is not a setting; catalog.providers.acrCmk may have defaultOwner, ownerTags, namespace or schedule',
    ],
    [
      'a misspelled key',
      { defaultOwner: 'x', ownersTag: [] },
      'catalog.providers.acrCmk.ownersTag is not a setting; did you mean catalog.providers.acrCmk.ownerTags?',
    ],
    [
      'an id between, as other providers have',
      { production: { defaultOwner: 'x' } },
      'catalog.providers.acrCmk.production is not a setting',
    ],
    [
      'no owner',
      {},
      'catalog.providers.acrCmk.defaultOwner must be the ref of a group or user',
    ],
    [
      'an owner of another kind',
      { defaultOwner: 'component:default/x' },
      'catalog.providers.acrCmk.defaultOwner must be the ref of a group or user',
    ],
    [
      'a tag that no request could ask for',
      { defaultOwner: 'x', ownerTags: ['a,b'] },
      'catalog.providers.acrCmk.ownerTags.0 must be the name of a tag, without a comma',
    ],
    [
      'one text in place of a list',
      { defaultOwner: 'x', ownerTags: 'owner' },
      'catalog.providers.acrCmk.ownerTags must be a list of names of tags',
    ],
    [
      'a namespace that the catalog refuses',
      { defaultOwner: 'x', namespace: 'A b' },
      'catalog.providers.acrCmk.namespace must be a namespace of the catalog',
    ],
    [
      'a schedule without a frequency',
      { defaultOwner: 'x', schedule: { timeout: 'PT1M' } },
      'frequency',
    ],
  ])('refuses %s, and names it', (_, settings, message) => {
    expect(() => read(settings)).toThrow(message);
  });

  it('does not say of a misspelled key that it is missing too', () => {
    expect(() => read({ defaultOwners: 'x', ownerTags: 'owner' })).toThrow(
      new Error(
        'catalog.providers.acrCmk.defaultOwners is not a setting; did you mean catalog.providers.acrCmk.defaultOwner?; catalog.providers.acrCmk.ownerTags must be a list of names of tags',
      ),
    );
  });
});
