import {
  ARM,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';

const azure = useEmulator();
const { call } = azure;
const AUTHORIZATION = 'providers/Microsoft.Authorization';
const NAME = '12345678-1234-4234-8234-123456789012';

interface Role {
  name: string;
  properties: {
    roleName: string;
    createdOn: string;
    updatedOn: string;
    permissions: { condition?: string; actions: string[] }[];
  };
}

async function rolesAt(scope: string, filter = ''): Promise<Role[]> {
  const { json } = await call(
    'reader',
    'GET',
    `${ARM}${scope}/${AUTHORIZATION}/roleDefinitions${filter}`,
  );
  return json.value as unknown as Role[];
}

describe('built-in roles', () => {
  it.each([
    'Owner',
    'Contributor',
    'Reader',
    'User Access Administrator',
    'Role Based Access Control Administrator',
    'Key Vault Administrator',
    'Key Vault Crypto Officer',
    'Key Vault Crypto User',
    'Key Vault Crypto Service Encryption User',
    'Key Vault Reader',
    'Managed Identity Operator',
    'AcrPull',
    'AcrPush',
    'Container Registry Contributor and Data Access Configuration Administrator',
    'Container Registry Repository Reader',
    'Container Registry Repository Catalog Lister',
  ])('%s is found by its name at every scope, with its times', async name => {
    for (const scope of [
      '',
      SUBSCRIPTION,
      `${SUBSCRIPTION}/resourceGroups/rg-shop`,
      `${vaultUrl('kv-contoso-rbac').slice(ARM.length)}/keys/shopimages`,
    ]) {
      const found = await rolesAt(scope, `?$filter=roleName eq '${name}'`);
      expect(found.map(({ properties }) => properties.roleName)).toEqual([
        name,
      ]);
      expect(found[0].properties.createdOn).toMatch(/^\d{4}-/);
      expect(found[0].properties.updatedOn).toMatch(/^\d{4}-/);
    }
  });

  it('the condition of a role limits what its holder may assign', async () => {
    const [role] = await rolesAt(
      SUBSCRIPTION,
      "?$filter=roleName eq 'Key Vault Data Access Administrator'",
    );
    expect(role.properties.permissions[0].condition).toContain('GuidEquals');
    await azure.assign(`${ARM}${SUBSCRIPTION}`, role.name, 'acr-cmk-reader');
    const assign = async (roleId: string) =>
      (
        await azure.assign(
          vaultUrl('kv-contoso-rbac'),
          roleId,
          'id-ordersimages',
          { by: 'reader', name: roleId },
        )
      ).status;
    expect(await assign('e147488a-f6f5-4113-8e2d-b22465e65bf6')).toBe(201);
    expect(await assign('8e3af657-a8ff-443c-a75c-2fe8c4bcb635')).toBe(403);
  });

  it('a wildcard segment also matches nothing: Key Vault Reader reads the vault itself', async () => {
    const url = vaultUrl('kv-contoso-rbac');
    const principalId = azure.emulator.state.principalId('acr-cmk-provisioner');
    const assignments = azure.emulator.state.assignments(principalId);
    for (const { id } of assignments) await call('admin', 'DELETE', ARM + id);
    expect((await call('provisioner', 'GET', url)).status).toBe(403);
    await azure.assign(
      url,
      '21090545-7ca7-4776-b22c-e363652d74d2',
      'acr-cmk-provisioner',
    );
    expect((await call('provisioner', 'GET', url)).status).toBe(200);
    expect((await call('provisioner', 'PATCH', url, { tags: {} })).status).toBe(
      403,
    );
  });
});

describe('custom roles and assignments', () => {
  it('a custom role keeps its creation and shows its change', async () => {
    const { clock } = azure.emulator;
    clock.freeze();
    const url = `${ARM}${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${NAME}`;
    const put = (actions: string[]) =>
      call('admin', 'PUT', url, {
        properties: {
          roleName: 'Temporary',
          permissions: [{ actions }],
          assignableScopes: [SUBSCRIPTION],
        },
      });
    const made = (await put(['*/read'])).json.properties;
    clock.advance(60_000);
    const changed = (await put(['*'])).json.properties;
    expect(changed.createdOn).toBe(made.createdOn);
    expect(changed.updatedOn).not.toBe(made.updatedOn);
  });

  it('an assignment can be repeated, but not with another description or condition', async () => {
    const url = `${ARM}${SUBSCRIPTION}/${AUTHORIZATION}/roleAssignments/${NAME}`;
    const properties = {
      roleDefinitionId: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
      principalId: azure.emulator.state.principalId('id-shopimages'),
      principalType: 'ServicePrincipal',
    };
    const put = (change: object = {}) =>
      call('admin', 'PUT', url, { properties: { ...properties, ...change } });
    const description = 'pulls images';
    const made = await put({ description });
    expect(made.status).toBe(201);
    for (const same of [{}, { description }]) {
      expect(await put(same)).toMatchObject({ status: 200, json: made.json });
    }
    for (const other of [{ description: '' }, { condition: 'true' }]) {
      expect(await put(other)).toMatchObject({
        status: 501,
        json: { error: { code: 'NotSupportedByEmulator' } },
      });
    }
  });
});
