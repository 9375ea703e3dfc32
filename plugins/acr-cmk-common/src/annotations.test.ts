import {
  AZURE_RESOURCE_ID_ANNOTATION,
  registriesNamedBy,
  REGISTRY_ID_ANNOTATION,
} from './annotations';

const id = (name: string) =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/${name}`;
const named = (annotations: Record<string, string> | undefined) =>
  registriesNamedBy(annotations).map(one =>
    'id' in one ? one.id.name : `! ${one.text}`,
  );

describe('registriesNamedBy', () => {
  it.each<
    [
      why: string,
      annotations: Record<string, string> | undefined,
      names: string[],
    ]
  >([
    ['no annotations', undefined, []],
    ['one id', { [REGISTRY_ID_ANNOTATION]: id('shopimages') }, ['shopimages']],
    [
      'several, with spaces',
      { [REGISTRY_ID_ANNOTATION]: `${id('shopimages')} , ${id('orders')}` },
      ['shopimages', 'orders'],
    ],
    [
      'the same one twice, in another spelling',
      {
        [REGISTRY_ID_ANNOTATION]: `${id('shopimages')},${id(
          'SHOPIMAGES',
        ).toUpperCase()}`,
      },
      ['shopimages'],
    ],
    [
      'a wrong one beside a right one',
      { [REGISTRY_ID_ANNOTATION]: `shopimages.azurecr.io,${id('orders')}` },
      ['! shopimages.azurecr.io', 'orders'],
    ],
    [
      'the general annotation of a registry',
      { [AZURE_RESOURCE_ID_ANNOTATION]: id('shopimages') },
      ['shopimages'],
    ],
    [
      'the general annotation of something else',
      {
        [AZURE_RESOURCE_ID_ANNOTATION]:
          '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg',
      },
      [],
    ],
    [
      'both for the same registry',
      {
        [REGISTRY_ID_ANNOTATION]: id('shopimages'),
        [AZURE_RESOURCE_ID_ANNOTATION]: id('shopimages').toLowerCase(),
      },
      ['shopimages'],
    ],
    [
      'more than an entity may name',
      {
        [REGISTRY_ID_ANNOTATION]: Array.from({ length: 22 }, (_, n) =>
          id(`shop${n}`),
        ).join(','),
      },
      [...Array.from({ length: 20 }, (_, n) => `shop${n}`), '! 2 more'],
    ],
  ])('reads %s', (_why, annotations, names) => {
    expect(named(annotations)).toEqual(names);
  });
});
