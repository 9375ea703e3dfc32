/** Names of things in steps, plans and findings. */

/** The name at the end of an ARM id. */
export const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);

/** Enough of a version to tell it from others. */
export function shortVersion(version: string): string {
  return `${version.slice(0, 8)}…`;
}

const above = (id: string) => id.slice(0, id.lastIndexOf('/'));

/** `the key shop`, `the vault kv1`, `the resource group rg`, … */
export function scopeInWords(scope: string): string {
  const parts = scope.split('/').filter(part => part !== '');
  const type = parts[parts.length - 2]?.toLowerCase();
  const name = parts[parts.length - 1] ?? scope;
  if (name === 'keys' && parts.at(-3)?.toLowerCase() === 'managedhsms') {
    return `all keys of ${scopeInWords(above(scope))}`;
  }
  switch (type) {
    case 'keys':
      return `the key ${name}`;
    case 'vaults':
      return `the vault ${name}`;
    case 'managedhsms':
      return `the Managed HSM ${name}`;
    case 'resourcegroups':
      return `the resource group ${name}`;
    case 'subscriptions':
      return `the subscription ${name}`;
    case 'managementgroups':
      return `the management group ${name}`;
    default:
      return scope;
  }
}
