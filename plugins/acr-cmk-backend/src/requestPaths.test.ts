import { type Intent, isTerminal } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from './__testUtils__/databases';
import { Background } from './inventory/Background';
import { KeyUsersReader } from './inventory/read/KeyUsersReader';
import {
  acceptanceOf,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

/** Requests whose answer grows with the fleet. */
const LISTS = [
  /\/providers\/Microsoft\.ContainerRegistry\/registries$/i,
  /\/providers\/Microsoft\.KeyVault\/(vaults|managedHSMs)$/i,
  /\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+\/keys$/i,
  /\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities$/i,
  /\/providers\/Microsoft\.ResourceGraph\//i,
  /\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/resources$/i,
];
/** Query of what names the vault of one key: the only list that a plan asks for. */
const QUERY = 'POST /providers/Microsoft.ResourceGraph/resources';
/** Catalog methods whose answer grows with the fleet. */
const CATALOG_LISTS = ['getEntities', 'queryEntities', 'streamEntities'];

describe('what a request asks for', () => {
  let db: Knex;
  let portal: TestPortal;
  let catalogCalls: string[];
  let permissionCalls: number;
  let added: jest.SpyInstance;
  beforeEach(async () => {
    catalogCalls = [];
    added = jest.spyOn(Background.prototype, 'add');
    db = await openSqlite();
    portal = await startPortal({
      db,
      onCatalogCall: method => catalogCalls.push(method),
      onPermissionCall: () => {
        permissionCalls += 1;
      },
    });
  });
  afterEach(async () => {
    await portal.stop();
    added.mockRestore();
  });

  /** Resolves when nothing that was asked for in the background runs or waits. */
  const backgroundIdle = () =>
    Promise.all(
      added.mock.contexts.map(background => (background as Background).idle()),
    );

  function clear() {
    catalogCalls = [];
    portal.azure.clearRequests();
  }
  const lists = () => [
    ...portal.azure
      .requests()
      .filter(({ path }) => LISTS.some(list => list.test(path.split('?')[0])))
      .map(({ method, path }) => `${method} ${path}`),
    ...catalogCalls.filter(method => CATALOG_LISTS.includes(method)),
  ];

  it('the count sees the listings that are made in the background', () => {
    expect(lists()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Microsoft\.ResourceGraph\/resources/),
        expect.stringMatching(/Microsoft\.KeyVault\/vaults\/[^/]+\/keys/),
        'streamEntities',
      ]),
    );
  });

  it.each([
    ['for the first time', async () => undefined],
    ['with facts that are old', (it: TestPortal) => it.ageFacts(120_000)],
  ])('a tab lists nothing %s', async (_when, prepare) => {
    await prepare(portal);
    clear();
    for (const entity of ['shop-images', 'shared-base', 'plain-images']) {
      await portal.as().registriesOf(`resource:default/${entity}`);
    }
    expect(lists()).toEqual([]);
  });

  it('a tab lists nothing for a key in a vault that is in no subscription that was listed, however often it is looked at', async () => {
    const { subscriptionId } = portal.azure.ready;
    await portal.azure.outOfBand(
      'DELETE',
      `https://management.azure.com/subscriptions/${subscriptionId}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-rbac?api-version=2023-07-01`,
    );
    await db('vaults').where('host', 'like', 'kv-contoso-rbac.%').delete();
    clear();
    for (let view = 0; view < 2; view++) {
      await portal.ageFacts(120_000);
      await portal.as().registriesOf('resource:default/shop-images');
      await backgroundIdle();
    }
    expect(lists()).toEqual([]);
  });

  it.each([
    ['alone', 'shop-images'],
    ['that shares its key', 'shared-base'],
    ['named by two entities', 'catalog-images'],
  ])(
    'a tab of a registry %s asks the catalog once and the policy once',
    async (_which, entity) => {
      const view = () => portal.as().registriesOf(`resource:default/${entity}`);
      await view();
      clear();
      permissionCalls = 0;
      await view();
      expect({ catalogCalls, permissionCalls }).toEqual({
        catalogCalls: ['getEntitiesByRefs'],
        permissionCalls: 1,
      });
    },
  );

  it('Refresh lists nothing', async () => {
    await portal.as().registriesOf('resource:default/shop-images');
    await portal.ageFacts(120_000);
    clear();
    await portal
      .as()
      .registriesOf('resource:default/shop-images', { refresh: true });
    expect(portal.azure.requests().length).toBeGreaterThan(0);
    expect(lists()).toEqual([]);
  });

  it.each<[string, string, string, Intent]>([
    ['rotate', 'orders-images', 'ordersimages', { kind: 'rotate' }],
    ['revoke', 'shop-images', 'shopimages', { kind: 'revoke' }],
    [
      'revoke of a key that others use',
      'shared-base',
      'sharedbase',
      { kind: 'revoke', method: 'disable-version' },
    ],
  ])(
    'a plan, its acceptance and its operation list nothing but what names the vault: %s',
    async (_what, entity, registry, intent) => {
      clear();
      const group = registry.startsWith('shared') ? 'rg-platform' : 'rg-shop';
      const plan = await portal.plan(
        entity,
        registryId(registry, group),
        intent,
      );
      expect(lists()).toEqual([QUERY]);
      expect(plan.blocked).toBe(false);
      const accepted = await portal.as().accept(
        acceptanceOf(plan, {
          reason: 'Nothing lists the fleet for this',
          confirmation: plan.confirmation.typedName ?? undefined,
        }),
      );
      const ended = await portal.untilEnded(accepted.id);
      expect(isTerminal(ended.state)).toBe(true);
      expect(ended.state).toBe('succeeded');
      await portal.as().operation(accepted.id);
      await portal.as().operations({ entityRef: `resource:default/${entity}` });
      await portal.as().registriesOf(`resource:default/${entity}`);
      // Again at the acceptance and at the first write.
      expect(lists()).toEqual([QUERY, QUERY, QUERY]);
    },
  );

  it('a plan reads anew each registry that is known to use the key', async () => {
    await portal.ageFacts(120_000);
    clear();
    await portal.plan('shared-base', registryId('sharedbase', 'rg-platform'), {
      kind: 'rotate',
    });
    expect(
      portal.azure
        .requests()
        .map(({ path }) => /\/registries\/(\w+)$/.exec(path.split('?')[0])?.[1])
        .filter(Boolean)
        .sort(),
    ).toEqual(
      expect.arrayContaining(['sharedbase', 'shareddata', 'sharedtools']),
    );
  });
});

it('a tab of registries that share a key reads its users once', async () => {
  const ids = ['sharedbase', 'sharedtools'].map(name =>
    registryId(name, 'rg-platform'),
  );
  const portal = await startPortal({
    entities: [
      resource('shared-base', ids[0]),
      resource('shared-tools', ids[1]),
      resource('shared-both', ids.join()),
    ],
  });
  const known = jest.spyOn(KeyUsersReader.prototype, 'known');
  const view = async (entity: string) => {
    const { registries } = await portal
      .as()
      .registriesOf(`resource:default/${entity}`);
    return registries.map(one => one.kind === 'registry' && one.consumers);
  };
  const alone = [await view('shared-base'), await view('shared-tools')];
  known.mockClear();
  const [base, tools] = await view('shared-both');
  expect(known).toHaveBeenCalledTimes(1);
  known.mockRestore();
  expect([base, tools]).toEqual(alone.flat());
  expect(base).toMatchObject([
    { registryName: 'sharedbase', self: true },
    { registryName: 'shareddata', self: false },
    { registryName: 'sharedtools', self: false },
  ]);
  await portal.stop();
});
