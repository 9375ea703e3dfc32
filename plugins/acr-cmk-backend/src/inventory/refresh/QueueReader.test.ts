import type { KeyFacts, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import type { AzurePorts } from '../../azure/ports';
import { InventoryRows } from '../rows';
import { clearQueue } from './__testUtils__/clearQueue';
import { queueReaderOf } from './__testUtils__/queueReaderOf';
import { ReadQueue } from '../rows/ReadQueue';

const { vault, key } = bundleWith();
const VAULT = (vault as { value: VaultFacts }).value;
const KEY = (key as { value: KeyFacts }).value;

/** Vaults in subscriptions of their own. The first would come first by any name. */
const BUSY = {
  name: 'kv-a',
  subscription: '11111111-0000-4000-8000-000000000001',
};
const IDLE = {
  name: 'kv-b',
  subscription: '11111111-0000-4000-8000-000000000002',
};
const idOf = ({ name, subscription }: typeof BUSY) =>
  VAULT.id.replace(
    /^\/subscriptions\/[^/]+(.*\/)[^/]+$/,
    `/subscriptions/${subscription}$1${name}`,
  );
const BUSY_KEYS = 300;
const IDLE_KEYS = 20;

describe.each(testDatabases({ fast: 'SQLite' }))(
  'reading what is queued on $name',
  database => {
    let db: Knex;
    let queue: ReadQueue;
    let rows: InventoryRows;
    const now = Date.parse('2026-11-25T12:00:00Z');
    const clock = { now: async () => now };

    beforeEach(async () => {
      db = await database.open();
      queue = new ReadQueue({ db, clock });
      rows = new InventoryRows(db, clock);
      await rows.vaults.keep(
        [BUSY, IDLE].map(each => ({
          ...VAULT,
          id: idOf(each),
          name: each.name,
        })),
        { readAt: now, azureAt: now },
      );
      const keysOf = ({ name }: typeof BUSY, count: number) =>
        Array.from({ length: count }, (_, n) => ({
          kind: 'key' as const,
          subject: `${name}.vault.azure.net/key${n}`,
          reason: 'new' as const,
        }));
      await queue.add([...keysOf(BUSY, BUSY_KEYS), ...keysOf(IDLE, IDLE_KEYS)]);
    });
    afterEach(() => db.destroy());

    it('reads from each subscription while another one waits for its limit', async () => {
      let idleRead = 0;
      let allOfIdle = () => undefined as void;
      const untilIdleIsRead = new Promise<void>(resolve => {
        allOfIdle = resolve;
      });
      const keys = {
        get: async (vaultId: string, keyName: string) => {
          const isIdle = vaultId.includes(IDLE.name);
          if (isIdle) {
            idleRead += 1;
            if (idleRead === IDLE_KEYS) allOfIdle();
          } else await untilIdleIsRead;
          const vaultName = isIdle ? IDLE.name : BUSY.name;
          return { value: { ...KEY, vaultName, name: keyName }, azureAt: now };
        },
      };
      const azure = { keys } as unknown as AzurePorts;
      const reader = queueReaderOf({
        db,
        queue,
        rows,
        azure,
        clock,
      });

      expect(await reader.readDue()).toBe(BUSY_KEYS + IDLE_KEYS);
      expect(await queue.count()).toBe(0);
    });

    it('gives back at once what it has not read when its turn ends', async () => {
      let read = 0;
      const keys = {
        get: async (vaultId: string, keyName: string) => {
          read += 1;
          const vaultName = vaultId.includes(IDLE.name) ? IDLE.name : BUSY.name;
          return { value: { ...KEY, vaultName, name: keyName }, azureAt: now };
        },
      };
      const azure = { keys } as unknown as AzurePorts;
      const reader = queueReaderOf({
        db,
        queue,
        rows,
        azure,
        clock,
      });
      const kept = await reader.readDue(() => read >= 50);
      expect(kept).toBeLessThan(BUSY_KEYS);
      const left = [
        ...(await queue.claim(BUSY.subscription, 1000)),
        ...(await queue.claim(IDLE.subscription, 1000)),
      ];
      expect(left).toHaveLength(BUSY_KEYS + IDLE_KEYS - kept);
    });

    describe('of a key of which an older version is in use', () => {
      const PLACE = { vaultName: BUSY.name, keyName: 'used' };
      const USED = { ...KEY, vaultName: BUSY.name, name: 'used' };
      const MARK = {
        kind: 'key' as const,
        subject: `${BUSY.name}.vault.azure.net/used`,
        reason: 'in-use' as const,
      };
      const DAY_MS = 24 * 60 * 60_000;
      const MINUTE_MS = 60_000;
      const keepRead = (agoMs: number) =>
        rows.keys.keep([USED], { readAt: now - agoMs, azureAt: now - agoMs });
      /** Facts that were taken as known, once all is read. */
      async function takenAsKnown() {
        let taken: KeyFacts | undefined;
        const keys = {
          get: async (_vault: string, _name: string, known?: KeyFacts) => {
            taken = known;
            return { value: { ...USED, versions: [] }, azureAt: now };
          },
        };
        await queueReaderOf({
          db,
          queue,
          rows,
          azure: { keys } as unknown as AzurePorts,
          clock,
        }).readDue();
        return taken;
      }
      beforeEach(async () => {
        await clearQueue(db);
      });

      it('only the versions are read, and kept with what is known', async () => {
        await keepRead(10 * MINUTE_MS);
        await queue.add([MARK]);
        expect(await takenAsKnown()).toEqual(USED);
        expect(await rows.keys.get(PLACE)).toMatchObject({
          value: { versions: [] },
          observedAt: now,
        });
      });

      it.each<[when: string, given: () => Promise<unknown>]>([
        ['once a day', () => keepRead(DAY_MS)],
        [
          'after a change of ours',
          async () => {
            await keepRead(10 * MINUTE_MS);
            await rows.keys.expire(PLACE, now - MINUTE_MS);
          },
        ],
        [
          'when it could not be read the last time',
          async () => {
            await keepRead(10 * MINUTE_MS);
            const problem = {
              kind: 'denied',
              code: 'X',
              message: 'No',
            } as const;
            await rows.keys.keepProblem(PLACE, problem, now - MINUTE_MS);
          },
        ],
        [
          'when an event tells of a change',
          async () => {
            await keepRead(10 * MINUTE_MS);
            await queue.add([MARK]);
            await queue.add([{ ...MARK, reason: 'event' }]);
          },
        ],
        ['when nothing is known', async () => undefined],
      ])('all of it is read %s', async (_when, given) => {
        await given();
        await queue.add([MARK]);
        expect(await takenAsKnown()).toBeUndefined();
      });
    });

    it('claims what is due of one subscription, and once', async () => {
      expect(await queue.subscriptions()).toEqual([
        BUSY.subscription,
        IDLE.subscription,
      ]);
      const claimed = await queue.claim(IDLE.subscription, 200);
      expect(claimed).toHaveLength(IDLE_KEYS);
      expect(await queue.claim(IDLE.subscription, 200)).toEqual([]);
      expect(await queue.subscriptions()).toEqual([BUSY.subscription]);
    });

    it('claims no more than asked for, of all kinds together', async () => {
      await queue.add([
        { kind: 'vault', subject: idOf(IDLE), reason: 'changed' },
      ]);
      expect(await queue.claim(IDLE.subscription, IDLE_KEYS)).toHaveLength(
        IDLE_KEYS,
      );
      expect(await queue.claim(IDLE.subscription, IDLE_KEYS)).toHaveLength(1);
    });
  },
);
