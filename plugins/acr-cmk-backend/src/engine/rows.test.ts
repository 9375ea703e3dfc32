import { testDatabases } from '../__testUtils__/databases';
import { storesOn, operationOn } from './__testUtils__/operationStores';
import { toRecord } from './rows';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

const databases = testDatabases();

it('reads no authorities from a row that has none', async () => {
  const db = await databases[0].open();
  const { acceptances } = storesOn(db);
  await acceptances.accept(await operationOn(db, 'registry'));
  const [row] = await db('operations');
  expect(toRecord({ ...row, authorities: null }, []).authorities).toEqual([]);
  await db.destroy();
});
