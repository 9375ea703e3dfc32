import { refsInTags } from '../domain/refsInTags';
import { bindingOf, boundEntities } from './binding';

const refs = (tag: string) => refsInTags({ 'Backstage-Entity-Ref': tag });

describe('the tag backstage-entity-ref', () => {
  it.each([
    ['resource:default/shop-images', ['resource:default/shop-images']],
    ['Resource:Default/Shop-Images', ['resource:default/shop-images']],
    ['resource:shop-images', ['resource:default/shop-images']],
    [
      ' group:default/team-shop ,group:default/team-payments',
      ['group:default/team-shop', 'group:default/team-payments'],
    ],
  ])('names entities, whatever its case and spaces: %j', (tag, named) => {
    expect(refs(tag)).toEqual(named);
  });

  it.each([
    '',
    ',',
    'shop-images',
    '/',
    'resource:',
    'resource:/x',
    '__proto__',
    'group:default/$(touch x)`id`',
    'resource:default/<img src=x>',
    'resource:de fault/shop-images',
    'https://other.example/shop/images',
  ])('names nobody when it is no entity ref: %j', tag => {
    expect(refs(tag)).toEqual([]);
    // So the registry is nobody's, and the platform answers for it.
    expect(
      boundEntities(
        { id: '/x', tags: { 'backstage-entity-ref': tag } },
        new Map(),
      ),
    ).toEqual([]);
  });

  it.each([
    ['resource:default/shop', true],
    ['resource:default/shop-x', false],
    ['resource:default/sho', false],
  ])('of one entity proves nothing of another: %j', (entityRef, proven) => {
    const registry = {
      id: '/x',
      name: 'x',
      tags: { 'backstage-entity-ref': 'resource:default/shop' },
    };
    expect(bindingOf(entityRef, registry, { bindings: new Map() }).proven).toBe(
      proven,
    );
  });
});
