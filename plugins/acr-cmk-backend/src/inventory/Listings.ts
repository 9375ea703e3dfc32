import type { AzureProblem, Fact } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { AzureAnswer } from '../azure/transport/answer';
import type { Clock } from '../platform/database/clock';
import type { FactReader, Freshness } from './read/FactReader';
import { isYounger } from './facts';
import type { InventoryRows, StoredReading } from './rows';
import type { StoredListing } from './rows/listings';
import type { Listed, SubscriptionLists } from './SubscriptionLists';

/** Whether everything of a kind is among the rows. */
export interface Completeness {
  complete: boolean;
  /** Reason why it is not, when a listing failed or not every subscription is known. */
  problem?: AzureProblem;
  /** Time when the oldest of the listings began; nothing when one never was. */
  since?: number;
}

/**
 * Time for which a whole listing counts as complete. The next listing finds what appears meanwhile, and each
 * plan reads known resources anew. Milliseconds. Our choice: three times the default interval of listings, so
 * that a single failure raises no alarm.
 */
export const LISTED_WITHIN_MS = 15 * 60_000;

interface ListingsDeps {
  rows: InventoryRows;
  reader: FactReader;
  lists: Pick<SubscriptionLists, 'list'>;
  clock: Clock;
  subscriptions: readonly string[];
  /** Reason why there may be other subscriptions. Absent where each is named. */
  scopeProblem?: () => AzureProblem | undefined;
  /** Interval of the sync. Milliseconds. */
  everyMs: number;
}

/** Whole listings of the subscriptions of the scopes: what makes "no other" mean that there is none. */
export class Listings {
  readonly #deps: ListingsDeps;
  readonly #listedWithinMs: number;

  constructor(deps: ListingsDeps) {
    this.#deps = deps;
    this.#listedWithinMs = Math.max(LISTED_WITHIN_MS, 3 * deps.everyMs);
  }

  /** Completeness according to the rows, without a call to Azure. */
  async completeness(kind: Listed, at?: number): Promise<Completeness> {
    const listings = await this.each(kind, at);
    const scopeProblem = this.#deps.scopeProblem?.();
    const problem = scopeProblem ?? listings.find(isFailed)?.problem;
    const times = listings.map(({ observedAt }) => observedAt);
    return {
      complete:
        scopeProblem === undefined && listings.every(({ isWhole }) => isWhole),
      ...(problem && { problem }),
      ...(times.every(time => time !== undefined) && {
        since: Math.min(...times.map(Number)),
      }),
    };
  }

  /** The last list of each subscription, and whether it counts as complete. */
  async each(
    kind: Listed | 'consumers',
    at?: number,
  ): Promise<(StoredListing & { isWhole: boolean })[]> {
    const [listings, now] = await Promise.all([
      this.#deps.rows.listings.get(kind, this.#deps.subscriptions),
      at ?? this.#deps.clock.now(),
    ]);
    return listings.map(listing => ({
      ...listing,
      isWhole:
        listing.observedAt !== undefined &&
        isYounger(listing.observedAt, listing) &&
        !isFailed(listing) &&
        now - listing.observedAt < this.#listedWithinMs,
    }));
  }

  /**
   * Lists every subscription whose last listing is older than `maxAgeMs`, and returns the completeness. For
   * plans, which must not rely on older listings.
   */
  async ensure(
    kind: Listed,
    {
      maxAgeMs = this.#listedWithinMs,
      now,
    }: Partial<Pick<Freshness, 'maxAgeMs' | 'now'>> = {},
  ): Promise<Completeness> {
    const facts = await Promise.all(
      this.#deps.subscriptions.map(subscription =>
        this.#deps.reader.read(
          {
            stored: this.#stored(kind, subscription),
            ask: askedAt => this.#list(kind, subscription, askedAt),
          },
          { maxAgeMs, now },
        ),
      ),
    );
    const problem =
      this.#deps.scopeProblem?.() ??
      facts.map(problemOf).find(one => one !== undefined);
    return { complete: problem === undefined, ...(problem && { problem }) };
  }

  #stored(kind: Listed, subscription: string): StoredReading<number> {
    const { listings } = this.#deps.rows;
    return {
      name: `${kind} of the subscription ${subscription}`,
      read: async () => (await listings.get(kind, [subscription]))[0],
      // The list has kept it.
      keep: async () => undefined,
      keepProblem: (problem, at) =>
        listings.keepProblem(kind, subscription, { problem, at }),
    };
  }

  /** Lists a subscription. @returns how many there are */
  async #list(
    kind: Listed,
    subscription: string,
    askedAt: number,
  ): Promise<AzureAnswer<number>> {
    const { azureAt, conclusion } = await this.#deps.lists.list(
      { kind, subscription },
      askedAt,
    );
    if (conclusion.kind !== 'whole') {
      throw new AzureError(conclusion.problem, { effect: 'refused' });
    }
    return { value: conclusion.items, azureAt };
  }
}

/** Whether the last list failed, or could not be believed. */
export function isFailed({
  observedAt,
  problem,
  problemAt,
}: Omit<StoredListing, 'part'>): boolean {
  return (
    problem !== undefined &&
    (observedAt === undefined || (problemAt ?? 0) >= observedAt)
  );
}

function problemOf(fact: Fact<number>): AzureProblem | undefined {
  return fact.known ? fact.refreshProblem : fact.problem;
}
