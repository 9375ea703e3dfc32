import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetCount,
  type FleetFilter,
  type FleetScope,
  type FleetSummary,
  registryStateIds,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { isoTime } from '../../platform/database/clock';
import type { ManagedScopes } from '../../inventory/ManagedScopes';
import type { ListingRows } from '../../inventory/rows/listings';
import type { InventoryReading } from '../../inventory/refresh/reading';
import { SEVERITIES } from './filter';
import type { FleetContext } from './FleetContext';
import { type FleetParts, type FleetQuery, selectionOf } from './FleetReader';
import type { FleetGroup, FleetRows } from './FleetRows';
import type { VisibleEntities } from './VisibleEntities';
import type { VisibleScope } from './VisibleScope';

/** Subscriptions of the scopes, and management groups whose subscriptions are not all known. */
export type FleetScopes = Pick<
  ManagedScopes,
  'subscriptions' | 'groupsNotKnown' | 'groupsInPart'
>;

interface FleetCountsParts extends FleetParts {
  visible: VisibleEntities;
  listings: Pick<ListingRows, 'get'>;
  managed: FleetScopes;
  reading: (now: number) => Promise<InventoryReading | undefined>;
}

/** Intervals of the sync after which facts count as older: one runs, one may be late. */
const INTERVALS = 2;

/**
 * Step in which the ages are counted again. What was read before a time stays so while facts get newer.
 * Milliseconds.
 */
const AGES_STEP_MS = 30_000;

/** Counts the registries of the fleet by their properties, and what of the fleet is not visible. */
export class FleetCounts {
  readonly #context: Pick<FleetContext, 'clock' | 'config'>;
  readonly #parts: FleetCountsParts;

  constructor(
    context: Pick<FleetContext, 'clock' | 'config'>,
    parts: FleetCountsParts,
  ) {
    this.#context = context;
    this.#parts = parts;
  }

  async summary(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): Promise<FleetSummary> {
    const { reader, cache } = this.#parts;
    const query = await reader.query(filter, credentials);
    const [{ total, counts, owned }, scope] = await Promise.all([
      cache.answer(['counts', selectionOf(query)], () => this.#counts(query)),
      this.#scope(query.visibleScope),
    ]);
    return {
      total,
      counts: { ...counts, ...(await this.#owners(owned, query)) },
      scope,
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** Counts what all see who see the same registries, with every owner. */
  async #counts(query: FleetQuery) {
    const { rows } = this.#parts;
    const [groups, owned, unbound] = await Promise.all([
      rows.counts(query),
      rows.owners(query),
      rows.countUnbound(query),
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
        unbound,
        subscription: mostFirst(count(({ subscription }) => subscription)),
        vault: mostFirst(
          count(({ vaultHost }) => vaultHost && vaultNameOfHost(vaultHost)),
        ),
      },
      owned,
    };
  }

  async #owners(
    { owners, more }: Awaited<ReturnType<FleetRows['owners']>>,
    query: FleetQuery,
  ): Promise<Pick<FleetSummary['counts'], 'owner' | 'otherOwners'>> {
    const visible = await this.#parts.visible.among(
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
    const { clock, config } = this.#context;
    const { rows, cache, listings, managed } = this.#parts;
    const { subscriptions, groupsNotKnown, groupsInPart } = managed;
    const unreadableGroups = groupsNotKnown.length + groupsInPart.length;
    const count = (of: VisibleScope) =>
      cache.answer(['count', of], () => rows.count({ visibleScope: of }));
    const known = await count({ of: 'everything' });
    const now = await clock.now();
    const since =
      Math.floor((now - INTERVALS * config.sync.everyMs) / AGES_STEP_MS) *
      AGES_STEP_MS;
    const [visible, { observedAt, lagMs, older }, reading, listed] =
      await Promise.all([
        count(visibleScope),
        cache.answer(['ages', visibleScope, since], () =>
          rows.ages({ visibleScope }, since),
        ),
        this.#parts.reading(now),
        listings.get('registries', subscriptions),
      ]);
    const unreadable = listed.filter(
      ({ observedAt: listedAt, problemAt }) =>
        listedAt === undefined ||
        (problemAt !== undefined && problemAt >= listedAt),
    );
    const unlisted = unreadable.filter(
      ({ observedAt: listedAt, problemAt }) =>
        listedAt === undefined && problemAt === undefined,
    );
    return {
      visible,
      known,
      unreadableSubscriptions: unreadable.length,
      ...(unlisted.length > 0 && { unlistedSubscriptions: unlisted.length }),
      ...(unreadableGroups > 0 && { unreadableGroups }),
      ...(visibleScope.of === 'everything' && {
        problems: unreadable.map(({ part, observedAt: at, problem }) => ({
          subscriptionId: part,
          message: problem?.message ?? 'Its registries were not listed yet',
          ...(at !== undefined && { listedAt: isoTime(at) }),
        })),
      }),
      ...((observedAt !== undefined || older.length > 0) && {
        ages: {
          ...(observedAt !== undefined && { observedAt: isoTime(observedAt) }),
          ...(lagMs && { lagSeconds: lagMs / 1000 }),
          older: older.map(({ observedAt: oldest, ...group }) => ({
            ...group,
            observedAt: isoTime(oldest),
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
