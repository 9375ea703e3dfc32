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
import { isThere } from '../inventory/rows/isThere';
import type { Asked, FleetReader } from './FleetReader';
import type { FleetRows } from './FleetRows';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const MAX_ITEMS = 500;
const MAX_HOLDERS = 5;

/** One thing that will happen to a key, before it is shown. */
interface Happening extends Omit<FleetExpiry, 'at' | 'holders'> {
  at: number;
  /** Whose registries belong to it. */
  group: string;
}

/** What will expire, and what vaults will rotate. */
export class FleetCalendar {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #reader: FleetReader;
  readonly #rows: FleetRows;

  constructor(options: {
    db: Knex;
    clock: Clock;
    reader: FleetReader;
    rows: FleetRows;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#reader = options.reader;
    this.#rows = options.rows;
  }

  async expiries(
    { filter, weeks }: { filter: FleetFilter; weeks: number },
    credentials: BackstageCredentials,
  ): Promise<FleetExpiries> {
    const asked = await this.#reader.ask(filter, credentials);
    const start = mondayOf(await this.#clock.now());
    const end = start + weeks * WEEK_MS;
    const happenings = [
      ...(await this.#expiring(asked, end)),
      ...(await this.#rotating(asked, end)),
    ].sort(
      (a, b) =>
        a.at - b.at ||
        (`${a.kind} ${a.group}` < `${b.kind} ${b.group}` ? -1 : 1),
    );
    const shown = happenings.slice(0, MAX_ITEMS);
    const holders = await this.#holders(asked, end, shown);
    return {
      weeks: byWeek(happenings, start, weeks),
      items: shown.map(({ group, at, ...item }) => ({
        ...item,
        at: isoTime(at),
        holders: holders.get(`${item.kind} ${group}`) ?? [],
      })),
      complete: happenings.length <= MAX_ITEMS,
      searchIncomplete: asked.resolved.searchIncomplete,
    };
  }

  async #expiring(asked: Asked, end: number): Promise<Happening[]> {
    const columns = ['vault_host', 'key_name', 'version_in_use', 'expires_at'];
    const rows: any[] = await this.#expiringRows(asked, end)
      .groupBy(columns.map(column => `registries.${column}`))
      .select(columns.map(column => `registries.${column}`))
      .count({ n: '*' });
    return rows.map(row => ({
      kind: 'expiry',
      at: Number(row.expires_at),
      group: groupOf(row),
      vaultName: vaultNameOfHost(row.vault_host),
      keyName: row.key_name,
      version: row.version_in_use,
      registries: Number(row.n),
    }));
  }

  /** What the vault should have rotated already is in the first week. */
  async #rotating(asked: Asked, end: number): Promise<Happening[]> {
    const rows: any[] = await this.#rotatingRows(asked, end)
      .groupBy(
        'registries.vault_host',
        'registries.key_name',
        'keys.rotates_at',
      )
      .select('registries.vault_host', 'registries.key_name', 'keys.rotates_at')
      .count({ n: '*' })
      .select(
        this.#db.raw(
          `sum(case when registries.version_mode = 'manual' then 1 else 0 end) as pinned`,
        ),
      );
    return rows.map(row => ({
      kind: 'rotation',
      at: Number(row.rotates_at),
      group: groupOf(row),
      vaultName: vaultNameOfHost(row.vault_host),
      keyName: row.key_name,
      registries: Number(row.n) - Number(row.pinned),
      pinned: Number(row.pinned),
    }));
  }

  #expiringRows(asked: Asked, end: number): Knex.QueryBuilder {
    return this.#rows
      .query(asked)
      .whereNotNull('registries.vault_host')
      .where('registries.expires_at', '<', end);
  }

  #rotatingRows(asked: Asked, end: number): Knex.QueryBuilder {
    return (
      this.#rows
        .query(asked)
        .join('keys', keys =>
          keys
            .on('keys.vault_host', 'registries.vault_host')
            .on('keys.name', 'registries.key_name'),
        )
        // What no longer exists is not shown from before.
        .where(isThere('keys'))
        .where('keys.rotates_at', '<', end)
    );
  }

  /** The first registries of each group that is shown. */
  async #holders(
    asked: Asked,
    end: number,
    shown: readonly Happening[],
  ): Promise<Map<string, FleetHolder[]>> {
    const found = new Map<string, FleetHolder[]>();
    for (const kind of ['expiry', 'rotation'] as const) {
      const names = new Set(
        shown.filter(one => one.kind === kind).map(({ group }) => group),
      );
      if (names.size === 0) continue;
      const rows =
        kind === 'expiry'
          ? this.#expiringRows(asked, end)
          : this.#rotatingRows(asked, end);
      const partition = [
        'registries.vault_host',
        'registries.key_name',
        ...(kind === 'expiry'
          ? ['registries.version_in_use', 'registries.expires_at']
          : []),
      ];
      const ranked = rows
        .select(
          'registries.id',
          'registries.arm_id',
          'registries.name',
          'registries.display_name',
          'registries.vault_host',
          'registries.key_name',
          'registries.version_in_use',
          'registries.expires_at',
          'registries.version_mode',
        )
        .rowNumber('place', window =>
          window.partitionBy(partition).orderBy('registries.name'),
        );
      const first: any[] = await this.#db
        .from(ranked.as('ranked'))
        .where('place', '<=', MAX_HOLDERS)
        .orderBy('place');
      for (const row of first) {
        const group =
          kind === 'expiry'
            ? groupOf(row)
            : groupOf({
                ...row,
                version_in_use: undefined,
                expires_at: undefined,
              });
        if (!names.has(group)) continue;
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

function groupOf(row: any): string {
  const { vault_host, key_name, version_in_use, expires_at } = row;
  return `${vault_host}/${key_name}/${version_in_use ?? ''}/${
    expires_at ?? ''
  }`;
}

function mondayOf(now: number): number {
  return (
    Math.floor((now - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
  );
}

/** A count for each week; what is earlier counts in the first. */
function byWeek(
  happenings: readonly Happening[],
  start: number,
  count: number,
): FleetWeek[] {
  const weeks = Array.from({ length: count }, (_, index) => ({
    start: isoTime(start + index * WEEK_MS),
    expiries: 0,
    rotations: 0,
  }));
  for (const { kind, at, registries } of happenings) {
    const week = weeks[Math.max(0, Math.floor((at - start) / WEEK_MS))];
    if (kind === 'expiry') week.expiries += registries;
    else week.rotations += 1;
  }
  return weeks;
}
