import type {
  ChangedOutside,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { RegistryRow } from '../../platform/database/tables';
import { findInBatches } from '../../platform/database/batches';
import type { Reading } from './FactTable';

/** Columns that only a change of the registry's encryption changes, and what a change of each is. */
const COLUMNS = {
  vault_host: 'key',
  key_name: 'key',
  version_mode: 'version-mode',
  identity: 'identity',
} as const satisfies Partial<
  Record<keyof RegistryRow, ChangedOutside['what'][number]>
>;
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

/**
 * Changes of registries, between stored facts and a new reading, that no operation of this portal made. Skips
 * registries that an operation is changing.
 *
 * @param read - columns of the registries that were read, by their ids
 */
export async function changesOutside(
  db: Knex,
  read: ReadonlyMap<string, Partial<RegistryRow>>,
  { readAt, lagMs = 0 }: Reading,
): Promise<Map<string, ChangedOutside>> {
  const known = await findInBatches([...read.keys()], ids =>
    db('registries')
      .whereIn('id', ids)
      .whereNotNull('facts')
      .whereNotExists(
        db('operation_locks')
          .whereRaw('operation_locks.target = registries.id')
          .select(db.raw('1')),
      )
      .select('id', ...NAMES, 'read_at', 'expired_at'),
  );
  const changes = new Map<string, ChangedOutside>();
  for (const row of known) {
    // Facts from before our own last change differ by that change.
    if (Number(row.expired_at ?? -1) >= Number(row.read_at)) continue;
    if (Number(row.read_at) > readAt) continue;
    const columns = read.get(row.id);
    const what = new Set(
      NAMES.filter(name => row[name] !== columns?.[name]).map(
        name => COLUMNS[name],
      ),
    );
    if (what.size > 0) {
      changes.set(row.id, {
        what: [...what],
        noticedAt: new Date(readAt + lagMs).toISOString(),
      });
    }
  }
  return changes;
}

/** Keeps changes that were found. */
export async function keepChangesOutside(
  trx: Knex,
  changes: Iterable<[id: string, change: ChangedOutside]>,
): Promise<void> {
  for (const [id, change] of changes) {
    await trx('registries')
      .where({ id })
      .update({ changed_outside: JSON.stringify(change) });
  }
}

/** The last change of a registry that no operation made. An operation of this portal since ends it. */
export async function changedOutside(
  db: Knex,
  { key }: RegistryId,
): Promise<ChangedOutside | undefined> {
  const row = await db('registries')
    .where({ id: key })
    .first('changed_outside', 'expired_at');
  return row && storedChange(row);
}

/** Reads that change out of a row. */
export function storedChange({
  changed_outside: text,
  expired_at: expiredAt,
}: Pick<RegistryRow, 'changed_outside' | 'expired_at'>):
  | ChangedOutside
  | undefined {
  if (!text) return undefined;
  const change: ChangedOutside = JSON.parse(text);
  return Date.parse(change.noticedAt) > Number(expiredAt ?? -1)
    ? change
    : undefined;
}
