/** The parts of a parsed query. */
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

export type Operator =
  | { kind: 'where'; condition: Expression }
  | { kind: 'project'; columns: Named[] }
  | { kind: 'order'; by: SortKey[] }
  | { kind: 'take'; count: number }
  | { kind: 'count' }
  | { kind: 'distinct'; columns: Named[] }
  /** The number of rows in each group. */
  | { kind: 'summarize'; as: string; by: Named[] };

export interface Query {
  table: string;
  operators: Operator[];
}
