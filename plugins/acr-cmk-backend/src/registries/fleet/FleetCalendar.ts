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
import { isThere } from '../../inventory/rows/FactTable';
import { batchesOf } from '../../platform/database/batches';
import { isoTime } from '../../platform/database/clock';
import type { BigInteger } from '../../platform/database/tables';
import type { FleetContext } from './FleetContext';
import { type FleetParts, type FleetQuery, selectionOf } from './FleetReader';
import { joinKey } from './FleetRows';
import { HOLDER_COLUMNS, holderOf, type HolderRow } from './holders';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const MAX_ITEMS = 200;
const MAX_HOLDERS = 5;
/** Lines of the export that are in memory at once. */
const AT_ONCE = 500;

/** Columns that the registries of an entry have in common. */
const ENTRY_COLUMNS = ['kind', 'at', 'vault_host', 'key_name', 'version'];

/** Values of an entry. */
interface EntryRow {
  kind: FleetExpiry['kind'];
  at: BigInteger;
  vault_host: string;
  key_name: string;
  /** The version that expires. */
  version: string | null;
}

/** Registry with the time when its version expires, or when its key is rotated. */
type DatedRow = EntryRow & HolderRow;

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
export interface CalendarLine
  extends
    Pick<FleetExpiry, 'kind' | 'vaultName' | 'keyName' | 'version'>,
    FleetHolder {
  at: number;
  owners: string[];
}

/** Answers when key versions expire, and when vaults rotate keys. */
export function createFleetCalendar(
  { db, clock }: Pick<FleetContext, 'db' | 'clock'>,
  { reader, rows, cache }: FleetParts,
) {
  /** Query of the registries with a date before `end`: rows of `DatedRow`. */
  const datedBefore = (end: number, query: FleetQuery): Knex.QueryBuilder => {
    const dated = (
      registries: Knex.QueryBuilder,
      { kind, at, version }: { kind: string; at: string; version: string },
    ) =>
      registries
        .where(at, '<', end)
        .select(
          db.raw(`'${kind}' as kind, ${at} as at, ${version} as version`),
          'registries.vault_host',
          'registries.key_name',
          ...HOLDER_COLUMNS.map(column => `registries.${column}`),
        );
    const expiring = dated(
      rows.matching(query).whereNotNull('registries.vault_host'),
      {
        kind: 'expiry',
        at: 'registries.expires_at',
        version: 'registries.version_in_use',
      },
    );
    const rotated = dated(
      rows.matching(query).join('keys', joinKey).where(isThere('keys')),
      { kind: 'rotation', at: 'keys.rotates_at', version: 'null' },
    );
    return db.from(expiring.unionAll(rotated).as('dated'));
  };

  const periodOf = async ({
    filter: { expiresBefore },
    weeks,
  }: CalendarRequest): Promise<Period> => {
    const start = mondayOf(await clock.now());
    const end = Math.min(
      start + weeks * WEEK_MS,
      expiresBefore === undefined ? Infinity : Date.parse(expiresBefore),
    );
    const shown = Math.max(1, Math.ceil((end - start) / WEEK_MS));
    return { start, end, weeks: shown };
  };

  const queryOf = (
    { filter }: CalendarRequest,
    credentials: BackstageCredentials,
  ): Promise<FleetQuery> =>
    reader.query({ ...filter, expiresBefore: undefined }, credentials);

  /** The entries before `end`, in their order. */
  const entriesBefore = async (end: number, query: FleetQuery) => {
    const groups: (EntryRow & { n: BigInteger; pinned: BigInteger })[] =
      await datedBefore(end, query)
        .groupBy(ENTRY_COLUMNS)
        .select(ENTRY_COLUMNS)
        .count({ n: '*' })
        .select(
          db.raw(
            `sum(case when version_mode = 'manual' then 1 else 0 end) as pinned`,
          ),
        );
    return groups
      .map(row => {
        const pinned = row.kind === 'rotation' ? Number(row.pinned) : undefined;
        return {
          ...toEntry(row),
          name: nameOfEntry(row),
          registries: Number(row.n) - (pinned ?? 0),
          ...(pinned !== undefined && { pinned }),
        };
      })
      .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  };

  /** The first registries of each entry before `end`, by name. */
  const holdersBefore = async (end: number, query: FleetQuery) => {
    const ranked = datedBefore(end, query)
      .select('*')
      .rowNumber('place', window =>
        window.partitionBy(ENTRY_COLUMNS).orderBy('name'),
      );
    const first: DatedRow[] = await db
      .from(ranked.as('ranked'))
      .where('place', '<=', MAX_HOLDERS)
      .orderBy('place');
    return Map.groupBy(first, nameOfEntry);
  };

  /** Owners of the registries of each entry before `end`, by name. */
  const ownersBefore = async (end: number, query: FleetQuery) => {
    const owned: (EntryRow & { owner: string })[] = await datedBefore(
      end,
      query,
    )
      .join(rows.ownerLinks().as('owned'), 'owned.registry_id', 'dated.id')
      .distinct(...ENTRY_COLUMNS, 'owner')
      .orderBy('owner');
    return Map.groupBy(owned, nameOfEntry);
  };

  /** Finds what all see who see the same registries, with every owner. */
  const find = async (query: FleetQuery, { start, end, weeks }: Period) => {
    const entries = await entriesBefore(end, query);
    const shown = entries.slice(0, MAX_ITEMS);
    // Those of later entries are not shown.
    const last = entries.length > MAX_ITEMS ? shown[MAX_ITEMS - 1].at + 1 : end;
    const holders = await holdersBefore(last, query);
    const owners = await ownersBefore(last, query);
    return {
      weeks: byWeek(entries, start, weeks),
      items: shown.map(({ name, at, ...item }) => ({
        ...item,
        at: isoTime(at),
        holders: (holders.get(name) ?? []).map(holderOf),
        owners: (owners.get(name) ?? []).map(({ owner }) => owner),
      })),
      complete: entries.length <= MAX_ITEMS,
    };
  };

  return {
    async expiries(
      request: CalendarRequest,
      credentials: BackstageCredentials,
    ): Promise<FleetExpiries> {
      const query = await queryOf(request, credentials);
      const period = await periodOf(request);
      const { items, ...found } = await cache.answer(
        ['calendar', selectionOf(query), period],
        () => find(query, period),
      );
      const ownersOf = await reader.visibleOwners(
        items.flatMap(({ owners }) => owners),
        credentials,
      );
      return {
        ...found,
        items: items.map(({ owners, ...item }) => ({
          ...item,
          ...ownersOf(owners),
        })),
        searchIncomplete: query.resolved.searchIncomplete,
      };
    },

    /** Everything in the period, a line for each registry, some at a time. */
    async *lines(
      request: CalendarRequest,
      credentials: BackstageCredentials,
    ): AsyncGenerator<CalendarLine[]> {
      const query = await queryOf(request, credentials);
      const { end } = await periodOf(request);
      const dated: DatedRow[] = await datedBefore(end, query)
        .select('*')
        .orderBy(['at', 'name']);
      for (const some of batchesOf(dated, AT_ONCE)) {
        const namedBy = await reader.namedBy(
          some.map(({ id }) => id),
          credentials,
        );
        yield some.map(row => ({
          ...toEntry(row),
          ...holderOf(row),
          owners: namedBy(row.id).owners,
        }));
      }
    },
  };
}

export type FleetCalendar = ReturnType<typeof createFleetCalendar>;

/** Text that tells entries from each other, and that orders those of one time. */
function nameOfEntry({ kind, vault_host, key_name, version, at }: EntryRow) {
  return `${kind} ${[vault_host, key_name, version ?? '', at].join('/')}`;
}

function toEntry({ kind, at, vault_host, key_name, version }: EntryRow) {
  return {
    kind,
    at: Number(at),
    vaultName: vaultNameOfHost(vault_host),
    keyName: key_name,
    ...(version && { version }),
  };
}

function mondayOf(now: number): number {
  return (
    Math.floor((now - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
  );
}

/** Counts the entries of each week; earlier ones count in the first. */
function byWeek(
  entries: readonly (Pick<FleetExpiry, 'kind' | 'registries'> & {
    at: number;
  })[],
  start: number,
  count: number,
): FleetWeek[] {
  const weeks = Array.from({ length: count }, (_, index) => ({
    start: isoTime(start + index * WEEK_MS),
    expiries: 0,
    rotations: 0,
  }));
  for (const { kind, at, registries } of entries) {
    // Rotations that are overdue count in the first week.
    const week = weeks[Math.max(0, Math.floor((at - start) / WEEK_MS))];
    if (kind === 'expiry') week.expiries += registries;
    else week.rotations += 1;
  }
  return weeks;
}
