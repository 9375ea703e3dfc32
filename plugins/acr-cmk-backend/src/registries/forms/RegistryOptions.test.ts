import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { startPortal, type TestPortal } from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';

describe('registries that a form offers', () => {
  let db: Knex;
  let portal: TestPortal;
  beforeEach(async () => {
    db = await openSqlite();
    portal = await startPortal({ db });
  });
  afterEach(() => portal.stop());

  const choices = () => portal.as().registries();
  const untilThere = () =>
    until('registries are offered', choices, ({ items }) => items.length > 0);

  it('are found the second time when the catalog did not have the entities yet the first time', async () => {
    const { items } = await untilThere();
    // As when the backend started before its catalog was filled.
    await db('links').where({ source: 'annotation' }).delete();
    await db('facts').where({ kind: 'list-of-links' }).delete();
    // The catalog may have been read before the links were.
    expect(await choices()).toMatchObject({ complete: false });
    expect((await untilThere()).items).toEqual(items);
    expect((await choices()).complete).toBe(true);
  });

  it.each([true, false])(
    'say whether a template may request a revoke: %s',
    async revoke => {
      const other = await startPortal({
        db: await openSqlite(),
        config: { actions: { revoke } },
      });
      try {
        expect(await other.as().registries()).toMatchObject({
          programsMayRevoke: revoke,
        });
      } finally {
        await other.stop();
      }
    },
  );
});
