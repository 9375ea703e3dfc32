import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { hsmScopeOf } from '../armIds';
import type { AzureClients } from '../client';
import { createHsmAccess } from './hsmAccess';

const PRINCIPAL = '77777777-0000-4000-8000-000000000000';
const ENCRYPTION_USER = '33413926-3206-4cdd-b39a-83574fe37a17';
const CUSTOM = '22222222-2222-4222-8222-222222222222';
const SCOPE = hsmScopeOf(
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm-shop/keys/shop`,
)!;
const MINUTE = 60_000;

const DATA_ACTIONS = ['read', 'wrap', 'unwrap'].map(
  verb => `Microsoft.KeyVault/managedHsm/keys/${verb}/action`,
);

/** An HSM whose role definitions and assignments a test changes. */
function startHsm() {
  const hsm = {
    now: 0,
    roles: [ENCRYPTION_USER],
    assigned: [] as string[],
    definitionReads: 0,
  };
  const roleAnswers = () => {
    hsm.definitionReads += 1;
    return hsm.roles.map(name => ({
      name,
      properties: {
        roleName: `Role ${name[0]}`,
        permissions: [{ dataActions: DATA_ACTIONS }],
      },
    }));
  };
  const assignments = () =>
    hsm.assigned.map((role, n) => ({
      id: `/assignments/${n}`,
      name: `${n}`,
      properties: {
        principalId: PRINCIPAL,
        roleDefinitionId: `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        scope: '/keys/shop',
      },
    }));
  const clients = {
    limits: { now: () => hsm.now },
    hsmUrl: (_hsm: string, path: string) => path,
    list: async (_credential: string, url: string) =>
      url.endsWith('roleDefinitions') ? roleAnswers() : assignments(),
  } as unknown as AzureClients;
  return { hsm, access: createHsmAccess(clients) };
}

describe('a role of an HSM that was made after the roles were read', () => {
  it('is read before it is answered what an assignment gives', async () => {
    const { hsm, access } = startHsm();
    hsm.assigned = [ENCRYPTION_USER];
    await access.assignmentsFor(PRINCIPAL, SCOPE);
    hsm.roles.push(CUSTOM);
    hsm.assigned.push(CUSTOM);
    hsm.now += MINUTE;
    expect(await access.assignmentsFor(PRINCIPAL, SCOPE)).toMatchObject([
      { roleName: 'Role 3', keyUses: [...WRAP_PERMISSIONS] },
      { roleName: 'Role 2', keyUses: [...WRAP_PERMISSIONS] },
    ]);
    await access.assignmentsFor(PRINCIPAL, SCOPE);
    expect(hsm.definitionReads).toBe(2);
  });

  it('is read before it is answered what a credential may do', async () => {
    const { hsm, access } = startHsm();
    await access.permissionsOf(PRINCIPAL, SCOPE, 'read');
    hsm.roles.push(CUSTOM);
    hsm.assigned.push(CUSTOM);
    expect(await access.permissionsOf(PRINCIPAL, SCOPE, 'read')).toMatchObject([
      { dataActions: DATA_ACTIONS },
    ]);
  });

  it('that cannot be read leaves it unknown what it gives', async () => {
    const { hsm, access } = startHsm();
    hsm.assigned = [CUSTOM];
    await expect(access.assignmentsFor(PRINCIPAL, SCOPE)).rejects.toThrow(
      'does not show the role',
    );
    await expect(
      access.permissionsOf(PRINCIPAL, SCOPE, 'read'),
    ).rejects.toThrow('does not show the role');
  });
});
