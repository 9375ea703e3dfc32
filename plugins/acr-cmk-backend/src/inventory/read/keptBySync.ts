/** Age limits of the facts that the sync keeps fresh. */
import type { SyncedBy } from '../rows/readings';
import { GRAPH_LAG_MS } from '../refresh/PartitionReader';
import { ASSIGNMENTS_EVERY_MS } from '../refresh/Sweeper';

/** Intervals of the sync that may pass before its facts count as old: one runs, one may fail. */
const INTERVALS = 3;
/** Age of lists of keys, each two intervals, up to which they are current. */
const KEY_INTERVALS = 5;

/**
 * Maximum age of facts while the sync works as intended. Milliseconds.
 *
 * @param everyMs - the interval of the sync
 */
export function keptWithinMs(by: SyncedBy, everyMs: number): number {
  const intervals = INTERVALS * everyMs;
  switch (by) {
    case 'sweep':
      return GRAPH_LAG_MS + intervals;
    case 'assignments':
      return GRAPH_LAG_MS + ASSIGNMENTS_EVERY_MS + intervals;
    case 'key-list':
      return KEY_INTERVALS * everyMs;
    default:
      throw new Error(`Nothing keeps ${by satisfies never}`);
  }
}
