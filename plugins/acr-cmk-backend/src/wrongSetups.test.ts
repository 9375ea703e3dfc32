/**
 * Set-ups that are wrong, and what the log, the tab and the doctor say of each: that of the command line, and where it
 * needs a running backend also that of the page Installation. The rest of the portal runs in all of them, except with a
 * plugin that is added twice.
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
import {
  type Emulator,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import type { DoctorReport } from 'backstage-plugin-acr-cmk-common';
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
  azure?: () => unknown;
  /** Warnings and errors, the first turn of the sync included. */
  log: RegExp | 'nothing';
  tab: RegExp;
  /** The command line: a line for each result, such as `clocks: warning: …`. */
  doctor: RegExp;
  /** The running backend, where the command line says `unknown`. */
  installation?: RegExp;
}

const HEALTHY = /"kind":"registry"/;

/** The doctor of the command line about a check that needs a running backend. */
const onlyRunning = (check: string) =>
  new RegExp(`^${check}: unknown: Only a running backend can check this`, 'm');

async function removeAssignments(principal: string) {
  for (const { id } of azure.state.assignments(
    azure.state.principalId(principal),
  )) {
    await azure.outOfBand(
      'DELETE',
      `https://management.azure.com${id}?api-version=2022-04-01`,
    );
  }
}

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
  'a window of campaigns is wrong': {
    acrCmk: () =>
      right({ campaigns: { windows: [{ days: ['monday'], from: '8' }] } }),
    log: /No member of a campaign starts, because acrCmk\.campaigns is wrong: acrCmk\.campaigns\.windows\[0\]\.from is '8'; it must be a time of the day/,
    tab: HEALTHY,
    doctor:
      /configuration: failed: No member of a campaign starts, because acrCmk\.campaigns is wrong: .*from is '8'.* Correct app-config/,
  },
  'a setting of the notifications is misspelt': {
    acrCmk: () => right({ notifications: { enable: true } }),
    log: /Nobody is notified, because acrCmk\.notifications is wrong: acrCmk\.notifications\.enable is not a setting; did you mean acrCmk\.notifications\.enabled\?/,
    tab: HEALTHY,
    doctor:
      /configuration: failed: Nobody is notified, because acrCmk\.notifications is wrong/,
  },
  'the principal that delivers events is no GUID': {
    acrCmk: () =>
      right({
        events: {
          tenantId: GUID,
          audience: 'api://x',
          principalId: 'event-grid',
        },
      }),
    log: /Events of Azure are refused, because acrCmk\.events is wrong: acrCmk\.events\.principalId is 'event-grid'/,
    tab: HEALTHY,
    doctor: /configuration: failed: Events of Azure are refused, because/,
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
    log: /found nothing to sign in with in the default credential chain.* AZURE_CLIENT_SECRET \(not set\).*docs\/networks\.md/,
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
  'the credential that reads has no role': {
    azure: () => removeAssignments('acr-cmk-reader'),
    log: /The inventory is not complete: .*the read credential lacks Microsoft\.ContainerRegistry\/registries\/read at \/subscriptions\//,
    tab: /the read credential lacks Microsoft\.ContainerRegistry\/registries\/read/,
    doctor:
      /scopes: failed: .*the read credential lacks .* Assign the role of docs\/roles\/registry-key-reader\.json to the read credential/,
  },
  // Each plan asks for the rights that it needs; nobody asks at the start.
  'the credential that rotates has no role, of which the log says nothing': {
    acrCmk: () => credentials({ rotate: app('reader') }),
    log: 'nothing',
    tab: HEALTHY,
    doctor:
      /failed: rotate: lacks .*registries\/write.* Assign the role of docs\/roles\/registry-key-rotator\.json/,
  },
  // A group without registries may be right: its registries are still to be made.
  'a scope is a group that is not there, of which the log says nothing': {
    acrCmk: () => right({ scopes: [`${SHOP}-nowhere`] }),
    log: 'nothing',
    tab: /out-of-scope/,
    doctor:
      /warning: No registry is visible in \S+rg-shop-nowhere\. If there are registries in it, check the spelling/,
  },
  'an annotation is no id of a registry, of which the log says nothing': {
    entity: resource('shop-images', 'shopimages.azurecr.io'),
    log: 'nothing',
    tab: /is not the ARM id of a registry; an ARM id looks like/,
    doctor: onlyRunning('entities'),
    installation:
      /entities: warning: resource:default\/shop-images: .*'shopimages\.azurecr\.io' is not the ARM id of a registry.* Correct the annotation azure\.com\/container-registry-id of the entity\. See docs\/install\.md#5-/,
  },
  'a registry has no tag, of which the log says nothing': {
    entity: resource('unbound-images', registryId('unboundimages')),
    log: 'nothing',
    tab: /Set the tag backstage-entity-ref/i,
    doctor: onlyRunning('entities'),
    installation:
      /entities: warning: resource:default\/unbound-images: unboundimages has no tag backstage-entity-ref.* Set the tag backstage-entity-ref = resource:default\/unbound-images on unboundimages, .* See docs\/install\.md#5-/,
  },
  'permissions are off': {
    appConfig: () => ({ permission: { enabled: false } }),
    log: /permission\.enabled is not true: every user who can sign in may rotate, .* The configured credentials for rotate can change Azure\. Set permission\.enabled: true .*docs\/install\.md#the-policy/,
    tab: HEALTHY,
    doctor: /warning: permission\.enabled is not true/,
  },
  'the block is nested in another one': {
    acrCmk: () => ({}),
    appConfig: () => ({ backend: { acrCmk: right() } }),
    log: /app-config has the block backend\.acrCmk, which nothing reads\. Move it to the left margin .*docs\/install\.md#4-configuration/,
    tab: /out-of-scope/,
    doctor:
      /configuration: warning: app-config has the block backend\.acrCmk, which nothing reads\. Move it to the left margin/,
  },
  'the block of the catalog module has another name': {
    appConfig: () => ({
      catalog: { providers: { acrcmk: { defaultOwner: 'x' } } },
    }),
    log: /app-config has the block catalog\.providers\.acrcmk, which nothing reads\. Rename it to catalog\.providers\.acrCmk/,
    // The tab has nothing to do with it.
    tab: HEALTHY,
    doctor:
      /configuration: warning: app-config has the block catalog\.providers\.acrcmk, .* Rename it to catalog\.providers\.acrCmk\. See docs\/catalog\.md/,
  },
  'the database user may make no tables': {
    database: async () => {
      throw new Error(
        'create table "facts" (…) - permission denied for schema public',
      );
    },
    log: /the backend's database user may not: permission denied for schema public\. Give that user the right/,
    tab: /the backend's database user may not: permission denied for schema public\. Give that user .* See docs\/install\.md#what-you-need/,
    doctor: onlyRunning('database'),
  },
  // The log is that of the module, see `module.test.ts` there; the tab does not depend on it.
  'a setting of the catalog module is wrong, of which this plugin logs nothing':
    {
      appConfig: () => ({
        catalog: {
          providers: { acrCmk: { defaultOwner: 'x', ownersTag: [] } },
        },
      }),
      log: 'nothing',
      tab: HEALTHY,
      doctor:
        /failed: The catalog module is off: catalog\.providers\.acrCmk\.ownersTag is not a setting; did you mean catalog\.providers\.acrCmk\.ownerTags\?/,
    },
  'the catalog module has settings, and is not there': {
    appConfig: () => ({
      catalog: { providers: { acrCmk: { defaultOwner: 'x' } } },
    }),
    log: /app-config has catalog\.providers\.acrCmk, and this backend has not loaded the catalog module that reads it\. Add backstage-plugin-catalog-backend-module-acr-cmk/,
    tab: HEALTHY,
    // Only a process knows what it has loaded.
    doctor: /^configuration: ok: 1 scope/m,
    installation:
      /configuration: warning: .* has not loaded the catalog module that reads it\. Add backstage-plugin-catalog-backend-module-acr-cmk .* See docs\/catalog\.md/,
  },
  'the key of an annotation is misspelt, of which the log says nothing': {
    entity: {
      ...resource('shop-images', registryId('shopimages')),
      metadata: {
        name: 'shop-images',
        annotations: {
          'azure.com/container-registy-id': registryId('shopimages'),
        },
      },
    },
    log: 'nothing',
    tab: /"registries":\[\]/,
    doctor: onlyRunning('entities'),
    installation:
      /entities: warning: resource:default\/shop-images: the annotation azure\.com\/container-registy-id has the ARM id of a registry, .* If it is misspelt, rename it to azure\.com\/container-registry-id\. See docs\/install\.md#5-/,
  },
  'the tenant is not known': {
    acrCmk: () => credentials({ read: app('reader', { tenantId: GUID }) }),
    log: /Correct the tenant of acrCmk\.azure\.credentials\.read, .*docs\/networks\.md.*AADSTS90002/,
    tab: /AADSTS90002/,
    doctor:
      /failed: .*Correct the tenant of acrCmk\.azure\.credentials\.read, and acrCmk\.azure\.cloud .*AADSTS90002/,
  },
  // Nothing of what the tab shows depends on it.
  'the clock is behind that of Azure, of which the log says nothing': {
    azure: () => azure.clock.advance(10 * 60_000),
    log: 'nothing',
    tab: HEALTHY,
    doctor:
      /clocks: warning: This process and Azure's clock differ by (599|6\d\d) s: this process is behind\. Synchronise the clocks .* See docs\/networks\.md/,
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
    log: /Synchronise the clock of the machine of the backend .*docs\/networks\.md.*AADSTS700024/,
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

const linesOf = ({ checks }: DoctorReport): string =>
  checks
    .flatMap(({ id, lines }) =>
      lines.map(({ status, message, remedy }) =>
        [`${id}: ${status}: ${message}`, remedy].join(' '),
      ),
    )
    .join('\n');

async function linesOfDoctor(data: JsonObject): Promise<string> {
  const config = new ConfigReader(data);
  return linesOf(
    await runDoctor(portsOf(config, { now: Date.now }), {
      sleep: () => new Promise(() => undefined),
      secrets: secretsIn(config),
    }),
  );
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
    await setUp.azure?.();
    portal = await startPortal({
      azure,
      config: {
        scopes: undefined,
        azure: undefined,
        ...acrCmk,
      },
      waitsForSync: false,
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

    const installation = setUp.installation
      ? linesOf((await portal.request('GET', '/v1/doctor')).body)
      : '';
    expect(installation).toMatch(setUp.installation ?? '');

    const { as } = portal;
    const log = setUp.log === 'nothing' ? /^$/ : setUp.log;
    await (setUp.log === 'nothing'
      ? until(
          'the first turn of the sync has ended',
          () => as().inventoryStatus(),
          ({ lastTurn }) => lastTurn?.endedAt !== undefined,
        )
      : until(
          'the log says it',
          () => lines.join('\n'),
          text => log.test(text),
        ));
    // The portal of the tests has limits of its own.
    const said = lines.filter(
      line => !line.startsWith('The service acr-cmk.limits sets '),
    );
    expect(said.join('\n')).toMatch(log);
    expect(lines.join('\n')).not.toContain(String(app('reader').clientSecret));

    const other = await fetch(
      `http://127.0.0.1:${portal.backend.server.port()}/api/neighbour/`,
      { headers: { Authorization: mockCredentials.user.header() } },
    );
    expect(await other.json()).toBe('works');
  });

  it('the plugin is there twice, Backstage does not start and says so, and app-config alone is fine for the doctor', async () => {
    const distrust = trustInThisProcess(azure);
    const found = await linesOfDoctor({
      permission: { enabled: true },
      acrCmk: right(),
    });
    distrust();
    expect(found).toMatch(/^configuration: ok: 1 scope/m);
    expect(found).not.toMatch(/: (failed|warning): /);

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
