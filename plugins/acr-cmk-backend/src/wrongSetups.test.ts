/**
 * Set-ups that are wrong, and what the log, the tab and the doctor of the command line say of each. The rest of the
 * portal runs in all of them, except with a plugin that is added twice. What only a running backend can say is in
 * `doctor/doctor.test.ts`.
 */
import tls from 'node:tls';
import { ConfigReader } from '@backstage/config';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { type Emulator, startEmulator } from 'azure-emulator';
import { Router } from 'express';
import { registryId, resource, SUBSCRIPTION } from './__testUtils__/demoWorld';
import { fillQuotasAtOnce } from './__testUtils__/fastQuotas';
import { openSqlite } from './__testUtils__/databases';
import { startPortal, type TestPortal } from './__testUtils__/portal';
import { until } from './__testUtils__/until';
import { portsOf } from './doctor/portsOf';
import { runDoctor } from './doctor/runDoctor';
import { secretsIn } from './doctor/secretsIn';
import { acrCmkPlugin } from './plugin';

const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const GUID = '99999999-2222-4333-8444-555555555555';

let azure: Emulator;
beforeAll(async () => {
  fillQuotasAtOnce();
  azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

const app = (
  principal: 'reader' | 'rotator',
  changes: JsonObject = {},
): JsonObject => ({
  tenantId: azure.ready.tenantId,
  ...azure.ready.principals[principal],
  ...changes,
});

/** `acrCmk` with which nothing is wrong. */
const right = (changes: JsonObject = {}): JsonObject => ({
  scopes: [SHOP],
  azure: {
    credentials: { read: app('reader'), rotate: app('rotator') },
  },
  ...changes,
});

const credentials = (changes: JsonObject): JsonObject =>
  right({
    azure: {
      credentials: { read: app('reader'), rotate: app('rotator'), ...changes },
    },
  });

interface WrongSetUp {
  /** `acrCmk`. */
  acrCmk?: () => JsonObject;
  /** Other blocks of app-config. */
  appConfig?: () => JsonObject;
  /** Whether the process does not know the authority that signs the answers of Azure. */
  untrusted?: boolean;
  /** Entity whose tab is opened. */
  entity?: ReturnType<typeof resource>;
  database?: () => Promise<never>;
  /** State of Azure. */
  azure?: () => void;
  log?: RegExp;
  tab: RegExp;
  doctor: RegExp;
}

const HEALTHY = /"kind":"registry"/;
const NOTHING_WRONG = /./;

const SET_UPS: Record<string, WrongSetUp> = {
  'a key is misspelt': {
    acrCmk: () => {
      const { scopes, ...rest } = right();
      return { ...rest, scope: scopes };
    },
    log: /out of service, .* acrCmk\.scope is not a setting; did you mean acrCmk\.scopes\?/,
    tab: /acrCmk\.scope is not a setting; did you mean acrCmk\.scopes\?/,
    doctor:
      /failed: acrCmk\.scope is not a setting; did you mean acrCmk\.scopes\?/,
  },
  'a scope is no id of ARM': {
    acrCmk: () => right({ scopes: [SHOP.slice(1)] }),
    log: /out of service, .* acrCmk\.scopes\[0\] is 'subscriptions/,
    tab: /acrCmk\.scopes\[0\] is 'subscriptions\/.*; it must be/,
    doctor: /failed: acrCmk\.scopes\[0\] is 'subscriptions\//,
  },
  'the cloud is written as it is elsewhere': {
    acrCmk: () => right({ azure: { cloud: 'us-government' } }),
    log: /Did you mean usGovernment\?/,
    tab: /Did you mean usGovernment\?/,
    doctor:
      /failed: acrCmk\.azure\.cloud is 'us-government'.*Did you mean usGovernment\?/,
  },
  'the cloud is another one': {
    acrCmk: () =>
      right({
        azure: {
          cloud: 'usGovernment',
          credentials: { read: app('reader') },
        },
      }),
    log: /not that of login\.microsoftonline\.us\. .* acrCmk\.azure\.cloud is the cloud of the tenant/,
    tab: /not that of login\.microsoftonline\.us\. .* acrCmk\.azure\.cloud is the cloud of the tenant/,
    doctor:
      /failed: .*not that of login\.microsoftonline\.us\. .* acrCmk\.azure\.cloud is the cloud of the tenant/,
  },
  'a secret is not set': {
    // Backstage leaves out what comes from a variable that is not set.
    acrCmk: () =>
      credentials({
        read: app('reader', { clientSecret: undefined } as never),
      }),
    log: /acrCmk\.azure\.credentials\.read\.clientSecret is missing/,
    tab: /If it comes from an environment variable, that variable is not set/,
    doctor: /failed: acrCmk\.azure\.credentials\.read\.clientSecret is missing/,
  },
  'the default chain has nothing to sign in with': {
    acrCmk: () => credentials({ read: { kind: 'default-chain' } }),
    log: /found nothing to sign in with in the default credential chain.* AZURE_CLIENT_SECRET \(not set\)/,
    tab: /found nothing to sign in with in the default credential chain.* AZURE_CLIENT_SECRET \(not set\)/,
    doctor:
      /failed: .*acrCmk\.azure\.credentials\.read\) found nothing to sign in with/,
  },
  'a proxy opens TLS, and its authority is not known': {
    untrusted: true,
    log: /the certificate of login\.microsoftonline\.com is not trusted .* NODE_EXTRA_CA_CERTS/,
    tab: /the certificate of login\.microsoftonline\.com is not trusted .* NODE_EXTRA_CA_CERTS/,
    doctor:
      /failed: .*the certificate of login\.microsoftonline\.com is not trusted .* NODE_EXTRA_CA_CERTS/,
  },
  'the credential has no role': {
    acrCmk: () => credentials({ rotate: app('reader') }),
    tab: HEALTHY,
    doctor:
      /failed: rotate: lacks .*registries\/write.* Assign the role of https:\S+\/docs\/roles\/registry-key-rotator\.json/,
  },
  'a scope is a group that is not there': {
    acrCmk: () => right({ scopes: [`${SHOP}-nowhere`] }),
    tab: /out-of-scope/,
    doctor:
      /warning: No registry is visible in \S+rg-shop-nowhere\. If there are registries in it, check the spelling/,
  },
  'an annotation is no id of a registry': {
    entity: resource('shop-images', 'shopimages.azurecr.io'),
    tab: /is not the ARM id of a registry; an ARM id looks like/,
    doctor: NOTHING_WRONG,
  },
  'a registry has no tag': {
    entity: resource('unbound-images', registryId('unboundimages')),
    tab: /Set the tag backstage-entity-ref/i,
    doctor: NOTHING_WRONG,
  },
  'permissions are off': {
    appConfig: () => ({ permission: { enabled: false } }),
    log: /permission\.enabled is not true: every user who can sign in may rotate, .* The configured credentials for rotate can change Azure\. Set permission\.enabled: true .*https:\S+\/docs\/install\.md#the-policy/,
    tab: HEALTHY,
    doctor: /warning: permission\.enabled is not true/,
  },
  'the block is nested in another one': {
    acrCmk: () => ({}),
    appConfig: () => ({ backend: { acrCmk: right() } }),
    log: /app-config has the block backend\.acrCmk, which nothing reads\. Move it to the left margin/,
    tab: /out-of-scope/,
    doctor:
      /warning: app-config has the block backend\.acrCmk, which nothing reads/,
  },
  'the database user may make no tables': {
    database: async () => {
      throw new Error(
        'create table "facts" (…) - permission denied for schema public',
      );
    },
    log: /the backend's database user may not: permission denied for schema public\. Give that user the right/,
    tab: /the backend's database user may not: permission denied for schema public/,
    doctor: NOTHING_WRONG,
  },
  'a setting of the catalog module is wrong': {
    appConfig: () => ({
      catalog: { providers: { acrCmk: { defaultOwner: 'x', ownersTag: [] } } },
    }),
    // The module says it in the log; see its own tests.
    tab: HEALTHY,
    doctor:
      /failed: The catalog module is off: catalog\.providers\.acrCmk\.ownersTag is not a setting; it may have defaultOwner, ownerTags/,
  },
  'the tenant is not known': {
    acrCmk: () => credentials({ read: app('reader', { tenantId: GUID }) }),
    log: /Correct the tenant of acrCmk\.azure\.credentials\.read, .*AADSTS90002/,
    tab: /AADSTS90002/,
    doctor:
      /failed: .*Correct the tenant of acrCmk\.azure\.credentials\.read, and acrCmk\.azure\.cloud .*AADSTS90002/,
  },
  'the clock is behind that of Azure': {
    azure: () => azure.clock.advance(10 * 60_000),
    // Nothing of what the tab shows depends on it.
    tab: HEALTHY,
    doctor:
      /warning: This process and Azure's clock differ by (599|6\d\d) s: this process is behind\. Synchronise the clocks/,
  },
  'the clock is so wrong that Microsoft Entra takes no proof': {
    azure: () =>
      void azure.faults.add({
        host: 'login.microsoftonline.com',
        status: 401,
        code: 'invalid_client',
        message:
          'AADSTS700024: Client assertion is not within its valid time range.',
        times: 0,
      }),
    log: /Synchronise the clock of the machine of the backend .*AADSTS700024/,
    tab: /Synchronise the clock of the machine of the backend .*AADSTS700024/,
    doctor:
      /failed: .*Synchronise the clock of the machine of the backend .*AADSTS700024/,
  },
};

const neighbour = createBackendPlugin({
  pluginId: 'neighbour',
  register(env) {
    env.registerInit({
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        http.use(Router().get('/', (_req, res) => void res.json('works')));
      },
    });
  },
});

async function linesOfDoctor(data: JsonObject): Promise<string> {
  const config = new ConfigReader(data);
  const { checks } = await runDoctor(portsOf(config, { now: Date.now }), {
    sleep: () => new Promise(() => undefined),
    secrets: secretsIn(config),
  });
  return checks
    .flatMap(({ lines }) => lines)
    .map(({ status, message, remedy }) =>
      [`${status}: ${message}`, remedy].join(' '),
    )
    .join('\n');
}

describe('when', () => {
  let portal: TestPortal | undefined;
  const before = { ...process.env };
  beforeEach(() => {
    // The chain then looks at nothing but the environment, which takes no time.
    process.env.AZURE_TOKEN_CREDENTIALS = 'EnvironmentCredential';
  });
  afterEach(async () => {
    process.env.AZURE_TOKEN_CREDENTIALS = before.AZURE_TOKEN_CREDENTIALS;
    if (!before.AZURE_TOKEN_CREDENTIALS) {
      delete process.env.AZURE_TOKEN_CREDENTIALS;
    }
    await portal?.stop();
    portal = undefined;
  });

  it.each(Object.entries(SET_UPS))('%s', async (_what, setUp) => {
    const lines: string[] = [];
    const logger = mockServices.logger.mock({
      warn: message => void lines.push(message),
      error: message => void lines.push(message),
      child: () => logger,
    });
    const acrCmk = setUp.acrCmk?.() ?? right();
    const appConfig = {
      permission: { enabled: true },
      ...setUp.appConfig?.(),
    };
    setUp.azure?.();
    portal = await startPortal({
      azure,
      config: {
        scopes: undefined,
        azure: undefined,
        // It logs why nothing can be listed.
        sync: { enabled: setUp.log !== undefined },
        ...acrCmk,
      },
      appConfig,
      entities: setUp.entity && [setUp.entity],
      features: [neighbour, logger.factory],
      getClient: setUp.database,
      onTrusted: () => {
        if (setUp.untrusted) {
          tls.setDefaultCACertificates([...tls.rootCertificates]);
        }
      },
    });

    const name = setUp.entity?.metadata.name ?? 'shop-images';
    const tab = await portal.request(
      'GET',
      `/v1/entities/resource/default/${name}/registries`,
    );
    expect(JSON.stringify(tab.body)).toMatch(setUp.tab);

    expect(await linesOfDoctor({ ...appConfig, acrCmk })).toMatch(setUp.doctor);

    if (setUp.log) {
      const { log } = setUp;
      await until(
        'the log says it',
        () => lines.join('\n'),
        text => log.test(text),
      );
    }
    expect(lines.join('\n')).not.toContain(String(app('reader').clientSecret));

    const other = await fetch(
      `http://127.0.0.1:${portal.backend.server.port()}/api/neighbour/`,
      { headers: { Authorization: mockCredentials.user.header() } },
    );
    expect(await other.json()).toBe('works');
  });

  it('the plugin is there twice, Backstage says so', async () => {
    const db = await openSqlite();
    await expect(
      startTestBackend({
        features: [
          acrCmkPlugin,
          acrCmkPlugin,
          mockServices.database.mock({ getClient: async () => db }).factory,
        ],
      }),
    ).rejects.toThrow("Plugin 'acr-cmk' is already registered");
    await db.destroy();
  });
});
