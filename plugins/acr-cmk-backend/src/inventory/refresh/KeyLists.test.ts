import type { KeyFacts, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import type { ListedKey } from '../../azure/ports';
import { queued } from '../rows/ReadQueue';
import { clearQueue } from './__testUtils__/clearQueue';
import { InventoryRows } from '../rows';
import { Events } from './Events';
import { KeyLists } from './KeyLists';
import { createSyncStores } from '.';

const MINUTE_MS = 60_000;
const INTERVAL_MS = 5 * MINUTE_MS;
const START = Date.parse('2026-11-25T12:00:00Z');

const { registry, vault, key } = bundleWith();
const VAULT = (vault as { value: VaultFacts }).value;
const KEY = (key as { value: KeyFacts }).value;

describe.each(testDatabases())('lists of keys on $name', database => {
  let db: Knex;
  let now: number;
  let lists: number;
  let listed: ListedKey[];
  const clock = { now: async () => now };
  beforeEach(async () => {
    db = await database.open();
    now = START;
    lists = 0;
    const rows = new InventoryRows(db, clock);
    const { registryId, key: _key, keyInUse, ...facts } = registry;
    const reading = { readAt: now, azureAt: now };
    await rows.registries.keep([facts as never], reading);
    await rows.vaults.keep([VAULT], reading);
    await rows.keys.keep([KEY], reading);
    const [{ created_at }] = await db('keys').select('created_at');
    listed = [
      { name: KEY.name, created: new Date(Number(created_at)).toISOString() },
    ];
  });
  afterEach(() => db.destroy());

  const parts = () => ({
    db,
    clock,
    rows: new InventoryRows(db, clock),
    ...createSyncStores({ db, clock }),
  });

  /** Lists in the turns of two hours. */
  async function listsOfTwoHours(byEvents = true): Promise<number> {
    lists = 0;
    const list = async () => {
      lists += 1;
      return { value: listed, azureAt: now };
    };
    const keyLists = new KeyLists({
      ...parts(),
      azure: { keys: { list } as never },
      byEvents,
    });
    for (let minute = 0; minute < 120; minute += 1) {
      now += MINUTE_MS;
      await keyLists.listDue({ everyMs: INTERVAL_MS, isStopped: () => false });
    }
    return lists;
  }

  const deliver = () =>
    new Events({ ...parts(), includes: () => true }).take([
      {
        id: `event at ${now}`,
        source: VAULT.id,
        type: 'Microsoft.KeyVault.KeyNewVersionCreated',
        vaultName: VAULT.name,
        objectType: 'Key',
        objectName: KEY.name,
      },
    ]);

  it('come once in two intervals, and once an hour where events of the vault arrive', async () => {
    // The first at once, then every eight and a half minutes.
    expect(await listsOfTwoHours()).toBe(1 + 14);
    await deliver();
    expect(await listsOfTwoHours()).toBe(2);
    expect(await listsOfTwoHours(false)).toBeGreaterThanOrEqual(14);
  });

  it('have the versions read of a key of which a registry uses an older one, and of no other', async () => {
    const inUse = async () => {
      await clearQueue(db);
      await listsOfTwoHours();
      return queued(db).where({ reason: 'in-use' }).pluck('subject');
    };
    await listsOfTwoHours();
    const [version] = await db('registries').pluck('version_in_use');
    await db('keys').update({ listed_version: version });
    expect(await inUse()).toEqual([]);
    await db('keys').update({ listed_version: 'newest' });
    expect(await inUse()).toEqual([
      `${VAULT.name}.vault.azure.net/${KEY.name}`,
    ]);
  });

  it('never come later than two intervals after each other', async () => {
    let last = now;
    let longest = 0;
    const list = async () => {
      longest = Math.max(longest, now - last);
      last = now;
      return { value: listed, azureAt: now };
    };
    const keyLists = new KeyLists({
      ...parts(),
      azure: { keys: { list } as never },
      byEvents: true,
    });
    // Turns are not on the second.
    for (let turn = 0; turn < 500; turn += 1) {
      now += MINUTE_MS + (turn % 3) * 1000;
      await keyLists.listDue({ everyMs: INTERVAL_MS, isStopped: () => false });
    }
    expect(longest).toBeLessThanOrEqual(2 * INTERVAL_MS);
    expect(longest).toBeGreaterThan(INTERVAL_MS);
  });

  /** A list of the vault, an interval after the last one. */
  async function listAgain(): Promise<void> {
    now += 2 * INTERVAL_MS;
    await new KeyLists({
      ...parts(),
      azure: {
        keys: { list: async () => ({ value: listed, azureAt: now }) } as never,
      },
      byEvents: false,
    }).listDue({ everyMs: INTERVAL_MS, isStopped: () => false });
  }
  const keyNow = () =>
    parts().rows.keys.get({ vaultName: VAULT.name, keyName: KEY.name });
  const marked = () => queued(db).pluck('subject');

  it('leave the age of a key that they show differently until it is read', async () => {
    await listAgain();
    await clearQueue(db);
    await listAgain();
    const before = now;
    expect((await keyNow())?.confirmedAt).toBe(before);

    listed = [{ ...listed[0], created: new Date(now).toISOString() }];
    await listAgain();
    await listAgain();
    expect((await keyNow())?.confirmedAt).toBe(before);
    expect(await marked()).toEqual([`kv1.vault.azure.net/${KEY.name}`]);

    // As it is once it has been read.
    await clearQueue(db);
    await listAgain();
    expect((await keyNow())?.confirmedAt).toBe(now);
  });

  it('leave it known that we have changed a key after they began', async () => {
    await listAgain();
    const changedAt = now + 1000;
    await parts().rows.keys.expire(
      { vaultName: VAULT.name, keyName: KEY.name },
      changedAt,
    );
    await parts().rows.keys.keepListed(
      VAULT.name,
      [{ ...listed[0], created: new Date(now).toISOString() }],
      now,
    );
    expect((await keyNow())?.expiredAt).toBe(changedAt);
  });

  it('keep a key that no registry uses, and that is still to be read, while they show it', async () => {
    const unused = { name: 'unused', created: listed[0].created };
    listed = [...listed, unused];
    await listAgain();
    await parts().rows.keys.keep([{ ...KEY, name: 'unused' }], {
      readAt: now,
      azureAt: now,
    });
    await clearQueue(db);
    listed = [listed[0], { ...unused, created: new Date(now).toISOString() }];
    await listAgain();
    expect(await marked()).toEqual(['kv1.vault.azure.net/unused']);
    expect(await db('keys').orderBy('name').pluck('name')).toEqual([
      'shop',
      'unused',
    ]);

    listed = [listed[0]];
    await clearQueue(db);
    await listAgain();
    expect(await db('keys').pluck('name')).toEqual(['shop']);
  });

  it.each([
    ['that was gone when it was first read', { facts: null, listed: null }],
    ['that was gone for a moment between two lists', {}],
  ])('have a key read that they show again, %s', async (_when, row) => {
    await listAgain();
    await clearQueue(db);
    await db('keys').update({
      problem: JSON.stringify({ kind: 'not-found', code: 'X', message: 'No' }),
      problem_kind: 'not-found',
      problem_at: now,
      ...row,
    });
    await listAgain();
    expect(await marked()).toEqual([`kv1.vault.azure.net/${KEY.name}`]);
  });

  it('come once in two intervals again after a version of which no event has told', async () => {
    await deliver();
    expect(await listsOfTwoHours()).toBeLessThanOrEqual(3);
    listed = [{ ...listed[0], created: new Date(now).toISOString() }];
    await listsOfTwoHours();
    expect(lists).toBeGreaterThan(6);
    expect(await db('vaults').pluck('events_at')).toEqual([null]);

    await deliver();
    await db('keys').update({ created_at: now });
    expect(await listsOfTwoHours()).toBe(2);
  });
});
