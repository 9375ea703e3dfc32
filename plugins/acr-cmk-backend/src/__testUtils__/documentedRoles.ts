import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Emulator } from 'azure-emulator';

const ROLES = resolve(__dirname, '../../../../docs/roles');

/** Roles that a principal holds at the subscription: names of files in `docs/roles`, in the order of the assignments. */
const ROLES_OF: Record<string, string[]> = {
  reader: ['registry-key-reader', 'key-consumer-reader'],
  rotator: ['registry-key-rotator'],
  revoker: ['registry-key-revoker'],
  provisioner: ['registry-key-provisioner'],
};
export const ROLE_FILES = Object.values(ROLES_OF).flat();

const read = (file: string) => readFileSync(resolve(ROLES, file), 'utf8');

/** Role of a file in `docs/roles`. */
export const documentedRole = (file: string) =>
  JSON.parse(read(`${file}.json`));

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
  for (const [name, files] of Object.entries(ROLES_OF)) {
    // A role at a management group only finds subscriptions; nothing here asks for those.
    const assignments = azure.state
      .assignments(holder(azure, name))
      .filter(({ scope }) => scope.toLowerCase().startsWith('/subscriptions/'));
    if (assignments.length !== files.length) {
      throw new Error(
        `${name} holds ${assignments.length} roles, not ${files.length}`,
      );
    }
    const [{ condition }] = assignments;
    const documented =
      name === 'revoker'
        ? read('registry-key-revoker.condition.txt').trim()
        : undefined;
    if (condition !== documented) {
      throw new Error(`The condition of ${name} is not the documented one`);
    }
    for (const [index, file] of files.entries()) {
      const role = documentedRole(file);
      const { status, body } = await azure.outOfBand(
        'PUT',
        `${arm}${subscription}/providers/Microsoft.Authorization/roleDefinitions/${assignments[index].roleId}?api-version=2022-04-01`,
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
      if (status >= 300) throw new Error(`${file}: ${JSON.stringify(body)}`);
    }
  }
}

/** Key permissions in vaults with access policies: as documented, and as the emulated Azure has them. */
export function keyPermissions(azure: Emulator, vault: string) {
  const documented: Record<string, string[]> = JSON.parse(
    read('key-permissions.json'),
  );
  const { accessPolicies } = azure.state.vault(vault);
  return Object.keys(ROLES_OF).map(name => ({
    name,
    documented: documented[`registry-key-${name}`] ?? [],
    held:
      accessPolicies.find(({ objectId }) => objectId === holder(azure, name))
        ?.permissions.keys ?? [],
  }));
}
