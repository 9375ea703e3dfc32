import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetExpiries,
  type FleetExpiry,
  type FleetFilter,
  type FleetWeek,
  type VersionMode,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { type Clock, isoTime } from '../../platform/database/clock';
import type { BigInteger, RegistryRow } from '../../platform/database/tables';
import { isThere } from '../../inventory/rows/FactTable';
import { type FleetQuery, type FleetReader, selectionOf } from './FleetReader';
import type { FleetRows } from './FleetRows';
import type { FleetCache } from './FleetCache';
import { HOLDER_COLUMNS, holderOf, ownersSeen } from './holders';
import type { VisibleEntities } from './VisibleEntities';
import { batchesOf } from '../../platform/database/batches';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const MAX_ITEMS = 200;
const MAX_HOLDERS = 5;
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

type Kind = FleetExpiry['kind'];

/** Time of each kind, and what the registries of an entry have in common beside it. */
const KINDS = {
  expiry: {
    at: 'registries.expires_at',
    columns: ['vault_host', 'key_name', 'version_in_use'],
  },
  rotation: {
    at: 'keys.rotates_at',
    columns: ['vault_host', 'key_name'],
  },
} as const satisfies Record<
  Kind,
  { at: string; columns: (keyof RegistryRow)[] }
>;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

const LINE_COLUMNS = [
  ...HOLDER_COLUMNS,
  'vault_host',
  'key_name',
  'version_in_use',
] as const;

/** Values of a group. */
type GroupRow = Pick<RegistryRow, 'vault_host' | 'key_name'> &
  Partial<Pick<RegistryRow, 'version_in_use'>> & { at: BigInteger };
type LineRow = Pick<RegistryRow, (typeof LINE_COLUMNS)[number]> & {
  at: BigInteger;
};

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
  cache: FleetCache;
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
    const { visible, cache } = this.#deps;
    const { query, period } = await this.#about(request, credentials);
    const { items, ...found } = await cache.answer(
      ['calendar', selectionOf(query), period],
      () => this.#find(query, period),
    );
    const seen = await visible.among(
      items.flatMap(({ owners }) => owners),
      credentials,
    );
    return {
      ...found,
      items: items.map(({ owners, ...item }) => ({
        ...item,
        ...ownersSeen(owners, seen),
      })),
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** Everything in the period, a line for each registry, some at a time. */
  async *lines(
    request: CalendarRequest,
    credentials: BackstageCredentials,
  ): AsyncGenerator<CalendarLine[]> {
    const { query, period } = await this.#about(request, credentials);
    const rows = (
      await ofKinds(KIND_NAMES, async kind => {
        const found: LineRow[] = await this.#dated(kind, query, period.end);
        return found.map(row => ({ kind, at: Number(row.at), row }));
      })
    ).sort((a, b) => a.at - b.at || (a.row.name < b.row.name ? -1 : 1));
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
    const entries = (
      await ofKinds(KIND_NAMES, kind => this.#entries(kind, query, end))
    ).sort((a, b) => a.at - b.at || (a.group < b.group ? -1 : 1));
    const shown = entries.slice(0, MAX_ITEMS);
    // Those of later entries are not shown.
    const last = entries.length > MAX_ITEMS ? shown[MAX_ITEMS - 1].at + 1 : end;
    const shownKinds = KIND_NAMES.filter(kind =>
      shown.some(entry => entry.kind === kind),
    );
    const holders = Map.groupBy(
      await ofKinds(shownKinds, kind => this.#holders(kind, query, last)),
      ({ group }) => group,
    );
    const owners = Map.groupBy(
      await ofKinds(shownKinds, kind => this.#owners(kind, query, last)),
      ({ group }) => group,
    );
    return {
      weeks: byWeek(entries, start, weeks),
      items: shown.map(({ group, at, ...item }) => ({
        ...item,
        at: isoTime(at),
        holders: (holders.get(group) ?? []).map(({ holder }) => holder),
        owners: (owners.get(group) ?? []).map(({ owner }) => owner),
      })),
      complete: entries.length <= MAX_ITEMS,
    };
  }

  /** Rotations that are overdue count in the first week. */
  async #entries(
    kind: Kind,
    query: FleetQuery,
    end: number,
  ): Promise<CalendarEntry[]> {
    const { at } = KINDS[kind];
    const columns = columnsOf(kind);
    const groups: (GroupRow & { n: BigInteger; pinned: BigInteger })[] =
      await this.#registries(kind, query, end)
        .groupBy(...columns, at)
        .select(...columns, { at })
        .count({ n: '*' })
        .select(
          this.#deps.db.raw(
            `sum(case when registries.version_mode = 'manual' then 1 else 0 end) as pinned`,
          ),
        );
    return groups.map(row => {
      const pinned = kind === 'rotation' ? Number(row.pinned) : undefined;
      return {
        kind,
        at: Number(row.at),
        group: groupOf(kind, row),
        ...keyOf(row),
        ...(row.version_in_use && { version: row.version_in_use }),
        registries: Number(row.n) - (pinned ?? 0),
        ...(pinned !== undefined && { pinned }),
      };
    });
  }

  /** Registries whose version expires, or whose key is rotated, before `end`. */
  #registries(kind: Kind, query: FleetQuery, end: number): Knex.QueryBuilder {
    const registries = this.#deps.rows
      .matching(query)
      .where(KINDS[kind].at, '<', end);
    return kind === 'expiry'
      ? registries.whereNotNull('registries.vault_host')
      : registries
          .join('keys', keys =>
            keys
              .on('keys.vault_host', 'registries.vault_host')
              .on('keys.name', 'registries.key_name'),
          )
          .where(isThere('keys'));
  }

  /** Registries with the time of each: rows of `LineRow`. */
  #dated(kind: Kind, query: FleetQuery, end: number): Knex.QueryBuilder {
    return this.#registries(kind, query, end)
      .select(LINE_COLUMNS.map(column => `registries.${column}`))
      .select({ at: KINDS[kind].at });
  }

  /** The first registries of each group, by name. */
  async #holders(kind: Kind, query: FleetQuery, end: number) {
    const ranked = this.#dated(kind, query, end).rowNumber('place', window =>
      window
        .partitionBy([...columnsOf(kind), KINDS[kind].at])
        .orderBy('registries.name'),
    );
    const first: LineRow[] = await this.#deps.db
      .from(ranked.as('ranked'))
      .where('place', '<=', MAX_HOLDERS)
      .orderBy('place');
    return first.map(row => ({
      group: groupOf(kind, row),
      holder: holderOf(row),
    }));
  }

  /** Owners of the registries of each group, by name. */
  async #owners(kind: Kind, query: FleetQuery, end: number) {
    const { db, rows } = this.#deps;
    const owned: (GroupRow & { owner: string })[] = await this.#registries(
      kind,
      query,
      end,
    )
      .join(rows.ownerLinks().as('owned'), 'owned.registry_id', 'registries.id')
      .distinct(
        ...columnsOf(kind),
        db.ref(KINDS[kind].at).as('at'),
        'owned.owner',
      )
      .orderBy('owned.owner');
    return owned.map(row => ({ group: groupOf(kind, row), owner: row.owner }));
  }
}

async function ofKinds<T>(
  kinds: readonly Kind[],
  find: (kind: Kind) => Promise<T[]>,
): Promise<T[]> {
  const found: T[][] = [];
  for (const kind of kinds) found.push(await find(kind));
  return found.flat();
}

function columnsOf(kind: Kind) {
  return KINDS[kind].columns.map(column => `registries.${column}`);
}

function groupOf(kind: Kind, row: GroupRow): string {
  const values = KINDS[kind].columns.map(
    column => (row as Partial<RegistryRow>)[column] ?? '',
  );
  return `${kind} ${[...values, row.at].join('/')}`;
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
