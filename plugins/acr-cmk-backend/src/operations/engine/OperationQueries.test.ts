import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { DatabaseClock } from '../../database/clock';
import { rowsOf } from '../../database/rowsOf';
import { OperationQueries } from './OperationQueries';

it('finds the operations of a state and of a plan by an index, not among all', async () => {
  const db = await openSqlite();
  const asked: Pick<Knex.Sql, 'sql' | 'bindings'>[] = [];
  const queries = new OperationQueries({ db, clock: new DatabaseClock(db) });
  db.on('query', ({ sql, bindings }: Knex.Sql) =>
    asked.push({ sql, bindings }),
  );
  await queries.list({ state: 'awaiting-approval', limit: 1_000 });
  await queries.endedUnbegun('a plan');
  const ofOperations = asked.filter(({ sql }) => sql.includes('`operations`'));
  expect(ofOperations).toHaveLength(2);
  const plans: string[] = [];
  for (const { sql, bindings } of ofOperations) {
    const plan = rowsOf<{ detail: string }>(
      await db.raw(`explain query plan ${sql}`, bindings),
    );
    plans.push(...plan.map(({ detail }) => detail));
  }
  expect(plans.filter(detail => / operations\b/.test(detail))).toEqual([
    expect.stringContaining('operations_state_created_at_index'),
    expect.stringContaining('operations_plan_id_index'),
  ]);
  await db.destroy();
});
