import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/portal';
import { DatabaseClock } from '../platform/database/clock';
import { rowsOf } from '../platform/database/results';
import { OperationQueries } from './OperationQueries';
import { deleteEnded } from './retention';

describe('indexes of operations', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await openSqlite();
  });
  afterEach(() => db.destroy());

  const registry = RegistryId.parse(registryId('shopimages'));
  it.each<
    [title: string, of: (queries: OperationQueries) => unknown, used: string[]]
  >([
    [
      'those that wait',
      queries => queries.list({ state: 'awaiting-approval', limit: 1_000 }),
      ['operations_state_created_at_index'],
    ],
    [
      'what a person has decided lately',
      queries => queries.list({ decidedBy: 'me', since: 1, limit: 1_000 }),
      ['operations_created_at_index'],
    ],
    [
      'those of a plan',
      queries => queries.endedUnbegun('a plan'),
      ['operations_plan_id_index'],
    ],
    [
      'revokes that are not undone, and the later rotations of their registry',
      queries => queries.hasPendingRevoke(registry),
      [
        'operations_registry_key_state_ended_at_index',
        'operations_registry_key_state_ended_at_index',
      ],
    ],
    [
      'those that ended long ago, and later ones of their registry',
      () => deleteEnded(db, 1),
      [
        'operations_pulls_due_at_index',
        'campaign_members_operation_id_index',
        'operations_registry_key_state_ended_at_index',
      ],
    ],
  ])('find %s', async (_title, of, used) => {
    const asked: Pick<Knex.Sql, 'sql' | 'bindings'>[] = [];
    const queries = new OperationQueries({ db, clock: new DatabaseClock(db) });
    db.on('query', ({ sql, bindings }: Knex.Sql) =>
      asked.push({ sql, bindings }),
    );
    await of(queries);
    const [{ sql, bindings }] = asked.filter(one =>
      one.sql.includes('`operations`'),
    );
    const steps = rowsOf<{ detail: string }>(
      await db.raw(`explain query plan ${sql}`, bindings),
    );
    const found = steps.filter(({ detail }) => /^(SCAN|SEARCH) /.test(detail));
    expect(found.map(({ detail }) => detail)).toEqual(
      used.map(name => expect.stringContaining(` ${name} `)),
    );
  });
});
