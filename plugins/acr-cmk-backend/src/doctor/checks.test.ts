/** Every check by a table, on ports that are made for it; the wire is in doctor.test.ts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { registryId, SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { AzureError } from '../azure/AzureError';
import { CONSUMER_READ_ACTIONS } from '../domain/consumers/readActions';
import type { DoctorPorts } from './check';
import { checks } from './checks';
import {
  NOW,
  SCOPE,
  VAULT_ID,
  refused,
  fails,
  portsWith,
  linesOf,
  verdictOf,
  without,
  policyVault,
  GROUP,
  entity,
  databaseWith,
  policyWith,
  UNREADABLE,
  type World,
  SHOP_REGISTRY,
} from './__testUtils__/doctorWorld';

/** A world, and the status of the check in it with a part of its message. */
type Row = [why: string, world: Partial<World>, verdict: string];

const CASES: Record<string, Row[]> = {
  configuration: [
    ['is right', {}, 'ok: 1 scope'],
    [
      'has no scope',
      { acrCmk: { scopes: [] } },
      'failed: acrCmk.scopes is empty',
    ],
    [
      'has management groups with nothing below',
      { acrCmk: { scopes: [GROUP] }, groupsNotKnown: [] },
      'failed: no subscription below the management groups',
    ],
    [
      'has a block in another place as well',
      {
        misplaced: [
          { place: 'backend.acrCmk', remedy: 'Move it. See docs/install.md' },
        ],
      },
      'warning: app-config has the block backend.acrCmk, which nothing reads',
    ],
    [
      'has a wrong setting of the catalog module',
      {
        catalogModule: { wrong: 'catalog.providers.acrCmk.x is not a setting' },
      },
      'failed: The catalog module is off: catalog.providers.acrCmk.x is not a setting',
    ],
    [
      'has settings of a catalog module that is not there',
      { catalogModule: {}, backend: { catalogModuleLoaded: false } },
      'warning: app-config has catalog.providers.acrCmk, and this backend has not loaded the catalog module',
    ],
    [
      'has settings of a catalog module, and nobody knows whether it is there',
      { catalogModule: {}, backend: undefined },
      'ok: 1 scope',
    ],
    [
      'differs from that of another backend of the database',
      {
        backend: {
          differences: async () => [
            'acrCmk.approvals.revoke is none (a) and required (b)',
          ],
        },
      },
      'failed: The backends of this database have different settings: acrCmk.approvals.revoke is none (a) and required (b)',
    ],
  ],
  credentials: [
    ['all get a token', {}, 'ok: read: Microsoft Entra gives a token'],
    [
      'one gets none',
      { token: fails(refused('AADSTS7000215')) },
      'failed: AADSTS7000215',
    ],
    [
      'are throttled',
      { token: fails(refused('Throttled', 'throttled')) },
      'unknown: Throttled',
    ],
    [
      'have none to read with',
      { acrCmk: { azure: { credentials: {} } } },
      'failed: acrCmk.azure.credentials.read is not configured',
    ],
  ],
  scopes: [
    ['are read', {}, 'ok: 1 registry in'],
    ['cannot be read', UNREADABLE, 'failed: AuthorizationFailed'],
    [
      'are throttled',
      { registries: fails(refused('Throttled', 'throttled')) },
      'unknown: Throttled',
    ],
    [
      'are empty',
      { registries: async () => [] },
      'warning: No registry is visible',
    ],
  ],
  providers: [
    ['are registered', {}, 'ok: Each subscription of the scopes'],
    [
      'are not registered',
      { registrationState: async () => 'NotRegistered' },
      `warning: The subscription ${SUBSCRIPTION} is not registered for Microsoft.ManagedIdentity (NotRegistered).`,
    ],
    [
      'may not be asked about',
      { registrationState: fails(refused('AuthorizationFailed')) },
      'unknown: Not checked whether',
    ],
    [
      'get no answer',
      { registrationState: fails(refused('ServerError', 'unavailable')) },
      'failed: Azure: ServerError.',
    ],
    [
      'are throttled',
      { registrationState: fails(refused('Throttled', 'throttled')) },
      'unknown: Throttled',
    ],
    [
      'are of a subscription that cannot be listed',
      {
        ...UNREADABLE,
        registrationState: fails(new Error('Nothing is to be asked')),
      },
      'unknown: Skipped for the subscription',
    ],
  ],
  rights: [
    ['are complete', {}, 'ok: read: every right at 3 places'],
    [
      'lack an action',
      {
        permissions: async () => [
          without('Microsoft.ContainerRegistry/registries/write'),
        ],
      },
      `failed: rotate: lacks Microsoft.ContainerRegistry/registries/write at ${SCOPE}`,
    ],
    [
      'lack an action at some places, in one line',
      {
        registries: async () => [
          {
            ...SHOP_REGISTRY,
            userAssignedIdentities: [
              { resourceId: `${SCOPE}/id-1` },
              { resourceId: `${SCOPE}/id-2` },
            ],
          },
        ],
        permissions: async () => [
          without(
            'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
          ),
        ],
      },
      `failed: rotate: lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action at ${SCOPE}/id-1, ${SCOPE}/id-2.`,
    ],
    [
      'lack a data action',
      {
        permissions: async () => [
          without('Microsoft.KeyVault/vaults/keys/rotate/action'),
        ],
      },
      `failed: lacks the data action Microsoft.KeyVault/vaults/keys/rotate/action at ${VAULT_ID}`,
    ],
    [
      'cannot be asked',
      { permissions: fails(refused('Throttled', 'throttled')) },
      'unknown: Throttled',
    ],
    [
      'come by an access policy',
      {
        vaults: policyVault([
          ...['Get', 'List', 'Create', 'Rotate'],
          ...['GetRotationPolicy', 'SetRotationPolicy'],
        ]),
      },
      'ok: every right',
    ],
    [
      'come by an access policy for all',
      { vaults: policyVault(['all']) },
      'ok: every right',
    ],
    [
      'may come by a group',
      { vaults: policyVault(['get']) },
      'unknown: list, create, rotate',
    ],
    [
      'of an unknown principal',
      { vaults: policyVault(['all']), objectId: undefined },
      'unknown: get, list, create, rotate',
    ],
  ],
  'vault-network': [
    ['leads to the vault', {}, 'ok: kv-shop answers'],
    [
      'leads there, and rights are missing',
      { reachVault: fails(refused('ForbiddenByRbac')) },
      'ok: kv-shop answers',
    ],
    [
      'ends at the firewall',
      { reachVault: fails(refused('ForbiddenByFirewall')) },
      'failed: ForbiddenByFirewall',
    ],
    [
      'ends at the name',
      { reachVault: fails(refused('ENOTFOUND', 'unavailable')) },
      'failed: ENOTFOUND',
    ],
    [
      'misses a vault',
      { acrCmk: { vaults: ['kv-shop', 'kv-typo'] } },
      'warning: does not see the vault kv-typo',
    ],
    [
      'does not know of registries that cannot be read',
      UNREADABLE,
      'unknown: not every registry and vault of acrCmk.scopes could be read',
    ],
    [
      'misses a vault, with a credential that only reads',
      {
        acrCmk: {
          vaults: ['kv-shop', 'kv-typo'],
          azure: { credentials: { read: { kind: 'default-chain' } } },
        },
      },
      'warning: does not see the vault kv-typo',
    ],
    [
      'is not needed',
      {
        acrCmk: { azure: { credentials: { read: { kind: 'default-chain' } } } },
      },
      'ok: Skipped, because no configured credential',
    ],
  ],
  'resource-graph': [
    ['answers', {}, 'ok: It shows 1 registry'],
    // resource-graph/overview.md: a row is shown to those who may read its resource, here the subscription.
    [
      'hides a subscription',
      { graph: async () => ({ subscriptions: [], registries: 1 }) },
      `warning: Resource Graph does not show the subscription ${SUBSCRIPTION}`,
    ],
    [
      'shows less than ARM',
      {
        graph: async () => ({ subscriptions: [SUBSCRIPTION], registries: 0 }),
      },
      `warning: Resource Graph shows 0 of the 1 registries that ARM lists in the subscription ${SUBSCRIPTION}`,
    ],
    ['has what ARM refuses', UNREADABLE, 'ok: It shows 1 registry'],
    [
      'refuses',
      { graph: fails(refused('AccessDenied')) },
      'warning: AccessDenied',
    ],
    [
      'is throttled',
      { graph: fails(refused('Throttled', 'throttled')) },
      'unknown: Throttled',
    ],
  ],
  'key-consumers': [
    [
      'are seen',
      {},
      `ok: read: sees resources of the ${CONSUMER_READ_ACTIONS.length} types that may use a key, in 1 subscription.`,
    ],
    [
      'are not seen',
      { permissions: async () => [] },
      'ok: read: does not see every other Azure service',
    ],
    [
      'are seen in part',
      { permissions: async () => [without('Microsoft.Sql/servers/read')] },
      `ok: at /subscriptions/${SUBSCRIPTION}. It lacks Microsoft.Sql/servers/read.`,
    ],
    [
      'may not be asked about',
      { permissions: fails(refused('AuthorizationFailed')) },
      'unknown: AuthorizationFailed',
    ],
    [
      'are not asked about without a token',
      { token: fails(refused('AADSTS7000215')) },
      'unknown: read: skipped',
    ],
  ],
  clocks: [
    ['agree', { azureTime: async () => NOW - 60_000 }, 'ok: agree within 60 s'],
    [
      'Azure is ahead',
      { azureTime: async () => NOW + 61_000 },
      "warning: Azure's clock differ by 61 s: this process is behind",
    ],
    [
      'Azure is behind',
      { azureTime: async () => NOW - 61_000 },
      'warning: this process is ahead',
    ],
    [
      'the database is behind',
      databaseWith({ now: async () => NOW - 61_000 }),
      "warning: the database's clock differ by 61 s",
    ],
    [
      'Azure does not answer',
      { azureTime: fails(refused('ETIMEDOUT', 'unavailable')) },
      'unknown: ETIMEDOUT',
    ],
    [
      'the answer has no date',
      { azureTime: async () => undefined },
      "unknown: did not include Azure's clock",
    ],
  ],
  sync: [
    ['has its turns', {}, 'ok: The last turn of the sync ended at'],
    [
      'is in its first turn',
      { backend: { lastTurn: async () => ({}) } },
      'ok: first turn',
    ],
    [
      'is late',
      {
        backend: {
          lastTurn: async () => ({ late: 'Its backend was killed.' }),
        },
      },
      'warning: Its backend was killed.',
    ],
  ],
  database: [
    ['is right', {}, 'ok: pg, 1 migration done'],
    [
      'misses a migration',
      databaseWith({
        migrations: async () => ({ done: [], pending: ['2.js'] }),
      }),
      'failed: 1 migration has not run: 2.js',
    ],
    [
      'takes no write',
      databaseWith({ tryWrite: fails(new Error('read-only')) }),
      'failed: read-only',
    ],
    [
      'needs a backend',
      { backend: undefined },
      'unknown: Only a running backend',
    ],
  ],
  policy: [
    ['keeps guests out', {}, 'ok: does not allow a guest to change keys'],
    [
      'is off',
      { permission: { enabled: false } },
      'warning: permission.enabled is not true',
    ],
    [
      'is neither on nor off',
      { permission: { wrong: "Unable to convert config value 'maybe'" } },
      "failed: Unable to convert config value 'maybe'.",
    ],
    [
      'is off, without a backend too',
      { permission: { enabled: false }, backend: undefined },
      'warning: permission.enabled is not true',
    ],
    [
      'needs a backend',
      { backend: undefined },
      'unknown: Only a running backend',
    ],
    [
      'has no permission backend',
      { backend: { hasPlugin: async () => ({ there: false }) } },
      'failed: no permission backend answers',
    ],
    [
      'is the module that allows everything',
      policyWith({ allowAllModuleLoaded: true }),
      'warning: allow-all-policy',
    ],
    [
      'is off where no credential writes',
      {
        acrCmk: { azure: { credentials: { read: { kind: 'default-chain' } } } },
        permission: { enabled: false },
      },
      'warning: sign in sees every registry. No configured credential can change a registry.',
    ],
    [
      'lets guests revoke where no credential writes',
      {
        acrCmk: { azure: { credentials: { read: { kind: 'default-chain' } } } },
        ...policyWith({
          asGuest: async () => ({
            asked: true,
            allowed: ['acr-cmk.key.revoke'],
          }),
        }),
      },
      'warning: allows a guest acr-cmk.key.revoke. No configured credential can change a registry.',
    ],
    [
      'lets guests revoke',
      policyWith({
        asGuest: async () => ({
          asked: true,
          allowed: ['acr-cmk.key.revoke'],
        }),
      }),
      'warning: allows a guest acr-cmk.key.revoke',
    ],
    [
      'cannot be asked',
      policyWith({
        asGuest: async () => ({
          asked: false,
          why: 'nobody can sign in as guest',
        }),
      }),
      'unknown: nobody can sign in as guest',
    ],
    [
      'has a permission backend that may be there',
      { backend: { hasPlugin: async () => ({ unknown: 'it sleeps' }) } },
      'unknown: Could not determine whether the permission backend is installed',
    ],
  ],
  entities: [
    ['are linked', {}, 'ok: 1 entity names'],
    [
      'are linked by configuration',
      {
        registries: async () => [{ ...SHOP_REGISTRY, tags: {} }],
        acrCmk: {
          bindings: [
            {
              registryId: registryId('shopimages'),
              entityRef: 'resource:default/shop-images',
            },
          ],
        },
      },
      'ok: 1 entity names',
    ],
    [
      'are none',
      { backend: { entities: async () => [] } },
      'warning: No entity of the catalog names a registry',
    ],
    [
      'have a wrong annotation',
      { backend: entity([{ text: 'x', problem: 'x is not the ARM id' }]) },
      'warning: resource:default/other: x is not the ARM id',
    ],
    [
      'are outside of the scopes',
      {
        backend: entity([
          { id: RegistryId.parse(registryId('shopimages', 'rg-other')) },
        ]),
      },
      'warning: not in acrCmk.scopes',
    ],
    [
      'name a registry that is not there',
      { backend: entity([{ id: RegistryId.parse(registryId('goneimages')) }]) },
      'warning: sees no registry goneimages',
    ],
    [
      'name one of an unreadable scope',
      UNREADABLE,
      'unknown: could not determine whether shopimages exists',
    ],
    [
      'have no tag',
      { registries: async () => [{ ...SHOP_REGISTRY, tags: {} }] },
      'warning: shopimages has no tag backstage-entity-ref',
    ],
    [
      'have the tag of another',
      { backend: entity([{ id: RegistryId.parse(registryId('shopimages')) }]) },
      "warning: names 'resource:default/shop-images'",
    ],
    [
      'need a backend',
      { backend: undefined },
      'unknown: Only a running backend',
    ],
  ],
  'optional-plugins': [
    ['are there', {}, 'ok: signals: installed'],
    [
      'are missing, for information',
      { backend: { hasPlugin: async () => ({ there: false }) } },
      'ok: signals: not installed; acr-cmk works without it',
    ],
    [
      'cannot be asked for',
      { backend: { hasPlugin: async () => ({ unknown: 'it sleeps' }) } },
      'unknown: Could not determine whether signals is installed: it sleeps.',
    ],
    [
      'cannot say which actions there are',
      {
        backend: {
          hasScaffolderAction: async () => ({ unknown: 'it sleeps' }),
        },
      },
      'unknown: Could not determine whether the action acr-cmk:key:rotate is installed: it sleeps.',
    ],
    [
      'need a backend',
      { backend: undefined },
      'unknown: Only a running backend',
    ],
  ],
};

it('each check has cases, and a row in docs/doctor.md', () => {
  const ids = checks.map(({ id }) => id);
  expect(Object.keys(CASES).sort()).toEqual([...ids].sort());
  const text = readFileSync(
    resolve(__dirname, '../../../../docs/doctor.md'),
    'utf8',
  );
  expect(ids.filter(id => !text.includes(`\n| \`${id}\` `))).toEqual([]);
});

it.each(
  Object.entries(CASES).flatMap(([id, rows]) =>
    rows.map((row): [string, ...Row] => [id, ...row]),
  ),
)('%s: %s', async (id, _why, world, verdict) => {
  const [status] = verdict.split(': ', 1);
  const line = await verdictOf(id, portsWith(world));
  expect(line).toMatchObject({
    status,
    message: expect.stringContaining(verdict.slice(status.length + 2)),
  });
  expect(status === 'ok' || line.remedy?.endsWith('.')).toBe(true);
  const needsPage = status === 'failed' || status === 'warning';
  expect(!needsPage || /(docs|plugins)\/[\w/-]+\.\w/.test(line.remedy!)).toBe(
    true,
  );
});

it.each(checks.map(({ id }) => id).filter(id => id !== 'policy'))(
  '%s is not fine while the configuration is not understood',
  async id => {
    const ports = {
      ...portsWith({}),
      config: { understood: false, message: 'acrCmk.scope is no setting' },
      azure: undefined,
      backend: undefined,
    } as DoctorPorts;
    const lines = await linesOf(id, ports);
    expect(lines.map(({ status }) => status)).toEqual([
      id === 'configuration' ? 'failed' : 'unknown',
    ]);
  },
);

it('has a remedy for every line that has failed or warns, and a title for every check', async () => {
  const broken = portsWith({
    permission: { enabled: false },
    registries: fails(refused('AuthorizationFailed')),
    permissions: async () => [],
    graph: fails(refused('AccessDenied')),
    azureTime: async () => NOW + 300_000,
    reachVault: fails(refused('ForbiddenByFirewall')),
    acrCmk: { vaults: ['kv-shop'] },
  });
  const lines = await Promise.all(
    checks.map(async ({ id, title, run }) =>
      (await run(broken)).map(one => ({ id, title, ...one })),
    ),
  );
  const complaints = lines
    .flat()
    .filter(({ status }) => status === 'failed' || status === 'warning');
  expect([...new Set(complaints.map(({ id }) => id))]).toEqual([
    'scopes',
    'rights',
    'vault-network',
    'resource-graph',
    'clocks',
    'policy',
  ]);
  expect(complaints.filter(({ remedy }) => !remedy?.endsWith('.'))).toEqual([]);
  expect(checks.filter(({ title }) => !/^[A-Z]/.test(title))).toEqual([]);
});

it.each([
  ['one with the next action', { remedied: true }, undefined],
  [
    'one without',
    {},
    expect.stringMatching(/^Check acrCmk\.azure\.credentials\./),
  ],
])(
  'after a message, of which this is %s, the general remedy stands only where the message names none',
  async (_which, options, remedy) => {
    const error = new AzureError(
      { kind: 'denied', code: 'AADSTS90002', message: 'Correct the tenant.' },
      options,
    );
    const line = await verdictOf(
      'credentials',
      portsWith({ token: fails(error) }),
    );
    expect([line.message, line.remedy]).toEqual([
      'Correct the tenant.',
      remedy,
    ]);
  },
);
