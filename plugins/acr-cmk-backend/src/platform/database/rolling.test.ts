/**
 * A rolling upgrade: this release on a database to which the next one has added a nullable column per table. Rows
 * that the next release has written differ in that column alone; it reads null in the rows of this one.
 */
import type { Knex } from 'knex';
import { version } from '../../../package.json';
import { rulesFingerprint } from '../../domain/findings';
import { testDatabases } from '../../__testUtils__/databases';
import { registryId } from '../../__testUtils__/demoWorld';
import { startPortal, type TestPortal } from '../../__testUtils__/portal';
import { rowsOf } from './results';
import { isSqlite } from './sqlite';

const ADDED = 'added_by_the_next_release';
const SHOP = registryId('shopimages');

async function tablesOf(db: Knex): Promise<string[]> {
  const tables = rowsOf<{ name: string }>(
    await db.raw(
      isSqlite(db)
        ? `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : `select table_name as name from information_schema.tables where table_schema = 'public'`,
    ),
  );
  return tables
    .map(({ name }) => name)
    .filter(name => !name.startsWith('knex_'));
}

describe.each(testDatabases({ fast: 'SQLite' }))(
  'two releases on one database, on $name',
  ({ open }) => {
    let db: Knex;
    let portal: TestPortal;
    let tables: string[];
    beforeAll(async () => {
      db = await open();
      tables = await tablesOf(db);
      for (const table of tables) {
        await db.schema.alterTable(table, each => void each.text(ADDED));
      }
      portal = await startPortal({ db });
    });
    afterAll(() => portal.stop());

    /** Values in the column of the next release, by table, for tables that have rows. */
    async function added(): Promise<Record<string, unknown[]>> {
      const found: Record<string, unknown[]> = {};
      for (const table of tables) {
        const values: unknown[] = await db(table).distinct(ADDED).pluck(ADDED);
        if (values.length > 0) found[table] = values;
      }
      return found;
    }
    const rotate = async () => {
      const plan = await portal.plan('shop-images', SHOP, { kind: 'rotate' });
      return portal.carryOut(plan);
    };
    const see = async () => {
      const { registries } = await portal
        .as()
        .registriesOf('resource:default/shop-images');
      const { items } = await portal.as().fleet.registries({});
      return { registry: registries[0], listed: items };
    };

    it('a start keeps the rules that judge from now on, so that another release judges again', async () => {
      const row = await db('sync_state').where({ name: 'rules' }).first();
      expect(JSON.parse(row!.value)).toBe(`${version} ${rulesFingerprint()}`);
    });

    it('the next one reads what this one has written', async () => {
      expect(await rotate()).toMatchObject({ state: 'succeeded' });
      await see();
      const values = await added();
      expect(Object.keys(values)).toEqual(
        expect.arrayContaining([
          'registries',
          'vaults',
          'keys',
          'access',
          'identities',
          'links',
          'plans',
          'operations',
          'operation_steps',
          'audit',
        ]),
      );
      expect(values).toEqual(
        Object.fromEntries(Object.keys(values).map(table => [table, [null]])),
      );
    });

    it('this one reads and overwrites what the next one has written, and leaves its column as it is', async () => {
      for (const table of tables) {
        await db(table).update({ [ADDED]: 'kept' });
      }
      const before = await see();
      expect(before.registry).toMatchObject({ kind: 'registry' });
      expect(before.listed.length).toBeGreaterThan(0);
      await portal.ageFacts(60 * 60_000);
      expect(await rotate()).toMatchObject({ state: 'succeeded' });
      const [registry] = await db('registries').where({
        id: SHOP.toLowerCase(),
      });
      expect(registry).toMatchObject({ [ADDED]: 'kept' });
      expect(Number(registry.read_at)).toBeGreaterThan(Date.now() - 60_000);
      const key = {
        vault_host: registry.vault_host!,
        name: registry.key_name!,
      };
      expect(await db('keys').where(key)).toMatchObject([{ [ADDED]: 'kept' }]);
      expect(await db('audit').where({ seq: 1 })).toMatchObject([
        { [ADDED]: 'kept' },
      ]);
    });
  },
);
