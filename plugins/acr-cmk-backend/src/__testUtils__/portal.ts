/**
 * A backend with this plugin, a catalog of the demo's entities and the emulated Azure, for tests.
 * The SDK clients and the database are real.
 */
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import {
  AcrCmkClient,
  type Intent,
  isTerminal,
  type Operation,
  type OperationRequest,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { Limits } from '../platform/limits';
import { acrCmkPlugin } from '../plugin';
import { openSqlite } from './databases';
import {
  group,
  person,
  registryId,
  resource,
  SCOPES,
  SUBSCRIPTION,
} from './demoWorld';
import { credentialsOf } from './engine';
import { fillQuotasAtOnce } from './fastQuotas';
import { nameOf, portalCatalog } from './portalCatalog';
import { testLimits } from './testLimits';
import { until } from './until';

export { group, person, registryId, resource, SUBSCRIPTION };

// For every test file that imports this: a whole backend and Azure take seconds to start on a busy machine.
jest.setTimeout(120_000);

/** Everything that a test works with. */
export interface TestPortal {
  azure: Emulator;
  backend: TestBackend;
  /** The API as a person: `olivia` unless said otherwise. */
  as(user?: string): AcrCmkClient;
  /** Any request to the plugin, with its raw answer. */
  request(
    method: string,
    path: string,
    options?: {
      body?: unknown;
      user?: string;
      headers?: Record<string, string>;
    },
  ): Promise<{ status: number; body: any }>;
  /** Decides about permissions from now on; everything is allowed at the start. */
  decide(
    policy: (
      permission: string,
      resourceRef: string | undefined,
      user: string,
    ) => boolean,
  ): void;
  /** Allows everything but one permission from now on. */
  forbid(permission: string): void;
  /** Decides which registries of the fleet each person sees; all or none, by `decide`, at the start. */
  decideFleet(policy: (user: string) => PolicyDecision): void;
  plan(entity: string, registry: string, intent: Intent): Promise<Plan>;
  /** Accepts a plan and waits for the end. */
  carryOut(plan: Plan, options?: { confirmation?: string }): Promise<Operation>;
  untilEnded(operationId: string): Promise<Operation>;
  /** Brings the time that an operation waits for. */
  expireNow(operationId: string): Promise<void>;
  /** Makes everything that is known older. */
  ageFacts(ms: number): Promise<void>;
  /** Nothing is known, as when the plugin was just installed. */
  deleteFacts(): Promise<void>;
  /** Requests that changed something, as `METHOD path`, without polls and tokens. */
  writes(): string[];
  stop(): Promise<void>;
}

/** A sign-in, and queries that Azure takes as a POST. */
const NO_WRITE =
  /\/(token|oauth2\/exchange|checkNameAvailability|Microsoft\.ResourceGraph\/resources)$/i;

/** Tables of what was read from Azure. */
const READINGS = [
  'registries',
  'vaults',
  'keys',
  'access',
  'identities',
  'facts',
];

let keys = 0;
/** An idempotency key that no other call has. */
export const newKey = () => {
  keys += 1;
  return `test-request-${keys}`;
};

/** The message of a refusal. */
export const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (error: any) => String(error.body?.error?.message ?? error.message),
  );

/** A request that accepts a plan, with a key of its own. */
export const acceptanceOf = (
  { id, hash }: Pick<Plan, 'id' | 'hash'>,
  more: Partial<OperationRequest> & Pick<OperationRequest, 'reason'>,
): OperationRequest => ({
  planId: id,
  planHash: hash,
  idempotencyKey: newKey(),
  ...more,
});

/** Starts all of it. */
export async function startPortal(
  options: {
    config?: Record<string, unknown>;
    limits?: Partial<Limits>;
    /** Other blocks of app-config. */
    appConfig?: JsonObject;
    azure?: Emulator;
    /** Destroyed at the end. Default: a new one in memory. */
    db?: Knex;
    /** Instead of the database. */
    getClient?: () => Promise<Knex>;
    /** Called when this process trusts the emulated Azure, before the backend starts. */
    onTrusted?: () => void;
    /** Other services of the backend. */
    features?: Parameters<typeof startTestBackend>[0]['features'];
    /** Whether to wait until everything has been read once. Default: true. */
    waitsForSync?: boolean;
    /** Instead of those of the demo. */
    entities?: Entity[];
    /** Sees every call to the catalog, by the name of the method. */
    onCatalogCall?: (method: string) => void;
    /** Sees every call to the permission backend. */
    onPermissionCall?: () => void;
    /** Entities that the catalog hides, by person; from nobody at the start. */
    hides?: (entityRef: string, user: string) => boolean;
  } = {},
): Promise<TestPortal> {
  fillQuotasAtOnce();
  const azure =
    options.azure ??
    (await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    }));
  const disconnect = trustInThisProcess(azure);
  options.onTrusted?.();
  let policy: Parameters<TestPortal['decide']>[0] = () => true;
  const permissions = mockServices.permissions.mock();
  const answer = (granted: boolean): PolicyDecision => ({
    result: granted ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
  });
  permissions.authorize.mockImplementation(async (requests, asked) => {
    options.onPermissionCall?.();
    return requests.map(request => {
      const { name } = request.permission;
      const ref = 'resourceRef' in request ? String(request.resourceRef) : '';
      const granted =
        name === catalogEntityReadPermission.name
          ? !options.hides?.(ref, nameOf(asked))
          : policy(name, ref || undefined, nameOf(asked));
      return answer(granted) as {
        result: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
      };
    });
  });
  let fleetPolicy: Parameters<TestPortal['decideFleet']>[0] = user =>
    answer(policy('acr-cmk.fleet.read', undefined, user));
  permissions.authorizeConditional.mockImplementation(async (requests, asked) =>
    requests.map(() => fleetPolicy(nameOf(asked))),
  );
  const db = options.db ?? (await openSqlite());
  const backend = await startTestBackend({
    features: [
      mockServices.database.mock({
        getClient: options.getClient ?? (async () => db),
      }).factory,
      acrCmkPlugin,
      testLimits(options.limits),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => portalCatalog(options),
      }),
      permissions.factory,
      ...(options.features ?? []),
      mockServices.rootConfig.factory({
        data: {
          ...options.appConfig,
          acrCmk: {
            scopes: SCOPES,
            azure: { credentials: credentialsOf(azure) },
            ...options.config,
          },
        },
      }),
    ],
  });
  if (options.waitsForSync ?? true) {
    // A test counts the calls that it causes itself: the next turn is a minute later.
    await until(
      'the first turn of the sync has ended',
      () => db('sync_state').where({ name: 'turn' }).first('value'),
      row => row !== undefined && JSON.parse(row.value).endedAt !== undefined,
    );
  }
  const { port } = backend.server;
  const base = `http://127.0.0.1:${port()}/api/acr-cmk`;
  const authorization = (user: string) =>
    mockCredentials.user.header(`user:default/${user}`);

  const portal: TestPortal = {
    azure,
    backend,
    as: (user = 'olivia') =>
      new AcrCmkClient({
        baseUrl: base,
        fetch: (url, init) =>
          fetch(url, {
            ...init,
            headers: { ...init?.headers, Authorization: authorization(user) },
          }),
      }),
    async request(method, path, { body, user = 'olivia', headers } = {}) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          Authorization: authorization(user),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : {} };
    },
    decide(next) {
      policy = next;
    },
    forbid(permission) {
      policy = name => name !== permission;
    },
    decideFleet(next) {
      fleetPolicy = next;
    },
    plan: (entity, registry, intent) =>
      portal.as().plan({
        entityRef: `resource:default/${entity}`,
        registryId: registry,
        intent,
      }),
    async carryOut(plan, { confirmation } = {}) {
      const { id } = await portal.as().accept(
        acceptanceOf(plan, {
          reason: 'A test from plan to end',
          confirmation,
        }),
      );
      return portal.untilEnded(id);
    },
    async untilEnded(operationId) {
      // A stream would report the end half a second after it.
      await until(
        `the operation ${operationId} ends`,
        () => db('operations').where({ id: operationId }).first('state'),
        row => row !== undefined && isTerminal(row.state),
        55_000,
      );
      return portal.as().operation(operationId);
    },
    async expireNow(operationId) {
      const past = 1_000;
      await db('operations')
        .where({ id: operationId })
        .whereNotNull('due_at')
        .update({
          due_at: past,
          approval_expires_at: db.raw(
            'case when approval_expires_at is null then null else 1000 end',
          ),
        });
    },
    async ageFacts(ms) {
      for (const table of READINGS) {
        await db(table).update({
          read_at: db.raw('read_at - ?', [ms]),
          problem_at: null,
        });
      }
    },
    async deleteFacts() {
      for (const table of ['links', ...READINGS]) {
        await db(table).delete();
      }
    },
    writes: () =>
      azure
        .requests()
        .filter(({ method, path }) => method !== 'GET' && !NO_WRITE.test(path))
        .filter(({ status }) => status !== 401)
        .map(({ method, path }) => `${method} ${path}`),
    async stop() {
      await backend.stop();
      disconnect();
      await db.destroy();
      if (!options.azure) await azure.close();
    },
  };
  return portal;
}
