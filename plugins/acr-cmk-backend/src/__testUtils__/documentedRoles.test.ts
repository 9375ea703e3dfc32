import { type Emulator, startEmulator } from 'azure-emulator';
import { documentedRole, ROLE_FILES } from './documentedRoles';

interface Role {
  properties: {
    roleName: string;
    permissions: { actions: string[]; dataActions: string[] }[];
  };
}

let azure: Emulator;
beforeAll(async () => {
  azure = await startEmulator();
});
afterAll(() => azure.close());

// Every test that signs in as one of these principals has the rights of the documented role, and no others.
it.each(ROLE_FILES)(
  'the emulated Azure has exactly the role of docs/roles/%s.json',
  async file => {
    const { body } = await azure.outOfBand(
      'GET',
      `https://management.azure.com/subscriptions/${azure.ready.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01`,
    );
    const documented = documentedRole(file);
    const emulated = (body as { value: Role[] }).value.find(
      ({ properties }) => properties.roleName === documented.Name,
    );
    const [{ actions, dataActions }] = emulated!.properties.permissions;
    expect([...actions].sort()).toEqual([...documented.Actions].sort());
    expect([...dataActions].sort()).toEqual([...documented.DataActions].sort());
  },
);
