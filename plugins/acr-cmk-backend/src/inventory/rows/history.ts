import type {
  RegistryEvent,
  RegistryFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { batchesOf, findInBatches } from '../../platform/database/batches';
import { isoTime } from '../../platform/database/clock';
import { optionalNumber } from '../../platform/database/results';
import type { RegistryRow } from '../../platform/database/tables';
import type { Reading } from './FactTable';

/** Number of events of a registry that are read: its newest. */
const NEWEST = 30;

/** Event of the registry with this id. */
export type NewEvent = RegistryEvent & Pick<RegistryRow, 'id'>;

/** History of a registry. */
export interface RegistryHistory {
  /** Newest first. */
  events: RegistryEvent[];
  /** Time of the last change of the registry by an operation of this portal. */
  ownChangeAt?: number;
  /** Time when its state was first seen. Absent where that is not known. */
  stateSince?: number;
}

/** Columns that a change of the registry's encryption changes. */
const ENCRYPTION = [
  'vault_host',
  'key_name',
  'version_mode',
  'version_in_use',
  'identity',
] as const satisfies (keyof RegistryRow)[];

type EncryptionColumns = Pick<RegistryRow, (typeof ENCRYPTION)[number]>;

/** A registry that was read: its columns, and the last change that Azure names. */
export type ReadColumns = Partial<RegistryRow> &
  Pick<RegistryFacts, 'lastModified'>;

/**
 * Changes of registries, between stored facts and a new reading, that no operation of this portal made. Skips
 * registries that an operation is changing.
 *
 * @param read - by the ids of the registries
 */
export async function changesOutside(
  db: Knex,
  read: ReadonlyMap<string, ReadColumns>,
  { readAt, lagMs = 0 }: Reading,
): Promise<NewEvent[]> {
  const known = await findInBatches([...read.keys()], ids =>
    db('registries')
      .whereIn('id', ids)
      .whereNotNull('facts')
      .whereNotExists(
        db('operation_locks')
          .whereRaw('operation_locks.target = registries.id')
          .select(db.raw('1')),
      )
      .select('id', ...ENCRYPTION, 'read_at', 'azure_at', 'expired_at'),
  );
  return known.flatMap(({ id, ...row }) => {
    // Facts from before our own last change differ by that change.
    if (Number(row.expired_at ?? -1) >= Number(row.read_at)) return [];
    if (Number(row.read_at) > readAt) return [];
    const { lastModified, ...columns } = read.get(id)!;
    const changes = changesBetween(row, columns);
    if (changes.length === 0) return [];
    const isOfChange =
      lastModified && Date.parse(lastModified.at) > Number(row.azure_at);
    return {
      id,
      seenAt: isoTime(readAt + lagMs),
      lastSeenBefore: isoTime(Number(row.read_at)),
      changes,
      ...(isOfChange && { lastModified }),
    };
  });
}

function changesBetween(
  from: EncryptionColumns,
  read: Partial<EncryptionColumns>,
): NonNullable<RegistryEvent['changes']> {
  const to = { ...from, ...read };
  const keyOf = ({ vault_host, key_name }: EncryptionColumns) =>
    key_name && `${vault_host}/${key_name}`;
  const isOtherKey = keyOf(from) !== keyOf(to);
  const follows =
    from.version_mode === 'automatic' && to.version_mode === 'automatic';
  const compared = [
    ['key', keyOf(from), keyOf(to)],
    ['version-mode', from.version_mode, to.version_mode],
    // Another key has other versions.
    ...(isOtherKey || !from.version_in_use || !to.version_in_use
      ? []
      : [
          [
            follows ? 'followed' : 'version',
            from.version_in_use,
            to.version_in_use,
          ] as const,
        ]),
    ['identity', from.identity, to.identity],
  ] as const;
  return compared.flatMap(([what, before, after]) =>
    before === after
      ? []
      : {
          what,
          ...(before && { from: before }),
          ...(after && { to: after }),
        },
  );
}

/** Adds events. Call it in the transaction that stores what they are about. */
export async function keepEvents(
  trx: Knex,
  events: readonly NewEvent[],
): Promise<void> {
  const rows = events.map(({ id, seenAt, ...event }) => ({
    registry_id: id,
    seen_at: Date.parse(seenAt),
    event: JSON.stringify(event),
  }));
  for (const batch of batchesOf(rows)) {
    await trx('registry_history').insert(batch);
  }
}

/** Histories of registries by their ids, each with the newest events. */
export async function historiesOf(
  db: Knex,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RegistryHistory>> {
  const rows = await findInBatches(ids, batch =>
    db('registries')
      .whereIn('registries.id', batch)
      .leftJoin(
        db('registry_history')
          .whereIn('registry_id', batch)
          .select(
            'registry_id',
            'seen_at',
            'event',
            db.raw(
              'row_number() over (partition by registry_id order by seen_at desc, id desc) as place',
            ),
          )
          .as('history'),
        join =>
          join
            .on('history.registry_id', 'registries.id')
            .andOnVal('history.place', '<=', NEWEST),
      )
      .orderBy(['registries.id', 'history.place'])
      .select(
        'registries.id',
        'registries.expired_at',
        'registries.state_since',
        'history.seen_at',
        'history.event',
      ),
  );
  const histories = new Map<string, RegistryHistory>();
  for (const row of rows) {
    const history = histories.get(row.id) ?? {
      events: [],
      ownChangeAt: optionalNumber(row.expired_at),
      stateSince: optionalNumber(row.state_since),
    };
    if (row.event) {
      history.events.push({
        seenAt: isoTime(Number(row.seen_at)),
        ...JSON.parse(row.event),
      });
    }
    histories.set(row.id, history);
  }
  return histories;
}

/** Deletes events that were seen before `time`. @returns how many */
export function deleteHistory(db: Knex, time: number): Promise<number> {
  return db('registry_history').where('seen_at', '<', time).delete();
}
