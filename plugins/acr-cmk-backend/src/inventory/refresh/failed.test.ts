import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../../__testUtils__/databases';
import { registryId } from '../../__testUtils__/demoWorld';
import { clearQueue } from './__testUtils__/clearQueue';
import { startSyncWorld, type SyncWorld } from './__testUtils__/syncWorld';
import { queued, ReadQueue } from '../rows/ReadQueue';
import { StaleRows } from './StaleRows';
import { syncStatus } from './status';
import { SyncState } from '../rows/SyncState';

jest.setTimeout(240_000);

const ARM = 'https://management.azure.com';
const ORDERS = registryId('ordersimages');
const HOUR = 60;
const DENIED = { kind: 'denied', code: 'AuthorizationFailed', message: 'No' };

describe.each(testDatabases({ fast: 'SQLite' }))(
  'what the sync could not read, on $name',
  database => {
    let world: SyncWorld;
    beforeEach(async () => {
      world = await startSyncWorld({ database });
    });
    afterEach(() => world.close());

    const status = () => {
      const { db, azure } = world;
      const clock = { now: async () => azure.emulator.clock.now() };
      return syncStatus({
        db,
        state: new SyncState({ db, clock }),
        scopes: [{ subscriptionId: azure.subscriptionId }],
        subscriptions: [azure.subscriptionId],
      });
    };

    it('is read again when a right has been lost and given back', async () => {
      await world.turns(1);
      const read = 'Microsoft.ContainerRegistry/registries/read';
      await world.azure.forbid('reader', read);
      await world.turns(12);
      expect(
        await world
          .db('registries')
          .where({ problem_kind: 'denied' })
          .pluck('name'),
      ).not.toEqual([]);
      await world.azure.allow('reader', read);
      await world.turns(HOUR / 2);
      expect(
        await world.db('registries').whereNotNull('problem').pluck('id'),
      ).toEqual([]);
    });

    it('is read again when it changed while Azure failed for longer than the attempts last', async () => {
      await world.turns(1);
      await world.azure.emulator.outOfBand(
        'PATCH',
        `${ARM}${ORDERS}?api-version=2025-11-01`,
        { tags: { changed: 'yes' } },
      );
      world.azure.emulator.faults.add({
        path: /ordersimages$/i,
        method: 'GET',
        status: 500,
        times: 0,
      });
      await world.turns(HOUR);
      world.azure.emulator.faults.clear();
      await world.turns(HOUR / 2);
      const stored = await world.rows.registries.get(RegistryId.parse(ORDERS));
      expect(stored?.value?.tags).toEqual({ changed: 'yes' });
      expect(stored?.problem).toBeUndefined();
    });

    it('is read when the right comes later than the first attempt', async () => {
      const read = 'Microsoft.KeyVault/vaults/keys/read';
      await world.azure.forbid('reader', read);
      await world.turns(6);
      expect(
        await world.db('keys').where({ problem_kind: 'denied' }).pluck('name'),
      ).not.toEqual([]);
      expect((await status()).keyLists).toEqual({
        vaults: expect.any(Number),
        failed: (await status()).keyLists.vaults,
        problem: expect.stringContaining(read),
      });
      await world.azure.allow('reader', read);
      await world.turns(HOUR / 2);
      expect((await status()).keyLists).toEqual({
        vaults: expect.any(Number),
        failed: 0,
      });
      expect(
        await world.db('keys').where({ problem_kind: 'denied' }).pluck('name'),
      ).toEqual([]);
    });

    it('is asked for so rarely that a right that stays missing takes few calls', async () => {
      await world.azure.forbid('reader', 'Microsoft.KeyVault/vaults/keys/read');
      await world.turns(1);
      const [{ n }] = await world
        .db('keys')
        .where({ problem_kind: 'denied' })
        .count({ n: '*' });
      world.calls();
      await world.turns(HOUR);
      const reads = world
        .calls()
        .filter(({ path }) => /\/keys\/[^/]+$/i.test(path));
      expect(Number(n)).toBeGreaterThan(3);
      expect(reads.length).toBeGreaterThanOrEqual(3 * Number(n));
      expect(reads.length).toBeLessThanOrEqual(4 * Number(n));
    });

    it('is a part of it in each turn, the longest ago first, so that all have their turn', async () => {
      const now = world.azure.emulator.clock.now();
      const host = 'kv-many.vault.azure.net';
      const keys = Array.from(
        { length: 250 },
        (_none, n) => `key-${String(n).padStart(3, '0')}`,
      );
      await world.db('vaults').insert({
        id: '/subscriptions/s/vaults/kv-many',
        subscription_id: 's',
        host,
      });
      for (const [n, name] of keys.entries()) {
        await world.db('registries').insert({
          id: `/subscriptions/s/registries/${name}`,
          subscription_id: 's',
          resource_group: 'g',
          name,
          vault_host: host,
          key_name: name,
        });
        await world.db('keys').insert({
          vault_host: host,
          name,
          problem: JSON.stringify(DENIED),
          problem_kind: 'denied',
          problem_at: now - HOUR * 60_000 + n,
        });
      }
      const clock = { now: async () => now };
      const queue = new ReadQueue({ db: world.db, clock });
      const stale = new StaleRows({ db: world.db, clock, queue });
      const turns: string[][] = [];
      for (let turn = 0; turn < 4; turn++) {
        await stale.queueFailed({ everyMs: 5 * 60_000 });
        const marked: string[] = await queued(world.db)
          .orderBy('subject')
          .pluck('subject');
        turns.push(marked.map(subject => subject.split('/')[1]));
        // All of them are denied once more.
        await world
          .db('keys')
          .whereIn('name', turns[turn])
          .update({ problem_at: now });
        await clearQueue(world.db);
      }
      expect(turns).toEqual([
        keys.slice(0, 100),
        keys.slice(100, 200),
        keys.slice(200),
        [],
      ]);
    });
  },
);
