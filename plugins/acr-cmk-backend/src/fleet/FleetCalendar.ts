import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetExpiries,
  type FleetExpiry,
  type FleetFilter,
  type FleetHolder,
  type FleetWeek,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type Clock, isoTime } from '../database/clock';
import { countBy, selectColumns } from '../database/selectColumns';
import type { BigInteger, KeyRow, RegistryRow } from '../database/tables';
import { isThere } from '../inventory/rows/isThere';
import type { FleetQuery, FleetReader } from './FleetReader';
import type { FleetRows } from './FleetRows';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const MAX_ITEMS = 500;
const MAX_HOLDERS = 5;

/** An item of the calendar, before it is presented. */
interface CalendarEntry extends Omit<FleetExpiry, 'at' | 'holders'> {
  at: number;
  /** Group of the registries that the entry is about. */
  group: string;
}

const HOLDER_COLUMNS = [
  'id',
  'arm_id',
  'name',
  'display_name',
  'vault_host',
  'key_name',
  'version_in_use',
  'expires_at',
  'version_mode',
] as const;
type HolderRow = Pick<RegistryRow, (typeof HOLDER_COLUMNS)[number]>;

/** Columns that the registries of an entry have in common. */
const GROUP_COLUMNS = {
  expiry: ['vault_host', 'key_name', 'version_in_use', 'expires_at'],
  rotation: ['vault_host', 'key_name'],
} as const satisfies Record<FleetExpiry['kind'], (keyof RegistryRow)[]>;

interface Deps {
  db: Knex;
  clock: Clock;
  reader: FleetReader;
  rows: FleetRows;
}

/** Answers when key versions expire, and when vaults rotate keys. */
export class FleetCalendar {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async expiries(
    { filter, weeks }: { filter: FleetFilter; weeks: number },
    credentials: BackstageCredentials,
  ): Promise<FleetExpiries> {
    const { reader, clock } = this.#deps;
    const query = await reader.query(filter, credentials);
    const start = mondayOf(await clock.now());
    const end = start + weeks * WEEK_MS;
    const entries = [
      ...(await this.#expiries(query, end)),
      ...(await this.#rotations(query, end)),
    ].sort(
      (a, b) =>
        a.at - b.at ||
        (`${a.kind} ${a.group}` < `${b.kind} ${b.group}` ? -1 : 1),
    );
    const shown = entries.slice(0, MAX_ITEMS);
    const holders = await this.#holders(query, end, shown);
    return {
      weeks: byWeek(entries, start, weeks),
      items: shown.map(({ group, at, ...item }) => ({
        ...item,
        at: isoTime(at),
        holders: holders.get(`${item.kind} ${group}`) ?? [],
      })),
      complete: entries.length <= MAX_ITEMS,
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  async #expiries(query: FleetQuery, end: number): Promise<CalendarEntry[]> {
    const groups = await countBy(
      this.#registries('expiry', query, end),
      'registries',
      GROUP_COLUMNS.expiry,
    );
    return groups.map(({ values, count }) => ({
      kind: 'expiry',
      at: Number(values.expires_at),
      group: groupOf('expiry', values),
      ...keyOf(values),
      ...(values.version_in_use && { version: values.version_in_use }),
      registries: count,
    }));
  }

  /** Rotations that are overdue count in the first week. */
  async #rotations(query: FleetQuery, end: number): Promise<CalendarEntry[]> {
    const groups: (Pick<RegistryRow, 'vault_host' | 'key_name'> &
      Pick<KeyRow, 'rotates_at'> & { n: BigInteger; pinned: BigInteger })[] =
      await this.#registries('rotation', query, end)
        .groupBy(
          'registries.vault_host',
          'registries.key_name',
          'keys.rotates_at',
        )
        .select(
          'registries.vault_host',
          'registries.key_name',
          'keys.rotates_at',
        )
        .count({ n: '*' })
        .select(
          this.#deps.db.raw(
            `sum(case when registries.version_mode = 'manual' then 1 else 0 end) as pinned`,
          ),
        );
    return groups.map(row => ({
      kind: 'rotation',
      at: Number(row.rotates_at),
      group: groupOf('rotation', row),
      ...keyOf(row),
      registries: Number(row.n) - Number(row.pinned),
      pinned: Number(row.pinned),
    }));
  }

  /** Registries whose version expires, or whose key is rotated, before `end`. */
  #registries(
    kind: FleetExpiry['kind'],
    query: FleetQuery,
    end: number,
  ): Knex.QueryBuilder {
    const registries = this.#deps.rows.matching(query);
    return kind === 'expiry'
      ? registries
          .whereNotNull('registries.vault_host')
          .where('registries.expires_at', '<', end)
      : registries
          .join('keys', keys =>
            keys
              .on('keys.vault_host', 'registries.vault_host')
              .on('keys.name', 'registries.key_name'),
          )
          .where(isThere('keys'))
          .where('keys.rotates_at', '<', end);
  }

  /** The first registries of each entry. */
  async #holders(
    query: FleetQuery,
    end: number,
    shown: readonly CalendarEntry[],
  ): Promise<Map<string, FleetHolder[]>> {
    const found = new Map<string, FleetHolder[]>();
    for (const kind of ['expiry', 'rotation'] as const) {
      const groups = new Set(
        shown.filter(entry => entry.kind === kind).map(({ group }) => group),
      );
      if (groups.size === 0) continue;
      const ranked = selectColumns(
        this.#registries(kind, query, end),
        'registries',
        HOLDER_COLUMNS,
      ).rowNumber('place', window =>
        window
          .partitionBy(
            GROUP_COLUMNS[kind].map(column => `registries.${column}`),
          )
          .orderBy('registries.name'),
      );
      const first: HolderRow[] = await this.#deps.db
        .from(ranked.as('ranked'))
        .where('place', '<=', MAX_HOLDERS)
        .orderBy('place');
      for (const row of first) {
        const group = groupOf(kind, row);
        if (!groups.has(group)) continue;
        const holders = found.get(`${kind} ${group}`) ?? [];
        found.set(`${kind} ${group}`, holders);
        holders.push({
          registryId: row.arm_id ?? row.id,
          name: row.display_name ?? row.name,
          ...(row.version_mode && { versionMode: row.version_mode }),
        });
      }
    }
    return found;
  }
}

function groupOf(
  kind: FleetExpiry['kind'],
  row: Partial<Pick<RegistryRow, (typeof GROUP_COLUMNS.expiry)[number]>>,
): string {
  return GROUP_COLUMNS[kind].map(column => row[column] ?? '').join('/');
}

function keyOf(row: Pick<RegistryRow, 'vault_host' | 'key_name'>) {
  return {
    vaultName: vaultNameOfHost(row.vault_host!),
    keyName: row.key_name!,
  };
}

function mondayOf(now: number): number {
  return (
    Math.floor((now - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
  );
}

/** Counts the entries of each week; earlier ones count in the first. */
function byWeek(
  entries: readonly CalendarEntry[],
  start: number,
  count: number,
): FleetWeek[] {
  const weeks = Array.from({ length: count }, (_, index) => ({
    start: isoTime(start + index * WEEK_MS),
    expiries: 0,
    rotations: 0,
  }));
  for (const { kind, at, registries } of entries) {
    const week = weeks[Math.max(0, Math.floor((at - start) / WEEK_MS))];
    if (kind === 'expiry') week.expiries += registries;
    else week.rotations += 1;
  }
  return weeks;
}
