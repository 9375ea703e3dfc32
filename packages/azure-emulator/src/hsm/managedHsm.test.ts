import { KeyClient } from '@azure/keyvault-keys';
import { DAY } from '../assumptions';
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

  // managed-hsm/key-rotation.md, all of it.
  describe('rotates a key as documented', () => {
    const policyUrl = (key: string) => `${HSM}/keys/${key}/rotationpolicy`;
    const rotate = (key: string) =>
      call('rotator', 'POST', `${HSM}/keys/${key}/rotate`);
    const setPolicy = (
      key: string,
      trigger: object | undefined,
      attributes: object = {},
      type = 'Rotate',
    ) =>
      call('rotator', 'PUT', policyUrl(key), {
        lifetimeActions: trigger ? [{ trigger, action: { type } }] : [],
        attributes,
      });
    const make = (key: string) =>
      call('rotator', 'POST', `${HSM}/keys/${key}/create`, { kty: 'RSA-HSM' });

    it('not without a policy, which a new key does not have', async () => {
      await make('fresh');
      const shown = await call('rotator', 'GET', policyUrl('fresh'));
      expect(shown.json).toMatchObject({ lifetimeActions: [], attributes: {} });
      expect((await rotate('fresh')).json.error.code).toBe('BadParameter');
      await setPolicy('fresh', { timeAfterCreate: 'P28D' });
      expect((await rotate('fresh')).status).toBe(200);
      // "Remove the key rotation policy (done by setting a blank policy)".
      expect((await setPolicy('fresh', undefined)).status).toBe(200);
      expect((await rotate('fresh')).status).toBe(400);
    });

    it('whose missing policy may also be answered with 404', async () => {
      world.emulator.assumptions.change({ hsmKeyWithoutPolicy: 'not-found' });
      await make('fresh');
      expect((await call('rotator', 'GET', policyUrl('fresh'))).status).toBe(
        404,
      );
    });

    it.each<[why: string, trigger: object, attributes: object]>([
      ['every 27 days', { timeAfterCreate: 'P27D' }, {}],
      [
        '27 days after creation, by the expiry',
        { timeBeforeExpiry: 'P29D' },
        { expiryTime: 'P56D' },
      ],
      ['an expiry that is not set', { timeBeforeExpiry: 'P30D' }, {}],
      [
        'an expiry of 27 days',
        { timeBeforeExpiry: 'P1D' },
        { expiryTime: 'P27D' },
      ],
    ])('not by a policy with %s', async (_why, trigger, attributes) => {
      const answer = await setPolicy('hsmimages', trigger, attributes);
      expect([answer.status, answer.json.error?.code]).toEqual([
        400,
        'BadParameter',
      ]);
    });

    it('not with a notice: it has no events', async () => {
      const answer = await setPolicy(
        'hsmimages',
        { timeBeforeExpiry: 'P30D' },
        { expiryTime: 'P90D' },
        'Notify',
      );
      expect(answer.json.error.code).toBe('BadParameter');
    });

    it('by a policy at the limits', async () => {
      const answer = await setPolicy(
        'hsmimages',
        { timeBeforeExpiry: 'P28D' },
        { expiryTime: 'P56D' },
      );
      expect(answer.status).toBe(200);
    });

    it('to a hundred versions, on demand and by its policy', async () => {
      const { clock, state } = world.emulator;
      const count = () =>
        state.key('hsm-contoso.managedhsm', 'hsmimages').versions.length;
      while (count() < 99) await rotate('hsmimages');
      expect((await rotate('hsmimages')).status).toBe(200);
      expect((await rotate('hsmimages')).json.error.code).toBe('BadParameter');
      expect((await make('hsmimages')).status).toBe(400);
      clock.advance(1000 * DAY);
      expect(count()).toBe(100);
    });
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

    await world.assign(
      `${IN_GROUP}/hsm-contoso`,
      '00482a5a-887f-4fb3-b363-3b7fe8e74483',
      'id-hsmimages',
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
