/** Registries and owners that an item of the fleet names: a key, or a day of the calendar. */
import type { FleetHolder } from 'backstage-plugin-acr-cmk-common';
import type { RegistryRow } from '../../platform/database/tables';

const MAX_OWNERS = 20;

/** Columns that a holder is made of. */
export const HOLDER_COLUMNS = [
  'id',
  'arm_id',
  'name',
  'display_name',
  'version_mode',
] as const;

/** A registry, as an item names it. */
export function holderOf(
  row: Pick<RegistryRow, (typeof HOLDER_COLUMNS)[number]>,
): FleetHolder {
  return {
    registryId: row.arm_id ?? row.id,
    name: row.display_name ?? row.name,
    ...(row.version_mode && { versionMode: row.version_mode }),
  };
}

/** Owners that the viewer may see, and the number of the others. */
export function ownersSeen(
  all: readonly string[],
  visible: ReadonlySet<string>,
): { owners: string[]; otherOwners: number } {
  const owners = all.filter(owner => visible.has(owner)).slice(0, MAX_OWNERS);
  return { owners, otherOwners: all.length - owners.length };
}
