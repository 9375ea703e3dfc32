/** The parts of a parsed query. */
export type Expression =
  | { kind: 'literal'; value: string | number }
  | { kind: 'column'; name: string }
  | { kind: 'member'; of: Expression; name: string }
  | { kind: 'call'; name: string; args: Expression[] }
  | {
      kind: 'binary';
      operator: 'and' | '==' | '=~' | '%';
      left: Expression;
      right: Expression;
    }
  /** `in~`. */
  | { kind: 'in'; left: Expression; list: Expression[] };

export interface Named {
  name: string;
  expression: Expression;
}

export type Operator =
  | { kind: 'where'; condition: Expression }
  | { kind: 'project'; columns: Named[] }
  /** The number of rows in each group. */
  | { kind: 'summarize'; as: string; by: Named[] };

export interface Query {
  table: string;
  operators: Operator[];
}
