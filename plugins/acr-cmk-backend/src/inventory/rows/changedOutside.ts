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

/** Changes of a registry that no operation of this portal made, since its own last one. */
export interface ChangesOutside {
  /** The last change of the registry itself. */
  change?: ChangedOutside;
  /** Time when a verdict first showed that the registry has no access to its key. */
  accessGoneAt?: string;
}

/** Content of the column. */
type Stored = Partial<ChangedOutside> & Pick<ChangesOutside, 'accessGoneAt'>;

type StoredColumns = Pick<RegistryRow, 'changed_outside' | 'expired_at'>;

const storedIn = (row: Pick<RegistryRow, 'changed_outside'> | undefined) =>
  JSON.parse(row?.changed_outside ?? '{}') as Stored;

/** Keeps changes that were found. */
export async function keepChangesOutside(
  trx: Knex,
  changes: Iterable<[id: string, change: ChangedOutside]>,
): Promise<void> {
  for (const [id, change] of changes) {
    const row = await trx('registries').where({ id }).first('changed_outside');
    const { accessGoneAt } = storedIn(row);
    const stored: Stored = { ...change, accessGoneAt };
    await trx('registries')
      .where({ id })
      .update({ changed_outside: JSON.stringify(stored) });
  }
}

/** Keeps the time when access to the key was found to be gone, and forgets it once the registry has access again. */
export async function keepLostAccess(
  trx: Knex,
  rows: readonly (StoredColumns & Pick<RegistryRow, 'id' | 'state'>)[],
  now: number,
): Promise<void> {
  for (const { id, state, ...row } of rows) {
    const isGone = state === 'revoked';
    const isKnown = state !== null && state !== 'unknown';
    const isKept = storedChanges(row).accessGoneAt !== undefined;
    if (isKnown && isGone !== isKept) {
      const stored: Stored = {
        ...storedIn(row),
        accessGoneAt: isGone ? new Date(now).toISOString() : undefined,
      };
      await trx('registries')
        .where({ id })
        .update({ changed_outside: JSON.stringify(stored) });
    }
  }
}

/** Changes of a registry that no operation made. An operation of this portal since ends them. */
export async function changedOutside(
  db: Knex,
  { key }: RegistryId,
): Promise<ChangesOutside> {
  const row = await db('registries')
    .where({ id: key })
    .first('changed_outside', 'expired_at');
  return row ? storedChanges(row) : {};
}

/** Reads these changes out of a row. */
export function storedChanges(row: StoredColumns): ChangesOutside {
  const { what, noticedAt, accessGoneAt } = storedIn(row);
  const isSince = (time: string | undefined) =>
    time !== undefined && Date.parse(time) > Number(row.expired_at ?? -1);
  return {
    ...(what &&
      noticedAt &&
      isSince(noticedAt) && { change: { what, noticedAt } }),
    ...(isSince(accessGoneAt) && { accessGoneAt }),
  };
}
