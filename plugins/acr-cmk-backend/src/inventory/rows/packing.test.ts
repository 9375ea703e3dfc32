import fc from 'fast-check';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { canonicalJson } from '../../cmk/plan';
import { InventoryRows } from './index';
import { pack, unpack } from './packing';

const { registry } = bundleWith();
const { registryId, key: _key, keyInUse: _inUse, ...FACTS } = registry;

describe('packed facts', () => {
  it('are what they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, key) => {
        expect(unpack(pack(json, key), key)).toBe(json);
      }),
    );
  });

  it('are the same for the same facts, so that nothing looks changed', () => {
    const json = canonicalJson(FACTS);
    expect(pack(json, 'key')).toEqual(pack(json, 'key'));
  });

  it('of a registry take a quarter of their JSON at most', () => {
    const json = canonicalJson(FACTS);
    expect(pack(json, registryId.key).length).toBeLessThan(json.length / 4);
  });

  it('of another format are refused, and never taken for facts', () => {
    const packed = pack('{}', 'key');
    packed[0] = 2;
    expect(() => unpack(packed, 'key')).toThrow(
      'The inventory holds facts in the format 2, which this version of acr-cmk does not know',
    );
  });
});

describe.each(testDatabases())(
  'facts of a release that did not pack them, on $name',
  ({ openEmpty }) => {
    const directory = resolvePackagePath(
      'backstage-plugin-acr-cmk-backend',
      'migrations',
    );
    const PACKING = '20261201_packed_facts.js';
    /** More than the migration reads at once. */
    const MANY = 501;
    let db: Knex;
    beforeEach(async () => {
      db = await openEmpty();
      await db.migrate.latest({ directory });
      await db.migrate.down({ directory, name: PACKING });
    });
    afterEach(() => db.destroy());

    it('are packed, and unpacked for the way back, and nothing is lost', async () => {
      const listed = JSON.stringify({ name: 'Orders', enabled: true });
      const keyFacts = canonicalJson({ name: 'Orders', versions: [] });
      const rows = Array.from({ length: MANY }, (_, n) => {
        const name = `registry${n}`;
        const id = RegistryId.parse(FACTS.id.replace(/[^/]+$/, name));
        return {
          id: id.key,
          subscription_id: id.subscriptionId,
          resource_group: id.resourceGroup.toLowerCase(),
          name,
          facts: canonicalJson({ ...FACTS, id: id.toString(), name }),
        };
      });
      await db.batchInsert('registries', rows, 100);
      await db('keys').insert({
        vault_host: 'kv.vault.azure.net',
        name: 'orders',
        facts: keyFacts,
        listed,
        read_at: 1,
        azure_at: 1,
      });
      await db('access').insert({
        principal_id: 'p',
        vault_host: 'kv.vault.azure.net',
        key_name: 'orders',
        facts: '[]',
        read_at: 1,
        azure_at: 1,
      });

      await db.migrate.up({ directory, name: PACKING });
      const inventory = new InventoryRows(db, { now: async () => 1 });
      const known = await inventory.registries.page({ limit: 1_000 });
      expect(known.map(({ fact }) => fact.value?.name).sort()).toEqual(
        rows.map(({ name }) => name).sort(),
      );
      const key = { vaultName: 'kv', keyName: 'orders' };
      expect((await inventory.keys.get(key))?.value).toMatchObject({
        name: 'Orders',
      });
      expect(await inventory.keys.listedIn('kv')).toEqual([JSON.parse(listed)]);
      expect(
        (await inventory.access.get({ principalId: 'p', key }))?.value,
      ).toEqual([]);

      await db.migrate.down({ directory, name: PACKING });
      const after = await db('registries').orderBy('id').select('id', 'facts');
      expect(after.map(row => row.facts).sort()).toEqual(
        rows.map(row => row.facts).sort(),
      );
      expect((await db('keys').first()).listed).toBe(listed);
    });
  },
);
