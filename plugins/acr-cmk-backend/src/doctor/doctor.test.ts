/**
 * Wrong set-ups and what the doctor says of each, with a whole backend, the emulated Azure and
 * Backstage's own permission backend.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { ConfigReader } from '@backstage/config';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import permissionBackend from '@backstage/plugin-permission-backend';
import {
  AuthorizeResult,
  isPermission,
} from '@backstage/plugin-permission-common';
import type { PermissionPolicy } from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import type { JsonObject } from '@backstage/types';
import {
  type Emulator,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import {
  type DoctorReport,
  type DoctorStatus,
  fleetReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import express from 'express';
import { openSqlite } from '../__testUtils__/databases';
import { registryId, resource, SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { fillQuotasAtOnce } from '../__testUtils__/fastQuotas';
import { acrCmkPlugin } from '../plugin';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from '../registries/fleet/rules';
import { runDoctorCli } from './cli';
import { portsOf } from './portsOf';
import { checks } from './checks';
import { exitCodeOf, runDoctor } from './runDoctor';
import { secretsIn } from './secretsIn';

// A whole backend starts for some of the tests; on a busy machine that takes seconds.
jest.setTimeout(60_000);

const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const NOON = Date.parse('2026-11-25T12:00:00Z');
const OTHER = '99999999-2222-4333-8444-555555555555';

let azure: Emulator;
let distrust: () => void;
beforeAll(async () => {
  fillQuotasAtOnce();
  azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  distrust = trustInThisProcess(azure);
});
afterEach(() => azure.reset());
afterAll(async () => {
  distrust();
  await azure.close();
});

/** A set-up with which nothing is wrong. */
function goodConfig(acrCmk: JsonObject = {}): JsonObject {
  const { principals, tenantId } = azure.ready;
  return {
    permission: { enabled: true },
    acrCmk: {
      scopes: [SHOP],
      azure: {
        credentials: {
          read: { tenantId, ...principals.reader },
          rotate: { tenantId, ...principals.rotator },
          revoke: { tenantId, ...principals.revoker },
          provision: { tenantId, ...principals.provisioner },
        },
      },
      ...acrCmk,
    },
  };
}

/** The doctor of the command line: no backend runs. */
async function fromConfig(
  data: JsonObject,
  now: () => number = Date.now,
): Promise<DoctorReport> {
  const config = new ConfigReader(data);
  return runDoctor(portsOf(config, { now }), {
    sleep: () => new Promise(() => undefined),
    secrets: secretsIn(config),
  });
}

/** A policy. */
const policyOf = (handle: PermissionPolicy['handle']) =>
  createBackendModule({
    pluginId: 'permission',
    moduleId: 'policy',
    register(env) {
      env.registerInit({
        deps: { policy: policyExtensionPoint },
        async init({ policy }) {
          policy.setPolicy({ handle });
        },
      });
    },
  });

/** A policy that allows everything to some. */
const policyFor = (isAllowed: (userEntityRef?: string) => boolean) =>
  policyOf(async (_query, user) => ({
    result: isAllowed(user?.info.userEntityRef)
      ? AuthorizeResult.ALLOW
      : AuthorizeResult.DENY,
  }));

const ALLOW_ALL = policyFor(() => true);
const ONLY_PRIYA = policyFor(ref => ref === 'user:default/priya');
const NOBODY = policyFor(() => false);

/** Signs everybody in as guest, as the guest provider of Backstage does. */
const GUEST_SIGN_IN = createBackendPlugin({
  pluginId: 'auth',
  register(env) {
    env.registerInit({
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        const router = express.Router();
        router.get('/guest/refresh', (_req, res) => {
          const token = mockCredentials.user.token('user:development/guest');
          res.json({ backstageIdentity: { token } });
        });
        http.use(router);
        http.addAuthPolicy({ path: '/guest', allow: 'unauthenticated' });
      },
    });
  },
});

/** With public keys and actors, as in a real backend: the mock fails when it is asked for keys, and loses the actor. */
const AUTH_WITH_KEYS = createServiceFactory({
  service: coreServices.auth,
  deps: { plugin: coreServices.pluginMetadata },
  factory: ({ plugin }) => {
    const auth = mockServices.auth({ pluginId: plugin.getId() });
    return Object.assign(Object.create(auth) as typeof auth, {
      listPublicServiceKeys: async () => ({ keys: [] }),
      getPluginRequestToken: async (
        request: Parameters<typeof auth.getPluginRequestToken>[0],
      ) => {
        const { onBehalfOf } = request;
        if (!auth.isPrincipal(onBehalfOf, 'user')) {
          return auth.getPluginRequestToken(request);
        }
        const actor = { subject: `plugin:${plugin.getId()}` };
        const { userEntityRef } = onBehalfOf.principal;
        return { token: mockCredentials.user.token(userEntityRef, { actor }) };
      },
    });
  },
});

type Features = Parameters<typeof startTestBackend>[0]['features'];

const PERMISSION_BACKEND = [permissionBackend, GUEST_SIGN_IN];

interface BackendOptions {
  data?: JsonObject;
  features?: Features;
  entities?: ReturnType<typeof resource>[];
}

/** Answer of a running backend, which stops afterwards. */
async function withBackend<T>(
  options: BackendOptions,
  ask: (address: string) => Promise<T>,
): Promise<T> {
  const db = await openSqlite();
  let backend: TestBackend | undefined;
  try {
    backend = await startTestBackend({
      features: [
        mockServices.database.mock({ getClient: async () => db }).factory,
        permissionsServiceFactory,
        AUTH_WITH_KEYS,
        acrCmkPlugin,
        catalogServiceMock.factory({
          entities: options.entities ?? [
            resource('shop-images', registryId('shopimages')),
          ],
        }),
        ...(options.features ?? [...PERMISSION_BACKEND, ONLY_PRIYA]),
        mockServices.rootConfig.factory({ data: options.data ?? goodConfig() }),
      ],
    });
    return await ask(`http://127.0.0.1:${backend.server.port()}`);
  } finally {
    await backend?.stop();
    await db.destroy();
  }
}

/** The doctor of a running backend, asked over HTTP as the platform engineer Priya. */
const fromBackend = (
  // Without a permission backend only a service gets to the doctor.
  { asService, ...options }: BackendOptions & { asService?: boolean },
): Promise<DoctorReport> =>
  withBackend(options, async address => {
    const answer = await fetch(`${address}/api/acr-cmk/v1/doctor`, {
      headers: {
        Authorization: asService
          ? mockCredentials.service.header()
          : mockCredentials.user.header('user:default/priya'),
      },
    });
    const body = await answer.json();
    if (answer.status !== 200) throw new Error(JSON.stringify(body));
    return body as DoctorReport;
  });

/** Lines that are not ok. */
const complaints = (report: DoctorReport, id?: string) =>
  report.checks
    .filter(check => id === undefined || check.id === id)
    .flatMap(({ lines }) => lines)
    .filter(({ status }) => status !== 'ok');

/** A wrong set-up, the check that finds it, and the very words. */
interface WrongSetUp {
  examine: () => Promise<DoctorReport>;
  check: string;
  status: DoctorStatus;
  says: string;
}

const credentialsOf = (data: JsonObject) =>
  (data.acrCmk as { azure: { credentials: Record<string, JsonObject> } }).azure
    .credentials;

/** @param atMost - of its role assignments; default: all */
async function removeAssignments(principal: string, atMost?: number) {
  const assignments = azure.state.assignments(
    azure.state.principalId(principal),
  );
  for (const { id } of assignments.slice(0, atMost)) {
    await azure.outOfBand(
      'DELETE',
      `https://management.azure.com${id}?api-version=2022-04-01`,
    );
  }
}

const WRONG: Record<string, WrongSetUp> = {
  'no scope': {
    examine: () => fromConfig(goodConfig({ scopes: [] })),
    check: 'configuration',
    status: 'failed',
    says: 'acrCmk.scopes is empty: no registry can be viewed or changed.',
  },
  'a secret that is not set': {
    async examine() {
      const data = goodConfig();
      // Backstage leaves out what comes from an environment variable that is not set.
      delete credentialsOf(data).rotate.clientSecret;
      return fromConfig(data);
    },
    check: 'configuration',
    status: 'failed',
    says: 'acrCmk.azure.credentials.rotate.clientSecret is missing, and nothing says what kind of credential this is. If it comes from an environment variable, that variable is not set. For a credential without a secret, write acrCmk.azure.credentials.rotate.kind: workload-identity, managed-identity or client-certificate',
  },
  'a role that is missing': {
    async examine() {
      await removeAssignments('acr-cmk-rotator', 1);
      return fromConfig(goodConfig());
    },
    check: 'rights',
    status: 'failed',
    says: 'rotate: lacks Microsoft.ContainerRegistry/registries/read, Microsoft.Authorization/permissions/read, Microsoft.Authorization/locks/read, Microsoft.ContainerRegistry/registries/write, Microsoft.ContainerRegistry/registries/operationStatuses/read at /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop.',
  },
  'a scope that is not there': {
    examine: () =>
      fromConfig(goodConfig({ scopes: [SHOP, `/subscriptions/${OTHER}`] })),
    check: 'scopes',
    status: 'failed',
    says: "Could not list the registries of a subscription: Azure has no resource /subscriptions/99999999-2222-4333-8444-555555555555; Azure says: The subscription '99999999-2222-4333-8444-555555555555' could not be found.",
  },
  'a scope that cannot be read': {
    async examine() {
      await removeAssignments('acr-cmk-reader');
      return fromConfig(goodConfig());
    },
    check: 'scopes',
    status: 'failed',
    says: 'Could not list the registries of a subscription: the read credential lacks Microsoft.ContainerRegistry/registries/read at /subscriptions/11111111-2222-4333-8444-555555555555/providers/Microsoft.ContainerRegistry/registries; the smallest built-in role that has it: Reader.',
  },
  'a vault that is closed': {
    examine: () => fromConfig(goodConfig({ vaults: ['kv-contoso-closed'] })),
    check: 'vault-network',
    status: 'failed',
    says: "Could not list keys at the vault kv-contoso-closed itself: the firewall of the vault does not let this backend's address in (https://kv-contoso-closed.vault.azure.net); no role helps, only a rule for the address or a private endpoint.",
  },
  'no permission backend': {
    examine: () => fromBackend({ features: [], asService: true }),
    check: 'policy',
    status: 'failed',
    says: 'permission.enabled is true, but no permission backend answers: every request of a user is refused.',
  },
  'a policy that allows everything': {
    examine: () =>
      fromBackend({ features: [...PERMISSION_BACKEND, ALLOW_ALL] }),
    check: 'policy',
    status: 'warning',
    says: 'Anyone can sign in as guest, and the permission policy allows a guest acr-cmk.key.rotate, acr-cmk.key.revoke, acr-cmk.key.restore, acr-cmk.key.grant, acr-cmk.unbound.change, acr-cmk.registry.create, acr-cmk.operation.approve, acr-cmk.campaign.create, acr-cmk.inventory.sync.',
  },
  'an annotation that is wrong': {
    examine: () =>
      fromBackend({
        entities: [resource('shop-images', 'shopimages.azurecr.io')],
      }),
    check: 'entities',
    status: 'warning',
    says: "resource:default/shop-images: azure.com/container-registry-id: 'shopimages.azurecr.io' is not the ARM id of a registry; an ARM id looks like /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>.",
  },
  'a tag that is missing': {
    examine: () =>
      fromBackend({
        entities: [resource('unbound-images', registryId('unboundimages'))],
      }),
    check: 'entities',
    status: 'warning',
    says: 'resource:default/unbound-images: unboundimages has no tag backstage-entity-ref, so it can be viewed but not changed.',
  },
  'a tag that is missing, where only linked registries are shown': {
    examine: () =>
      fromBackend({
        data: goodConfig({ readUnlinked: false }),
        entities: [resource('unbound-images', registryId('unboundimages'))],
      }),
    check: 'entities',
    status: 'warning',
    says: 'resource:default/unbound-images: unboundimages has no tag backstage-entity-ref, so nothing of it is shown (acrCmk.readUnlinked is false).',
  },
  'a clock that is off': {
    async examine() {
      azure.clock.freeze(NOON + 5 * 60_000);
      return fromConfig(goodConfig(), () => NOON);
    },
    check: 'clocks',
    status: 'warning',
    says: "This process and Azure's clock differ by 300 s: this process is behind.",
  },
};

it('finds nothing wrong with a right set-up', async () => {
  const report = await fromBackend({});
  expect(complaints(report)).toEqual([]);
  expect(report.status).toBe('ok');
  expect(report.checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
});

it.each(Object.entries(WRONG))(
  'says of %s what is wrong and what to do',
  async (_name, { examine, check, status, says }) => {
    const report = await examine();
    const found = complaints(report, check).filter(
      one => one.status === status,
    );
    expect(found[0]).toEqual({
      status,
      message: says,
      remedy: expect.stringMatching(/\.$/),
    });
    expect(exitCodeOf(report)).toBe(status === 'failed' ? 1 : 0);
  },
);

it('has no secret in a report, also when every secret is wrong', async () => {
  const data = goodConfig();
  for (const credential of Object.values(credentialsOf(data))) {
    credential.clientSecret = `wrong-${credential.clientSecret}`;
  }
  const text = JSON.stringify(await fromConfig(data));
  expect(text).toContain('AADSTS7000215');
  for (const { clientSecret } of Object.values(credentialsOf(data))) {
    expect(text).not.toContain(clientSecret);
  }
});

/** Requests that only the doctor makes: the inventory of a backend reads at its start, too, and its rights at subscriptions. */
const askedForRights = () =>
  azure
    .requests()
    .filter(
      ({ path, principal }) =>
        /Authorization\/permissions$/i.test(path) &&
        !(
          principal === 'reader' &&
          /^\/subscriptions\/[^/]+\/providers\//i.test(path)
        ),
    );

it('changes nothing at Azure', async () => {
  azure.clearRequests();
  await fromConfig(goodConfig());
  const asked = azure.requests().filter(({ path }) => !/\/token$/.test(path));
  expect(asked.length).toBeGreaterThan(10);
  expect(askedForRights().length).toBeGreaterThan(0);
  const notReads = asked
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(notReads)]).toEqual([
    'POST /providers/Microsoft.ResourceGraph/resources',
  ]);
});

it('is content with what deploy/ assigns to provision: its role at resource groups, the small one at the subscription', async () => {
  const arm = 'https://management.azure.com';
  const subscription = `/subscriptions/${SUBSCRIPTION}`;
  const provider = 'providers/Microsoft.Authorization';
  const version = 'api-version=2022-04-01';
  const principalId = azure.state.principalId('acr-cmk-provisioner');
  const [{ roleId }] = azure.state.assignments(principalId);
  const put = async (path: string, properties: object) => {
    const { status } = await azure.outOfBand(
      'PUT',
      `${arm}${path}?${version}`,
      { properties },
    );
    expect(status).toBe(201);
  };
  const assign = (scope: string, role: string, number: number) =>
    put(
      `${scope}/${provider}/roleAssignments/00000000-0000-4000-8000-00000000000${number}`,
      {
        principalId,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `${subscription}/${provider}/roleDefinitions/${role}`,
      },
    );
  await removeAssignments('acr-cmk-provisioner');
  await assign(SHOP, roleId, 1);
  await assign(`${subscription}/resourceGroups/rg-keys`, roleId, 3);
  const rightsOf = async () =>
    complaints(await fromConfig(goodConfig()), 'rights');
  expect(await rightsOf()).toEqual([
    expect.objectContaining({
      status: 'failed',
      message: `provision: lacks Microsoft.ContainerRegistry/checkNameAvailability/read, Microsoft.Resources/subscriptions/providers/read at ${subscription}.`,
    }),
  ]);

  const role = JSON.parse(
    readFileSync(
      resolve(__dirname, '../../../../docs/roles/registry-name-checker.json'),
      'utf8',
    ),
  );
  const nameChecker = '00000000-0000-4000-8000-000000000009';
  await put(`${subscription}/${provider}/roleDefinitions/${nameChecker}`, {
    roleName: role.Name,
    description: role.Description,
    type: 'CustomRole',
    assignableScopes: [subscription],
    permissions: [
      {
        actions: role.Actions,
        notActions: role.NotActions,
        dataActions: role.DataActions,
        notDataActions: role.NotDataActions,
      },
    ],
  });
  await assign(subscription, nameChecker, 2);
  expect(await rightsOf()).toEqual([]);
});

it('is refused without the permission acr-cmk.doctor.read', async () => {
  azure.clearRequests();
  await expect(
    fromBackend({
      features: [...PERMISSION_BACKEND, NOBODY],
    }),
  ).rejects.toThrow('acr-cmk.doctor.read');
  expect(askedForRights()).toEqual([]);
});

/** A policy in which Olivia may rotate, and see the registry of the catalog's entity `shop-images` in the fleet. */
const OLIVIA_ROTATES = policyOf(async ({ permission }, user) => {
  const isOlivia = user?.info.userEntityRef === 'user:default/olivia';
  if (isOlivia && isPermission(permission, fleetReadPermission)) {
    return createRegistryConditionalDecision(
      permission,
      registryConditions.isOfEntity({
        entityRefs: ['resource:default/shop-images'],
      }),
    );
  }
  return {
    result:
      isOlivia && permission.name === 'acr-cmk.key.rotate'
        ? AuthorizeResult.ALLOW
        : AuthorizeResult.DENY,
  };
});

it('has the portal decide what people may do, with the conditions of its policy', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'acr-cmk-doctor-'));
  const tokens = join(directory, 'tokens');
  const people = ['user:default/olivia', 'user:default/sam'];
  writeFileSync(
    tokens,
    people.map(ref => mockCredentials.user.token(ref)).join('\n'),
  );
  const ask = async (address: string, registry: string) => {
    const printed: string[] = [];
    const code = await runDoctorCli({
      args: [
        ...['--url', address, '--policy', tokens, '--json'],
        ...['--entity', 'resource:default/shop-images'],
        ...['--registry', registryId(registry)],
      ],
      env: {},
      out: text => printed.push(text),
      err: text => printed.push(text),
      fetch,
      now: Date.now,
    });
    return { code, report: JSON.parse(printed.join('')) };
  };
  try {
    const [linked, another] = await withBackend(
      { features: [...PERMISSION_BACKEND, OLIVIA_ROTATES] },
      async address => [
        await ask(address, 'shopimages'),
        await ask(address, 'ordersimages'),
      ],
    );
    expect(linked).toMatchObject({
      code: 0,
      report: {
        people: [
          { allowed: ['acr-cmk.key.rotate', 'acr-cmk.fleet.read'] },
          { allowed: [] },
        ],
        unanswered: [],
      },
    });
    expect(another.report.people[0].allowed).toEqual(['acr-cmk.key.rotate']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
