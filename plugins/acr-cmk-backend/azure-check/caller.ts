import { type Azure, refusalOf } from './Azure';
import type { Options } from './options';
import { allows, toPermissionSet } from '../src/azure/permissions';
import type { Caller } from './probe';
import { Stop } from './Stop';

/** What the check does, as actions of ARM. What it does in vaults it gives itself. */
const ACTIONS = [
  'Microsoft.Resources/subscriptions/resourceGroups/write',
  'Microsoft.Resources/subscriptions/resourceGroups/delete',
  'Microsoft.ContainerRegistry/registries/write',
  'Microsoft.ContainerRegistry/registries/pull/read',
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.KeyVault/locations/deletedVaults/purge/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/write',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleAssignments/delete',
];

/** Who is signed in, from the token. */
export async function callerOf(azure: Azure): Promise<Caller> {
  const [, payload] = (await azure.armToken()).split('.');
  const claims = JSON.parse(
    Buffer.from(payload ?? '', 'base64url').toString('utf8') || '{}',
  );
  const clientId = claims.appid ?? claims.azp;
  if (!claims.oid || !claims.tid) {
    throw new Stop(
      'The token of the signed-in account does not say whose it is.',
    );
  }
  return {
    objectId: String(claims.oid),
    clientId: String(clientId ?? ''),
    tenantId: String(claims.tid),
    kind: claims.scp === undefined ? 'ServicePrincipal' : 'User',
  };
}

/** Ends with a sentence unless the subscription can be read and the check may do there what it does. */
export async function requireRights(
  azure: Azure,
  { subscription, location }: Pick<Options, 'subscription' | 'location'>,
): Promise<void> {
  const path = `/subscriptions/${subscription}`;
  const read = await azure.arm('GET', path);
  if (read.status !== 200) {
    const { code, message } = refusalOf(read);
    throw new Stop(
      `The subscription ${subscription} cannot be read by the signed-in account: ${read.status} ${code}: ${message}`,
    );
  }
  const { status, json } = await azure.arm(
    'GET',
    `${path}/providers/Microsoft.Authorization/permissions`,
  );
  if (status !== 200) {
    throw new Stop(
      `What the signed-in account may do in the subscription ${subscription} cannot be read: ${status} ${
        refusalOf({ json }).code
      }`,
    );
  }
  const sets = json.value.map(toPermissionSet);
  const missing = ACTIONS.filter(action => !allows(sets, action, 'control'));
  if (missing.length > 0) {
    throw new Stop(
      `The signed-in account may not do what the check needs in the subscription ${subscription}: it lacks ${missing.join(
        ', ',
      )}.`,
    );
  }
  const regions = await azure.arm('GET', `${path}/locations`);
  const known: { name: string }[] = regions.json.value ?? [];
  if (!known.some(({ name }) => name === location)) {
    throw new Stop(
      `There is no region '${location}' in the subscription ${subscription}: --location takes names such as westeurope.`,
    );
  }
}
