import { KEY_USES, type KeyUse } from 'backstage-plugin-acr-cmk-common';
import type { PermissionSet } from './ports';

/** Data action of each use of a key, as vaults have it. */
const USE_ACTIONS: Record<KeyUse, string> = {
  get: 'keys/read',
  wrapKey: 'keys/wrap/action',
  unwrapKey: 'keys/unwrap/action',
  decrypt: 'keys/decrypt/action',
};

/** Right to let a registry use a user-assigned identity, and the smallest built-in role that has it, at the identity. */
export const ASSIGN_IDENTITY = {
  action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  role: 'Managed Identity Operator',
};

/** Sentence for a remedy, where the right to assign an identity is among what is missing. */
export const identityRoleInWords = (missing: readonly string[]): string =>
  missing.some(action => action === ASSIGN_IDENTITY.action)
    ? ` At an identity, the smallest built-in role that has ${ASSIGN_IDENTITY.action} is ${ASSIGN_IDENTITY.role}.`
    : '';

/** Begins every data action of a Managed HSM's own roles. */
export const HSM_ACTION = 'Microsoft.KeyVault/managedHsm/';

/** Reading deleted keys: a vault has it in `keys/read`, a Managed HSM has an action of its own for it. */
export const READ_DELETED = 'keys/deletedKeys/read';

/** Data actions on keys, from their name in a vault to their name in a Managed HSM. */
const HSM_NAMES: Record<string, string> = {
  'keys/read': 'keys/read/action',
  'keys/wrap/action': 'keys/wrap/action',
  'keys/unwrap/action': 'keys/unwrap/action',
  'keys/decrypt/action': 'keys/decrypt/action',
  [READ_DELETED]: 'keys/deletedKeys/read/action',
  'keys/create/action': 'keys/create',
  'keys/rotate/action': 'keys/rotate/action',
  'keys/update/action': 'keys/write/action',
  'keys/delete': 'keys/delete',
  'keys/recover/action': 'keys/deletedKeys/recover/action',
  'keyrotationpolicies/read': 'keys/read/action',
  'keyrotationpolicies/write': 'keys/write/action',
};

/**
 * A data action on a key.
 *
 * @param action - as vaults have it, without what is before `keys`: `keys/read`; or READ_DELETED
 * @param isInHsm - is the key in a Managed HSM?
 */
export function keyAction(action: string, isInHsm: boolean): string {
  if (!isInHsm) {
    return `Microsoft.KeyVault/vaults/${
      action === READ_DELETED ? 'keys/read' : action
    }`;
  }
  const name = HSM_NAMES[action];
  if (!name) throw new Error(`A Managed HSM has no name for ${action}`);
  return `${HSM_ACTION}${name}`;
}

/** Does a pattern of a role (`*` stands for anything, a slash included) cover an action? Without regard to case. */
export function covers(pattern: string, action: string): boolean {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}

/**
 * Do the blocks of a role allow an action? What one block takes back, another may still give: Azure
 * subtracts within a block and adds up the blocks.
 */
export function allows(
  sets: readonly PermissionSet[],
  action: string,
  plane: 'control' | 'data',
): boolean {
  const given = plane === 'control' ? 'actions' : 'dataActions';
  const taken = plane === 'control' ? 'notActions' : 'notDataActions';
  return sets.some(
    set =>
      set[given].some(pattern => covers(pattern, action)) &&
      !set[taken].some(pattern => covers(pattern, action)),
  );
}

/**
 * Uses of keys that a role allows.
 *
 * @param isInHsm - is it a role of a Managed HSM?
 */
export const keyUsesOf = (
  sets: readonly PermissionSet[],
  isInHsm: boolean,
): KeyUse[] =>
  KEY_USES.filter(use =>
    allows(sets, keyAction(USE_ACTIONS[use], isInHsm), 'data'),
  );

/** Permissions as ARM answers them, nothing missing. */
export function toPermissionSet(permission: {
  actions?: string[] | null;
  notActions?: string[] | null;
  dataActions?: string[] | null;
  notDataActions?: string[] | null;
}): PermissionSet {
  return {
    actions: permission.actions ?? [],
    notActions: permission.notActions ?? [],
    dataActions: permission.dataActions ?? [],
    notDataActions: permission.notDataActions ?? [],
  };
}
