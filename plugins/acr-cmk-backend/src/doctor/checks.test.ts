/** Every check by a table, on ports that are made for it; the wire is in doctor.test.ts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { ConfigReader } from '@backstage/config';
import { registryId, SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { AzureError } from '../azure/AzureError';
import type { PermissionSet } from '../azure/ports';
import { readConfig } from '../platform/config';
import { AzureForDoctor } from './AzureForDoctor';
import type { DoctorPorts, RunningBackend } from './check';
import { checks } from './checks';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const SCOPE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const VAULT_ID = `${SCOPE}/providers/Microsoft.KeyVault/vaults/kv-shop`;

const refused = (
  code: string,
  kind: AzureError['kind'] = 'denied',
): AzureError => new AzureError({ kind, code, message: `Azure: ${code}.` });

const fails = (error: unknown) => async () => {
  throw error;
};

/** Answers of Azure; a test may replace each. */
interface World {
  acrCmk: Record<string, unknown>;
  permission: DoctorPorts['permission'];
  registries: () => Promise<any[]>;
  vaults: () => Promise<any[]>;
  permissions: (scope: string) => Promise<PermissionSet[]>;
  objectId: string | undefined;
  token: (job: string) => Promise<void>;
  azureTime: () => Promise<number | undefined>;
  /** Subscriptions and registries that Resource Graph shows. */
  graph: () => Promise<{ subscriptions: string[]; registries: number }>;
  reachVault: () => Promise<void>;
  backend: Partial<Record<keyof RunningBackend, unknown>> | undefined;
  misplaced?: DoctorPorts['misplaced'];
  catalogModule?: string;
  /** Default: every management group of the configuration. */
  groupsNotKnown?: string[];
  /** Default: none. */
  groupsInPart?: string[];
}

const ALL: PermissionSet = {
  actions: ['*'],
  notActions: [],
  dataActions: ['*'],
  notDataActions: [],
};

const SHOP_REGISTRY = {
  id: registryId('shopimages'),
  name: 'shopimages',
  tags: { 'backstage-entity-ref': 'resource:default/shop-images' },
  encryption: {
    status: 'enabled',
    keyIdentifier: 'https://kv-shop.vault.azure.net/keys/shop',
  },
  userAssignedIdentities: [],
};

const SHOP_VAULT = {
  id: VAULT_ID,
  name: 'kv-shop',
  permissionModel: 'rbac',
  accessPolicies: [],
};

const BACKEND: RunningBackend = {
  audit: { state: 'intact', breaks: [] },
  lastTurn: async () => ({ endedAt: NOW }),
  database: {
    client: 'pg',
    migrations: async () => ({ done: ['1.js'], pending: [] }),
    tryWrite: async () => undefined,
    now: async () => NOW,
  },
  entities: async () => [
    {
      entityRef: 'resource:default/shop-images',
      named: [{ id: RegistryId.parse(registryId('shopimages')) }],
    },
  ],
  hasPlugin: async () => ({ there: true }),
  hasScaffolderAction: async () => ({ there: true }),
  policy: {
    allowAllModuleLoaded: false,
    asGuest: async () => ({ asked: true, allowed: [] }),
  },
};

/** Ports of a set-up with which nothing is wrong, but for what is given. */
function portsWith(changes: Partial<World>): DoctorPorts {
  const world: World = {
    acrCmk: {},
    permission: { enabled: true },
    registries: async () => [SHOP_REGISTRY],
    vaults: async () => [SHOP_VAULT],
    permissions: async () => [ALL],
    objectId: 'me',
    token: async () => undefined,
    azureTime: async () => NOW,
    graph: async () => ({ subscriptions: [SUBSCRIPTION], registries: 1 }),
    reachVault: async () => undefined,
    backend: {},
    ...changes,
  };
  const credential = { kind: 'system-assigned-identity' };
  const config = readConfig(
    new ConfigReader({
      acrCmk: {
        scopes: [SCOPE],
        azure: { credentials: { read: credential, rotate: credential } },
        ...world.acrCmk,
      } as never,
    }),
  );
  const answer = async <T>(value: Promise<T>) => ({
    value: await value,
    azureAt: NOW,
  });
  return {
    config: {
      understood: true,
      value: config,
      groupsNotKnown: world.groupsNotKnown ?? config.managementGroups,
      groupsInPart: world.groupsInPart ?? [],
    },
    misplaced: world.misplaced ?? [],
    catalogModule: world.catalogModule,
    permission: world.permission,
    now: () => NOW,
    backend:
      world.backend && ({ ...BACKEND, ...world.backend } as RunningBackend),
    azure: new AzureForDoctor({
      config,
      ports: {
        registries: {
          listBySubscription: () => answer(world.registries()),
        },
        vaults: { listBySubscription: () => answer(world.vaults()) },
        resourceGraph: {
          readable: () =>
            answer(world.graph().then(({ subscriptions }) => subscriptions)),
          counts: () =>
            answer(
              world.graph().then(({ registries }) => [
                {
                  kind: 'registries' as const,
                  subscriptionId: SUBSCRIPTION,
                  count: registries,
                },
                {
                  kind: 'vaults' as const,
                  subscriptionId: SUBSCRIPTION,
                  count: 1,
                },
              ]),
            ),
        },
        access: {
          permissionsOfCaller: (scope: string) =>
            answer(world.permissions(scope)),
          objectIdOf: async () => world.objectId,
        } as never,
      },
      diagnosis: {
        token: world.token,
        azureTime: world.azureTime,
        reachVault: world.reachVault,
      },
    }),
  };
}

const linesOf = (id: string, ports: DoctorPorts) =>
  checks.find(check => check.id === id)!.run(ports);

/** The first line that is not ok, else the first. */
async function verdictOf(id: string, ports: DoctorPorts) {
  const lines = await linesOf(id, ports);
  return lines.find(({ status }) => status !== 'ok') ?? lines[0];
}

const without = (action: string): PermissionSet => ({
  ...ALL,
  notActions: [action],
  notDataActions: [action],
});

const policyVault = (keys: string[]) => async () => [
  {
    ...SHOP_VAULT,
    permissionModel: 'access-policy',
    accessPolicies: [{ objectId: 'ME', keys }],
  },
];

const GROUP = '/providers/Microsoft.Management/managementGroups/contoso';

const entity = (named: unknown) => ({
  entities: async () => [{ entityRef: 'resource:default/other', named }],
});

const databaseWith = (
  changes: Partial<RunningBackend['database']>,
): Partial<World> => ({
  backend: { database: { ...BACKEND.database, ...changes } },
});

const policyWith = (
  changes: Partial<RunningBackend['policy']>,
): Partial<World> => ({
  backend: { policy: { ...BACKEND.policy, ...changes } },
});

/** Azure refuses to list the registries. */
const UNREADABLE = { registries: fails(refused('AuthorizationFailed')) };

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
          { place: 'backend.acrCmk', remedy: 'Move it. See https://x.example' },
        ],
      },
      'warning: app-config has the block backend.acrCmk, which nothing reads',
    ],
    [
      'has a wrong setting of the catalog module',
      { catalogModule: 'catalog.providers.acrCmk.x is not a setting' },
      'failed: The catalog module is off: catalog.providers.acrCmk.x is not a setting',
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
  const needsAddress = status === 'failed' || status === 'warning';
  expect(!needsAddress || line.remedy?.includes('https://')).toBe(true);
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

/** The checks that look at what is in the scopes. */
const OF_SCOPES = [
  'configuration',
  'scopes',
  'rights',
  'vault-network',
  'resource-graph',
];

it.each(OF_SCOPES)(
  '%s says that nobody knows what is below management groups, alone and beside other scopes',
  async id => {
    const lines = await linesOf(id, portsWith({ acrCmk: { scopes: [GROUP] } }));
    expect(lines).toEqual([
      expect.objectContaining({
        status: 'unknown',
        message: expect.stringContaining('below the management groups'),
      }),
    ]);
    const beside = await linesOf(
      id,
      portsWith({ acrCmk: { scopes: [SCOPE, GROUP] } }),
    );
    expect(beside[0].status).toBe('ok');
    expect(beside.at(-1)).toEqual(lines[0]);
    const known = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, GROUP] },
        groupsNotKnown: [],
      }),
    );
    expect(known.every(({ status }) => status === 'ok')).toBe(true);
    const inPart = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, GROUP] },
        groupsNotKnown: [],
        groupsInPart: ['contoso'],
      }),
    );
    expect(inPart).toEqual([
      ...known,
      expect.objectContaining({
        status: 'unknown',
        message: expect.stringMatching(/Only readable subscriptions.*contoso/),
        remedy: expect.stringContaining("Azure's role Reader"),
      }),
    ]);
  },
);

it('does not say that an entity is out of scope while the subscriptions of a group are not known', async () => {
  const { status, message } = await verdictOf(
    'entities',
    portsWith({
      acrCmk: { scopes: [SCOPE, GROUP] },
      backend: entity([
        { id: RegistryId.parse(registryId('shopimages', 'rg-other')) },
      ]),
    }),
  );
  expect([status, message]).toEqual([
    'unknown',
    'resource:default/other: could not determine whether shopimages is in acrCmk.scopes.',
  ]);
});

it.each(OF_SCOPES)('%s is not fine without a scope', async id => {
  const { status } = await verdictOf(id, portsWith({ acrCmk: { scopes: [] } }));
  expect(status).toBe(id === 'configuration' ? 'failed' : 'unknown');
});

it('asks about the rights at every scope, and says how many identities and vaults it leaves out', async () => {
  const scopes = Array.from({ length: 25 }, (_, index) => `${SCOPE}-${index}`);
  const asked = new Set<string>();
  const lines = await linesOf(
    'rights',
    portsWith({
      acrCmk: { scopes, vaults: scopes.map((_, index) => `kv-${index}`) },
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          id: registryId('shopimages', 'rg-shop-0'),
          userAssignedIdentities: Array.from({ length: 21 }, (_, index) => ({
            resourceId: `/identity-${index}`,
          })),
        },
      ],
      vaults: async () =>
        scopes.map((_, index) => ({
          ...SHOP_VAULT,
          id: `/vault-${index}`,
          name: `kv-${index}`,
        })),
      permissions: async scope => {
        asked.add(scope);
        return [ALL];
      },
    }),
  );
  expect(scopes.filter(scope => !asked.has(scope))).toEqual([]);
  expect(lines.map(({ status, message }) => [status, message])).toEqual([
    ['ok', 'read: every right at 65 places.'],
    ['ok', 'rotate: every right at 65 places.'],
    ['unknown', '1 more identity was not checked.'],
    ['unknown', '5 more vaults were not checked.'],
  ]);
});

it.each(['scopes', 'rights', 'vault-network', 'resource-graph'])(
  '%s asks nothing of Azure without a token, and says so once for each job',
  async id => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return [];
    };
    const lines = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, `${SCOPE}-2`] },
        token: fails(refused('AADSTS7000215')),
        permissions: ask,
        reachVault: async () => {
          asked += 1;
        },
      }),
    );
    const jobs = lines.flatMap(({ message }) =>
      message.endsWith(
        ': skipped, because Microsoft Entra gives the credential no token.',
      )
        ? [message.split(':')[0]]
        : [],
    );
    expect(jobs).toEqual(
      {
        rights: ['read', 'rotate'],
        'vault-network': ['rotate'],
      }[id] ?? ['read'],
    );
    expect(lines.map(({ status }) => status)).toEqual(
      jobs.map(() => 'unknown'),
    );
    expect(asked).toBe(0);
  },
);

it('does not call a vault misspelt that may be where nobody has looked', async () => {
  for (const world of [
    { vaults: fails(refused('AuthorizationFailed')) },
    { acrCmk: { scopes: [SCOPE, GROUP], vaults: ['kv-elsewhere'] } },
  ]) {
    const lines = await linesOf('vault-network', portsWith(world));
    expect(lines.map(({ status }) => status)).not.toContain('warning');
    expect(lines.at(-1)!.status).toBe('unknown');
  }
});

it('tries the network with another credential when one gets no token', async () => {
  const credential = { kind: 'system-assigned-identity' };
  const { status } = await verdictOf(
    'vault-network',
    portsWith({
      acrCmk: {
        azure: {
          credentials: {
            read: credential,
            rotate: credential,
            revoke: credential,
          },
        },
      },
      token: async job => {
        if (job === 'rotate') throw refused('AADSTS7000215');
      },
    }),
  );
  expect(status).toBe('ok');
});

it.each<[AzureError['kind'], string]>([
  ['denied', 'docs/roles/'],
  ['not-found', 'Correct the scope in acrCmk.scopes.'],
  ['unavailable', 'Check that this machine reaches Azure'],
])('the remedy for %s of a scope is: %s', async (kind, remedy) => {
  const world = {
    registries: fails(refused('Code', kind)),
    permissions: fails(refused('Code', kind)),
    graph: fails(refused('Code', kind)),
  };
  for (const id of ['scopes', 'rights', 'resource-graph']) {
    const found = await verdictOf(id, portsWith(world));
    expect(found.remedy).toContain(remedy);
  }
});

it('does not call the rights complete while it does not know the vaults', async () => {
  const { status, message } = await verdictOf(
    'rights',
    portsWith({ vaults: fails(refused('AuthorizationFailed')) }),
  );
  expect([status, message]).toEqual([
    'unknown',
    expect.stringContaining('Could not determine which vaults are needed'),
  ]);
});

it('names the action that is missing at the subscription, where the role of the job gives too much', async () => {
  const credential = { kind: 'system-assigned-identity' };
  const { remedy } = await verdictOf(
    'rights',
    portsWith({
      acrCmk: {
        azure: { credentials: { read: credential, provision: credential } },
      },
      permissions: async scope =>
        scope === `/subscriptions/${SUBSCRIPTION}` ? [] : [ALL],
    }),
  );
  expect(remedy).toBe(
    'Give the provision credential Microsoft.ContainerRegistry/checkNameAvailability/read, Microsoft.Resources/subscriptions/providers/read there: the role of https://github.com/acr-cmk/acr-cmk/blob/v0.1.0/docs/roles/registry-name-checker.json has only that.',
  );
});

it('names the smallest role for an identity that the rotate credential may not assign', async () => {
  const { remedy } = await verdictOf(
    'rights',
    portsWith({
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          encryption: { ...SHOP_REGISTRY.encryption, identity: 'client' },
          userAssignedIdentities: [{ resourceId: '/id', clientId: 'client' }],
        },
      ],
      acrCmk: {
        azure: {
          credentials: {
            read: { kind: 'system-assigned-identity' },
            rotate: { kind: 'system-assigned-identity' },
          },
        },
      },
      permissions: async scope =>
        scope === '/id' ? [{ ...ALL, actions: ['*/read'] }] : [ALL],
    }),
  );
  expect(remedy).toContain(
    'userAssignedIdentities/assign/action is Managed Identity Operator',
  );
});

it('asks about the rights to identities at the identities that registries use', async () => {
  const asked: string[] = [];
  await linesOf(
    'rights',
    portsWith({
      registries: async () => [
        { ...SHOP_REGISTRY, userAssignedIdentities: [{ resourceId: '/id' }] },
      ],
      permissions: async scope => {
        asked.push(scope);
        return [ALL];
      },
    }),
  );
  expect(asked.sort()).toEqual(
    [SCOPE, SCOPE, '/id', '/id', VAULT_ID, VAULT_ID].sort(),
  );
});

it('says twenty lines about many entities, and how many more there are', async () => {
  const lines = await linesOf(
    'entities',
    portsWith({
      backend: entity(
        Array.from({ length: 25 }, () => ({ text: 'x', problem: 'wrong' })),
      ),
    }),
  );
  expect(lines).toHaveLength(21);
  expect(lines[20].message).toContain('5 more');
});

it('shows the vaults that do not answer before those that do, and calls the rest what it is', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `kv-${index}`);
  const world = {
    acrCmk: { vaults: names },
    registries: async () => [],
    vaults: async () =>
      names.map(name => ({ ...SHOP_VAULT, id: `/${name}`, name })),
  };
  const fine = await linesOf('vault-network', portsWith(world));
  expect(new Set(fine.map(({ status }) => status))).toEqual(new Set(['ok']));
  let asked = 0;
  const oneWrong = await linesOf(
    'vault-network',
    portsWith({
      ...world,
      reachVault: async () => {
        asked += 1;
        if (asked === 25) throw refused('ForbiddenByFirewall');
      },
    }),
  );
  expect(oneWrong.map(({ status }) => status)).toEqual([
    'failed',
    ...Array(20).fill('ok'),
  ]);
});

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

it('says which roles are missing where a Managed HSM lets nobody ask, which roles of ARM do not change', async () => {
  const { status, remedy } = await verdictOf(
    'rights',
    portsWith({
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          encryption: {
            status: 'enabled',
            keyIdentifier: 'https://hsm-shop.managedhsm.azure.net/keys/shop',
          },
        },
      ],
      vaults: async () => [
        {
          ...SHOP_VAULT,
          id: `${SCOPE}/providers/Microsoft.KeyVault/managedHSMs/hsm-shop`,
          name: 'hsm-shop.managedhsm',
        },
      ],
      permissions: async scope => {
        if (/managedHSMs/.test(scope)) throw refused('AccessDenied');
        return [ALL];
      },
    }),
  );
  expect(status).toBe('failed');
  expect(remedy).toContain('az keyvault role assignment create');
  expect(remedy).not.toContain('docs/roles');
});
