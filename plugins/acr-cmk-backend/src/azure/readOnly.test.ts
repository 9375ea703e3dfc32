/** Writes by the read credential, and the files that write, which docs/review.md lists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from './__testUtils__/azureWorld';
import { azureAs } from './azureAs';
import { createCredentials } from './credentials/credentials';
import type { AzurePorts, CredentialName } from './ports';

const SOURCE = resolve(__dirname, '..');
const REVIEW = resolve(__dirname, '../../../../docs/review.md');
const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const VAULT = `${GROUPS}/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-policy`;
const REGISTRY = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: 'rg-shop',
  name: 'ordersimages',
};
const GUID = '11111111-2222-4333-8444-666666666666';
const key = KeyIdentifier.parse(
  `https://kv-contoso-policy.vault.azure.net/keys/ordersimages/${'a'.repeat(32)}`,
);
const anything = {} as any;

/** Every call that writes, and is not a part of another one. */
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
  return {
    'registries.updateEncryption': () =>
      registries.updateEncryption(REGISTRY as any, {
        keyIdentifier: key.versionless,
        identityClientId: GUID,
        ...anything,
      }),
    'vaults.addAccessPolicy': () => vaults.addAccessPolicy(VAULT, policy),
    'vaults.removeAccessPolicy': () => vaults.removeAccessPolicy(VAULT, policy),
    'keys.rotate': () => keys.rotate(key),
    'keys.create': () => keys.create(key, { type: 'RSA', size: 2048 }),
    'keys.setRotationPolicy': () => keys.setRotationPolicy(key, anything),
    'keys.setEnabled': () => keys.setEnabled(key, false),
    'keys.delete': () => keys.delete(key),
    'keys.recover': () => keys.recover(key),
    'access.createAssignment': () =>
      access.createAssignment({
        scope: VAULT,
        name: GUID,
        principalId: GUID,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${GUID}`,
      }),
    'access.deleteAssignment': () =>
      access.deleteAssignment(
        `${VAULT}/providers/Microsoft.Authorization/roleAssignments/${GUID}`,
      ),
    'identities.create': () =>
      identities.create(
        `${GROUPS}/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`,
        'westeurope',
      ),
  };
}

describe('a portal with the read credential alone', () => {
  let world: AzureWorld;
  let ports: AzurePorts;
  beforeAll(async () => {
    world = await startAzureWorld({ world: 'demo' });
    // Azure itself would allow everything.
    ports = world.portsWith({
      credentials: createCredentials({ read: world.principal('admin') }),
    });
  }, 60_000);
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

  it.each(NAMES)('sends nothing for %s', async name => {
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
  });

  it('still asks Resource Graph', async () => {
    world.emulator.clearRequests();
    await ports.registries.listBySubscription(world.subscriptionId);
    expect(sent()).toEqual([]);
  });
});

describe('the files that write to Azure', () => {
  it('are those that docs/review.md lists', () => {
    const files = readdirSync(join(SOURCE, 'azure'), {
      recursive: true,
      encoding: 'utf8',
    })
      .filter(
        file =>
          file.endsWith('.ts') &&
          !/\.test\.ts$|__testUtils__|^transport\//.test(file),
      )
      .map(file => join(SOURCE, 'azure', file));
    const writing = files.filter(file =>
      /\bwrite(<[^>]*>)?\(|method: '(PUT|PATCH|DELETE)'/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    const [, list] =
      /kept by azure\/readOnly\.test\.ts: files -->\n\n((?:- .*\n)+)/.exec(
        readFileSync(REVIEW, 'utf8'),
      )!;
    expect(writing.map(file => relative(SOURCE, file)).sort()).toEqual(
      [...list.matchAll(/`(.*?)`/g)].map(([, file]) => file).sort(),
    );
  });
});
