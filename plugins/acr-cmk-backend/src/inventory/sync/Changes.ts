import type { Knex } from 'knex';
import { AzureError } from '../../azure/AzureError';
import type {
  GraphChange,
  ResourceGraphPort,
} from '../../azure/resourceGraphPort';
import type { Clock } from '../../database/clock';
import { ID_FORM } from '../rows/ids';
import { batchesOf } from '../rows/readings';
import { DIRTY_KIND, type DirtyStore } from './DirtyStore';
import { isRefused, queriesFor } from './sweepRules';
import type { SyncState } from './SyncState';

/** Changes are shown up to five minutes late (documented); asked for twice as far back. Milliseconds. */
const OVERLAP_MS = 10 * 60_000;
/** A watermark that is older is not worth its rows: the sweep finds what has changed. Milliseconds. */
const LONGEST_MS = 6 * 60 * 60_000;
/** Parts that a time is asked in; each time that one is too large, the next number of them. */
const PARTS = [1, 4, 16];

/**
 * Asks which things were changed, and marks them dirty. What they were changed to is not believed. Where
 * Azure does not show it, the sweep finds it.
 */
export class Changes {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #graph: ResourceGraphPort;
  readonly #dirty: DirtyStore;
  readonly #state: SyncState;

  constructor(options: {
    db: Knex;
    clock: Clock;
    graph: ResourceGraphPort;
    dirty: DirtyStore;
    state: SyncState;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#graph = options.graph;
    this.#dirty = options.dirty;
    this.#state = options.state;
  }

  /** @returns how many things were marked */
  async mark(options: {
    subscriptions: readonly string[];
    everyMs: number;
  }): Promise<number> {
    const now = await this.#clock.now();
    const last = await this.#state.get<number>('changes');
    if (last && now - last.value < options.everyMs) return 0;
    if (!last || now - last.value > LONGEST_MS) {
      // The sweep has listed everything, or will.
      await this.#state.set('changes', now);
      return 0;
    }
    let marked = 0;
    for (const subscriptionIds of queriesFor(options.subscriptions)) {
      const changes = await this.#changes(subscriptionIds, {
        since: last.value - OVERLAP_MS,
        until: now,
      });
      const unread = await this.#unread(changes);
      await this.#dirty.mark(
        unread.map(({ kind, resourceId }) => ({
          kind: DIRTY_KIND[kind],
          subject: resourceId,
          reason: 'changed',
        })),
      );
      marked += unread.length;
    }
    // After the marks: a process that dies before it asks for the same time again.
    await this.#state.set('changes', now);
    return marked;
  }

  async #changes(
    subscriptionIds: readonly string[],
    span: { since: number; until: number },
  ): Promise<GraphChange[]> {
    for (const of of PARTS) {
      try {
        const found: GraphChange[] = [];
        for (let part = 0; part < of; part++) {
          const { value } = await this.#graph.changes({
            subscriptionIds,
            part,
            of,
            ...span,
          });
          found.push(...value);
        }
        return found;
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        if (isRefused(error)) return [];
        if (error.code !== 'TooManyRows') throw error;
      }
    }
    // So many have changed that the sweep is the better list of them.
    return [];
  }

  /** Those that were not read from Azure since they changed, by Azure's clock. */
  async #unread(changes: readonly GraphChange[]): Promise<GraphChange[]> {
    const readAt = new Map<string, number>();
    for (const table of ['registries', 'vaults', 'identities'] as const) {
      const ids = changes
        .filter(({ kind }) => kind === table)
        .map(({ resourceId }) => resourceId);
      const { toRow, toArm } = ID_FORM[table];
      for (const batch of batchesOf(ids)) {
        const rows: any[] = await this.#db(table)
          .whereIn('id', batch.map(toRow))
          .select('id', 'azure_at', 'problem_kind', 'problem_at');
        for (const row of rows) {
          // That it is gone was an answer too.
          const goneAt =
            row.problem_kind === 'not-found' ? Number(row.problem_at) : 0;
          readAt.set(
            toArm(row.id),
            Math.max(Number(row.azure_at ?? 0), goneAt),
          );
        }
      }
    }
    return changes.filter(
      ({ resourceId, at }) => (readAt.get(resourceId) ?? -Infinity) <= at,
    );
  }
}
