/** Registries that an item of the fleet names: a key, or a day of the calendar. */
import type { FleetHolder } from 'backstage-plugin-acr-cmk-common';
import type { RegistryRow } from '../../platform/database/tables';

/** Columns that a holder is made of. */
export const HOLDER_COLUMNS = [
  'id',
  'arm_id',
  'name',
  'display_name',
  'version_mode',
] as const;
export type HolderRow = Pick<RegistryRow, (typeof HOLDER_COLUMNS)[number]>;

/** A registry, as an item names it. */
export function holderOf(row: HolderRow): FleetHolder {
  return {
    registryId: row.arm_id ?? row.id,
    name: row.display_name ?? row.name,
    ...(row.version_mode && { versionMode: row.version_mode }),
  };
}
