import { failureOf, limitFor } from '../__testUtils__/azureWorld';
import {
  itEmulatorOnly,
  startWireWorld,
  WIRE_TIMEOUT_MS,
  type WireWorld,
} from '../__testUtils__/wireWorld';
import { createCredentials } from '../credentials/credentials';
import type { RegistriesPort } from '../ports';

jest.setTimeout(WIRE_TIMEOUT_MS);

const AAD_EXCHANGE = [
  'POST /oauth2/exchange',
  'POST /oauth2/token',
  'GET /v2/_catalog',
  'POST /oauth2/token',
  'GET /v2/app/tags/list',
  'GET /v2/app/manifests/1.0',
];

let world: WireWorld;
let registries: RegistriesPort;
/** Ports whose read credential may pull. */
let puller: RegistriesPort;
beforeAll(async () => {
  world = await startWireWorld('pulls', { registries: true });
  registries = world.ports.registries;
  if (world.isEmulated) {
    puller = world.portsWith({
      credentials: createCredentials({
        read: world.emulated.principal('admin'),
      }),
    }).registries;
  }
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const emulator = () => world.emulated.emulator;
const server = () => `${world.shop.registry.name}.azurecr.io`;
const askedOf = (host: string) =>
  world
    .sent()
    .filter(each => each.host === host)
    .map(({ method, path }) => `${method} ${path.replace(/\/$/, '')}`);

const close = async (properties: object) => {
  const { status } = await emulator().outOfBand(
    'PATCH',
    `https://management.azure.com${world.shop.registry}?api-version=2025-11-01`,
    { properties },
  );
  expect(status).toBeLessThan(300);
  emulator().clock.advance(60_000);
};

describe('a test of a pull', () => {
  it('asks without a credential, and shows no pull when the read credential may not pull', async () => {
    const answer = await registries.testPull(server().toUpperCase());
    // A subscription may be tried with an account that may pull.
    if (!world.isEmulated) return;
    expect(answer).toEqual({ how: 'anonymous', status: 401 });
    expect(askedOf(server())).toEqual(['GET /v2', ...AAD_EXCHANGE.slice(0, 3)]);
  });

  // Azure/acr docs/AAD-OAuth.md: the exchange of a token of Entra for those of the registry.
  itEmulatorOnly.rights(
    'reads a manifest where the read credential may pull, with a token for registries only',
    async () => {
      expect(await puller.testPull(server())).toEqual({
        how: 'signed-in',
        status: 200,
      });
      expect(askedOf(server())).toEqual(['GET /v2', ...AAD_EXCHANGE]);
    },
  );

  // tutorial-troubleshoot-customer-managed-keys.md: 403 when the key cannot be reached; not which requests.
  itEmulatorOnly.world(
    'is refused by a registry that cannot access its key, before or after it asks for credentials',
    async () => {
      const revoked = 'revokedimages.azurecr.io';
      expect(await registries.testPull(revoked)).toEqual({
        how: 'anonymous',
        status: 403,
      });
      emulator().assumptions.change({ revokedRegistryRefusesSignIn: false });
      expect(await puller.testPull(revoked)).toEqual({
        how: 'signed-in',
        status: 403,
      });
      expect(await registries.testPull(revoked)).toEqual({
        how: 'anonymous',
        status: 401,
      });
    },
  );

  // azure-sdk-for-java, containers/azure-containers-containerregistry/TROUBLESHOOTING.md, "Network access issues".
  itEmulatorOnly.world.each<[why: string, rules: object]>([
    ['the public endpoint is off', { publicNetworkAccess: 'Disabled' }],
    [
      'selected networks are admitted',
      { networkRuleSet: { defaultAction: 'Deny', ipRules: [] } },
    ],
  ])('says that the network rules refuse it where %s', async (_why, rules) => {
    await close(rules);
    expect(await puller.testPull(server())).toEqual({
      how: 'anonymous',
      status: 403,
      notAdmitted: true,
    });
  });

  itEmulatorOnly.faults.each<
    [why: string, fault: object, outcome: { code: string }]
  >([
    ['F8: slow', { delayMs: 4_000 }, { code: 'TimedOut' }],
    ['F8: reset', { reset: 'before' }, { code: 'ECONNRESET' }],
  ])('%s: ends soon, and is unavailable', async (_why, fault, outcome) => {
    const hasty = world.portsWith({
      probeTimeoutSeconds: limitFor(outcome),
    }).registries;
    emulator().faults.add({ host: '*.azurecr.io', ...fault });
    expect(await failureOf(hasty.testPull(server()))).toMatchObject({
      kind: 'unavailable',
      ...outcome,
    });
    expect(askedOf(server())).toHaveLength(1);
  });

  itEmulatorOnly.faults.each<[path: string, fault: object]>([
    ['/oauth2/exchange', { status: 503 }],
    ['/oauth2/token', { reset: 'before' }],
    ['/v2/_catalog', { status: 429 }],
    ['/v2/app/tags/list', { status: 404 }],
    ['/v2/app/manifests/1.0', { status: 404 }],
  ])(
    'shows no pull when %s cannot be had, and does not fail',
    async (path, fault) => {
      emulator().faults.add({ host: server(), path, times: 0, ...fault });
      expect(await puller.testPull(server())).toEqual({
        how: 'anonymous',
        status: 401,
      });
    },
  );

  itEmulatorOnly.faults(
    'F8: does not wait for a body that never ends',
    async () => {
      emulator().faults.add({ host: '*.azurecr.io', endlessBody: true });
      expect(await registries.testPull(server())).toEqual({
        how: 'anonymous',
        status: 401,
      });
    },
  );

  it.each([
    'evil.example',
    'evil.example/.azurecr.io',
    'evil.example#.azurecr.io',
    'evil.example?.azurecr.io',
    'me@evil.azurecr.io',
    'azurecr.io',
    'shop.images.azurecr.io',
    'shopimages.azurecr.io.evil.example',
    'shopimages.azurecr.io:8443',
    'shopimages.azurecr.io/v2/../..',
    'shop\n.azurecr.io',
    '',
  ])('asks nothing of %j', async loginServer => {
    expect(await failureOf(registries.testPull(loginServer))).toMatchObject({
      kind: 'refused',
      code: 'InvalidInput',
    });
    expect(world.sent()).toEqual([]);
  });
});
