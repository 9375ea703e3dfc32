import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetCount,
  type FleetFilter,
  type FleetScope,
  type FleetSummary,
  registryStateIds,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { isoTime } from '../database/clock';
import type { ListingRows } from '../inventory/rows/listings';
import { SEVERITIES } from './filter';
import type { Asked, FleetReader } from './FleetReader';
import type { FleetRows } from './FleetRows';
import type { VisibleScope } from './VisibleScope';
import type { VisibleEntities } from './VisibleEntities';

/** How many registries there are of each kind, and what of the fleet is not seen. */
export class FleetCounts {
  readonly #reader: FleetReader;
  readonly #rows: FleetRows;
  readonly #listings: Pick<ListingRows, 'get'>;
  readonly #visible: VisibleEntities;
  readonly #subscriptions: readonly string[];

  constructor(options: {
    reader: FleetReader;
    rows: FleetRows;
    listings: Pick<ListingRows, 'get'>;
    visible: VisibleEntities;
    /** Those of the scopes. */
    subscriptions: readonly string[];
  }) {
    this.#reader = options.reader;
    this.#rows = options.rows;
    this.#listings = options.listings;
    this.#visible = options.visible;
    this.#subscriptions = options.subscriptions;
  }

  async summary(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): Promise<FleetSummary> {
    const asked = await this.#reader.ask(filter, credentials);
    const [groups, owners, unbound, scope] = await Promise.all([
      this.#rows.counts(asked),
      this.#owners(asked),
      this.#rows.countUnbound(asked),
      this.#scope(asked.visibleScope),
    ]);
    const count = (of: (group: (typeof groups)[number]) => string | null) => {
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
      searchIncomplete: asked.resolved.searchIncomplete,
    };
  }

  async #owners(
    asked: Asked,
  ): Promise<Pick<FleetSummary['counts'], 'owner' | 'otherOwners'>> {
    const { owners, more } = await this.#rows.owners(asked);
    const visible = await this.#visible.among(
      owners.map(({ owner }) => owner),
      asked.credentials,
    );
    const seen = owners.filter(({ owner }) => visible.has(owner));
    return {
      owner: seen.map(({ owner, count }) => ({ value: owner, count })),
      otherOwners: more + owners.length - seen.length,
    };
  }

  async #scope(visibleScope: VisibleScope): Promise<FleetScope> {
    const known = await this.#rows.countAll();
    const [visible, oldest, listings] = await Promise.all([
      visibleScope.of === 'everything'
        ? known
        : this.#rows.count({ visibleScope }),
      this.#rows.oldestRead({ visibleScope }),
      this.#listings.get('registries', this.#subscriptions),
    ]);
    const unreadable = listings.filter(
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
      ...(oldest !== undefined && { oldestObservedAt: isoTime(oldest) }),
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
