import crypto from 'node:crypto';
import { CRYPTO_OFFICER, identityOf } from '../access';
import type { Answer } from '../Azure';
import type { Purpose } from '../names';
import type { Lab } from '../probe';

/** A GUID that nothing has. */
export function guidOf(runId: string): string {
  return `${runId}-0000-4000-8000-000000000000`;
}

/** One request that Azure refuses, and what its words are about. */
export interface RefusalRequest {
  /** The name of the refusal in the emulator. */
  name: string;
  ask(lab: Lab): Promise<Answer>;
  values?(lab: Lab): Record<string, string>;
}

export const guid = () => crypto.randomUUID();
export const NOWHERE = 'nowhere';
export const NO_TOKEN = 'Bearer nonsense';
export const OTHER_LOCATION = (location: string) =>
  location === 'northeurope' ? 'westeurope' : 'northeurope';

export const follow = ({ names }: Lab) => names.registryId('follow');
export const patchFollow = (lab: Lab, body: object) =>
  lab.azure.arm('PATCH', follow(lab), { body });
export const armUrl = ({ azure, names }: Lab) =>
  `https://${azure.cloud.armHost}${names.groupId}?api-version=2021-04-01`;
export const host = ({ names }: Lab) => names.loginServer('follow');
export const identityId = ({ names }: Lab, name: string) =>
  names.resource('Microsoft.ManagedIdentity/userAssignedIdentities', name);
export const newRegistry = (
  { azure, names }: Lab,
  body: object,
  name = names.nobody,
) =>
  azure.arm(
    'PUT',
    names.resource('Microsoft.ContainerRegistry/registries', name),
    {
      body: {
        location: names.location,
        tags: names.tags,
        sku: { name: 'Premium' },
        ...body,
      },
    },
  );
export const vaultBody = ({ names, caller }: Lab, properties: object) => ({
  location: names.location,
  tags: names.tags,
  properties: {
    tenantId: caller.tenantId,
    sku: { family: 'A', name: 'standard' },
    ...properties,
  },
});
export const newVault = (
  lab: Lab,
  properties: object,
  name = `${lab.names.vault('roles')}x`,
) => {
  const id = lab.names.resource('Microsoft.KeyVault/vaults', name);
  // Should Azure make it after all, it is removed.
  lab.state.note({ kind: 'vault', id });
  return lab.azure.arm('PUT', id, { body: vaultBody(lab, properties) });
};
export const login = ({ azure }: Lab, tenant: string, clientId: string) =>
  azure.anonymous(
    'POST',
    `https://${azure.cloud.authorityHost}/${tenant}/oauth2/v2.0/token`,
    {
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: 'none',
        scope: `https://${azure.cloud.armHost}/.default`,
      }),
    },
  );
export const assignment = ({ names }: Lab, name: string) =>
  `${names.vaultId(
    'roles',
  )}/providers/Microsoft.Authorization/roleAssignments/${name}`;
export const newAssignment = (
  lab: Lab,
  name: string,
  {
    principalId,
    role = CRYPTO_OFFICER,
  }: { principalId: string; role?: string },
) =>
  lab.azure.arm('PUT', assignment(lab, name), {
    body: {
      properties: {
        principalId,
        roleDefinitionId: `${lab.names.subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    },
  });
export const encryption = (keyIdentifier: unknown, identity?: string) => ({
  properties: {
    encryption: {
      status: 'enabled',
      keyVaultProperties: { keyIdentifier, ...(identity && { identity }) },
    },
  },
});
export const clientOf = async (lab: Lab, purpose: Purpose) =>
  (await identityOf(lab, purpose)).clientId;
export const vaultUrl = ({ azure, names }: Lab) =>
  `https://${names.vault('policies')}.${azure.cloud.vaultSuffix}`;
