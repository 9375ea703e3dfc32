/** What a query is made of, once parsed. */
export type Expression =
  | { kind: 'literal'; value: unknown }
  | { kind: 'column'; name: string }
  | { kind: 'member'; of: Expression; name: Expression }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'in'; operator: string; left: Expression; list: Expression[] };

export interface Named {
  name: string;
  expression: Expression;
}

export interface SortKey {
  expression: Expression;
  descending: boolean;
}

export type JoinKind = 'inner' | 'leftouter' | 'innerunique';

export type Operator =
  | { kind: 'where'; condition: Expression }
  | { kind: 'project'; columns: Named[] }
  | { kind: 'project-away'; names: string[] }
  | { kind: 'project-keep'; names: string[] }
  | { kind: 'project-rename'; columns: Named[] }
  | { kind: 'extend'; columns: Named[] }
  | { kind: 'order'; by: SortKey[] }
  | { kind: 'top'; count: number; by: SortKey[] }
  | { kind: 'take'; count: number }
  | { kind: 'count' }
  | { kind: 'distinct'; columns: Named[] }
  | { kind: 'summarize'; aggregates: Named[]; by: Named[] }
  | { kind: 'mv-expand'; name: string; expression: Expression }
  | { kind: 'join'; join: JoinKind; right: Query; on: JoinKey[] }
  | { kind: 'union'; others: Query[] };

export interface JoinKey {
  left: string;
  right: string;
}

export interface Query {
  table: string;
  operators: Operator[];
}
