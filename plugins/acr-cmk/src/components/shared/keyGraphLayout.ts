import type { PlanEffect } from 'backstage-plugin-acr-cmk-common';

/** Effects on what uses a key, the gravest first. */
export const EFFECTS: readonly PlanEffect[] = [
  'loses-key',
  'not-known',
  'gets-key-back',
  'moves',
  'stays',
];

export interface GraphNode {
  id: string;
  kind: 'key' | 'registry' | 'service' | 'component' | 'team';
  label: string;
  /** Effect and facts in one short line. */
  detail?: string;
  /** Entity that the node is: the portal names it and links to it. */
  entityRef?: string;
  /** Path of the page about it. */
  to?: string;
  effect?: PlanEffect;
}

export interface GraphLink {
  from: string;
  to: string;
}

export interface GraphColumn {
  id: 'key' | 'user' | 'component' | 'team';
  /** Nodes from the top. */
  shown: readonly GraphNode[];
  /** Nodes without room, which share the last row. */
  rest: readonly GraphNode[];
}

interface Place {
  column: number;
  row: number;
}

/** Number of rows of a column. */
const MOST_ROWS = 10;

const COLUMN_OF: Record<GraphNode['kind'], GraphColumn['id']> = {
  key: 'key',
  registry: 'user',
  service: 'user',
  component: 'component',
  team: 'team',
};

const rankOf = ({ effect }: GraphNode) =>
  effect ? EFFECTS.indexOf(effect) : EFFECTS.length;

/** The gravest effects first, otherwise in the order of the nodes. */
const byEffect = (nodes: readonly GraphNode[]) =>
  [...nodes].sort((a, b) => rankOf(a) - rankOf(b));

export const rowsOf = ({ shown, rest }: GraphColumn) =>
  shown.length + (rest.length > 0 ? 1 : 0);

export const gravestOf = (
  nodes: readonly GraphNode[],
): PlanEffect | undefined =>
  EFFECTS.find(each => nodes.some(({ effect }) => effect === each));

/** The columns that have nodes, and the lines between their rows, each once. */
export function columnsOf(
  nodes: readonly GraphNode[],
  links: readonly GraphLink[],
): {
  columns: GraphColumn[];
  lines: { from: Place; to: Place; effect?: PlanEffect }[];
} {
  const columns: GraphColumn[] = [];
  const places = new Map<string, Place>();
  const parents = new Map<string, string[]>();
  for (const { from, to } of links) {
    parents.set(to, [...(parents.get(to) ?? []), from]);
  }
  /** Row of the first node that leads to a node, so that lines seldom cross. */
  const beside = ({ id }: GraphNode) =>
    Math.min(
      ...(parents.get(id) ?? []).map(
        parent => places.get(parent)?.row ?? Infinity,
      ),
    );
  for (const id of ['key', 'user', 'component', 'team'] as const) {
    const all = nodes
      .filter(({ kind }) => COLUMN_OF[kind] === id)
      .map(node => ({ node, row: beside(node) }))
      // Without a parent both are infinite, and their difference is no number.
      .sort((a, b) => (a.row === b.row ? 0 : a.row - b.row))
      .map(({ node }) => node);
    if (all.length === 0) continue;
    const room = all.length > MOST_ROWS ? MOST_ROWS - 1 : MOST_ROWS;
    const chosen = new Set(byEffect(all).slice(0, room));
    const shown = all.filter(node => chosen.has(node));
    const rest = all.filter(node => !chosen.has(node));
    const column = columns.length;
    shown.forEach((node, row) => places.set(node.id, { column, row }));
    rest.forEach(node => places.set(node.id, { column, row: shown.length }));
    columns.push({ id, shown, rest });
  }
  const lines = new Map<
    string,
    { from: Place; to: Place; effect?: PlanEffect }
  >();
  for (const link of links) {
    const [from, to] = [places.get(link.from), places.get(link.to)];
    if (!from || !to) continue;
    const { shown, rest } = columns[to.column];
    const effect = gravestOf(to.row < shown.length ? [shown[to.row]] : rest);
    lines.set(JSON.stringify([from, to]), { from, to, effect });
  }
  return { columns, lines: [...lines.values()] };
}

/** Nodes that a node leads to, those with the gravest effects first. */
export function childrenOf(
  nodes: readonly GraphNode[],
  links: readonly GraphLink[],
): (id: string) => readonly GraphNode[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const children = new Map<string, GraphNode[]>();
  for (const { from, to } of links) {
    const node = byId.get(to);
    if (node) children.set(from, [...(children.get(from) ?? []), node]);
  }
  return id => byEffect(children.get(id) ?? []);
}
