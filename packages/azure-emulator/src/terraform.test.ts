import { createHash } from 'node:crypto';
import { requestThrough } from './client';
import { Json, RestAnswer, useEmulator } from './__testUtils__/emulated';
import { DAY, FOLLOW_DELAY_MS } from './assumptions';

/**
 * The requests of Terraform's azurerm provider in the order of its request log, without Terraform: apply, no
 * change, an outside rotation, a versionless key, a role that is removed and added, destroy.
 */
const azure = useEmulator({ world: 'empty' });
const ARM = 'https://management.azure.com';
const VERSIONS = {
  registry: '2023-11-01-preview',
  vault: '2023-02-01',
  identity: '2023-01-31',
  assignment: '2022-04-01',
  group: '2023-07-01',
  keys: '7.4',
};
const REGISTRY = 'terraformimages';
const VAULT = 'kv-terraform';
const KEYS = `https://${VAULT}.vault.azure.net`;
const ENCRYPTION_USER = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
const ASSIGNMENT = '12345678-1234-4234-8234-123456789012';

const subscription = () =>
  `/subscriptions/${azure.emulator.ready.subscriptionId}`;
const group = () => `${subscription()}/resourceGroups/rg-terraform`;
const registry = () =>
  `${group()}/providers/Microsoft.ContainerRegistry/registries/${REGISTRY}`;
const vault = () => `${group()}/providers/Microsoft.KeyVault/vaults/${VAULT}`;
const identity = () =>
  `${group()}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-terraform`;
const assignment = () =>
  `${vault()}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENT}`;

async function send(
  method: string,
  url: string,
  version: string,
  body?: unknown,
): Promise<RestAnswer> {
  const target = url.startsWith('/') ? `${ARM}${url}` : url;
  const separator = target.includes('?') ? '&' : '?';
  return azure.call(
    'admin',
    method,
    `${target}${separator}api-version=${version}`,
    body,
  );
}

const status = async (...request: Parameters<typeof send>) =>
  (await send(...request)).status;

/** Follows an operation to its end, by the header that the provider reads for the method. */
async function finish(answer: RestAnswer): Promise<void> {
  const { headers } = answer;
  const url = (headers['azure-asyncoperation'] ?? headers.location) as string;
  const end = await azure.call('admin', 'GET', url);
  expect([200, end.json.status ?? 'Succeeded']).toEqual([
    end.status,
    'Succeeded',
  ]);
}

const vaultBody = () => ({
  location: 'westeurope',
  properties: {
    accessPolicies: [],
    enablePurgeProtection: true,
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    enabledForDeployment: false,
    enabledForDiskEncryption: false,
    enabledForTemplateDeployment: false,
    publicNetworkAccess: 'Enabled',
    sku: { family: 'A', name: 'standard' },
    softDeleteRetentionInDays: 7,
    tenantId: azure.emulator.ready.tenantId,
  },
  tags: {},
});

const assignmentBody = (principalId: unknown) => ({
  properties: {
    principalId,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `${subscription()}/providers/Microsoft.Authorization/roleDefinitions/${ENCRYPTION_USER}`,
  },
});

const encryption = (keyIdentifier: string, clientId: unknown) => ({
  status: 'enabled',
  keyVaultProperties: { keyIdentifier, identity: clientId },
});

interface Applied {
  principalId: Json;
  clientId: Json;
  keyIdentifier: string;
}

/** What the provider asks before every plan. */
async function startProvider() {
  const providers = await send(
    'GET',
    `${subscription()}/providers`,
    '2022-09-01',
  );
  expect(providers.json.value).toContainEqual(
    expect.objectContaining({
      namespace: 'Microsoft.ContainerRegistry',
      registrationState: 'Registered',
    }),
  );
}

async function apply(): Promise<Applied> {
  await startProvider();
  expect(await status('GET', group(), VERSIONS.group)).toBe(404);
  expect(
    await status('PUT', group(), VERSIONS.group, {
      location: 'westeurope',
      tags: {},
    }),
  ).toBe(201);

  expect(await status('GET', identity(), VERSIONS.identity)).toBe(404);
  const made = await send('PUT', identity(), VERSIONS.identity, {
    location: 'westeurope',
    tags: {},
  });
  const { principalId, clientId } = made.json.properties;

  expect(await status('GET', vault(), VERSIONS.vault)).toBe(404);
  expect(
    await status(
      'GET',
      `${subscription()}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/${VAULT}`,
      VERSIONS.vault,
    ),
  ).toBe(404);
  const created = await send('PUT', vault(), VERSIONS.vault, vaultBody());
  expect(created.json.properties.vaultUri).toBe(`${KEYS}/`);
  expect(await status('GET', `${KEYS}/`, VERSIONS.keys)).toBe(404);
  expect(
    await status('GET', `${KEYS}/certificates/contacts`, VERSIONS.keys),
  ).toBe(404);

  expect(await status('GET', `${KEYS}/keys/registry/`, VERSIONS.keys)).toBe(
    404,
  );
  const key = await send(
    'POST',
    `${KEYS}/keys/registry/create`,
    VERSIONS.keys,
    {
      attributes: { enabled: true },
      key_ops: ['unwrapKey', 'wrapKey'],
      key_size: 2048,
      kty: 'RSA',
      tags: {},
    },
  );
  const keyIdentifier = key.json.key.kid as unknown as string;
  expect(
    await status(
      'PUT',
      assignment(),
      VERSIONS.assignment,
      assignmentBody(principalId),
    ),
  ).toBe(201);

  const available = await send(
    'POST',
    `${subscription()}/providers/Microsoft.ContainerRegistry/checkNameAvailability`,
    VERSIONS.registry,
    { name: REGISTRY, type: 'Microsoft.ContainerRegistry/registries' },
  );
  expect(available.json.nameAvailable).toBe(true);
  const creation = await send('PUT', registry(), VERSIONS.registry, {
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [identity()]: {} },
    },
    location: 'westeurope',
    properties: {
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: false,
      encryption: encryption(keyIdentifier, clientId),
      networkRuleBypassOptions: 'AzureServices',
      policies: {
        exportPolicy: { status: 'enabled' },
        quarantinePolicy: { status: 'disabled' },
        retentionPolicy: {},
        trustPolicy: {},
      },
      publicNetworkAccess: 'Enabled',
      zoneRedundancy: 'Disabled',
    },
    sku: { name: 'Premium', tier: 'Premium' },
    tags: {},
  });
  expect(creation.status).toBe(201);
  await finish(creation);
  return { principalId, clientId, keyIdentifier };
}

/** The reads of a plan, as one digest: a plan without changes reads the same as the one before. */
async function refresh(): Promise<{ registry: Json; digest: string }> {
  await startProvider();
  const answers = [
    await send('GET', group(), VERSIONS.group),
    await send('GET', identity(), VERSIONS.identity),
    await send('GET', vault(), VERSIONS.vault),
    await send('GET', `${KEYS}/keys/registry/`, VERSIONS.keys),
    await send('GET', assignment(), VERSIONS.assignment),
    await send('GET', registry(), VERSIONS.registry),
    await send('GET', `${registry()}/replications`, VERSIONS.registry),
  ];
  const credentials = await send(
    'POST',
    `${registry()}/listCredentials`,
    VERSIONS.registry,
  );
  expect(credentials.json.error.code).toBe(
    'UnAuthorizedForCredentialOperations',
  );
  return {
    registry: answers[5].json,
    digest: createHash('sha256')
      .update(
        answers.map(({ status: code, text }) => `${code} ${text}`).join('\n'),
      )
      .digest('hex'),
  };
}

const keyOf = ({ properties }: Json) =>
  properties.encryption.keyVaultProperties;

describe("the requests of Terraform's azurerm provider", () => {
  it('apply, and a plan without changes', async () => {
    const { clientId, keyIdentifier } = await apply();
    const first = await refresh();
    expect(keyOf(first.registry)).toMatchObject({
      identity: clientId,
      keyIdentifier,
      versionedKeyIdentifier: keyIdentifier,
      keyRotationEnabled: false,
    });
    expect((await refresh()).digest).toBe(first.digest);
    const applied = await send(
      'GET',
      `${registry()}/replications`,
      VERSIONS.registry,
    );
    expect(applied.json.value).toMatchObject([{ name: 'westeurope' }]);
  });

  it('an outside rotation shows as a change, and the partial PATCH reverts it', async () => {
    const { clientId, keyIdentifier } = await apply();
    const rotated = await send(
      'POST',
      `${KEYS}/keys/registry/rotate`,
      VERSIONS.keys,
    );
    const outside = rotated.json.key.kid as unknown as string;
    await finish(
      await send('PATCH', registry(), '2025-11-01', {
        properties: { encryption: encryption(outside, clientId) },
      }),
    );
    const before = (await refresh()).registry;
    expect(keyOf(before).keyIdentifier).toBe(outside);

    const patch = await send('PATCH', registry(), VERSIONS.registry, {
      properties: { encryption: encryption(keyIdentifier, clientId) },
    });
    expect(patch.status).toBe(201);
    await finish(patch);
    const after = (await refresh()).registry;
    expect(keyOf(after).versionedKeyIdentifier).toBe(keyIdentifier);
    expect(after.identity).toEqual(before.identity);
    expect(after.properties.policies).toEqual(before.properties.policies);
  });

  it('a versionless key shows no change when it follows a new version', async () => {
    const { clientId, keyIdentifier } = await apply();
    const versionless = keyIdentifier.replace(/\/[0-9a-f]{32}$/, '');
    await finish(
      await send('PATCH', registry(), VERSIONS.registry, {
        properties: { encryption: encryption(versionless, clientId) },
      }),
    );
    const rotated = await send(
      'POST',
      `${KEYS}/keys/registry/rotate`,
      VERSIONS.keys,
    );
    azure.emulator.clock.advance(FOLLOW_DELAY_MS + 1);
    expect(keyOf((await refresh()).registry)).toMatchObject({
      keyIdentifier: versionless,
      versionedKeyIdentifier: rotated.json.key.kid,
      keyRotationEnabled: true,
    });
  });

  it('a removed role is missing in the next plan, and apply adds it again', async () => {
    const { principalId } = await apply();
    expect(await status('DELETE', assignment(), VERSIONS.assignment)).toBe(200);
    expect(await status('GET', assignment(), VERSIONS.assignment)).toBe(404);
    expect(azure.emulator.state.registry(REGISTRY).reach.reaches).toBe(false);
    expect(
      await status(
        'PUT',
        assignment(),
        VERSIONS.assignment,
        assignmentBody(principalId),
      ),
    ).toBe(201);
    expect(azure.emulator.state.registry(REGISTRY).reach.reaches).toBe(true);
  });

  it('destroy deletes from the registry to the group, which it finds empty first', async () => {
    await apply();
    const remaining = async () =>
      (
        await send(
          'GET',
          `${group()}/resources?$expand=provisioningState&$top=500`,
          VERSIONS.group,
        )
      ).json.value as unknown as { name: string }[];
    expect((await remaining()).map(({ name }) => name).sort()).toEqual([
      'id-terraform',
      VAULT,
      REGISTRY,
    ]);
    expect(await status('DELETE', registry(), VERSIONS.registry)).toBe(200);
    expect(await status('GET', registry(), VERSIONS.registry)).toBe(404);
    expect(await status('DELETE', assignment(), VERSIONS.assignment)).toBe(200);
    expect(await status('DELETE', `${KEYS}/keys/registry`, VERSIONS.keys)).toBe(
      200,
    );
    azure.emulator.clock.advance(DAY);
    expect(
      await status('GET', `${KEYS}/deletedkeys/registry`, VERSIONS.keys),
    ).toBe(200);
    expect(await status('DELETE', vault(), VERSIONS.vault)).toBe(200);
    const deleted = `${subscription()}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/${VAULT}`;
    expect(await status('GET', deleted, VERSIONS.vault)).toBe(200);
    const purge = await send('POST', `${deleted}/purge`, VERSIONS.vault);
    expect([purge.status, purge.json.error.message]).toEqual([
      400,
      expect.stringContaining('purge protection'),
    ]);
    expect(await status('DELETE', identity(), VERSIONS.identity)).toBe(200);
    expect(await remaining()).toEqual([]);
    const deletion = await send('DELETE', group(), VERSIONS.group);
    expect(deletion.status).toBe(202);
    await finish(deletion);
    expect(await status('GET', group(), VERSIONS.group)).toBe(404);
  });

  it('signing in reads the metadata of the cloud, and every request is supported', async () => {
    const metadata = await requestThrough(
      azure.emulator,
      `${ARM}/metadata/endpoints?api-version=2022-09-01`,
    );
    expect(JSON.parse(metadata.text)).toContainEqual(
      expect.objectContaining({ name: 'AzureCloud' }),
    );
    await apply();
    expect(
      azure.emulator.requests().filter(({ status: code }) => code! >= 500),
    ).toEqual([]);
  });
});
