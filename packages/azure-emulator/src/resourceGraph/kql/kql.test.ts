import type { AzureError } from '../../errors';
import { parseQuery } from './parse';
import { hashOfId, modulo, xxHash64 } from './hash';
import { isWithin } from './restrict';
import { runQuery, Tables } from './run';

const registries = [
  {
    name: 'alpha',
    type: 'microsoft.containerregistry/registries',
    subscriptionId: 's1',
    tags: { Owner: 'team-a' },
    age: 3,
    properties: {
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          keyIdentifier: 'https://kv1.vault.azure.net/keys/alpha',
        },
      },
    },
    ports: [80, 443],
  },
  {
    name: 'Beta',
    type: 'microsoft.containerregistry/registries',
    subscriptionId: 's2',
    tags: {},
    age: 10,
    properties: { encryption: { status: 'disabled' } },
    ports: [],
  },
];
const vaults = [
  { name: 'kv1', type: 'microsoft.keyvault/vaults', rbac: true, age: 5 },
];
const MANY = Array.from({ length: 500 }, (_none, index) => ({
  name: `Row${index}`,
  type: index % 2 ? 'odd' : 'even',
}));
const COLUMNS = [
  ...['id', 'name', 'type', 'subscriptionId', 'tags', 'age', 'rbac'],
  ...['properties', 'ports'],
];
const tables: Tables = (name, restriction) => {
  const known: Record<string, { name: string; type: string }[]> = {
    resources: [...registries, ...vaults],
    none: [],
    many: MANY,
  };
  const rows = known[name]
    ?.map(row => ({ id: `/ids/${row.name}`, ...row }))
    .filter(row => isWithin(restriction, row));
  return rows && { columns: COLUMNS, rows };
};
const run = (query: string) => runQuery(parseQuery(query), tables);
const names = (query: string) => run(query).map(({ name }) => name);

describe('KQL', () => {
  it.each([
    ['every row', 'resources', ['alpha', 'Beta', 'kv1']],
    [
      'equal without case',
      "Resources | where type =~ 'Microsoft.ContainerRegistry/Registries'",
      ['alpha', 'Beta'],
    ],
    ['equal with case', "resources | where name == 'beta'", []],
    [
      'a path into an object, whatever the case of its members',
      "resources | where properties.Encryption.status =~ 'enabled'",
      ['alpha'],
    ],
    [
      'parentheses and a number',
      "resources | where (name =~ 'beta' and age == 10)",
      ['Beta'],
    ],
    [
      'in without case',
      "resources | where name in~ ('BETA', 'KV1')",
      ['Beta', 'kv1'],
    ],
    [
      'two conditions',
      "resources | where tolower(name) == 'beta' | where age == 3",
      [],
    ],
    ['lines', 'resources\n| where age == 5\n| project name\n', ['kv1']],
  ])('%s', (_why, query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  it('projects paths, and names them', () => {
    expect(
      run(
        "resources | where name == 'alpha' | project Registry = name, properties.encryption.status, none = ports.length",
      ),
    ).toEqual([
      {
        Registry: 'alpha',
        properties_encryption_status: 'enabled',
        none: null,
      },
    ]);
  });

  it('counts and groups', () => {
    expect(run('resources | summarize many = count() by type')).toEqual([
      { type: 'microsoft.containerregistry/registries', many: 2 },
      { type: 'microsoft.keyvault/vaults', many: 1 },
    ]);
    expect(run('none | summarize many = count()')).toEqual([{ many: 0 }]);
  });

  it('names the count that has no name', () => {
    expect(run('resources | summarize count() by type')).toEqual([
      { type: 'microsoft.containerregistry/registries', count_: 2 },
      { type: 'microsoft.keyvault/vaults', count_: 1 },
    ]);
  });

  describe('hash', () => {
    it('is xxHash64, as Kusto documents it', () => {
      expect(xxHash64('World')).toBe(1846988464401551951n);
      expect(modulo(xxHash64('World'), 100n)).toBe(51);
      // The other vectors are those of xxHash itself; 64 bytes and more take another path.
      expect(BigInt.asUintN(64, xxHash64(''))).toBe(0xef46db3751d8e999n);
      expect(BigInt.asUintN(64, xxHash64('a'))).toBe(0xd24ec4f1a98c6e5bn);
      expect(BigInt.asUintN(64, xxHash64('abc'))).toBe(0x44bc2cf5ad770999n);
      expect(
        BigInt.asUintN(64, xxHash64('Nobody inspects the spammish repetition')),
      ).toBe(0xfbcea83c8a378bf1n);
      expect(
        run("resources | where age == 3 | project h = hash('World') % 100"),
      ).toEqual([{ h: 51 }]);
    });

    it('modulo is never negative', () => {
      expect([
        modulo(-14n, 12n),
        modulo(14n, -12n),
        modulo(-14n, -12n),
      ]).toEqual([10, 2, 10]);
    });

    it.each([
      ['hash(tolower(id)) % 8 == INDEX', 'as the documentation writes it'],
      ['1 == 1 and hash(tolower(id)) % 8 == INDEX', 'beside another condition'],
      ['INDEX == hash(tolower(id)) % 8', 'the other way round'],
      ['hash(tostring(tolower(id))) % 8 == INDEX', 'of a calculated text'],
    ])('partitions %s hold every row once (%s)', condition => {
      const found = Array.from({ length: 8 }, (_none, index) =>
        names(
          `many | where ${condition.replace(
            'INDEX',
            String(index),
          )} | project name`,
        ),
      );
      expect(found.flat().sort()).toEqual(MANY.map(({ name }) => name).sort());
      const of = (name: unknown) => modulo(hashOfId(`/ids/${name}`), 8n);
      expect(found.map(list => new Set(list.map(of)))).toEqual(
        found.map((_none, index) => new Set([index])),
      );
      expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(100);
    });

    it('a second partition or type does not replace the first', () => {
      const both = run(
        "many | where hash(tolower(id)) % 2 == 0 | where hash(tolower(id)) % 2 == 1 | where type =~ 'even' and type =~ 'odd'",
      );
      expect(both).toEqual([]);
      expect(run("many | where type =~ 'EVEN'")).toHaveLength(250);
    });

    it('can be counted and grouped by', () => {
      expect(run('many | summarize count() by h = hash(id)')).toHaveLength(500);
      expect(
        run('many | summarize count() by part = hash(tolower(id)) % 4'),
      ).toHaveLength(4);
    });
  });

  it.each([
    ['resources | evaluate pivot(x)', 501, "operator 'evaluate'"],
    ['resources | where geo_distance(a) == 1', 501, "function 'geo_distance'"],
    ['resources | summarize stdev(age)', 501, "aggregate 'stdev_'"],
    ['none | order by name asc', 501, "operator 'order'"],
    ["none | where name == 'a' or name == 'b'", 501, "operator 'or'"],
    ['none | where name contains type', 501, "comparison 'contains'"],
    ["none | where name != 'a'", 501, "comparison '!='"],
    ["none | where name in ('a')", 501, "comparison 'in'"],
    ["none | where name !in~ ('a')", 501, "comparison '!in~'"],
    ['none | where hash(tolower(id), 8) == 1', 501, "function 'hash' with 2"],
    ['none | where hash() % 8 == 1', 501, "function 'hash' with 0"],
    ["none | where tags['a'] == 'b'", 400, "Cannot read '['a']"],
    ['none | where rbac == true', 400, "named 'true'"],
    [
      "resources | where name == 'none' and geo_hash(a) == 1",
      501,
      "'geo_hash'",
    ],
    ['none | project a = tolower(geo_hash(b))', 501, "function 'geo_hash'"],
    ['none | where constructor(a)', 501, "function 'constructor'"],
    ['nothing', 400, 'Table nothing'],
    ['resources | where', 400, 'ends too early'],
    ['resources | where name == ', 400, 'ends too early'],
    ['resources |', 400, 'Expected a name'],
    ['resources where x', 400, "Unexpected 'where'"],
    ["resources | where name == 'open", 400, 'Cannot read'],
  ])('%s is refused with %i', (query, status, message) => {
    let refusal: Partial<AzureError> = {};
    try {
      run(query);
    } catch (error) {
      refusal = error as typeof refusal;
    }
    expect(refusal.status).toBe(status);
    expect(refusal.details?.at(-1)?.message ?? refusal.message).toContain(
      message,
    );
  });
});
