/** Rules that split a sweep into parts and interpret its counts. Pure. */
import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { GraphKind } from '../../azure/graph/resourceGraphPort';

/** Kinds of things that a sweep lists. */
export type SweptKind = GraphKind | 'assignments';

/** Source of a part of a sweep. */
export type Source = 'resource-graph' | 'arm';

/** One part that can be read, and read again, alone. */
export interface PartitionPlan {
  kind: SweptKind;
  source: Source;
  subscriptions: readonly string[];
  /** From 0. */
  part: number;
  parts: number;
}

/** A part of a sweep under way, with what came of it. */
export interface Partition extends PartitionPlan {
  state: 'pending' | 'done' | 'split' | 'failed';
  attempts: number;
  /** Rows by subscription. */
  seen: Record<string, number>;
  unusable: number;
  problem?: AzureProblem;
}

/** A part that is to be read. */
export const toPartition = (plan: PartitionPlan): Partition => ({
  ...plan,
  state: 'pending',
  attempts: 0,
  seen: {},
  unusable: 0,
});

/** Number of items of each kind, by subscription. */
export type Counts = Record<GraphKind, Record<string, number>>;

/**
 * Rows that a part is planned for. A thousand are too many; by their hash, one part in 70,000 of this size holds
 * as many, and is split. Our choice.
 */
const ROWS_OF_A_PART = 875;
/** All assignments of one principal are in one part, so these differ more. */
const ASSIGNMENTS_OF_A_PART = 400;
/** Subscriptions in one query. Azure takes a thousand; counts have a row for each of three kinds. */
const SUBSCRIPTIONS_OF_A_QUERY = 300;
/** Things of one subscription that are read one by one because a list no longer shows them. Our choice. */
export const MOST_MISSING = 500;
/** A fall by more is not believed. */
const BELIEVED_FALL = 0.1;

export const KINDS: readonly GraphKind[] = [
  'registries',
  'vaults',
  'identities',
];

/** Azure does not answer such a query, here or to us; a list of ARM may still be allowed. */
export const isRefused = ({ kind }: Pick<AzureProblem, 'kind'>) =>
  ['denied', 'refused', 'not-found'].includes(kind);

/** Subscriptions in groups that fit into one query. */
export function queriesFor(subscriptions: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < subscriptions.length; at += SUBSCRIPTIONS_OF_A_QUERY) {
    groups.push(subscriptions.slice(at, at + SUBSCRIPTIONS_OF_A_QUERY));
  }
  return groups;
}

const inParts = (plan: Omit<PartitionPlan, 'part' | 'parts'>, parts: number) =>
  Array.from({ length: parts }, (_none, part) => ({ ...plan, part, parts }));

/** Parts for one group of subscriptions that Resource Graph can read. */
export function graphPartitions(
  subscriptions: readonly string[],
  counts: Counts,
  assignments: number | undefined,
): PartitionPlan[] {
  const source = 'resource-graph' as const;
  const totalOf = (kind: GraphKind) =>
    subscriptions.reduce((sum, id) => sum + (counts[kind][id] ?? 0), 0);
  return [
    // Vaults and identities first: registries are judged by them.
    ...(['vaults', 'identities', 'registries'] as const).flatMap(kind =>
      inParts(
        { kind, source, subscriptions },
        // One that is empty is asked for as well: it may have filled since.
        Math.max(1, Math.ceil(totalOf(kind) / ROWS_OF_A_PART)),
      ),
    ),
    ...(assignments === undefined
      ? []
      : inParts(
          { kind: 'assignments' as const, source, subscriptions },
          Math.max(1, Math.ceil(assignments / ASSIGNMENTS_OF_A_PART)),
        )),
  ];
}

/** One list of each kind for each subscription, where Resource Graph does not answer. */
export function armPartitions(
  subscriptions: readonly string[],
): PartitionPlan[] {
  return subscriptions.flatMap(subscription =>
    KINDS.map(kind => ({
      kind,
      source: 'arm' as const,
      subscriptions: [subscription],
      part: 0,
      parts: 1,
    })),
  );
}

/** The two parts that hold what one part held: of twice as many. */
export function split(partition: PartitionPlan): PartitionPlan[] {
  const { kind, source, subscriptions, part, parts } = partition;
  return [part, part + parts].map(each => ({
    kind,
    source,
    subscriptions,
    part: each,
    parts: 2 * parts,
  }));
}

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
}

/**
 * Is what was seen all that there is? Only then may what was not seen be dropped; and a fall by more
 * than a tenth is never taken for a deletion.
 */
export function conclude(
  what: { kind: GraphKind; subscription: string },
  { rows, unusable, problem, counted, known }: Seen,
): Conclusion {
  const name = `the ${what.kind} of the subscription ${what.subscription}`;
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
  if (known > 0 && rows < known * (1 - BELIEVED_FALL)) {
    return {
      kind: 'fallen',
      problem: {
        kind: 'unavailable',
        code: 'CountFell',
        message: `Azure shows ${rows} of ${name}, and ${known} are known. The sync does not treat a fall by more than a tenth as deletions: it keeps what it knows and reads each missing item. If they can be read in Azure's portal, the read credential may have lost its role at /subscriptions/${what.subscription}`,
      },
    };
  }
  return { kind: 'whole', items: rows };
}
