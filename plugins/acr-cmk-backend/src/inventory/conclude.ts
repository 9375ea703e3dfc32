import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { GraphKind } from '../azure/graph/resourceGraphPort';

/** Things of one subscription that are read one by one because a list no longer shows them. Our choice. */
export const MOST_MISSING = 500;
/** Code of the problem of a list that has lost more than is believed. */
export const COUNT_FELL = 'CountFell';
/** A fall by more is not believed. */
const BELIEVED_FALL = 0.1;

/** Conclusion about one kind in one subscription, after all of its parts have ended. */
export type Conclusion =
  | { kind: 'whole'; items: number }
  | { kind: 'fallen'; problem: AzureProblem }
  | { kind: 'partial'; problem: AzureProblem };

/** Combined result of the parts of one kind in one subscription. */
export interface Seen {
  rows: number;
  /** Rows that could not be understood. */
  unusable: number;
  /** Problem of the first failed part. */
  problem?: AzureProblem;
  /** Counts before the first part and after the last one. Absent for lists of ARM, which have an end. */
  counted?: { before: number; after: number };
  /** Number of items known from before and not known to be deleted. */
  known: number;
  /** Whether the list lacks known items that our rights may not show. */
  mayHide?: boolean;
}

/**
 * Is what was seen all that there is? Only then may what was not seen be dropped; and a fall by more
 * than a tenth is never taken for a deletion.
 */
export function conclude(
  what: { kind: GraphKind; subscription: string },
  { rows, unusable, problem, counted, known, mayHide }: Seen,
): Conclusion {
  const name = `the ${
    what.kind === 'consumers' ? 'resources with keys' : what.kind
  } of the subscription ${what.subscription}`;
  const partial = (code: string, message: string): Conclusion => ({
    kind: 'partial',
    problem: { kind: 'unavailable', code, message },
  });
  if (problem) return { kind: 'partial', problem };
  if (unusable > 0) {
    return partial(
      'UnexpectedAnswer',
      `Azure's list of ${name} holds ${unusable} that cannot be understood, and each may be any of them. Stored facts are unchanged`,
    );
  }
  if (counted) {
    const low = Math.min(counted.before, counted.after);
    const high = Math.max(counted.before, counted.after);
    if (rows < low || rows > high) {
      return partial(
        'CountDiffers',
        `Resource Graph counts ${counted.after} of ${name} and shows ${rows}. Stored facts are unchanged`,
      );
    }
  }
  if (mayHide) {
    return {
      kind: 'fallen',
      problem: {
        kind: 'unavailable',
        code: COUNT_FELL,
        message: `Azure's list of ${name} lacks some that are known, and the read credential may not read their types there. They are kept. If they can be read in Azure's portal, the read credential may have lost its role at /subscriptions/${what.subscription}`,
      },
    };
  }
  if (known > 0 && rows < known * (1 - BELIEVED_FALL)) {
    return {
      kind: 'fallen',
      problem: {
        kind: 'unavailable',
        code: COUNT_FELL,
        message: `Azure shows ${rows} of ${name}, and ${known} are known. The sync does not treat a fall by more than a tenth as deletions: it keeps what it knows and reads each missing item. If they can be read in Azure's portal, the read credential may have lost its role at /subscriptions/${what.subscription}`,
      },
    };
  }
  return { kind: 'whole', items: rows };
}
