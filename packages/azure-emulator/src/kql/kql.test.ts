import { parseQuery } from './parse';
import { runQuery, Source } from './run';

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
const source: Source = {
  now: Date.UTC(2030, 0, 1),
  table: name =>
    ({ resources: [...registries, ...vaults], vaults, none: [] }[
      name
    ] as never),
};
const run = (query: string) => runQuery(parseQuery(query), source);
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
      'a member by brackets',
      "resources | where tags['owner'] == 'team-a'",
      ['alpha'],
    ],
    [
      'and before or',
      "resources | where name == 'kv1' or name =~ 'beta' and age > 100",
      ['kv1'],
    ],
    [
      'parentheses',
      "resources | where (name == 'kv1' or name =~ 'beta') and age > 7",
      ['Beta'],
    ],
    ['in', "resources | where name in ('alpha', 'kv1')", ['alpha', 'kv1']],
    ['in without case', "resources | where name in~ ('BETA')", ['Beta']],
    ['not in', "resources | where name !in~ ('BETA', 'kv1')", ['alpha']],
    ['contains', "resources | where name contains 'ET'", ['Beta']],
    ['does not contain', "resources | where name !contains 'a'", ['kv1']],
    ['startswith', "resources | where name startswith 'al'", ['alpha']],
    ['has, a whole word', "resources | where type has 'vaults'", ['kv1']],
    [
      'not()',
      "resources | where not(isnotempty(tags['Owner'])) | where name != 'kv1'",
      ['Beta'],
    ],
    [
      'order by is descending by default',
      'resources | order by age',
      ['Beta', 'kv1', 'alpha'],
    ],
    [
      'order by asc',
      'resources | sort by tolower(name) asc',
      ['alpha', 'Beta', 'kv1'],
    ],
    ['take', 'resources | order by age asc | take 1', ['alpha']],
    ['top', 'resources | top 1 by age desc', ['Beta']],
    [
      'comments and lines',
      'resources // all of them\n| where age > 4 // older\n| order by age asc',
      ['kv1', 'Beta'],
    ],
  ])('%s', (_why, query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  it('projects, extends and renames', () => {
    expect(
      run(
        "resources | where name == 'alpha' | extend kid = tostring(properties.encryption.keyVaultProperties.keyIdentifier) | extend vault = tostring(split(split(kid, '/')[2], '.')[0]) | project Registry = name, vault, properties.encryption.status",
      ),
    ).toEqual([
      {
        Registry: 'alpha',
        vault: 'kv1',
        properties_encryption_status: 'enabled',
      },
    ]);
    expect(
      Object.keys(
        run("resources | where name == 'kv1' | project-away type, age")[0],
      ),
    ).toEqual(['name', 'rbac']);
  });

  const joined = (kind: string) =>
    run(
      `resources | where type =~ 'microsoft.containerregistry/registries'
       | extend vault = tostring(split(split(properties.encryption.keyVaultProperties.keyIdentifier, '/')[2], '.')[0])
       | join kind=${kind} (resources | where type == 'microsoft.keyvault/vaults' | project vault = name, rbac, name) on vault
       | project name, name1, rbac | order by tolower(name) asc`,
    );

  it('joins on vaults: inner leaves out what has none, leftouter keeps it', () => {
    const alpha = { name: 'alpha', name1: 'kv1', rbac: true };
    expect(joined('inner')).toEqual([alpha]);
    expect(joined('leftouter')).toEqual([
      alpha,
      { name: 'Beta', name1: null, rbac: null },
    ]);
  });

  it('joins on columns of different names', () => {
    expect(
      run(
        "resources | extend v = 'kv1' | join kind=inner (vaults | project vaultName = name) on $left.v == $right.vaultName | count",
      ),
    ).toEqual([{ Count: 3 }]);
  });

  it('counts, summarizes and expands', () => {
    expect(run('resources | count')).toEqual([{ Count: 3 }]);
    expect(
      run('resources | summarize many = count(), oldest = max(age) by type'),
    ).toEqual([
      { type: 'microsoft.containerregistry/registries', many: 2, oldest: 10 },
      { type: 'microsoft.keyvault/vaults', many: 1, oldest: 5 },
    ]);
    expect(
      run(
        "resources | where name == 'alpha' | mv-expand port = ports | project port",
      ),
    ).toEqual([{ port: 80 }, { port: 443 }]);
    expect(run('resources | distinct type')).toHaveLength(2);
  });

  it.each([
    ['resources | evaluate pivot(x)', 501, "operator 'evaluate'"],
    [
      'resources | join kind=fullouter (vaults) on name',
      501,
      "join kind 'fullouter'",
    ],
    ['resources | where geo_distance(a) > 1', 501, "function 'geo_distance'"],
    ['resources | summarize stdev(age)', 501, "aggregate 'stdev'"],
    ["resources | where name == 'none' and geo_hash(a) > 1", 501, "'geo_hash'"],
    ['none | extend a = strcat(geo_hash(b), c)', 501, "function 'geo_hash'"],
    ['none | summarize stdev(age)', 501, "aggregate 'stdev'"],
    ['none | where constructor(a)', 501, "function 'constructor'"],
    ['none | join (none | where geo_hash(a) > 1) on name', 501, "'geo_hash'"],
    ['nothing', 400, 'Table nothing'],
    ['resources | where', 400, 'ends too early'],
    ['resources | where name == ', 400, 'ends too early'],
    ['resources |', 400, 'Expected a name'],
    ['resources where x', 400, "Unexpected 'where'"],
    ['resources | where name == "open', 400, 'Cannot read'],
  ])('%s is refused with %i', (query, status, message) => {
    let refusal: { status?: number; message?: string } = {};
    try {
      run(query);
    } catch (error) {
      refusal = error as typeof refusal;
    }
    expect(refusal.status).toBe(status);
    expect(refusal.message).toContain(message);
  });
});
