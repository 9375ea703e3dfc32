import type {
  RegistryFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import {
  assignment,
  bundleWith,
} from '../../__testUtils__/encryptedRegistries';
import type { AzurePorts } from '../../azure/ports';
import { clearQueue } from './__testUtils__/clearQueue';
import { InventoryRows } from '../rows';
import { GRAPH_LAG_MS, PartitionReader } from './PartitionReader';
import type { PartitionPlan } from './sweepRules';
import { createSyncStores } from '.';

const INTERVAL_MS = 10 * 60_000;
const START = Date.parse('2026-11-25T12:00:00Z');

const { registry, vault } = bundleWith({
  vault: { permissionModel: 'rbac' },
});
const { registryId, key: _key, keyInUse: _inUse, ...FACTS } = registry;
const VAULT = (vault as { value: VaultFacts }).value;

describe.each(testDatabases())('parts of sweeps on $name', database => {
  let db: Knex;
  let now: number;
  let listed: { registries: RegistryFacts; assignments: RoleAssignmentFacts };
  let sweep: (kind: keyof typeof listed) => Promise<void>;

  beforeEach(async () => {
    db = await database.open();
    now = START;
    listed = { registries: FACTS, assignments: assignment() };
    const clock = { now: async () => now };
    const rows = new InventoryRows(db, clock);
    const reading = { readAt: now, azureAt: now };
    await rows.registries.keep([FACTS], reading);
    await rows.vaults.keep([VAULT], reading);
    const [{ principal_id }] = await db('registries').select('principal_id');
    await rows.access.keepEach(
      [
        {
          name: {
            principalId: principal_id!,
            key: { vaultName: VAULT.name, keyName: 'shop' },
          },
          facts: [assignment()],
        },
      ],
      reading,
    );
    const list = async (facts: object) => ({
      value: {
        items: [{ subscriptionId: registryId.subscriptionId, facts }],
        unusable: 0,
      },
      azureAt: now,
    });
    const reader = new PartitionReader({
      db,
      clock,
      rows,
      ...createSyncStores({ db, clock }),
      azure: {
        resourceGraph: {
          registries: () => list(listed.registries),
          assignments: () => list(listed.assignments),
        },
      } as unknown as AzurePorts,
    });
    sweep = async kind => {
      now += INTERVAL_MS;
      const part: PartitionPlan = {
        kind,
        subscriptions: [registryId.subscriptionId],
        part: 0,
        parts: 1,
      };
      await reader.read(part, now);
    };
    for (const kind of ['registries', 'assignments'] as const)
      await sweep(kind);
    await clearQueue(db);
  });
  afterEach(() => db.destroy());

  it.each([
    ['registries', 'registries'],
    ['assignments', 'access'],
  ] as const)(
    'leave the age of %s that a list has shown differently until they are read',
    async (kind, table) => {
      const readAt = async () => {
        const [{ read_at }] = await db(table).select('read_at');
        return Number(read_at);
      };
      await sweep(kind);
      const before = await readAt();
      expect(before).toBe(now - GRAPH_LAG_MS);

      listed = {
        registries: { ...FACTS, tags: { changed: 'yes' } },
        assignments: assignment({ roleName: 'Another' }),
      };
      await sweep(kind);
      await sweep(kind);
      expect(await readAt()).toBe(before);

      // As it is once it has been read.
      await clearQueue(db);
      await sweep(kind);
      expect(await readAt()).toBe(now - GRAPH_LAG_MS);
    },
  );
});
