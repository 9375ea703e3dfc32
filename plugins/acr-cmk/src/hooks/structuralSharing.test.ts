import { replaceEqualDeep } from './structuralSharing';

const answer = () => ({
  registries: [
    { name: 'shop', freshness: { ageSeconds: 1 }, key: { versions: [1, 2] } },
    { name: 'orders', freshness: { ageSeconds: 1 }, key: null },
  ],
});

describe('structural sharing', () => {
  it('returns the older value when nothing has changed', () => {
    const older = answer();
    expect(replaceEqualDeep(older, answer())).toBe(older);
  });

  it('keeps the objects that have not changed', () => {
    const older = answer();
    const newer = answer();
    newer.registries[0].freshness.ageSeconds = 16;

    const kept = replaceEqualDeep(older, newer);

    expect(kept).toEqual(newer);
    expect(kept).not.toBe(older);
    expect(kept.registries[0]).not.toBe(older.registries[0]);
    expect(kept.registries[0].key).toBe(older.registries[0].key);
    expect(kept.registries[1]).toBe(older.registries[1]);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing before', undefined, { a: 1 }],
    ['a name that is gone', { a: 1, b: 2 }, { a: 1 }],
    ['a name that is new', { a: 1 }, { a: 1, b: undefined }],
    ['another name with the same value', { a: undefined }, { b: undefined }],
    ['a longer list', [1], [1, 2]],
    ['a shorter list', [1, 2], [1]],
    ['a list instead of a record', { 0: 1 }, [1]],
    ['null instead of a record', { a: 1 }, null],
    ['a record instead of null', { a: null }, { a: { b: 1 } }],
    ['nothing where something was', { a: 1 }, { a: undefined }],
  ])('returns the newer value: %s', (_, older, newer) => {
    expect(replaceEqualDeep(older, newer)).toStrictEqual(newer);
    expect(replaceEqualDeep(older, newer)).not.toBe(older);
  });
});
