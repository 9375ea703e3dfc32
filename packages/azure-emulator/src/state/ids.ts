import crypto from 'node:crypto';

/** The parts of an ARM path below a resource group, in the caller's own spelling. */
interface ResourcePath {
  subscriptionId: string;
  group: string;
  type: string;
  name: string;
}

const RESOURCE =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

export function parseResourceId(id: string): ResourcePath | undefined {
  const parts = RESOURCE.exec(id);
  return parts
    ? {
        subscriptionId: parts[1],
        group: parts[2],
        type: parts[3],
        name: parts[4],
      }
    : undefined;
}

export const groupId = (subscriptionId: string, name: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${name}`;

export const resourceId = (
  group: { subscriptionId: string; name: string },
  type: string,
  name: string,
) => `${groupId(group.subscriptionId, group.name)}/providers/${type}/${name}`;

export const TYPES = {
  registry: 'Microsoft.ContainerRegistry/registries',
  vault: 'Microsoft.KeyVault/vaults',
  hsm: 'Microsoft.KeyVault/managedHSMs',
  identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
} as const;

/** Azure returns the ids of identities with this one segment in lower case. */
export function asReturnedIdentityId(id: string): string {
  return id.replace(/\/resourcegroups\//i, '/resourcegroups/');
}

/** `/` covers everything, a scope covers itself and what lies below it. */
export function covers(scope: string, resource: string): boolean {
  const outer = scope.toLowerCase().replace(/\/+$/, '');
  const inner = resource.toLowerCase();
  return inner === outer || inner.startsWith(`${outer}/`);
}

export const same = (left: string, right: string) =>
  left.toLowerCase() === right.toLowerCase();

/** Ends the names of Managed HSMs in the state: a vault may have the same name. */
const HSM_NAME_END = '.managedhsm';

export const hsmName = (name: string) => `${name}${HSM_NAME_END}`;

/** The name of a vault or Managed HSM as Azure shows it. */
/** Whether a name is that of a Managed HSM. */
export const isHsmName = (name: string) =>
  name.toLowerCase().endsWith(HSM_NAME_END);

export const shownName = (name: string) => name.replace(/\.managedhsm$/i, '');

/** A key's URI in its parts. */
export interface KeyUri {
  /** Name, with `.managedhsm` at its end for a Managed HSM. */
  vault: string;
  name: string;
  version?: string;
}

const KEY_URI =
  /^https:\/\/([a-z0-9-]{3,24}(?:\.vault|\.managedhsm))\.azure\.net(?::443)?\/keys\/([a-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?\/?$/i;

export function parseKeyUri(uri: string): KeyUri | undefined {
  const parts = KEY_URI.exec(uri);
  return parts
    ? {
        vault: parts[1].replace(/\.vault$/i, ''),
        name: parts[2],
        version: parts[3]?.toLowerCase(),
      }
    : undefined;
}

export const keyId = (vault: string, name: string) =>
  `${vault}/${name}`.toLowerCase();

export const vaultUri = (vault: string) =>
  `https://${vault}${vault.endsWith(HSM_NAME_END) ? '' : '.vault'}.azure.net`;

export const keyUri = (vault: string, name: string, version?: string) =>
  `${vaultUri(vault)}/keys/${name}${version ? `/${version}` : ''}`;

export const newGuid = () => crypto.randomUUID();

export const newKeyVersion = () => crypto.randomBytes(16).toString('hex');

export const isGuid = (text: string) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
