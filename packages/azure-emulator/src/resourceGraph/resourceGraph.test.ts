import { ARM, SUBSCRIPTION, useEmulator } from '../__testUtils__/emulated';
import { Assumptions } from '../assumptions';

const FLEET = 1500;
const azure = useEmulator({ world: `fleet:${FLEET}` });
const { call } = azure;
const GRAPH = `${ARM}/providers/Microsoft.ResourceGraph/resources`;
const REGISTRIES =
  "resources | where type =~ 'Microsoft.ContainerRegistry/registries'";

interface Page {
  totalRecords: number;
  count: number;
  resultTruncated: string;
  data: Record<string, never>[];
  $skipToken?: string;
}

const COUNT = 'summarize n = count()';
const query = async (text: string, options: object = {}, scope: object = {}) =>
  (await call('reader', 'POST', GRAPH, { query: text, options, ...scope }))
    .json as unknown as Page;
const idsOf = ({ data }: Page) => data.map(({ id }) => id as string);

/** Replaces the actions of the reader's role. */
async function giveReader(actions: string[]): Promise<void> {
  const id = `${ARM}${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions`;
  const { json } = await call('admin', 'GET', id);
  const role = (
    json.value as unknown as {
      name: string;
      properties: { roleName: string };
    }[]
  ).find(({ properties }) => properties.roleName === 'Registry Key Reader')!;
  await call('admin', 'PUT', `${id}/${role.name}`, {
    properties: { ...role.properties, permissions: [{ actions }] },
  });
}

/** Follows the tokens, for at most so many pages. */
async function allPages(options: object, most = 10): Promise<Page[]> {
  const pages: Page[] = [];
  let $skipToken: string | undefined;
  do {
    pages.push(
      await query(`${REGISTRIES} | project id`, {
        ...options,
        ...($skipToken && { $skipToken }),
      }),
    );
    ({ $skipToken } = pages[pages.length - 1]);
  } while ($skipToken && pages.length < most);
  return pages;
}

describe('Resource Graph', () => {
  it('partitions by hash hold every registry once, each in one answer', async () => {
    const counted = await query(`${REGISTRIES} | ${COUNT}`);
    expect(counted.data).toEqual([{ n: FLEET }]);
    const partitions = await Promise.all(
      [0, 1, 2].map(index =>
        query(
          `${REGISTRIES} | where hash(tolower(id)) % 3 == ${index} | project id, name, tags, properties`,
        ),
      ),
    );
    const ids = partitions.flatMap(idsOf);
    expect(ids).toHaveLength(FLEET);
    expect(new Set(ids).size).toBe(FLEET);
    for (const partition of partitions) {
      expect(partition.$skipToken).toBeUndefined();
      expect(partition.count).toBeGreaterThan(FLEET / 3 / 1.2);
    }
    expect(partitions[0].data[0].properties).toMatchObject({
      loginServer: expect.stringMatching(/\.azurecr\.io$/),
      encryption: { status: expect.any(String) },
    });
  });

  it('counts by type and by subscription', async () => {
    const types = await query(
      'resources | summarize count() by type, subscriptionId',
    );
    const sum = types.data
      .filter(({ type }) => String(type).endsWith('/registries'))
      .reduce((all, { count_ }) => all + Number(count_), 0);
    expect(sum).toBe(FLEET);
    expect(new Set(types.data.map(({ type }) => type))).toEqual(
      new Set([
        'microsoft.containerregistry/registries',
        'microsoft.keyvault/vaults',
        'microsoft.managedidentity/userassignedidentities',
      ]),
    );
  });

  it('finds resources by their ids', async () => {
    const [first, second] = idsOf(await query(`${REGISTRIES} | project id`));
    const found = await query(
      `resources | where id in~ ('${first.toUpperCase()}', '${second}', '/nowhere') | project id`,
    );
    expect(idsOf(found).sort()).toEqual([first, second].sort());
  });

  it('shows rows that the caller can read, and no others', async () => {
    const assignments = `${ARM}${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments`;
    const { principals } = azure.emulator.ready;
    const reader = azure.emulator.state.principalId('acr-cmk-reader');
    expect(principals.reader.clientId).toBeDefined();
    const listed = await call(
      'admin',
      'GET',
      `${assignments}?$filter=principalId eq '${reader}'`,
    );
    const own = (
      listed.json.value as unknown as {
        id: string;
        properties: { scope: string };
      }[]
    ).find(({ properties }) => properties.scope === SUBSCRIPTION)!;
    await call('admin', 'DELETE', `${ARM}${own.id}`);
    // The first thousand registries are in this subscription, the others in one that stays readable.
    const left = await query(`${REGISTRIES} | ${COUNT}`);
    expect(left.data).toEqual([{ n: FLEET - 1000 }]);
    // A role at one registry shows that registry.
    const admin = await call('admin', 'POST', GRAPH, {
      query: `${REGISTRIES} | where subscriptionId == '${azure.emulator.ready.subscriptionId}' | project id`,
    });
    const [{ id }] = (admin.json as unknown as Page).data as unknown as {
      id: string;
    }[];
    await azure.assign(
      `${ARM}${id}`,
      'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      'acr-cmk-reader',
    );
    expect((await query(`${REGISTRIES} | ${COUNT}`)).data).toEqual([
      { n: FLEET - 1000 + 1 },
    ]);
    expect(
      idsOf(await query(`resources | where id =~ '${id}' | project id`)),
    ).toEqual([id]);
  });

  // resource-graph/overview.md, "Permissions in Azure Resource Graph": "Without at least read permissions to the
  // Azure object or object group, results won't be returned."
  it('shows subscriptions, groups, assignments and definitions to those who may read them', async () => {
    const typesOf = async (table: string) =>
      (await query(`${table} | summarize count() by type`)).data.map(
        ({ type }) => type,
      );
    expect(await typesOf('resourcecontainers')).toEqual([
      'microsoft.resources/subscriptions',
      'microsoft.resources/subscriptions/resourcegroups',
    ]);
    await giveReader(['Microsoft.Resources/subscriptions/resourceGroups/read']);
    expect(await typesOf('resourcecontainers')).toEqual([
      'microsoft.resources/subscriptions/resourcegroups',
    ]);
    expect(await typesOf('resources')).toEqual([]);
    expect(await typesOf('authorizationresources')).toEqual([]);
    await giveReader(['Microsoft.Authorization/roleDefinitions/read']);
    expect(await typesOf('resourcecontainers')).toEqual([]);
    expect(await typesOf('authorizationresources')).toEqual([
      'microsoft.authorization/roledefinitions',
    ]);
  });

  it('role assignments and role definitions are in one table', async () => {
    const kinds = await query(
      'authorizationresources | summarize count() by type',
    );
    expect(kinds.data.map(({ type }) => type)).toEqual([
      'microsoft.authorization/roleassignments',
      'microsoft.authorization/roledefinitions',
    ]);
    const owner = await query(
      "authorizationresources | where type =~ 'microsoft.authorization/roledefinitions' | where properties.roleName == 'Owner' | project name, id",
    );
    expect(owner.data).toEqual([
      {
        name: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
        id: '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      },
    ]);
    const halves = await Promise.all(
      [0, 1].map(index =>
        query(
          `authorizationresources | where hash(tolower(id)) % 2 == ${index} | ${COUNT}`,
        ),
      ),
    );
    const total = await query(`authorizationresources | ${COUNT}`);
    expect(halves.reduce((sum, { data }) => sum + Number(data[0].n), 0)).toBe(
      Number(total.data[0].n),
    );
  });

  it('cannot page rows of objects only, and says so', async () => {
    const onlyObjects = await query(`${REGISTRIES} | project properties, tags`);
    expect(onlyObjects).toMatchObject({
      totalRecords: FLEET,
      count: 1000,
      resultTruncated: 'true',
    });
    expect(onlyObjects.$skipToken).toBeUndefined();
  });

  describe('pages', () => {
    const page = async (
      kind: Assumptions['resourceGraphPaging'],
      options: object = {},
    ) => {
      azure.emulator.assumptions.change({ resourceGraphPaging: kind });
      const pages = await allPages(options);
      const ids = pages.flatMap(idsOf);
      return {
        pages: pages.length,
        rows: ids.length,
        distinct: new Set(ids).size,
      };
    };

    it.each([
      ['exact', { pages: 2, rows: FLEET, distinct: FLEET }],
      ['losing', { pages: 2, rows: FLEET - 1, distinct: FLEET - 1 }],
      ['doubling', { pages: 2, rows: FLEET + 1, distinct: FLEET }],
      ['shrinking', { pages: 3, rows: FLEET, distinct: FLEET }],
    ] as const)('%s', async (kind, expected) => {
      expect(await page(kind)).toEqual(expected);
    });

    it('looping: the second page is its own next page', async () => {
      expect(await page('looping', { $top: 500 })).toEqual({
        pages: 10,
        rows: 5000,
        distinct: 1000,
      });
    });
  });

  const refusalOf = async (body: object) => {
    const { status, json } = await call('reader', 'POST', GRAPH, body);
    const error = json.error as unknown as {
      code: string;
      message: string;
      details: { code: string; message: string }[];
    };
    return { status, ...error };
  };

  // Azure/azqr issue 847, the answer of 2026-05-13.
  it('says in the details alone why it refuses a table', async () => {
    expect(
      await refusalOf({ query: `appserviceresources | ${COUNT}` }),
    ).toMatchObject({
      status: 400,
      code: 'BadRequest',
      message: expect.stringMatching(
        /^Please provide below info when asking for support: timestamp = \S+Z, correlationId = \S+\.$/,
      ),
      details: [
        {
          code: 'DisallowedLogicalTableName',
          message:
            'Table appserviceresources is invalid, unsupported or disallowed.',
        },
      ],
    });
  });

  // Kusto resolves names before it looks at rows: an empty table hides no mistake.
  it.each([
    ['project', 'resources | project name, nosuchcolumn'],
    ['where', "resources | where nosuchcolumn =~ 'a'"],
    ['summarize', 'resources | summarize count() by nosuchcolumn'],
    ['project', 'authorizationresources | project nosuchcolumn.of.it'],
  ])('refuses a column that is not there, in %s', async (operator, text) => {
    const { details } = await refusalOf({ query: text });
    expect(details.map(({ code }) => code)).toEqual([
      'InvalidQuery',
      'SemanticError',
    ]);
    expect(details[1].message).toBe(
      `'${operator}' operator: Failed to resolve column or scalar expression named 'nosuchcolumn'`,
    );
  });

  it('takes names inside of a dynamic column as they come', async () => {
    const { data } = await query(
      'resources | project p = properties.nosuchname, name',
    );
    expect(data[0]).toEqual({ p: null, name: expect.any(String) });
  });

  // governance/resource-graph/concepts/query-language.md: they "can't be used at the same time".
  it('refuses subscriptions together with management groups', async () => {
    const { details } = await refusalOf({
      query: 'resources',
      subscriptions: [SUBSCRIPTION.split('/')[2]],
      managementGroups: ['contoso'],
    });
    expect(details).toHaveLength(1);
  });

  it.each([
    [{ authorizationScopeFilter: 'AtScopeExact' }, '400 BadRequest'],
    [{ resultFormat: 'table' }, '501 NotSupportedByEmulator'],
    [{ $skip: 1 }, '501 NotSupportedByEmulator'],
  ])('refuses the option %j', async (options, refusal) => {
    const { status, code } = await refusalOf({
      query: 'authorizationresources',
      options,
    });
    expect(`${status} ${code}`).toBe(refusal);
  });
});
