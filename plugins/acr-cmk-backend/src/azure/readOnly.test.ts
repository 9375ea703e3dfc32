/** Writes by the read credential or in a call that reads, and the files that write, which docs/review.md lists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from './__testUtils__/azureWorld';
import { azureAs } from './azureAs';
import { type AzureClients, createClients } from './client';
import { createCredentials } from './credentials/credentials';
import type { AzurePorts, CredentialName } from './ports';
import { read } from './transport/call';

const SOURCE = resolve(__dirname, '..');
const REVIEW = resolve(__dirname, '../../../../docs/review.md');
const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const VAULT = `${GROUPS}/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-policy`;
const HSM = `${GROUPS}/rg-hsm/providers/Microsoft.KeyVault/managedHSMs/hsm-contoso`;
const REGISTRY = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: 'rg-shop',
  name: 'ordersimages',
};
const GUID = '11111111-2222-4333-8444-666666666666';
const IDENTITY = `${GROUPS}/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
const ASSIGNMENT = `providers/Microsoft.Authorization/roleAssignments/${GUID}`;
const key = KeyIdentifier.parse(
  `https://kv-contoso-policy.vault.azure.net/keys/ordersimages/${'a'.repeat(32)}`,
);
const anything = {} as any;

/** Methods of `AzureAs` that only read. */
const READS =
  /\.(get\w*|list\w*|operationStatus|regions|testPull|rotationPolicy|assignmentsFor)$/;

const methodsOf = (as: object) =>
  Object.entries(as).flatMap(([port, methods]) =>
    Object.keys(methods).map(method => `${port}.${method}`),
  );

/** Every method of `AzureAs` that writes, with each host that it writes to. */
function writesOf(ports: AzurePorts, credential: CredentialName) {
  const { registries, vaults, keys, access, identities } = azureAs(
    ports,
    credential,
  );
  const policy = {
    tenantId: GUID,
    objectId: GUID,
    keys: ['get'],
    secrets: [],
    certificates: [],
    storage: [],
  };
  const assignment = (scope: string) => ({
    scope,
    name: GUID,
    principalId: GUID,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${GUID}`,
  });
  return {
    'registries.updateEncryption': () =>
      registries.updateEncryption(REGISTRY as any, {
        keyIdentifier: `${key.versionless}`,
        identityClientId: GUID,
        ...anything,
      }),
    'registries.create': () =>
      registries.create(REGISTRY as any, {
        location: 'westeurope',
        tags: {},
        identityId: IDENTITY,
        identityClientId: GUID,
        keyIdentifier: `${key.versionless}`,
      }),
    'vaults.addAccessPolicy': () => vaults.addAccessPolicy(VAULT, policy),
    'vaults.removeAccessPolicy': () => vaults.removeAccessPolicy(VAULT, policy),
    'keys.rotate': () => keys.rotate(key),
    'keys.create': () => keys.create(key, { type: 'RSA', size: 2048 }),
    'keys.setRotationPolicy': () => keys.setRotationPolicy(key, anything),
    'keys.setEnabled': () => keys.setEnabled(key, false),
    'keys.delete': () => keys.delete(key),
    'keys.recover': () => keys.recover(key),
    'access.createAssignment': () => access.createAssignment(assignment(VAULT)),
    'access.createAssignment in a Managed HSM': () =>
      access.createAssignment(assignment(HSM)),
    'access.deleteAssignment': () =>
      access.deleteAssignment(`${VAULT}/${ASSIGNMENT}`),
    'access.deleteAssignment in a Managed HSM': () =>
      access.deleteAssignment(`${HSM}/${ASSIGNMENT}`),
    'identities.create': () => identities.create(IDENTITY, 'westeurope'),
  };
}

describe('what only reads', () => {
  let world: AzureWorld;
  let ports: AzurePorts;
  let clients: AzureClients;
  beforeAll(async () => {
    world = await startAzureWorld({ world: 'demo' });
    // Azure itself would allow everything.
    ports = world.portsWith({
      credentials: createCredentials({ read: world.principal('admin') }),
    });
    clients = createClients({
      credentials: createCredentials({ rotate: world.principal('admin') }),
    });
  }, 60_000);
  beforeEach(() => world.emulator.clearRequests());
  afterAll(() => world.close());

  const NAMES = Object.keys(writesOf({} as AzurePorts, 'read'));
  const sent = () =>
    world.emulator
      .requests()
      .filter(
        ({ method, path }) =>
          method !== 'GET' && !/\/(token|oauth2\/exchange)$/.test(path),
      )
      .map(({ method, path }) => `${method} ${path}`);

  it('is tried with every method that writes', () => {
    const tried = new Set(NAMES.map(name => name.split(' ')[0]));
    expect(
      methodsOf(azureAs({} as AzurePorts, 'read')).filter(
        name => !READS.test(name) && !tried.has(name),
      ),
    ).toEqual([]);
  });

  it.each(NAMES)(
    'sends nothing for %s with the read credential',
    async name => {
      for (const [credential, code] of [
        ['read', 'ReadCredential'],
        ['rotate', 'CredentialMissing'],
        ['revoke', 'CredentialMissing'],
        ['provision', 'CredentialMissing'],
      ] as const) {
        const write = writesOf(ports, credential)[
          name as keyof ReturnType<typeof writesOf>
        ];
        expect(await failureOf(write())).toMatchObject({
          code,
          effect: 'refused',
        });
      }
      expect(sent()).toEqual([]);
    },
  );

  it.each<[what: string, write: () => Promise<unknown>]>([
    ...(['POST', 'PUT', 'PATCH', 'DELETE'] as const).map(
      (method): [string, () => Promise<unknown>] => [
        `a ${method} that no SDK offers`,
        () =>
          clients.send('rotate', { method, url: clients.armUrl(VAULT, '1') }),
      ],
    ),
    [
      'a method of an SDK',
      () => clients.keys('rotate', key).rotateKey(key.keyName),
    ],
  ])(
    'sends nothing for %s in a call of `read`, or in none',
    async (_, write) => {
      const target = {
        doing: 'look at a key',
        scope: `${key}`,
        action: 'read',
        role: 'Reader',
      };
      const refused = { code: 'ReadCall', effect: 'refused' };
      expect(
        await failureOf(read(target, clients.limits, write)),
      ).toMatchObject(refused);
      expect(await failureOf(write())).toMatchObject(refused);
      expect(sent()).toEqual([]);
    },
  );

  it('still asks Resource Graph', async () => {
    await ports.registries.listBySubscription(world.subscriptionId);
    expect(sent()).toEqual([]);
  });
});

/** Files of `src` by their paths, without tests. */
const SOURCES = new Map(
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter(file => /(?<!\.test)\.ts$/.test(file) && !/__\w+__/.test(file))
    .map(file => [file, readFileSync(join(SOURCE, file), 'utf8')]),
);

const filesWith = (test: (text: string) => boolean) =>
  [...SOURCES].filter(([, text]) => test(text)).map(([file]) => file);

const importsWrite = (text: string) =>
  /\{[^{}]*\bwrite\b[^{}]*\} from '[^']*\/call'|\* (as \w+ )?from '[^']*\/call'/.test(
    text,
  );

/** Whether a file that has Azure's clients names the method of a request, or calls a method of an SDK that writes. */
const sendsWrites = (text: string) =>
  /\bAzureClients\b|'@azure\/(arm|keyvault)-/.test(text) &&
  /\bmethod\s*[:,}=](?! 'GET')|(?<!\.)\.\s*(begin|create|update|delete|purge|recover|rotate|restore|backup|import|regenerate|generate|release|schedule)\w*\s*\(/.test(
    text,
  );

/** The first deletes from its own map, the second sends queries. */
const NO_WRITES = ['azure/client.ts', 'azure/graph/resourceGraph.ts'];

describe('the files that write to Azure', () => {
  it('are those that docs/review.md lists', () => {
    const [, list] =
      /kept by azure\/readOnly\.test\.ts: files -->\n\n((?:- .*\n)+)/.exec(
        readFileSync(REVIEW, 'utf8'),
      )!;
    const writing = filesWith(text => importsWrite(text) || sendsWrites(text));
    expect(writing.filter(file => !NO_WRITES.includes(file)).sort()).toEqual(
      [...list.matchAll(/`(.*?)`/g)].map(([, file]) => file).sort(),
    );
  });

  it('have no clients but those whose pipeline refuses other writes', () => {
    expect(
      filesWith(text =>
        /^import (?!type\b)[^;]*from '@azure\/(arm|keyvault)-/m.test(text),
      ),
    ).toEqual(['azure/client.ts']);
    expect(
      filesWith(text => /\bcreatePipeline(From|Request)/.test(text)),
    ).toEqual(['azure/transport/send.ts']);
  });
});
