import { KeyClient } from '@azure/keyvault-keys';
import { ARM, SUBSCRIPTION, useEmulator } from '../__testUtils__/emulated';
import { requestThrough } from '../http/client';
import { sdkClients } from '../__testUtils__/sdk';
import type { PrincipalName } from '../worlds/principals';
import { HSM_ENCRYPTION_USER, HSM_POLICY_ADMINISTRATOR } from './hsmRoles';

const world = useEmulator({ world: 'demo-hsm' });
const { call } = world;

const HSM = 'https://hsm-contoso.managedhsm.azure.net';
const AUTHORIZATION = 'providers/Microsoft.Authorization';
const NAME = '12345678-1234-4234-8234-123456789012';
const IN_GROUP = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-hsm/providers/Microsoft.KeyVault/managedHSMs`;
const WITH_SCOPE_AT_ROOT = `${HSM}///${AUTHORIZATION}`;
const ofKey = (key: string) => `${HSM}//keys/${key}/${AUTHORIZATION}`;

const keysOf = (who: PrincipalName) =>
  new KeyClient(HSM, sdkClients(world.emulator, who).credential);
const reach = () => world.emulator.state.registry('hsmimages').reach;
const assignments = async () =>
  (
    await call(
      'reader',
      'GET',
      `${ofKey('hsmimages')}/roleAssignments?$filter=atScope()`,
    )
  ).json.value as unknown as {
    name: string;
    properties: { principalId: string; scope: string };
  }[];

describe('a Managed HSM', () => {
  it('is a resource of its own type, and no vault', async () => {
    const { vaults } = sdkClients(world.emulator, 'reader');
    const hsm = await vaults.managedHsms.get('rg-hsm', 'hsm-contoso');
    expect(hsm).toMatchObject({
      name: 'hsm-contoso',
      sku: { name: 'Standard_B1' },
      properties: {
        hsmUri: `${HSM}/`,
        enablePurgeProtection: true,
        securityDomainProperties: { activationStatus: 'Active' },
      },
    });
    const listed: (string | undefined)[] = [];
    for await (const { name } of vaults.managedHsms.listBySubscription()) {
      listed.push(name);
    }
    expect(listed).toEqual(['hsm-contoso']);
    const inVaults: (string | undefined)[] = [];
    for await (const { name } of vaults.vaults.listBySubscription()) {
      inVaults.push(name);
    }
    expect(inVaults.some(name => name?.startsWith('hsm'))).toBe(false);
    const statusOf = async (name: string) =>
      (await call('reader', 'GET', `${IN_GROUP}/${name}`)).status;
    expect(await statusOf('hsm-contoso')).toBe(200);
    expect(await statusOf('hsm-other')).toBe(404);
    const rows = await call(
      'reader',
      'POST',
      `${ARM}/providers/Microsoft.ResourceGraph/resources`,
      {
        query:
          "resources | where type =~ 'microsoft.keyvault/managedhsms' | project name, properties.hsmUri",
      },
    );
    expect(rows.json.data).toEqual([
      { name: 'hsm-contoso', properties_hsmUri: `${HSM}/` },
    ]);
  });

  it('wants a token of its own audience, which a vault does not take', async () => {
    const challenge = await call('anonymous', 'GET', `${HSM}/keys`);
    expect(challenge.status).toBe(401);
    expect(challenge.headers['www-authenticate']).toContain(
      'resource="https://managedhsm.azure.net"',
    );
    const { credential } = sdkClients(world.emulator, 'reader');
    const statusWith = async (audience: string, url: string) => {
      const { token } = await credential.getToken(`${audience}/.default`);
      const { status } = await requestThrough(
        world.emulator,
        `${url}?api-version=7.6`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      return status;
    };
    const [ofVaults, ofHsms] = ['vault', 'managedhsm'].map(
      kind => `https://${kind}.azure.net`,
    );
    expect(await statusWith(ofVaults, `${HSM}/keys`)).toBe(401);
    expect(await statusWith(ofHsms, `${HSM}/keys`)).toBe(200);
    expect(
      await statusWith(ofHsms, 'https://kv-contoso-rbac.vault.azure.net/keys'),
    ).toBe(401);
  });

  it("has keys that Microsoft's client reads and rotates, and only of kinds for HSMs", async () => {
    const reader = keysOf('reader');
    const before = await reader.getKey('hsmimages');
    expect(before.keyType).toBe('RSA-HSM');
    expect(before.id).toMatch(new RegExp(`^${HSM}/keys/hsmimages/`));
    await expect(reader.rotateKey('hsmimages')).rejects.toMatchObject({
      statusCode: 403,
      code: 'AccessDenied',
      message:
        'Not authorized to access Microsoft.KeyVault/managedHsm/keys/rotate/action on /keys/hsmimages',
    });
    const rotated = await keysOf('rotator').rotateKey('hsmimages');
    expect(rotated.properties.version).not.toBe(before.properties.version);
    await expect(
      keysOf('rotator').createKey('soft', 'RSA'),
    ).rejects.toMatchObject({ statusCode: 400 });
    const made = await keysOf('rotator').createRsaKey('hard', { hsm: true });
    expect(made.keyType).toBe('RSA-HSM');
  });

  it('lets a registry in by its own roles, and by no role of ARM', async () => {
    expect(reach()).toEqual({ reaches: true });
    const principalId = world.emulator.state.principalId('id-hsmimages');
    const [own, ...others] = (await assignments()).filter(
      ({ properties }) => properties.principalId === principalId,
    );
    expect(others).toEqual([]);
    expect(own.properties.scope).toBe('/keys/hsmimages');
    const url = `${ofKey('hsmimages')}/roleAssignments/${own.name}`;
    expect((await call('rotator', 'DELETE', url)).status).toBe(403);
    expect((await call('revoker', 'DELETE', url)).status).toBe(200);
    expect(reach()).toMatchObject({ reaches: false, problem: 'access' });

    await call(
      'admin',
      'PUT',
      `${IN_GROUP}/hsm-contoso/${AUTHORIZATION}/roleAssignments/${NAME}`,
      {
        properties: {
          roleDefinitionId: `/${AUTHORIZATION}/roleDefinitions/00482a5a-887f-4fb3-b363-3b7fe8e74483`,
          principalId,
          principalType: 'ServicePrincipal',
        },
      },
    );
    expect(reach()).toMatchObject({ reaches: false });

    const put = (name: string, role: string) =>
      call('revoker', 'PUT', `${ofKey('hsmimages')}/roleAssignments/${name}`, {
        properties: {
          roleDefinitionId: `Microsoft.KeyVault/${AUTHORIZATION}/roleDefinitions/${role}`,
          principalId,
        },
      });
    expect((await put(NAME, HSM_POLICY_ADMINISTRATOR)).status).toBe(201);
    expect(reach()).toMatchObject({ reaches: false });
    expect((await put(NAME, HSM_ENCRYPTION_USER)).json.error.code).toBe(
      'RoleAssignmentExists',
    );
    expect(
      (await put(NAME.replace('1', '2'), HSM_ENCRYPTION_USER)).status,
    ).toBe(201);
    expect(reach()).toEqual({ reaches: true });
  });

  it('shows roles and assignments as recorded, with the scope in the path', async () => {
    const roles = await call(
      'reader',
      'GET',
      `${WITH_SCOPE_AT_ROOT}/roleDefinitions`,
    );
    expect(roles.json.value).toContainEqual(
      expect.objectContaining({
        id: `Microsoft.KeyVault/${AUTHORIZATION}/roleDefinitions/${HSM_ENCRYPTION_USER}`,
        name: HSM_ENCRYPTION_USER,
        properties: expect.objectContaining({
          roleName: 'Managed HSM Crypto Service Encryption User',
        }),
      }),
    );
    const atRoot = await call(
      'reader',
      'GET',
      `${WITH_SCOPE_AT_ROOT}/roleAssignments?$filter=atScope()`,
    );
    const [first] = atRoot.json.value as unknown as {
      id: string;
      name: string;
      properties: { scope: string };
    }[];
    expect(first).toMatchObject({
      id: `/${AUTHORIZATION}/roleAssignments/${first.name}`,
      properties: { scope: '/' },
    });
    expect(
      (
        await call(
          'reader',
          'GET',
          `https://kv-contoso-rbac.vault.azure.net///${AUTHORIZATION}/roleAssignments`,
        )
      ).status,
    ).toBe(403);
  });
});
