import type { Knex } from 'knex';
import {
  type FactDescription,
  FactTable,
  STORED_COLUMNS,
  storedFact,
  type StoredReading,
} from './FactTable';

/** Kinds of lists. Their parts are subscriptions, hosts of vaults, or `catalog`. */
export type ListingKind =
  | 'registries'
  | 'vaults'
  | 'identities'
  | 'consumers'
  | 'keys'
  | 'links';

/** Name of a fact: its kind and its subject. */
export interface FactName {
  kind:
    | 'permissions'
    | 'locks'
    | 'all-locks'
    | 'deleted-key'
    | 'registry-name'
    | 'registry-locations'
    | 'resource-group'
    | 'resource-groups'
    | 'consumers-at'
    | `list-of-${ListingKind}`;
  subject: string;
}

/** Facts that nobody filters or sorts by: one JSON value for each subject. */
const FACTS: FactDescription<'facts', FactName, unknown> = {
  table: 'facts',
  thing: 'fact',
  placeOf: ({ kind, subject }) => ({ key: { kind, subject }, columns: {} }),
  columnsOf: () => ({}),
  storedColumns: STORED_COLUMNS,
  stored: row => storedFact(row, JSON.parse),
};

/** Rows of facts that only plans need, and of lists. */
export class FactRows extends FactTable<'facts', FactName, unknown> {
  constructor(db: Knex) {
    super(db, FACTS);
  }

  override of<T>(name: FactName): StoredReading<T> {
    return super.of(name) as StoredReading<T>;
  }

  /** Forgets the problem of the last reading of a fact. */
  async forgetProblem(name: FactName): Promise<void> {
    await this.rows([this.keyOf(name)]).update({
      problem: null,
      problem_kind: null,
      problem_at: null,
    });
  }

  /**
   * Forgets what was not touched since `before`. Subjects are whatever people have planned with, or asked
   * about: names of registries and keys that do not exist, too. The time of a list stays, however old.
   */
  async deleteOld(before: number): Promise<void> {
    await this.untouchedSince(before)
      .whereNot('kind', 'like', 'list-of-%')
      .delete();
  }
}
