import fc from 'fast-check';
import { InvalidInput } from './errors';
import { RegistryId } from './RegistryId';

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const id = (name = 'shopimages', group = 'rg-shop') =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;

describe('RegistryId', () => {
  it.each([
    ['as Azure spells it', id()],
    ['in lower case', id().toLowerCase()],
    ['in upper case', id().toUpperCase()],
    ['with lower-case resourcegroups', id().replace('Groups', 'groups')],
  ])('takes an id %s, and all of them are equal', (_why, text) => {
    const parsed = RegistryId.parse(text);
    expect(parsed.equals(RegistryId.parse(id()))).toBe(true);
    expect(parsed.key).toBe(id().toLowerCase());
  });

  it.each<[why: string, text: unknown]>([
    ['nothing', ''],
    ['no text', 7],
    ['an object', {}],
    ['huge', id('a'.repeat(10_000))],
    ['another provider', id().replace('ContainerRegistry', 'Storage')],
    ['a child resource', `${id()}/replications/westeurope`],
    ['a trailing slash', `${id()}/`],
    ['traversal', id('..')],
    ['traversal in the group', id('shopimages', '..')],
    ['encoded traversal', id('shopimages', '%2e%2e')],
    ['an encoded slash', id('shop%2fimages')],
    ['a control character', id('shop\nimages')],
    ['a query', `${id()}?api-version=1`],
    ['a fragment', `${id()}#x`],
    ['a whole URL', `https://management.azure.com${id()}`],
    ['a look-alike letter', id('shop\u0456mages')],
    ['a group that ends in a full stop', id('shopimages', 'rg.')],
    ['a name that is too short', id('shop')],
    ['a name with a hyphen', id('shop-images')],
    ['a subscription that is no GUID', id().replace(SUBSCRIPTION, 'mine')],
    ['a leading space', ` ${id()}`],
  ])('refuses %s, and names the field', (_why, text) => {
    expect(() => RegistryId.parse(text, 'registryId')).toThrow(InvalidInput);
    expect(() => RegistryId.parse(text, 'registryId')).toThrow(/^registryId: /);
  });

  it('never repeats an unseen character in its message', () => {
    const refused = () => RegistryId.parse(`\u202e${id()}`);
    expect(refused).toThrow('\\u202e');
    expect(refused).not.toThrow('\u202e');
  });

  it('returns exactly what it was made of, or refuses', () => {
    expect(() =>
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), name => {
          const parsed = RegistryId.tryParse(id(name));
          return parsed === undefined || parsed.toString() === id(name);
        }),
      ),
    ).not.toThrow();
  });
});
