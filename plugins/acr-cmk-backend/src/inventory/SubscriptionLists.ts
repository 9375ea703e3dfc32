import type { AzurePorts } from '../azure/ports';
import { batchesOf } from '../platform/database/batches';
import { lower } from '../platform/text';
import { conclude, type Conclusion, MOST_MISSING, type Seen } from './conclude';
import type { InventoryRows, Reading } from './rows';
import type { ListedRows } from './rows/ListedRows';
import { KIND_OF, type ReadQueue } from './rows/ReadQueue';
import { toRegistry } from './rows/toRegistry';

/** Kinds of resources that are listed by subscription. */
export type Listed = 'registries' | 'vaults' | 'identities';

/** Rows that are kept together: the event loop has its turn after each batch. */
const ROWS_AT_ONCE = 75;

/** Resources of one kind in one subscription. */
export interface Part {
  kind: Listed;
  subscription: string;
}

/** A list of ARM that was kept. */
export interface KeptList {
  /** ARM ids, lower case. */
  ids: ReadonlySet<string>;
  azureAt: number;
  conclusion: Conclusion;
}

/** Lists of subscriptions: they are kept and concluded in one way for every caller. */
export interface SubscriptionLists {
  /**
   * Lists a part by ARM, keeps what the list holds, and concludes.
   *
   * @param askedAt - time when the reading begins, by our clock
   */
  list(part: Part, askedAt: number): Promise<KeptList>;
  /**
   * Decides whether a list is whole, after its items were kept. If it is, drops what it lacks. If it has lost many,
   * drops nothing, as a role that was taken away looks the same, and queues what it lacks to be read one by one.
   */
  conclude(
    part: { kind: Listed | 'consumers'; subscription: string },
    seen: Seen,
    reading: Reading & { seenAt: number },
  ): Promise<Conclusion>;
}

export function createSubscriptionLists(
  { azure }: { azure: Pick<AzurePorts, Listed> },
  parts: {
    rows: InventoryRows;
    listed: ListedRows;
    queue: ReadQueue;
    /** Called after each batch. Default: no pause. */
    pause?: () => Promise<void>;
  },
): SubscriptionLists {
  const { rows, listed, queue, pause } = parts;
  const concludeList: SubscriptionLists['conclude'] = async (
    part,
    seen,
    { readAt, azureAt, seenAt },
  ) => {
    const { kind, subscription } = part;
    const conclusion = conclude(part, seen);
    if (conclusion.kind === 'whole') {
      await rows[kind].removeUnseen(subscription, readAt);
      const { items } = conclusion;
      await rows.listings.keep(kind, subscription, { items, readAt, azureAt });
      return conclusion;
    }
    const { problem } = conclusion;
    await rows.listings.keepProblem(kind, subscription, {
      problem,
      at: seenAt,
    });
    // No call of ARM reads a resource of another service.
    if (conclusion.kind === 'fallen' && kind !== 'consumers') {
      const missing = await listed.missing(kind, {
        subscription,
        before: seenAt,
        limit: MOST_MISSING,
      });
      await queue.add(
        missing.map(subject => ({
          kind: KIND_OF[kind],
          subject,
          reason: 'missing',
        })),
      );
    }
    return conclusion;
  };
  return {
    conclude: concludeList,
    async list(part, askedAt) {
      const { kind, subscription } = part;
      const answer = await azure[kind].listBySubscription(subscription);
      const items = answer.value as { id: string }[];
      const { azureAt } = answer;
      const reading = { readAt: askedAt, azureAt, seenAt: askedAt };
      for (const some of batchesOf(items, ROWS_AT_ONCE)) {
        await rows[kind].keep(some as never[], reading);
        await pause?.();
      }
      const unusable =
        kind === 'registries'
          ? items.filter(facts => !toRegistry(facts as never)).length
          : 0;
      const known = await listed.known(kind, [subscription]);
      const conclusion = await concludeList(
        part,
        {
          rows: items.length - unusable,
          unusable,
          known: known[subscription] ?? 0,
        },
        reading,
      );
      return {
        ids: new Set(items.map(({ id }) => lower(id))),
        azureAt,
        conclusion,
      };
    },
  };
}
