import { mockCredentials } from '@backstage/backend-test-utils';
import {
  InventoryClient,
  type InventoryRegistries,
  type InventoryRegistry,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import {
  fillFleet,
  type FleetWorld,
  registryNumber,
  subscriptionNumber,
} from '../__testUtils__/fleetWorld';
import { startPortal, type TestPortal } from '../__testUtils__/portal';
import { InventoryRows } from './rows';

const WORLD: FleetWorld = {
  registries: 60,
  now: Date.parse('2026-11-25T12:00:00Z'),
};
const NUMBERS = Array.from({ length: WORLD.registries }, (_, n) => n);
const [FIRST, SECOND] = [subscriptionNumber(0), subscriptionNumber(1)];
const LISTED = { items: 30, readAt: WORLD.now, azureAt: WORLD.now };

const vault = (name: string, tags: Record<string, string>) => ({
  id: `/subscriptions/${FIRST}/resourceGroups/RG-Keys/providers/Microsoft.KeyVault/vaults/${name}`,
  name,
  tenantId: FIRST,
  sku: 'premium',
  permissionModel: 'rbac' as const,
  purgeProtection: true,
  softDeleteRetentionDays: 90,
  publicNetworkAccess: true,
  defaultAction: 'allow' as const,
  trustedServicesBypass: true,
  accessPolicies: [],
  tags,
});

describe('what identifies the registries, for the catalog', () => {
  let portal: TestPortal;
  let db: Knex;
  let rows: InventoryRows;

  const headerOf = (subject: string) =>
    mockCredentials.service.header({
      onBehalfOf: mockCredentials.service(subject),
      targetPluginId: 'acr-cmk',
    });

  const as = (authorization: string) =>
    new InventoryClient({
      baseUrl: `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk`,
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init?.headers, Authorization: authorization },
        }),
    });
  const catalog = () => as(headerOf('plugin:catalog'));

  async function start(config: Record<string, unknown>) {
    db = await openSqlite();
    portal = await startPortal({ db, config });
    await portal.deleteFacts();
    await fillFleet(db, WORLD);
    rows = new InventoryRows(db, { now: async () => WORLD.now });
  }
  beforeEach(async () => {
    await start({
      scopes: [
        `/subscriptions/${FIRST}`,
        `/subscriptions/${SECOND}/resourceGroups/rg-1`,
      ],
    });
    for (const subscription of [FIRST, SECOND]) {
      await rows.listings.keep('registries', subscription, LISTED);
    }
  });
  afterEach(() => portal.stop());

  async function all(tags: string[] = [], limit = 7) {
    const pages: InventoryRegistries[] = [];
    let cursor: string | undefined;
    do {
      pages.push(await catalog().registries({ tags, cursor, limit }));
      cursor = pages[pages.length - 1].nextCursor;
    } while (cursor);
    return pages;
  }
  const itemsOf = (pages: InventoryRegistries[]): InventoryRegistry[] =>
    pages.flatMap(({ items }) => items);
  const itemOf = (n: number, items: InventoryRegistry[]) =>
    items.find(({ registryId }) => registryId.endsWith(`/registry${n}`));

  it('shows every registry in scope once, with its key and the vault of that, page by page', async () => {
    const inScope = NUMBERS.filter(n => n % 2 === 0 || n % 5 === 1);
    const items = itemsOf(await all());
    expect(items.map(({ registryId }) => registryId)).toEqual(
      inScope.map(n => registryNumber(n, WORLD).id.toLowerCase()).sort(),
    );
    expect(itemOf(8, items)).toEqual({
      registryId: registryNumber(8, WORLD).id.toLowerCase(),
      tags: {},
      entityRefs: [],
      key: {
        keyName: 'key-4',
        entityRefs: [],
        vault: {
          name: 'kv-4-fleet',
          host: 'kv-4-fleet.vault.azure.net',
          tags: {},
          entityRefs: [],
        },
      },
    });
    expect(itemOf(10, items)).not.toHaveProperty('key');
  });

  it('is the same to the byte whatever happens to versions, states and dates', async () => {
    const before = JSON.stringify(await all());
    const later = WORLD.now + 60_000;
    const rotated = NUMBERS.map(n => registryNumber(n, WORLD)).map(
      ({ encryption, ...facts }) => ({
        ...facts,
        // Azure spells ids as it likes.
        id: facts.id.replace('resourceGroups', 'RESOURCEGROUPS'),
        provisioningState: 'Updating',
        encryption: {
          ...encryption,
          ...(encryption.versionedKeyIdentifier && {
            versionedKeyIdentifier: encryption.versionedKeyIdentifier.replace(
              /.{32}$/,
              'f'.repeat(32),
            ),
            lastKeyRotation: new Date(later).toISOString(),
          }),
        },
      }),
    );
    const changed = await rows.registries.keep(rotated, {
      readAt: later,
      azureAt: later,
    });
    expect(changed).toHaveLength(NUMBERS.length);
    await db('registries').update({ state: 'behind', severity: 3 });
    await db('keys').update({ newest_version: 'f'.repeat(32) });
    expect(JSON.stringify(await all())).toBe(before);
  });

  it('answers with those tags alone that are asked for, by names without regard to case', async () => {
    const facts = registryNumber(8, WORLD);
    const reading = { readAt: WORLD.now + 1, azureAt: WORLD.now };
    await rows.registries.keep(
      [{ ...facts, tags: { Owner: 'team-shop', costs: '4711' } }],
      reading,
    );
    await rows.vaults.keep(
      [vault('kv-4-fleet', { OWNER: 'team-keys', costs: '1' })],
      reading,
    );
    const item = itemOf(8, itemsOf(await all(['owner'])));
    expect(item).toMatchObject({
      tags: { owner: 'team-shop' },
      key: {
        vault: {
          id: `/subscriptions/${FIRST}/resourcegroups/rg-keys/providers/microsoft.keyvault/vaults/kv-4-fleet`,
          tags: { owner: 'team-keys' },
        },
      },
    });
    expect(JSON.stringify(item)).not.toMatch(/4711|costs/);
  });

  it('says whom the tags of registry, key and vault name, and the configuration, whatever tags are asked for', async () => {
    await portal.stop();
    const facts = registryNumber(8, WORLD);
    const keyUri = 'https://kv-4-fleet.vault.azure.net/keys/key-4';
    await start({
      scopes: [`/subscriptions/${FIRST}`],
      bindings: [
        { registryId: facts.id, entityRef: 'resource:azure/bound' },
        { registryId: facts.id, entityRef: 'resource:default/both' },
      ],
      keys: [
        { keyIdentifier: keyUri, entityRefs: ['resource:default/key-user'] },
        { vault: 'kv-4-fleet', entityRefs: ['group:default/vault-team'] },
      ],
    });
    const reading = { readAt: WORLD.now + 1, azureAt: WORLD.now };
    const tag = (value: string) => ({ 'Backstage-Entity-Ref': value });
    await rows.registries.keep(
      [
        {
          ...facts,
          tags: tag('Resource:Azure/Tagged, no ref, resource:both'),
        },
      ],
      reading,
    );
    const key = await rows.keys.get({
      vaultName: 'kv-4-fleet',
      keyName: 'key-4',
    });
    await rows.keys.keep(
      [{ ...key!.value!, tags: tag('resource:azure/key-4') }],
      reading,
    );
    await rows.vaults.keep(
      [vault('kv-4-fleet', tag('resource:azure/vault-4'))],
      reading,
    );
    expect(itemOf(8, itemsOf(await all()))).toMatchObject({
      tags: {},
      entityRefs: [
        'resource:azure/bound',
        'resource:azure/tagged',
        'resource:default/both',
      ],
      key: {
        entityRefs: ['resource:azure/key-4', 'resource:default/key-user'],
        vault: {
          tags: {},
          entityRefs: ['group:default/vault-team', 'resource:azure/vault-4'],
        },
      },
    });
  });

  it.each<[string, () => Promise<unknown>, boolean]>([
    ['was listed', async () => {}, true],
    [
      'was never listed',
      () => db('facts').where({ subject: SECOND }).delete(),
      false,
    ],
    [
      'could not be read the last time',
      () =>
        rows.listings.keepProblem('registries', SECOND, {
          problem: {
            kind: 'denied',
            code: 'AuthorizationFailed',
            message: 'No',
          },
          at: WORLD.now + 1,
        }),
      false,
    ],
  ])(
    'says of a subscription that %s whether all is seen',
    async (_, happen, whole) => {
      await happen();
      for (const { subscriptions } of await all()) {
        expect(subscriptions).toEqual([
          { subscriptionId: FIRST, whole: true },
          { subscriptionId: SECOND, whole },
        ]);
      }
    },
  );

  it.each<[string, () => string]>([
    ['a person', () => mockCredentials.user.header('user:default/priya')],
    ['a program from outside', () => headerOf('external:ci')],
    ['another plugin', () => headerOf('plugin:search')],
  ])('is refused to %s, who may do everything else', async (_, header) => {
    await expect(as(header()).registries({})).rejects.toMatchObject({
      statusCode: 403,
      body: { error: { code: 'CALLER_NOT_PLUGIN', pluginId: 'catalog' } },
    });
  });

  it.each([
    ['names every subscription', [], true],
    [
      'has a management group, below which there may be others',
      ['/providers/Microsoft.Management/managementGroups/contoso'],
      false,
    ],
  ])(
    'says whether others are out of scope when the configuration %s',
    async (_, groups, othersOutOfScope) => {
      await portal.stop();
      await start({ scopes: [`/subscriptions/${FIRST}`, ...groups] });
      expect(await catalog().registries({})).toMatchObject({
        othersOutOfScope,
      });
    },
  );

  it('says that no first reading goes on where the sync is off, so that the catalog does not wait for it', async () => {
    expect(await catalog().registries({})).toMatchObject({
      firstReading: false,
    });
  });

  it('refuses a cursor that it has not given', async () => {
    await expect(
      catalog().registries({ cursor: 'WyJuYW1lIl0x' }),
    ).rejects.toMatchObject({
      body: { error: { code: 'INVALID_INPUT', field: 'cursor' } },
    });
  });
});
