import { openSqlite } from '../../__testUtils__/databases';
import { rowsOf } from '../../platform/database/results';
import { registriesInScope } from './registriesInScope';

it('finds the users of keys by their index, not among all registries of the subscriptions', async () => {
  const db = await openSqlite();
  const { sql, bindings } = registriesInScope(db, [
    { subscriptionId: 's1' },
    { subscriptionId: 's2' },
  ])
    .whereIn(
      ['registries.vault_host', 'registries.key_name'],
      [
        ['v1', 'k1'],
        ['v2', 'k2'],
      ],
    )
    .select('registries.id')
    .toSQL();
  const plan = rowsOf<{ detail: string }>(
    await db.raw(`explain query plan ${sql}`, bindings),
  );
  expect(plan.map(({ detail }) => detail)).toContainEqual(
    expect.stringContaining('registries_vault_host_key_name_index'),
  );
  await db.destroy();
});
