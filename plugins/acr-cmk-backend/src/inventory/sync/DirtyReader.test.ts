import type { KeyFacts, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import type { AzurePorts } from '../../azure/ports';
import { InventoryRows } from '../rows';
import { DirtyReader } from './DirtyReader';
import { DirtyStore } from './DirtyStore';

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
  'reading what is dirty on $name',
  database => {
    let db: Knex;
    let dirty: DirtyStore;
    let rows: InventoryRows;
    const now = Date.parse('2026-11-25T12:00:00Z');
    const clock = { now: async () => now };

    beforeEach(async () => {
      db = await database.open();
      dirty = new DirtyStore({ db, clock });
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
      await dirty.mark([
        ...keysOf(BUSY, BUSY_KEYS),
        ...keysOf(IDLE, IDLE_KEYS),
      ]);
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
      const reader = new DirtyReader({ dirty, rows, azure, clock });

      expect(await reader.readDue()).toBe(BUSY_KEYS + IDLE_KEYS);
      expect(await dirty.count()).toBe(0);
    });

    it('claims what is due of one subscription, and once', async () => {
      expect(await dirty.subscriptions()).toEqual([
        BUSY.subscription,
        IDLE.subscription,
      ]);
      const claimed = await dirty.claim(IDLE.subscription, 200);
      expect(claimed).toHaveLength(IDLE_KEYS);
      expect(await dirty.claim(IDLE.subscription, 200)).toEqual([]);
      expect(await dirty.subscriptions()).toEqual([BUSY.subscription]);
    });
  },
);
