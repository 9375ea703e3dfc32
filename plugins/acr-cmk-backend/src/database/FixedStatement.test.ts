import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { FixedStatement } from './FixedStatement';

describe.each(testDatabases())('a fixed statement on $name', ({ open }) => {
  let db: Knex;
  let built: number;
  let listed: FixedStatement<{ kind: string; parts: string[] }>;
  beforeEach(async () => {
    db = await open();
    built = 0;
    listed = new FixedStatement(db, (_, { kind, parts }) => {
      built++;
      return db('listings')
        .whereIn('part', parts)
        .whereNot({ part: 'never' })
        .where({ kind })
        .orderBy('part')
        .limit(2)
        .select('part');
    });
    for (const part of ['a', 'b', 'c', "d'e", 'never', '?']) {
      await db('listings').insert({ kind: 'vaults', part });
    }
  });
  afterEach(() => db.destroy());

  const partsOf = async (kind: string, parts: string[]) =>
    (await listed.rows({ kind, parts })).map(({ part }) => part);

  it('finds what its values say, each in its place', async () => {
    expect(await partsOf('vaults', ['b', 'a'])).toEqual(['a', 'b']);
    expect(await partsOf('vaults', ['c', 'x'])).toEqual(['c']);
    expect(await partsOf('keys', ['a', 'b'])).toEqual([]);
    expect(await partsOf('vaults', ["d'e", '?'])).toEqual(['?', "d'e"]);
  });

  it('keeps the values that it was built with', async () => {
    expect(await partsOf('vaults', ['a', 'never'])).toEqual(['a']);
    expect(await partsOf('vaults', ['a', 'b', 'c'])).toEqual(['a', 'b']);
  });

  it('is built once for each length of a list', async () => {
    await partsOf('vaults', ['a', 'b']);
    await partsOf('keys', ['b', 'c']);
    expect(built).toBe(1);
    expect(await partsOf('vaults', ['a'])).toEqual(['a']);
    expect(await partsOf('vaults', [])).toEqual([]);
    expect(built).toBe(3);
    await partsOf('vaults', ['c']);
    expect(built).toBe(3);
  });
});
