/** Rules that split a sweep into parts and interpret its counts. Pure. */
import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import type { GraphKind } from '../../azure/graph/resourceGraphPort';
import type { Listed } from '../SubscriptionLists';

/** Kinds of things that a sweep lists. */
export type SweptKind = GraphKind | 'assignments';

/** One part that can be read, and read again, alone. */
export interface PartitionPlan {
  kind: SweptKind;
  subscriptions: readonly string[];
  /** From 0. */
  part: number;
  parts: number;
}

/** A part of a sweep under way, with its result. */
export interface Partition extends PartitionPlan {
  state: 'pending' | 'done' | 'split' | 'failed';
  attempts: number;
  unusable: number;
  problem?: AzureProblem;
}

/** A part that is to be read. */
export const toPartition = (plan: PartitionPlan): Partition => ({
  ...plan,
  state: 'pending',
  attempts: 0,
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

/** Kinds that ARM lists, too, and that make a sweep whole. */
export const KINDS: readonly Listed[] = ['registries', 'vaults', 'identities'];

export const GRAPH_KINDS: readonly GraphKind[] = [...KINDS, 'consumers'];

export const noCounts = (): Counts => ({
  registries: {},
  vaults: {},
  identities: {},
  consumers: {},
});

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
  const totalOf = (kind: GraphKind) =>
    subscriptions.reduce((sum, id) => sum + (counts[kind][id] ?? 0), 0);
  return [
    // Vaults and identities first: registries are judged by them.
    ...(['vaults', 'identities', 'registries', 'consumers'] as const).flatMap(
      kind =>
        inParts(
          { kind, subscriptions },
          // One that is empty is asked for as well: it may have filled since.
          Math.max(1, Math.ceil(totalOf(kind) / ROWS_OF_A_PART)),
        ),
    ),
    ...(assignments === undefined
      ? []
      : inParts(
          { kind: 'assignments' as const, subscriptions },
          Math.max(1, Math.ceil(assignments / ASSIGNMENTS_OF_A_PART)),
        )),
  ];
}

/** The two parts that hold what one part held: of twice as many. */
export function split(partition: PartitionPlan): PartitionPlan[] {
  const { kind, subscriptions, part, parts } = partition;
  return [part, part + parts].map(each => ({
    kind,
    subscriptions,
    part: each,
    parts: 2 * parts,
  }));
}
