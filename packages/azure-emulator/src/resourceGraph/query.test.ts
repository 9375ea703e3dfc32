import type { AzureError } from '../errors';
import { parseQuery, type Restriction, runQuery } from './query';

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
const tables = (name: string, { hasId, hasType }: Restriction) => {
  const known: Record<string, { name: string; type: string }[]> = {
    resources: [...registries, ...vaults],
    none: [],
    many: MANY,
  };
  const rows = known[name]
    ?.map(row => ({ id: `/ids/${row.name}`, ...row }))
    .filter(({ id, type }) => hasId(id) && hasType(type));
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
    ['two at once', "resources | where name =~ 'beta' and type == 'x'", []],
    [
      'in without case',
      "resources | where name in~ ('BETA', 'KV1')",
      ['Beta', 'kv1'],
    ],
    [
      'two conditions',
      "resources | where name =~ 'beta' | where subscriptionId == 's1'",
      [],
    ],
    ['lines', "resources\n| where name == 'kv1'\n| project name\n", ['kv1']],
    [
      'a part of a text, without case',
      "resources | where tostring(properties) contains 'KV1.VAULT'",
      ['alpha'],
    ],
    [
      'a part of a column of objects',
      "resources | where properties contains 'abled'",
      ['alpha', 'Beta'],
    ],
    [
      'whole words',
      "resources | where tostring(properties) has 'KV1.vault.azure.net'",
      ['alpha'],
    ],
    [
      'a text that begins between two words',
      "resources | where tostring(properties) has '.vault.azure.net'",
      ['alpha'],
    ],
    [
      'no part of a word',
      "resources | where tostring(properties) has 'able'",
      [],
    ],
    [
      'one of several words',
      "resources | where tostring(properties) has_any ('kv', 'Disabled')",
      ['Beta'],
    ],
    [
      'a value that is there',
      'resources | where isnotempty(properties.encryption.keyVaultProperties)',
      ['alpha'],
    ],
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

  it('makes texts of what it shows and groups by', () => {
    expect(
      run(
        "resources | where name == 'alpha' | project low = tolower(type), ports = tostring(ports), none = tostring(rbac)",
      ),
    ).toEqual([
      {
        low: 'microsoft.containerregistry/registries',
        ports: '[80,443]',
        none: '',
      },
    ]);
    expect(
      run(
        'resources | summarize n = count() by status = tolower(tostring(properties.encryption.status))',
      ),
    ).toEqual([
      { status: 'enabled', n: 1 },
      { status: 'disabled', n: 1 },
      { status: '', n: 1 },
    ]);
  });

  it('names the count that has no name', () => {
    expect(run('resources | summarize count() by type')).toEqual([
      { type: 'microsoft.containerregistry/registries', count_: 2 },
      { type: 'microsoft.keyvault/vaults', count_: 1 },
    ]);
  });

  describe('hash', () => {
    it.each([
      ['hash(tolower(id)) % 8 == INDEX', 'as the documentation writes it'],
      [
        "type in~ ('odd', 'even') and hash(tolower(id)) % 8 == INDEX",
        'beside another condition',
      ],
      ['hash(tolower(tostring(name))) % 8 == INDEX', 'of a calculated text'],
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
      expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(100);
    });

    it('a second partition or type does not replace the first', () => {
      const both = run(
        "many | where hash(tolower(id)) % 2 == 0 | where hash(tolower(id)) % 2 == 1 | where type =~ 'even' and type =~ 'odd'",
      );
      expect(both).toEqual([]);
      expect(run("many | where type =~ 'EVEN'")).toHaveLength(250);
    });
  });

  it.each([
    ['resources | evaluate pivot(x)', 501, "operator 'evaluate'"],
    ['none | order by name asc', 501, "operator 'order'"],
    ["resources | where geo_distance(a) == 'b'", 501, 'geo_distance(a)'],
    ['resources | summarize stdev(age)', 501, 'stdev(age)'],
    ["none | where name == 'a' or name == 'b'", 501, 'or name'],
    ['none | where name contains type', 501, 'contains'],
    ["none | where name != 'a'", 501, "name != 'a'"],
    ["none | where name in ('a')", 501, "name in ('a')"],
    ["none | where name !in~ ('a')", 501, "name !in~ ('a')"],
    ["none | where (name == 'a')", 501, "(name == 'a')"],
    ['none | where age == 10', 501, 'age == 10'],
    ['none | where hash(tolower(id), 8) == 1', 501, 'hash(tolower(id), 8)'],
    ['none | where hash() % 8 == 1', 501, 'hash() % 8'],
    ["none | where tags['a'] == 'b'", 501, "tags['a']"],
    ['none | project a = toupper(name)', 501, 'a = toupper(name)'],
    ['none | project name | project id', 501, 'after the columns'],
    ["resources | where name == 'open", 501, "'open"],
    ["none | where rbacs =~ 'true'", 400, "named 'rbacs'"],
    [
      'none | summarize count() by properties.encryption',
      400,
      "'properties_encryption' is of a 'dynamic' type",
    ],
    ['nothing', 400, 'Table nothing'],
    ['resources | where', 400, "Cannot read 'where'"],
    ['resources |', 400, "Cannot read ''"],
    ['resources where x', 400, "'resources where x' is not the name"],
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
