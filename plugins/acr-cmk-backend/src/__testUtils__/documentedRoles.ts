import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Emulator } from 'azure-emulator';

const ROLES = resolve(__dirname, '../../../../docs/roles');
export const NAMES = ['reader', 'rotator', 'revoker', 'provisioner'] as const;

const read = (file: string) => readFileSync(resolve(ROLES, file), 'utf8');

/** Role of `docs/roles` for a principal. */
export const documentedRole = (name: string) =>
  JSON.parse(read(`registry-key-${name}.json`));

/** Object id of the principal that holds a role in the emulated Azure. */
const holder = (azure: Emulator, name: string) =>
  azure.state.principalId(`acr-cmk-${name}`);

/**
 * Gives the principals of the emulated Azure exactly what `docs/roles/` says, and nothing else: the
 * roles are put in the place of its own, their condition too, and the access policies of every
 * vault are compared.
 */
export async function useDocumentedRoles(azure: Emulator): Promise<void> {
  const subscription = `/subscriptions/${azure.ready.subscriptionId}`;
  const arm = `https://management.azure.com`;
  for (const name of NAMES) {
    const role = documentedRole(name);
    // A role at a management group only finds subscriptions; nothing here asks for those.
    const assignments = azure.state
      .assignments(holder(azure, name))
      .filter(({ scope }) => scope.toLowerCase().startsWith('/subscriptions/'));
    if (assignments.length !== 1) {
      throw new Error(`${name} holds ${assignments.length} roles, not one`);
    }
    const [{ roleId, condition }] = assignments;
    const documented =
      name === 'revoker'
        ? read('registry-key-revoker.condition.txt').trim()
        : undefined;
    if (condition !== documented) {
      throw new Error(`The condition of ${name} is not the documented one`);
    }
    const { status, body } = await azure.outOfBand(
      'PUT',
      `${arm}${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}?api-version=2022-04-01`,
      {
        properties: {
          roleName: role.Name,
          description: role.Description,
          type: 'CustomRole',
          assignableScopes: [subscription],
          permissions: [
            {
              actions: role.Actions,
              notActions: role.NotActions,
              dataActions: role.DataActions,
              notDataActions: role.NotDataActions,
            },
          ],
        },
      },
    );
    if (status >= 300) throw new Error(`${name}: ${JSON.stringify(body)}`);
  }
}

/** Key permissions in vaults with access policies: as documented, and as the emulated Azure has them. */
export function keyPermissions(azure: Emulator, vault: string) {
  const documented: Record<string, string[]> = JSON.parse(
    read('key-permissions.json'),
  );
  const { accessPolicies } = azure.state.vault(vault);
  return NAMES.map(name => ({
    name,
    documented: documented[`registry-key-${name}`] ?? [],
    held:
      accessPolicies.find(({ objectId }) => objectId === holder(azure, name))
        ?.permissions.keys ?? [],
  }));
}
