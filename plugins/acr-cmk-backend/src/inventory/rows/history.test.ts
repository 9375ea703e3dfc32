import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { bundleWith, NEW, OLD } from '../../__testUtils__/encryptedRegistries';
import { deleteHistory } from './history';
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

const at = (time: number) => new Date(time).toISOString();

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
  const events = async () =>
    (await rows.historiesOf([id.key])).get(id.key)?.events;

  it('is noticed by the reading that shows it first, with when it was last seen without', async () => {
    await readOther(2_000, 500);
    await readOther(9_000);
    expect(await events()).toEqual([
      {
        seenAt: at(2_500),
        lastSeenBefore: at(1_000),
        changes: [
          { what: 'version-mode', from: 'automatic', to: 'manual' },
          { what: 'version', from: OLD, to: NEW },
        ],
      },
    ]);
  });

  it('is none while nothing differs, or at the first reading', async () => {
    await rows.keep([facts], { readAt: 2_000, azureAt: 2_000 });
    expect(await events()).toEqual([]);
  });

  it('is none of an operation that is under way', async () => {
    await db.raw('pragma foreign_keys = off');
    await db('operation_locks').insert({ target: id.key, operation_id: 'o' });
    await readOther(2_000);
    expect(await events()).toEqual([]);
  });

  it('is none of an operation that has ended since the last reading', async () => {
    await rows.expire(id, 1_500);
    await readOther(2_000);
    expect(await events()).toEqual([]);
  });

  it('stands beside the time of an operation that has changed the registry since', async () => {
    await readOther(2_000);
    await rows.expire(id, 3_000);
    expect((await rows.historiesOf([id.key])).get(id.key)).toMatchObject({
      events: [{ seenAt: at(2_000) }],
      ownChangeAt: 3_000,
    });
  });

  it.each([
    ['automatic', 'followed'],
    ['manual', 'version'],
  ])('names another version in %s mode: %s', async (mode, what) => {
    const version = (of: string) => ({
      ...facts,
      encryption: {
        ...facts.encryption,
        keyIdentifier: mode === 'manual' ? `${KEY}/${of}` : KEY,
        versionedKeyIdentifier: `${KEY}/${of}`,
      },
    });
    await rows.keep([version(OLD)], { readAt: 2_000, azureAt: 2_000 });
    await rows.keep([version(NEW)], { readAt: 3_000, azureAt: 3_000 });
    expect((await events())?.[0].changes).toEqual([
      { what, from: OLD, to: NEW },
    ]);
  });

  it('names another key, without the versions of either', async () => {
    const identifier = `https://kv2.vault.azure.net/keys/other`;
    await rows.keep(
      [
        {
          ...facts,
          encryption: {
            ...facts.encryption,
            keyIdentifier: identifier,
            versionedKeyIdentifier: `${identifier}/${OLD}`,
          },
        },
      ],
      { readAt: 2_000, azureAt: 2_000 },
    );
    expect((await events())?.[0].changes).toEqual([
      {
        what: 'key',
        from: 'kv1.vault.azure.net/shop',
        to: 'kv2.vault.azure.net/other',
      },
    ]);
  });

  it.each([
    [1_500, true],
    [500, false],
  ])(
    'has the last change that Azure names at %d only if it may be that one: %s',
    async (modified, isNamed) => {
      const lastModified = { at: at(modified), by: 'someone' };
      await rows.keep([{ ...other, lastModified }], {
        readAt: 2_000,
        azureAt: 2_000,
      });
      expect((await events())?.[0].lastModified).toEqual(
        isNamed ? lastModified : undefined,
      );
    },
  );

  it('is deleted once it is old enough', async () => {
    await readOther(2_000);
    await rows.keep([facts], { readAt: 5_000, azureAt: 5_000 });
    expect(await deleteHistory(db, 5_000)).toBe(1);
    expect(await events()).toHaveLength(1);
  });
});
