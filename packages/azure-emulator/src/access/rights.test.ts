import {
  ARM,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';
import type { PrincipalName } from '../worlds/principals';

const azure = useEmulator();
const { call } = azure;

const IDENTITY = `${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ordersimages`;
const key = (vault: string, name: string, rest = '') =>
  `https://${vault}.vault.azure.net/keys/${name}${rest}`;
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
      body: unknown,
      status: number,
      code: string | undefined,
    ]
  >([
    ['reader', 'GET', registryUrl('shopimages'), undefined, 200, undefined],
    [
      'reader',
      'GET',
      `${vaultUrl('kv-contoso-closed')}/keys/hrimages`,
      undefined,
      200,
      undefined,
    ],
    [
      'reader',
      'GET',
      `${vaultUrl('kv-contoso-rbac')}/keys/shopimages/versions`,
      undefined,
      200,
      undefined,
    ],
    [
      'reader',
      'PATCH',
      registryUrl('shopimages'),
      { tags: {} },
      403,
      'AuthorizationFailed',
    ],
    [
      'reader',
      'POST',
      key('kv-contoso-rbac', 'shopimages', '/rotate'),
      undefined,
      403,
      'ForbiddenByRbac',
    ],
    [
      'reader',
      'GET',
      key('kv-contoso-policy', 'ordersimages'),
      undefined,
      403,
      'ForbiddenByPolicy',
    ],
    [
      'rotator',
      'POST',
      key('kv-contoso-rbac', 'shopimages', '/rotate'),
      undefined,
      200,
      undefined,
    ],
    [
      'rotator',
      'POST',
      key('kv-contoso-policy', 'ordersimages', '/rotate'),
      undefined,
      200,
      undefined,
    ],
    [
      'rotator',
      'PATCH',
      registryUrl('shopimages'),
      { tags: {} },
      201,
      undefined,
    ],
    [
      'rotator',
      'PATCH',
      key('kv-contoso-rbac', 'shopimages'),
      { attributes: { enabled: false } },
      403,
      'ForbiddenByRbac',
    ],
    [
      'rotator',
      'DELETE',
      key('kv-contoso-policy', 'ordersimages'),
      undefined,
      403,
      'ForbiddenByPolicy',
    ],
    [
      'rotator',
      'PUT',
      `${vaultUrl('kv-contoso-policy')}/accessPolicies/add`,
      somePolicy,
      403,
      'AuthorizationFailed',
    ],
    [
      'revoker',
      'PUT',
      `${vaultUrl('kv-contoso-policy')}/accessPolicies/add`,
      somePolicy,
      200,
      undefined,
    ],
    [
      'revoker',
      'PATCH',
      key('kv-contoso-policy', 'ordersimages'),
      { attributes: { enabled: false } },
      200,
      undefined,
    ],
    [
      'revoker',
      'DELETE',
      key('kv-contoso-rbac', 'shopimages'),
      undefined,
      200,
      undefined,
    ],
    [
      'revoker',
      'POST',
      key('kv-contoso-rbac', 'shopimages', '/rotate'),
      undefined,
      403,
      'ForbiddenByRbac',
    ],
    [
      'revoker',
      'DELETE',
      registryUrl('shopimages'),
      undefined,
      403,
      'AuthorizationFailed',
    ],
    [
      'admin',
      'GET',
      key('kv-contoso-closed', 'hrimages'),
      undefined,
      403,
      'ForbiddenByFirewall',
    ],
  ])('%s %s %s', async (who, method, url, body, status, code) => {
    const answer = await call(who, method, url, body);
    const { error } = answer.json;
    expect({
      status: answer.status,
      code: error?.innererror?.code ?? error?.code,
    }).toEqual({ status, code });
  });

  const assignment = `${vaultUrl(
    'kv-contoso-rbac',
  )}/providers/Microsoft.Authorization/roleAssignments/12345678-1234-4234-8234-123456789012`;
  const role = (id: string) => ({
    properties: {
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
      principalId: azure.emulator.state.principalId('id-ordersimages'),
      principalType: 'ServicePrincipal',
    },
  });

  it('attaching an identity needs a permission at the identity besides registries/write', async () => {
    const { state } = azure.emulator;
    const id = '12345678-1234-4234-8234-123456789012';
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
      call('reader', 'PATCH', registryUrl('shopimages'), {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [IDENTITY]: {} },
        },
      });
    const write = 'Microsoft.ContainerRegistry/registries/write';
    await allow([write]);
    await call(
      'admin',
      'PUT',
      `${ARM}${SUBSCRIPTION}/${authorization}/roleAssignments/${id}`,
      {
        properties: {
          roleDefinitionId: id,
          principalId: state.principalId('acr-cmk-reader'),
          principalType: 'ServicePrincipal',
        },
      },
    );
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
    const encryptionUser = role('e147488a-f6f5-4113-8e2d-b22465e65bf6');
    const made = await call('revoker', 'PUT', assignment, encryptionUser);
    expect(made.status).toBe(201);
    expect((await call('revoker', 'DELETE', assignment)).status).toBe(200);
  });

  it('the condition of the revoker forbids assigning any other role', async () => {
    const owner = role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635');
    const answer = await call('revoker', 'PUT', assignment, owner);
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
    const control = await call('anonymous', 'GET', registryUrl('shopimages'));
    expect([control.status, control.json.error.code]).toEqual([
      401,
      'AuthenticationFailed',
    ]);
    const data = await call(
      'anonymous',
      'POST',
      key('kv-contoso-rbac', 'shopimages', '/rotate'),
    );
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
    const lock = `${vaultUrl(
      'kv-contoso-rbac',
    )}/providers/Microsoft.Authorization/locks/keep`;
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
    const deleted = await call(
      'revoker',
      'DELETE',
      key('kv-contoso-rbac', 'shopimages'),
    );
    expect(deleted.status).toBe(200);
  });

  it('a ReadOnly lock blocks a PATCH of the registry', async () => {
    const lock = `${registryUrl(
      'shopimages',
    )}/providers/Microsoft.Authorization/locks/still`;
    await call('admin', 'PUT', lock, { properties: { level: 'ReadOnly' } });
    const refused = await call('rotator', 'PATCH', registryUrl('shopimages'), {
      tags: { a: 'b' },
    });
    expect([refused.status, refused.json.error.code]).toEqual([
      409,
      'ScopeLocked',
    ]);
    expect(azure.emulator.state.registry('shopimages').tags.a).toBeUndefined();
  });
});
