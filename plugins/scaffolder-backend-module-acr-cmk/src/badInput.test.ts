import {
  registryId,
  RESOURCE_GROUP,
  startPortal,
  SUBSCRIPTION,
  type TestPortal,
} from './__testUtils__/portal';
import { TestTask } from './__testUtils__/TestTask';

// A whole backend and Azure start; on a busy machine that takes seconds.
jest.setTimeout(60_000);

const RIGHT: Record<string, Record<string, unknown>> = {
  'acr-cmk:state:get': { entityRef: 'resource:default/shop-images' },
  'acr-cmk:key:rotate': {
    entityRef: 'resource:default/shop-images',
    reason: 'Quarterly rotation',
  },
  'acr-cmk:key:automatic-rotation': {
    entityRef: 'resource:default/shop-images',
    rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
    reason: 'Keys rotate every quarter',
  },
  'acr-cmk:key:revoke': {
    entityRef: 'resource:default/shop-images',
    reason: 'Credentials were stolen',
  },
  'acr-cmk:key:restore': {
    entityRef: 'resource:default/shop-images',
    reason: 'The incident is over',
  },
  'acr-cmk:registry:create': {
    entityRef: 'resource:default/invoice-images',
    resourceGroupId: RESOURCE_GROUP,
    name: 'invoiceimages',
    location: 'westeurope',
    identity: { name: 'id-invoiceimages', create: true },
    key: {
      kind: 'new-key',
      vaultName: 'kv-contoso-rbac',
      keyName: 'invoiceimages',
    },
    reason: 'A new registry',
  },
};

const TOO_LONG = 'a'.repeat(5_000);
const BIDI = 'Rotate \u202Eegami';

/** Samples that each kind of field must refuse. */
const ENTITY_REFS = ['', 'a:b:c/d', '../shop-images', BIDI, TOO_LONG, 5, null];
const REGISTRY_IDS = [
  'shopimages',
  'https://shopimages.azurecr.io',
  `${registryId('shopimages')}/replications/a`,
  `${registryId('shopimages')}?api-version=1`,
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/../x/providers/Microsoft.ContainerRegistry/registries/shopimages`,
  registryId('shop%2Fimages'),
  registryId('shоpimages'),
  registryId('shopimages').replace('ContainerRegistry', 'KeyVault'),
  TOO_LONG,
  {},
];
const REASONS = ['', 'x', '=HYPERLINK("a")', BIDI, 'a\nb', TOO_LONG, 7];
const KEY_URIS = [
  '',
  'http://kv-contoso-rbac.vault.azure.net/keys/shopimages',
  'https://kv-contoso-rbac.vault.azure.net.evil.test/keys/shopimages',
  'https://user@kv-contoso-rbac.vault.azure.net/keys/shopimages',
  'https://kv-contoso-rbac.vault.azure.net:8443/keys/shopimages',
  'https://127.0.0.1/keys/shopimages',
  'https://kv-contoso-rbac.vault.azure.net/secrets/shopimages',
  'https://kv-contoso-rbac.vault.azure.net/keys/shopimages/short',
  TOO_LONG,
].map(keyIdentifier => ({ kind: 'existing', keyIdentifier }));
const NEW_KEYS = [
  { kind: 'new-key', vaultName: '../x', keyName: 'a' },
  { kind: 'new-key', vaultName: 'kv-contoso-rbac', keyName: 'a b' },
  { kind: 'new-key', vaultName: 'kv-contoso-rbac', keyName: 'a', size: 1024 },
  { kind: 'purge' },
];

const TABLE: [action: string, field: string, values: unknown[]][] = [
  ...Object.keys(RIGHT).map((action): [string, string, unknown[]] => [
    action,
    'entityRef',
    ENTITY_REFS,
  ]),
  ...['state:get', 'key:rotate', 'key:revoke', 'key:restore'].map(
    (action): [string, string, unknown[]] => [
      `acr-cmk:${action}`,
      'registryId',
      REGISTRY_IDS,
    ],
  ),
  ...['key:rotate', 'key:revoke', 'key:restore', 'registry:create'].map(
    (action): [string, string, unknown[]] => [
      `acr-cmk:${action}`,
      'reason',
      REASONS,
    ],
  ),
  ['acr-cmk:key:rotate', 'key', [...KEY_URIS, ...NEW_KEYS]],
  ['acr-cmk:key:rotate', 'key', [{ kind: 'new-version', force: true }]],
  [
    'acr-cmk:registry:create',
    'identity',
    [{ name: 'id-invoiceimages', create: true, scope: 'all' }],
  ],
  ['acr-cmk:key:rotate', 'follow', ['tomorrow', true]],
  ['acr-cmk:key:rotate', 'identity', ['', TOO_LONG, 1]],
  [
    'acr-cmk:key:automatic-rotation',
    'rotation',
    [
      {},
      'on',
      { kind: 'on' },
      { kind: 'on', policy: { timeAfterCreate: '90' } },
      { kind: 'on', policy: { timeAfterCreate: 'PT48H' } },
      { kind: 'on', policy: {} },
      { kind: 'on', policy: { timeBeforeExpiry: 'P30D' } },
      { kind: 'on', policy: { timeAfterCreate: 'P90D', expiryTime: 'P27D' } },
      { kind: 'as-before', operationId: 'latest' },
    ],
  ],
  ['acr-cmk:key:revoke', 'confirmation', ['shopimages']],
  ['acr-cmk:key:revoke', 'method', ['purge', '']],
  ['acr-cmk:key:revoke', 'restoreAfterMinutes', [4, 10_081, 7.5, '10', -1]],
  ['acr-cmk:key:restore', 'operationId', ['latest', '', 7]],
  ['acr-cmk:registry:create', 'key', [...KEY_URIS, ...NEW_KEYS]],
  [
    'acr-cmk:registry:create',
    'resourceGroupId',
    ['rg-shop', `${RESOURCE_GROUP}/../x`, registryId('a'), TOO_LONG],
  ],
  ['acr-cmk:registry:create', 'name', ['shop', 'shop-images', 'a/b', TOO_LONG]],
  ['acr-cmk:registry:create', 'location', ['West Europe', '../x', '']],
  ['acr-cmk:registry:create', 'identity', ['id-a', {}, { name: '' }]],
  ['acr-cmk:registry:create', 'rotateEveryDays', [1, 27, 4_000, '90']],
];

describe('every action refuses bad input with the name of the field, and asks Azure for no change', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal.stop());

  it.each(
    TABLE.flatMap(([action, field, values]) =>
      values.map((value): [string, string, string, unknown] => [
        action,
        field,
        JSON.stringify(value).slice(0, 60),
        value,
      ]),
    ),
  )('%s, %s: %s', async (action, field, _text, value) => {
    portal.azure.clearRequests();
    const task = new TestTask();
    const error: Error = await task
      .run(portal.action(action), { ...RIGHT[action], [field]: value } as any)
      .then(
        () => new Error('It was taken'),
        one => one,
      );
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(field);
    expect(portal.writes()).toEqual([]);
  });

  it.each(Object.keys(RIGHT))('%s: a field that there is not', async action => {
    await expect(
      new TestTask().run(portal.action(action), {
        ...RIGHT[action],
        force: true,
      } as any),
    ).rejects.toThrow(/additional property "force"/);
  });

  it.each(
    Object.entries(RIGHT).flatMap(([action, input]) =>
      Object.keys(input).map((field): [string, string] => [action, field]),
    ),
  )('%s: without %s', async (action, field) => {
    const { [field]: _left, ...rest } = RIGHT[action];
    await expect(
      new TestTask().run(portal.action(action), rest as any),
    ).rejects.toThrow(new RegExp(`requires property "${field}"`));
  });
});
