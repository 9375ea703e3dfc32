import type { RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import { READABLE_COLUMNS } from '../../changes/mayRead';
import type {
  KeyRow,
  OperationRow,
  RegistryRow,
} from '../../platform/database/tables';

/** Columns of keys that lists read: not `facts`, which holds every version. */
export const KEY_COLUMNS = [
  'vault_host',
  'name',
  'newest_version',
  'listed_version',
  'created_at',
  'expires_at',
  'rotates_by_policy',
  'rotates_at',
  'versions',
  'listed',
  'read_at',
  'lag_ms',
  'seen_at',
  'problem_kind',
] as const;
export type FleetKeyRow = Pick<KeyRow, (typeof KEY_COLUMNS)[number]>;

/** Columns of operations that lists read. */
export const OPERATION_COLUMNS = [
  ...READABLE_COLUMNS,
  'id',
  'label',
  'state',
  'created_at',
  'ended_at',
] as const;
export type FleetOperationRow = Pick<
  OperationRow,
  (typeof OPERATION_COLUMNS)[number]
>;

/** A registry of a page. */
export interface FoundRegistry {
  row: RegistryRow;
  facts: RegistryFacts;
  /** Its key, if the inventory has it. */
  key?: FleetKeyRow;
}
