import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetExpiries,
  type FleetExpiry,
  type FleetFilter,
  type FleetHolder,
  type FleetWeek,
  type VersionMode,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type Clock, isoTime } from '../../platform/database/clock';
import { countBy, selectColumns } from '../../platform/database/selectColumns';
import type {
  BigInteger,
  KeyRow,
  RegistryRow,
} from '../../platform/database/tables';
import { isThere } from '../../inventory/rows/FactTable';
import { type FleetQuery, type FleetReader, selectionOf } from './FleetReader';
import type { FleetRows } from './FleetRows';
import type { Unchanged } from './Unchanged';
import type { VisibleEntities } from './VisibleEntities';
import { batchesOf } from '../../platform/database/batches';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const MAX_ITEMS = 200;
const MAX_HOLDERS = 5;
const MAX_OWNERS = 20;
/** Lines of the export that are in memory at once. */
const AT_ONCE = 500;

/** An item of the calendar, before it is presented. */
interface CalendarEntry extends Omit<
  FleetExpiry,
  'at' | 'holders' | 'owners' | 'otherOwners'
> {
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

/** Registries and period of a calendar. */
export interface CalendarRequest {
  /** `expiresBefore` limits rotations as well. */
  filter: FleetFilter;
  weeks: number;
}

/** Whole weeks from Monday. Epoch milliseconds. */
interface Period {
  start: number;
  weeks: number;
  /** Nothing later counts, though its week is shown. */
  end: number;
}

/** One registry on a day. */
export interface CalendarLine extends Pick<
  FleetExpiry,
  'kind' | 'vaultName' | 'keyName' | 'version'
> {
  at: number;
  registryId: string;
  name: string;
  versionMode?: VersionMode;
  owners: string[];
}

interface Deps {
  db: Knex;
  clock: Clock;
  reader: FleetReader;
  rows: FleetRows;
  visible: VisibleEntities;
  unchanged: Unchanged;
}

/** Answers when key versions expire, and when vaults rotate keys. */
export class FleetCalendar {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async expiries(
    request: CalendarRequest,
    credentials: BackstageCredentials,
  ): Promise<FleetExpiries> {
    const { visible, unchanged } = this.#deps;
    const { query, period } = await this.#about(request, credentials);
    const { items, ...found } = await unchanged.answer(
      ['calendar', selectionOf(query), period],
      () => this.#find(query, period),
    );
    const seen = await visible.among(
      items.flatMap(({ owners }) => owners),
      credentials,
    );
    return {
      ...found,
      items: items.map(({ owners: all, ...item }) => {
        const owners = all
          .filter(owner => seen.has(owner))
          .slice(0, MAX_OWNERS);
        return { ...item, owners, otherOwners: all.length - owners.length };
      }),
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** Everything in the period, a line for each registry, some at a time. */
  async *lines(
    request: CalendarRequest,
    credentials: BackstageCredentials,
  ): AsyncGenerator<CalendarLine[]> {
    const { query, period } = await this.#about(request, credentials);
    const rows = [
      ...(await this.#dated('expiry', query, period)),
      ...(await this.#dated('rotation', query, period)),
    ].sort((a, b) => a.at - b.at || (a.row.name < b.row.name ? -1 : 1));
    for (const some of batchesOf(rows, AT_ONCE)) {
      const namedBy = await this.#deps.reader.namedBy(
        some.map(({ row }) => row.id),
        credentials,
      );
      yield some.map(({ kind, at, row }) => ({
        kind,
        at,
        ...keyOf(row),
        ...(kind === 'expiry' &&
          row.version_in_use && { version: row.version_in_use }),
        ...holderOf(row),
        owners: namedBy(row.id).owners,
      }));
    }
  }

  async #about(
    { filter, weeks }: CalendarRequest,
    credentials: BackstageCredentials,
  ): Promise<{ query: FleetQuery; period: Period }> {
    const { expiresBefore, ...others } = filter;
    const query = await this.#deps.reader.query(others, credentials);
    const start = mondayOf(await this.#deps.clock.now());
    const end = Math.min(
      start + weeks * WEEK_MS,
      expiresBefore === undefined ? Infinity : Date.parse(expiresBefore),
    );
    const shown = Math.max(1, Math.ceil((end - start) / WEEK_MS));
    return { query, period: { start, end, weeks: shown } };
  }

  /** Finds what all see who see the same registries, with every owner. */
  async #find(query: FleetQuery, { start, end, weeks }: Period) {
    const entries = [
      ...(await this.#expiries(query, end)),
      ...(await this.#rotations(query, end)),
    ].sort(
      (a, b) =>
        a.at - b.at ||
        (`${a.kind} ${a.group}` < `${b.kind} ${b.group}` ? -1 : 1),
    );
    const shown = entries.slice(0, MAX_ITEMS);
    // Those of later entries are not shown.
    const last = entries.length > MAX_ITEMS ? shown[MAX_ITEMS - 1].at + 1 : end;
    const holders = await this.#holders(query, last, shown);
    const owners = await this.#owners(query, last, shown);
    return {
      weeks: byWeek(entries, start, weeks),
      items: shown.map(({ group, at, ...item }) => ({
        ...item,
        at: isoTime(at),
        holders: holders.get(`${item.kind} ${group}`) ?? [],
        owners: owners.get(`${item.kind} ${group}`) ?? [],
      })),
      complete: entries.length <= MAX_ITEMS,
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
        holders.push(holderOf(row));
      }
    }
    return found;
  }

  /** Owners of the registries of each entry, by name. */
  async #owners(
    query: FleetQuery,
    end: number,
    shown: readonly CalendarEntry[],
  ): Promise<Map<string, string[]>> {
    const found = new Map(
      shown.map(({ kind, group }) => [`${kind} ${group}`, [] as string[]]),
    );
    for (const kind of ['expiry', 'rotation'] as const) {
      const rows: (HolderRow & { owner: string })[] = await this.#registries(
        kind,
        query,
        end,
      )
        .join(
          this.#deps.rows.ownerLinks().as('owned'),
          'owned.registry_id',
          'registries.id',
        )
        .distinct([
          ...GROUP_COLUMNS[kind].map(column => `registries.${column}`),
          'owned.owner',
        ])
        .orderBy('owned.owner');
      for (const row of rows) {
        found.get(`${kind} ${groupOf(kind, row)}`)?.push(row.owner);
      }
    }
    return found;
  }

  /** Registries with the day on which their version expires, or their key is rotated. */
  async #dated(
    kind: FleetExpiry['kind'],
    query: FleetQuery,
    { end }: Period,
  ): Promise<{ kind: FleetExpiry['kind']; at: number; row: HolderRow }[]> {
    const rows: (HolderRow & { at: BigInteger })[] = await this.#registries(
      kind,
      query,
      end,
    )
      .select(HOLDER_COLUMNS.map(column => `registries.${column}`))
      .select({
        at: kind === 'expiry' ? 'registries.expires_at' : 'keys.rotates_at',
      });
    return rows.map(({ at, ...row }) => ({ kind, at: Number(at), row }));
  }
}

function groupOf(
  kind: FleetExpiry['kind'],
  row: Partial<Pick<RegistryRow, (typeof GROUP_COLUMNS.expiry)[number]>>,
): string {
  return GROUP_COLUMNS[kind].map(column => row[column] ?? '').join('/');
}

function holderOf(row: HolderRow): FleetHolder {
  return {
    registryId: row.arm_id ?? row.id,
    name: row.display_name ?? row.name,
    ...(row.version_mode && { versionMode: row.version_mode }),
  };
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
