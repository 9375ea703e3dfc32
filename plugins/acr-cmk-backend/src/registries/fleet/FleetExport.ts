import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FleetFilter,
  FleetKey,
  FleetKeyVersion,
  FleetRegistry,
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
import type { FleetContext } from './FleetContext';
import { type CsvColumns, csvHeader, csvLines } from './csv';
import type {
  CalendarLine,
  CalendarRequest,
  FleetCalendar,
} from './FleetCalendar';
import { type Evidence, FLEET_FIELDS } from './fleetFields';
import type { FleetKeysReader, KeysRequest } from './FleetKeysReader';
import type { FleetParts } from './FleetReader';
import type { FoundRegistry } from './foundRegistry';
import type { Order, Place } from './order';
import type { FleetViewer } from './VisibleScope';

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

const NOT_LOOKED_AT = {
  all: [],
  partly: ['not all looked at'],
  no: ['not looked at'],
};

/** Counts of other services, and whether they may not be all of them. */
function servicesInWords({ services, servicesLookedAt }: FleetKey): string {
  return [
    ...services.map(({ service, count }) => `${count} ${service}`),
    ...NOT_LOOKED_AT[servicesLookedAt],
  ].join('; ');
}

interface KeyLine {
  key: FleetKey;
  version: FleetKeyVersion;
}

/** Registry with the evidence since when its version is in use. */
interface RegistryEvidence {
  registry: FleetRegistry;
  evidence: Evidence;
}

/** Columns of the export of keys, a line for each version. */
const KEY_COLUMNS: CsvColumns<KeyLine> = {
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
  'other services of the key': ({ key }) => servicesInWords(key),
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

/** Columns of the export of registries. */
const REGISTRY_COLUMNS: CsvColumns<RegistryEvidence> = Object.fromEntries(
  Object.entries(FLEET_FIELDS).flatMap(([field, { csv }]) =>
    Object.entries(csv).map(([title, cell]) => [
      title,
      ({ registry, evidence }: RegistryEvidence) =>
        cell(registry[field as 'name'] as never, evidence),
    ]),
  ),
);

interface FleetExportParts extends FleetParts {
  keys: Pick<FleetKeysReader, 'all'>;
  calendar: Pick<FleetCalendar, 'lines'>;
}

/** Exports the fleet, its keys and its calendar as CSV, a part at a time. */
export class FleetExport {
  readonly #db: Knex;
  readonly #parts: FleetExportParts;

  constructor({ db }: Pick<FleetContext, 'db'>, parts: FleetExportParts) {
    this.#db = db;
    this.#parts = parts;
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  csv(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    return table(REGISTRY_COLUMNS, this.#registries(filter, credentials));
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  keysCsv(
    request: Pick<KeysRequest, 'filter' | 'unused'>,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    return table(KEY_COLUMNS, this.#versions(request, credentials));
  }

  /** @throws PermissionMissing at the first piece, when the caller may see nothing */
  calendarCsv(
    request: CalendarRequest,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    return table(
      CALENDAR_COLUMNS,
      this.#parts.calendar.lines(request, credentials),
    );
  }

  async *#versions(
    request: Pick<KeysRequest, 'filter' | 'unused'>,
    credentials: BackstageCredentials,
  ): AsyncGenerator<KeyLine[]> {
    for await (const keys of this.#parts.keys.all(request, credentials)) {
      yield keys.flatMap(key =>
        key.versions.map(version => ({ key, version })),
      );
    }
  }

  async *#registries(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): AsyncGenerator<RegistryEvidence[]> {
    const { reader, rows } = this.#parts;
    const query = await reader.query(filter, credentials);
    let after: Place | undefined;
    do {
      const part = { order: ORDER, after, limit: PAGE };
      const { found, next } = await rows.page(await rows.places(query, part));
      const [registries, proofs] = await Promise.all([
        reader.present(found, query),
        this.#proofs(found, query),
      ]);
      yield registries.map((registry, index) => {
        const { row, facts } = found[index];
        const rotatedAt = facts.encryption.lastKeyRotation;
        const evidence = { rotatedAt, proof: proofs.get(row.id) };
        return { registry, evidence };
      });
      after = next;
    } while (after);
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
    const { reader } = this.#parts;
    const versions = new Map<string, string>(
      found.flatMap(({ row }) =>
        row.version_in_use ? [[row.id, row.version_in_use]] : [],
      ),
    );
    const ranked = selectColumns(
      this.#db('operations')
        .whereIn('registry_key', [...versions.keys()])
        .where({ state: 'succeeded' }),
      'operations',
      RANKED_COLUMNS,
    ).rowNumber('place', partition =>
      partition.partitionBy('registry_key').orderBy('created_at', 'desc'),
    );
    const rows: RankedStep[] = await this.#db
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
async function* table<T>(
  columns: CsvColumns<T>,
  parts: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  let header = csvHeader(columns);
  for await (const part of parts) {
    yield header + csvLines(columns, part);
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
