import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { bundleWith, NEW } from '../../__testUtils__/encryptedRegistries';
import { RegistryRows } from './registries';

const { registry } = bundleWith();
const id = registry.registryId;
const { registryId, key, keyInUse, ...facts } = registry;
const KEY = 'https://kv1.vault.azure.net/keys/shop';
const other = {
  ...facts,
  encryption: {
    ...facts.encryption,
    keyIdentifier: `${KEY}/${NEW}`,
    versionedKeyIdentifier: `${KEY}/${NEW}`,
  },
};

describe('a change of a registry that no operation made', () => {
  let db: Knex;
  let rows: RegistryRows;
  beforeEach(async () => {
    db = await openSqlite();
    rows = new RegistryRows(db);
    await rows.keep([facts], { readAt: 1_000, azureAt: 1_000 });
  });
  afterEach(() => db.destroy());

  const readOther = (readAt: number, lagMs?: number) =>
    rows.keep([other], { readAt, lagMs, azureAt: readAt });

  it('is noticed by the reading that shows it first', async () => {
    await readOther(2_000, 500);
    await readOther(9_000);
    expect(await rows.changedOutside(id)).toEqual({
      change: {
        what: ['version-mode'],
        noticedAt: new Date(2_500).toISOString(),
      },
    });
  });

  it('is none while nothing differs, or at the first reading', async () => {
    await rows.keep([facts], { readAt: 2_000, azureAt: 2_000 });
    expect(await rows.changedOutside(id)).toEqual({});
  });

  it('is none of an operation that is under way', async () => {
    await db.raw('pragma foreign_keys = off');
    await db('operation_locks').insert({ target: id.key, operation_id: 'o' });
    await readOther(2_000);
    expect(await rows.changedOutside(id)).toEqual({});
  });

  it('is none of an operation that has ended since the last reading', async () => {
    await rows.expire(id, 1_500);
    await readOther(2_000);
    expect(await rows.changedOutside(id)).toEqual({});
  });

  it('is over when an operation has changed the registry since', async () => {
    await readOther(2_000);
    await rows.expire(id, 3_000);
    expect(await rows.changedOutside(id)).toEqual({});
  });
});
