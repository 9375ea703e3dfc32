import type { Knex } from 'knex';
import { lockedById } from '../../platform/database/lockOrder';
import type {
  RegistryRow,
  VerdictColumns,
} from '../../platform/database/tables';

/** Columns of `registries` that hold the verdict; the numbers last. */
const TEXTS = ['state', 'state_message', 'findings', 'undecided'] as const;
const NUMBERS = [
  'state_since',
  'severity',
  'behind_since',
  'expires_at',
  'version_created_at',
  'judge_at',
] as const;

/** Verdict on the registry with this id. */
export type Verdict = Pick<RegistryRow, 'id'> & VerdictColumns;

/**
 * Keeps verdicts in the rows of their registries, in one statement. Call it inside a transaction that holds the
 * rows.
 */
export async function keepVerdicts(
  trx: Knex,
  verdicts: readonly Verdict[],
): Promise<void> {
  const columns = [...TEXTS, ...NUMBERS];
  // PostgreSQL takes values whose type nothing tells for texts.
  const assignments = [
    ...TEXTS.map((name, at) => `${name} = verdict.column${at + 2}`),
    ...NUMBERS.map(
      (name, at) =>
        `${name} = cast(verdict.column${TEXTS.length + at + 2} as bigint)`,
    ),
  ];
  const row = `(${Array(columns.length + 1)
    .fill('?')
    .join(', ')})`;
  await trx.raw(
    `update registries set ${assignments.join(', ')} from (values ${verdicts
      .map(() => row)
      .join(', ')}) as verdict where registries.id = verdict.column1`,
    verdicts.flatMap(({ id, ...of }) => [id, ...columns.map(name => of[name])]),
  );
}

/**
 * Marks registries to be judged again. The lock of their rows also waits for a judge that works with older facts to finish with the row.
 */
export async function judgeAgain(
  trx: Knex,
  which: (registries: Knex.QueryBuilder) => void,
): Promise<void> {
  await trx('registries')
    .whereIn(
      'id',
      trx('registries').modify(which).modify(lockedById(trx)).select('id'),
    )
    .update({ judge_at: 0 });
}
