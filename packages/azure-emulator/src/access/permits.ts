import { Permission } from '../state/model';

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `*` matches any text; as a whole segment it may match nothing: `Microsoft.KeyVault/vaults` with
 *  this segment and `read` behind it permits reading the vault itself. */
function matches(pattern: string, action: string): boolean {
  if (pattern === '*') return true;
  const source = pattern
    .split('/*/')
    .map(part => part.split('*').map(escape).join('.*'))
    .join('/(?:.*/)?');
  return new RegExp(`^${source}$`, 'i').test(action);
}

export function permits(
  permission: Permission,
  action: string,
  plane: 'control' | 'data',
): boolean {
  const [yes, not] =
    plane === 'control'
      ? [permission.actions, permission.notActions]
      : [permission.dataActions, permission.notDataActions];
  return (
    yes.some(pattern => matches(pattern, action)) &&
    !not.some(pattern => matches(pattern, action))
  );
}
