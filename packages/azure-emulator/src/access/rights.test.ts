import {
  ARM,
  ASSIGNMENT,
  assignmentsAt,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';
import type { PrincipalName } from '../worlds/principals';

const azure = useEmulator();
const { call } = azure;

const IDENTITY = `${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ordersimages`;
const SHOP = registryUrl('shopimages');
const RBAC_VAULT = vaultUrl('kv-contoso-rbac');
const RBAC_KEY = 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages';
const POLICY_KEY =
  'https://kv-contoso-policy.vault.azure.net/keys/ordersimages';
const CLOSED_KEY = 'https://kv-contoso-closed.vault.azure.net/keys/hrimages';
const ADD_POLICY = `${vaultUrl('kv-contoso-policy')}/accessPolicies/add`;
const disabled = { attributes: { enabled: false } };
const somePolicy = {
  properties: {
    accessPolicies: [
      {
        tenantId: '99999999-8888-4777-8666-555555555555',
        objectId: 'bbbbbbbb-0000-4000-8000-00000000000a',
        permissions: { keys: ['get'] },
      },
    ],
  },
};

describe('permissions in the demo world', () => {
  it.each<
    [
      who: PrincipalName,
      method: string,
      url: string,
      answer: string,
      body?: unknown,
    ]
  >([
    ['reader', 'GET', SHOP, '200'],
    ['reader', 'GET', `${vaultUrl('kv-contoso-closed')}/keys/hrimages`, '200'],
    ['reader', 'GET', `${RBAC_VAULT}/keys/shopimages/versions`, '200'],
    ['reader', 'PATCH', SHOP, '403 AuthorizationFailed', { tags: {} }],
    ['reader', 'POST', `${RBAC_KEY}/rotate`, '403 ForbiddenByRbac'],
    ['reader', 'GET', POLICY_KEY, '403 ForbiddenByPolicy'],
    ['rotator', 'POST', `${RBAC_KEY}/rotate`, '200'],
    ['rotator', 'POST', `${POLICY_KEY}/rotate`, '200'],
    ['rotator', 'PATCH', SHOP, '201', { tags: {} }],
    ['rotator', 'PATCH', RBAC_KEY, '403 ForbiddenByRbac', disabled],
    ['rotator', 'DELETE', POLICY_KEY, '403 ForbiddenByPolicy'],
    ['rotator', 'PUT', ADD_POLICY, '403 AuthorizationFailed', somePolicy],
    ['revoker', 'PUT', ADD_POLICY, '200', somePolicy],
    ['revoker', 'PATCH', POLICY_KEY, '200', disabled],
    ['revoker', 'DELETE', RBAC_KEY, '200'],
    ['revoker', 'POST', `${RBAC_KEY}/rotate`, '403 ForbiddenByRbac'],
    ['revoker', 'DELETE', SHOP, '403 AuthorizationFailed'],
    ['admin', 'GET', CLOSED_KEY, '403 ForbiddenByFirewall'],
  ])('%s %s %s: %s', async (...[who, method, url, expected, body]) => {
    const { status, json } = await call(who, method, url, body);
    const code = json.error?.innererror?.code ?? json.error?.code;
    expect([status, code].filter(Boolean).join(' ')).toBe(expected);
  });

  const assign = (role: string) =>
    azure.assign(RBAC_VAULT, role, 'id-ordersimages', { by: 'revoker' });

  it('attaching an identity needs a permission at the identity besides registries/write', async () => {
    const { state } = azure.emulator;
    const id = ASSIGNMENT;
    const authorization = 'providers/Microsoft.Authorization';
    const allow = (actions: string[]) =>
      call(
        'admin',
        'PUT',
        `${ARM}${SUBSCRIPTION}/${authorization}/roleDefinitions/${id}`,
        {
          properties: {
            roleName: 'Registry Writer',
            permissions: [{ actions }],
            assignableScopes: [SUBSCRIPTION],
          },
        },
      );
    const attach = () =>
      call('reader', 'PATCH', SHOP, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [IDENTITY]: {} },
        },
      });
    const write = 'Microsoft.ContainerRegistry/registries/write';
    await allow([write]);
    await azure.assign(`${ARM}${SUBSCRIPTION}`, id, 'acr-cmk-reader');
    const before = state.registry('shopimages');
    const refused = await attach();
    expect([refused.status, refused.json.error.code]).toEqual([
      403,
      'LinkedAuthorizationFailed',
    ]);
    expect(state.registry('shopimages')).toEqual(before);
    await allow([
      write,
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    ]);
    expect((await attach()).status).toBe(201);
  });

  it('the revoker may assign the encryption role and remove it again', async () => {
    const made = await assign('e147488a-f6f5-4113-8e2d-b22465e65bf6');
    expect(made.status).toBe(201);
    const removed = await call(
      'revoker',
      'DELETE',
      `${assignmentsAt(RBAC_VAULT)}/${ASSIGNMENT}`,
    );
    expect(removed.status).toBe(200);
  });

  it('the condition of the revoker forbids assigning any other role', async () => {
    const answer = await assign('8e3af657-a8ff-443c-a75c-2fe8c4bcb635');
    expect(answer.status).toBe(403);
    expect(answer.json.error.code).toBe('AuthorizationFailed');
    const { state } = azure.emulator;
    const principalId = state.principalId('id-ordersimages');
    expect(state.assignments(principalId)).not.toContainEqual(
      expect.objectContaining({
        roleId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      }),
    );
  });

  it('a request without a token gets a challenge that names the authority', async () => {
    const control = await call('anonymous', 'GET', SHOP);
    expect([control.status, control.json.error.code]).toEqual([
      401,
      'AuthenticationFailed',
    ]);
    const data = await call('anonymous', 'POST', `${RBAC_KEY}/rotate`);
    expect(data.status).toBe(401);
    expect(data.headers['www-authenticate']).toBe(
      'Bearer authorization="https://login.microsoftonline.com/99999999-8888-4777-8666-555555555555", resource="https://vault.azure.net"',
    );
    expect(data.json.error).toEqual({
      code: 'Unauthorized',
      message: 'AKV10000: Request is missing a Bearer or PoP token.',
    });
  });

  it('a CanNotDelete lock on the vault blocks role assignment deletion but not key deletion', async () => {
    const lock = `${RBAC_VAULT}/providers/Microsoft.Authorization/locks/keep`;
    await call('admin', 'PUT', lock, { properties: { level: 'CanNotDelete' } });
    const { emulator } = azure;
    const [found] = emulator.state.assignments(
      emulator.state.principalId('id-shopimages'),
    );
    const refused = await call('revoker', 'DELETE', `${ARM}${found.id}`);
    expect([refused.status, refused.json.error.code]).toEqual([
      409,
      'ScopeLocked',
    ]);
    const deleted = await call('revoker', 'DELETE', RBAC_KEY);
    expect(deleted.status).toBe(200);
  });

  it('a ReadOnly lock blocks a PATCH of the registry', async () => {
    const lock = `${SHOP}/providers/Microsoft.Authorization/locks/still`;
    await call('admin', 'PUT', lock, { properties: { level: 'ReadOnly' } });
    const refused = await call('rotator', 'PATCH', SHOP, {
      tags: { a: 'b' },
    });
    expect([refused.status, refused.json.error.code]).toEqual([
      409,
      'ScopeLocked',
    ]);
    expect(azure.emulator.state.registry('shopimages').tags.a).toBeUndefined();
  });
});
