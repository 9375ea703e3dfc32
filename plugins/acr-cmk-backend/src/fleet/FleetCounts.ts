import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetCount,
  type FleetFilter,
  type FleetScope,
  type FleetSummary,
  registryStateIds,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { type Clock, isoTime } from '../database/clock';
import type { ListingRows } from '../inventory/rows/listings';
import type { InventoryReading } from '../inventory/sync/reading';
import { SEVERITIES } from './filter';
import type { FleetQuery, FleetReader } from './FleetReader';
import type { FleetGroup, FleetRows } from './FleetRows';
import type { VisibleScope } from './VisibleScope';
import type { VisibleEntities } from './VisibleEntities';

interface Deps {
  reader: FleetReader;
  rows: FleetRows;
  listings: Pick<ListingRows, 'get'>;
  visible: VisibleEntities;
  /** Subscriptions of the scopes. */
  subscriptions: readonly string[];
  clock: Clock;
  /** Interval of the sync. Milliseconds. */
  everyMs: number;
  reading: (now: number) => Promise<InventoryReading | undefined>;
}

/** Intervals of the sync after which facts count as older: one runs, one may be late. */
const INTERVALS = 2;

/** Counts the registries of the fleet by their properties, and what of the fleet is not visible. */
export class FleetCounts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async summary(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): Promise<FleetSummary> {
    const { reader, rows } = this.#deps;
    const query = await reader.query(filter, credentials);
    const [groups, owners, unbound, scope] = await Promise.all([
      rows.counts(query),
      this.#owners(query),
      rows.countUnbound(query),
      this.#scope(query.visibleScope),
    ]);
    const count = (of: (group: FleetGroup) => string | null) => {
      const counts = new Map<string, number>();
      for (const group of groups) {
        const value = of(group);
        if (value === null) continue;
        counts.set(value, (counts.get(value) ?? 0) + group.count);
      }
      return [...counts].map(([value, n]) => ({ value, count: n }));
    };
    return {
      total: groups.reduce((sum, group) => sum + group.count, 0),
      counts: {
        state: inOrderOf(
          registryStateIds,
          count(({ state }) => state),
        ),
        severity: inOrderOf(
          [...SEVERITIES].reverse(),
          count(({ severity }) => SEVERITIES[severity]),
        ),
        mode: mostFirst(count(({ mode }) => mode)),
        ...owners,
        unbound,
        subscription: mostFirst(count(({ subscription }) => subscription)),
        vault: mostFirst(
          count(({ vaultHost }) => vaultHost && vaultNameOfHost(vaultHost)),
        ),
      },
      scope,
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  async #owners(
    query: FleetQuery,
  ): Promise<Pick<FleetSummary['counts'], 'owner' | 'otherOwners'>> {
    const { owners, more } = await this.#deps.rows.owners(query);
    const visible = await this.#deps.visible.among(
      owners.map(({ owner }) => owner),
      query.credentials,
    );
    const seen = owners.filter(({ owner }) => visible.has(owner));
    return {
      owner: seen.map(({ owner, count }) => ({ value: owner, count })),
      otherOwners: more + owners.length - seen.length,
    };
  }

  async #scope(visibleScope: VisibleScope): Promise<FleetScope> {
    const { rows, listings, subscriptions, clock, everyMs } = this.#deps;
    const known = await rows.countAll();
    const now = await clock.now();
    const [visible, { observedAt: since, lagMs, older }, reading, listed] =
      await Promise.all([
        visibleScope.of === 'everything' ? known : rows.count({ visibleScope }),
        rows.ages({ visibleScope }, now - INTERVALS * everyMs),
        this.#deps.reading(now),
        listings.get('registries', subscriptions),
      ]);
    const unreadable = listed.filter(
      ({ observedAt, problemAt }) =>
        observedAt === undefined ||
        (problemAt !== undefined && problemAt >= observedAt),
    );
    return {
      visible,
      known,
      unreadableSubscriptions: unreadable.length,
      ...(visibleScope.of === 'everything' && {
        problems: unreadable.map(({ part, observedAt, problem }) => ({
          subscriptionId: part,
          message: problem?.message ?? 'Its registries were never listed',
          ...(observedAt !== undefined && { listedAt: isoTime(observedAt) }),
        })),
      }),
      ...((since !== undefined || older.length > 0) && {
        ages: {
          ...(since !== undefined && { observedAt: isoTime(since) }),
          ...(lagMs && { lagSeconds: lagMs / 1000 }),
          older: older.map(({ observedAt, ...group }) => ({
            ...group,
            observedAt: isoTime(observedAt),
          })),
        },
      }),
      ...(reading && {
        reading: { ...reading, endsAt: isoTime(reading.endsAt) },
      }),
    };
  }
}

function mostFirst(counts: FleetCount[]): FleetCount[] {
  return counts.sort(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
}

function inOrderOf(
  values: readonly string[],
  counts: FleetCount[],
): FleetCount[] {
  return counts.sort(
    (a, b) => values.indexOf(a.value) - values.indexOf(b.value),
  );
}
