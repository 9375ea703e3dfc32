import { KubernetesValidatorFunctions } from '@backstage/catalog-model';
import fc from 'fast-check';
import { nameOf } from './names';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const text = (letters: string[], minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength });

const registry = text(LETTERS, 5, 50);
const vault = fc
  .tuple(text(LETTERS, 1, 11), text(LETTERS, 1, 11))
  .map(([a, b]) => `v${a}-${b}`);
const key = text([...LETTERS, '-'], 1, 127);

const anyName = fc.oneof(
  registry.map(name => ({
    of: `registry ${name}`,
    name: nameOf.registry(name),
  })),
  vault.map(name => ({ of: `vault ${name}`, name: nameOf.vault(name) })),
  fc
    .tuple(vault, key)
    .map(([v, k]) => ({ of: `key ${v}/${k}`, name: nameOf.key(v, k) })),
);

describe('names of entities', () => {
  it('are valid, whatever Azure allows', () => {
    fc.assert(
      fc.property(anyName, ({ name }) => {
        expect(KubernetesValidatorFunctions.isValidObjectName(name)).toBe(true);
      }),
    );
  });

  it('differ when the things differ', () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 50 }), things => {
        const names = new Map(things.map(({ of, name }) => [of, name]));
        expect(new Set(names.values()).size).toBe(names.size);
      }),
    );
  });

  it('are readable where they fit, and differ in a hash where they do not', () => {
    expect(nameOf.registry('ShopImages')).toBe('registry-shopimages');
    expect(nameOf.vault('kv-shop')).toBe('vault-kv-shop');
    expect(nameOf.key('kv-shop', 'images')).toBe('key-kv-shop.images');
    const [one, two] = ['a', 'b'].map(end =>
      nameOf.key('kv-shop', `${'long-'.repeat(20)}${end}`),
    );
    expect(one).toBe(
      'key-kv-shop.long-long-long-long-long-long-long-long-6167d9c03b',
    );
    expect(one.length).toBeLessThanOrEqual(63);
    expect(two).not.toBe(one);
    // A key may end in a hyphen, a name may not.
    expect(nameOf.key('kv-shop', 'images-')).toMatch(
      /^key-kv-shop\.images-[0-9a-f]{10}$/,
    );
  });
});
