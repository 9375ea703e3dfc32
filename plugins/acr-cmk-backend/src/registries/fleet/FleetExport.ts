import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FleetFilter,
  FleetKey,
  FleetKeyVersion,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  READABLE_COLUMNS,
  type ReadableOperation,
  toReadable,
} from '../../changes/mayRead';
import { isoTime } from '../../platform/database/clock';
import { selectColumns } from '../../platform/database/selectColumns';
import type { OperationRow } from '../../platform/database/tables';
import { type CsvColumns, csvHeader, csvLine, csvLines } from './csv';
import type {
  CalendarLine,
  CalendarRequest,
  FleetCalendar,
} from './FleetCalendar';
import { CSV_TITLES, csvCells, type Evidence } from './fleetColumns';
import type { FleetKeysReader, KeysRequest } from './FleetKeysReader';
import type { FleetReader } from './FleetReader';
import type { FleetViewer } from './FleetViewer';
import type { FleetRows } from './FleetRows';
import type { FoundRegistry } from './foundRegistry';
import type { Order, Place } from './order';

/** Rows that are in memory at once. */
const PAGE = 500;
/** Latest operations of a registry that are searched for a proof. */
const MAX_PROOFS = 5;

const ORDER: Order = { sort: 'name', direction: 'asc' };

const RANKED_COLUMNS = [...READABLE_COLUMNS, 'id', 'ended_at'] as const;
type RankedStep = Pick<OperationRow, (typeof RANKED_COLUMNS)[number]> & {
  /** Observations after a step. JSON. */
  after: string;
};

const yesOrNo = (is: boolean) => (is ? 'yes' : 'no');

/** Columns of the export of keys, a line for each version. */
const KEY_COLUMNS: CsvColumns<{ key: FleetKey; version: FleetKeyVersion }> = {
  vault: ({ key }) => key.vaultName,
  key: ({ key }) => key.keyName,
  version: ({ version }) => version.version,
  latest: ({ version }) => yesOrNo(version.newest),
  enabled: ({ version: { enabled } }) =>
    enabled === undefined ? undefined : yesOrNo(enabled),
  created: ({ version }) => version.created,
  expires: ({ version }) => version.expires,
  registries: ({ version }) => version.registries,
  'hidden registries': ({ version }) => version.hiddenRegistries,
  retire: ({ version }) => version.retirement?.answer,
  'unused since': ({ version }) => version.retirement?.since,
  reason: ({ version }) => version.retirement?.message,
  owners: ({ key }) => key.owners.join(' '),
  'read at': ({ key }) => key.observedAt,
};

/** Columns of the export of the calendar, a line for each registry on a day. */
const CALENDAR_COLUMNS: CsvColumns<CalendarLine> = {
  at: ({ at }) => isoTime(at),
  what: ({ kind }) => kind,
  vault: ({ vaultName }) => vaultName,
  key: ({ keyName }) => keyName,
  version: ({ version }) => version,
  registry: ({ name }) => name,
  'registry id': ({ registryId }) => registryId,
  mode: ({ versionMode }) => versionMode,
  follows: ({ kind, versionMode }) =>
    kind === 'rotation' ? yesOrNo(versionMode === 'automatic') : undefined,
  owners: ({ owners }) => owners.join(' '),
};

interface Deps {
  db: Knex;
  reader: FleetReader;
  rows: FleetRows;
  keys: Pick<FleetKeysReader, 'all'>;
  calendar: Pick<FleetCalendar, 'lines'>;
}

/** Exports the fleet, its keys and its calendar as CSV, a part at a time. */
export class FleetExport {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  async *csv(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    const { reader, rows } = this.#deps;
    const query = await reader.query(filter, credentials);
    yield csvLine(CSV_TITLES);
    let after: Place | undefined;
    for (;;) {
      const places = await rows.places(query, {
        order: ORDER,
        after,
        limit: PAGE,
      });
      const { found, next } = await rows.page(places);
      if (found.length > 0) yield await this.#lines(found, query);
      if (!next) return;
      after = next;
    }
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  async *keysCsv(
    request: Pick<KeysRequest, 'filter' | 'unused'>,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    yield* table(KEY_COLUMNS, this.#deps.keys.all(request, credentials), key =>
      key.versions.map(version => ({ key, version })),
    );
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  async *calendarCsv(
    request: CalendarRequest,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    yield* table(
      CALENDAR_COLUMNS,
      this.#deps.calendar.lines(request, credentials),
      line => [line],
    );
  }

  async #lines(
    found: readonly FoundRegistry[],
    viewer: FleetViewer,
  ): Promise<string> {
    const [registries, proofs] = await Promise.all([
      this.#deps.reader.present(found, viewer),
      this.#proofs(found, viewer),
    ]);
    return registries
      .map((registry, index) => {
        const { row, facts } = found[index];
        const evidence: Evidence = {
          rotatedAt: facts.encryption.lastKeyRotation,
          proof: proofs.get(row.id),
        };
        return csvLine(csvCells(registry, evidence));
      })
      .join('');
  }

  /**
   * The operations that prove since when a version is in use: of the latest ones of a registry, the
   * earliest that read this version back from Azure, with no other version in between. Only those that
   * the viewer may see: the version and Azure's time are facts, the rest is what people did.
   */
  async #proofs(
    found: readonly FoundRegistry[],
    viewer: FleetViewer,
  ): Promise<Map<string, Evidence['proof']>> {
    const { db, reader } = this.#deps;
    const versions = new Map<string, string>(
      found.flatMap(({ row }) =>
        row.version_in_use ? [[row.id, row.version_in_use]] : [],
      ),
    );
    const ranked = selectColumns(
      db('operations')
        .whereIn('registry_key', [...versions.keys()])
        .where({ state: 'succeeded' }),
      'operations',
      RANKED_COLUMNS,
    ).rowNumber('place', partition =>
      partition.partitionBy('registry_key').orderBy('created_at', 'desc'),
    );
    const rows: RankedStep[] = await db
      .with('ranked', ranked)
      .from('ranked')
      .join('operation_steps', 'operation_steps.operation_id', 'ranked.id')
      .where('ranked.place', '<=', MAX_PROOFS)
      .whereNotNull('operation_steps.after')
      .orderBy('ranked.place')
      .select(
        ...RANKED_COLUMNS.map(column => `ranked.${column}`),
        'operation_steps.after',
      );
    const proofs = new Map<
      string,
      NonNullable<Evidence['proof']> & ReadableOperation
    >();
    const past = new Set<string>();
    for (const row of rows) {
      const key = row.registry_key;
      const shown = versionShownBy(row.after);
      if (shown === undefined || past.has(key)) continue;
      if (shown === versions.get(key)) {
        proofs.set(key, {
          ...toReadable(row),
          operationId: row.id,
          endedAt: Number(row.ended_at),
        });
      } else {
        past.add(key);
      }
    }
    const visible = await reader.visibleOf([...proofs.values()], viewer);
    return new Map(visible.map(proof => [proof.registryId.key, proof]));
  }
}

/** A header, then the lines of each part; the header alone without any. */
async function* table<T, Of>(
  columns: CsvColumns<Of>,
  parts: AsyncIterable<readonly T[]>,
  linesOf: (one: T) => Of[],
): AsyncGenerator<string> {
  let header = csvHeader(columns);
  for await (const part of parts) {
    yield header + csvLines(columns, part.flatMap(linesOf));
    header = '';
  }
  if (header) yield header;
}

/** The version in use that a step read back from Azure, if it did. */
function versionShownBy(after: string): string | undefined {
  const observations: { what: string; value: string }[] = JSON.parse(after);
  const value = observations.find(
    ({ what }) => what === 'version in use',
  )?.value;
  return value === undefined
    ? undefined
    : /([0-9a-f]{32})$/i.exec(value)?.[1]?.toLowerCase();
}
