import type { PermissionSet } from './ports';

/** What a registry does with its key, as data actions of Key Vault. */
export const WRAP_DATA_ACTIONS = [
  'Microsoft.KeyVault/vaults/keys/read',
  'Microsoft.KeyVault/vaults/keys/wrap/action',
  'Microsoft.KeyVault/vaults/keys/unwrap/action',
];

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

/** Does a role let its holder read a key, and wrap and unwrap with it? */
export function wrapsKeys(sets: readonly PermissionSet[]): boolean {
  return WRAP_DATA_ACTIONS.every(action => allows(sets, action, 'data'));
}

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
