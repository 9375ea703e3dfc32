import { join } from 'node:path';
import fc from 'fast-check';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { canonicalJson } from '../../cmk/canonicalJson';
import { InventoryRows } from './index';
import {
  DICTIONARY,
  type FactTable,
  keyOf,
  pack,
  packedIn,
  packFacts,
  readableFactsOf,
  unpack,
} from './packing';

const { registry } = bundleWith();
const { registryId, key: _key, keyInUse: _inUse, ...FACTS } = registry;

const MIGRATIONS = resolvePackagePath(
  'backstage-plugin-acr-cmk-backend',
  'migrations',
);
const PACKING = '20261201_packed_facts.js';
/** Ids were in full before it. */
const SHORT_IDS = '20261203_short_ids.js';

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

  // Each has a part of the dictionary, all of them the whole, and behind it the key of its row.
  it.each<[table: string, key: string, packed: string]>([
    [
      'registries',
      '/subscriptions/s/resourcegroups/g/providers/microsoft.containerregistry/registries/orders',
      '011ad0191a1b4dffa3e97f08a47f059a650000',
    ],
    [
      'vaults',
      '/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/vaults/kv',
      '0156c68d05531abc8d14056af91100',
    ],
    [
      'identities',
      '/subscriptions/s/resourcegroups/g/providers/microsoft.managedidentity/userassignedidentities/id',
      '012eb3e0391be85ca84063ff0100',
    ],
    [
      'keys',
      'kv.vault.azure.net orders',
      '01ef4c83341bad61476bd84159c32ae04cb200',
    ],
    [
      'access',
      'p kv.vault.azure.net orders',
      '0195cb30641bb0ca7db40c1dc465a8029e140300',
    ],
  ])('of %s are read for ever, with their checksum', (_table, key, packed) => {
    expect(unpack(Buffer.from(packed, 'hex'), key)).toMatch(
      new RegExp(` ${key}$`),
    );
  });

  it.each<[table: FactTable, row: object, packed: string]>([
    [
      'registries',
      {
        id: 's/g/orders',
        identity: 'client',
        principal_id: 'principal',
        version_in_use: 'version',
        key_name: 'orders',
        vault_host: 'kv.vault.azure.net',
      },
      '025f4c9029531a6de88c3674461b3aa30d9dd186ce684367b4a133dad019ae0d1d00',
    ],
    [
      'identities',
      { id: 's/g/id', client_id: 'client', principal_id: 'principal' },
      '02e85f54c7531a6dcc8c3666461b33a38d99d1c6cc686366b43133da9819ca8d1900',
    ],
  ])(
    'of %s that were packed with columns of their rows are read for ever',
    (table, row, packed) => {
      const facts = Buffer.from(packed, 'hex');
      const words = Object.values(row).slice(1);
      expect(packedIn(table, { ...row, facts })()).toBe(
        `${DICTIONARY}${[...words, keyOf(table, row)].join(' ')}`,
      );
    },
  );

  it('say which column is missing, where one was not read', () => {
    expect(() =>
      readableFactsOf('identities', { id: 's/g/id', client_id: 'client' }),
    ).toThrow('Facts of identities need the column principal_id');
  });

  it('are refused with another value in a column of their row', () => {
    const row = {
      id: 's/g/id',
      client_id: 'client',
      principal_id: 'principal-one',
    };
    const facts = packFacts('identities', row, canonicalJson(row));
    expect(packedIn('identities', { ...row, facts })()).toBe(
      canonicalJson(row),
    );
    expect(
      packedIn('identities', { ...row, principal_id: 'principal-two', facts }),
    ).toThrow('were not packed for their row');
  });

  it('are packed by the migration with the same words', () => {
    const migration = require(join(MIGRATIONS, PACKING));
    expect(migration.DICTIONARY).toBe(DICTIONARY);
  });

  it('are refused with another key', () => {
    const json = canonicalJson(FACTS);
    const other = `${registryId.key.slice(0, -1)}x`;
    expect(() => unpack(pack(json, registryId.key), other)).toThrow(
      'The inventory holds facts that were not packed for their row, or are damaged',
    );
  });

  it.each(['{"name":"Größe"}', '[]'])(
    'are plain where an older instance still writes: %s',
    json => {
      expect(unpack(json, 'key')).toBe(json);
      expect(unpack(Buffer.from(json), 'key')).toBe(json);
    },
  );

  it('of another format are refused, and never taken for facts', () => {
    const packed = pack('{}', 'key');
    packed[0] = 3;
    expect(() => unpack(packed, 'key')).toThrow(
      'The inventory holds facts in the format 3, which this version of acr-cmk does not know',
    );
  });
});

describe.each(testDatabases())(
  'facts of a release that did not pack them, on $name',
  ({ name: database, openEmpty }) => {
    const directory = MIGRATIONS;
    /** More than the migration reads at once. */
    const MANY = 501;
    let db: Knex;
    beforeEach(async () => {
      db = await openEmpty();
      await db.migrate.latest({ directory });
      await db.migrate.down({ directory, name: SHORT_IDS });
      await db.migrate.down({ directory, name: PACKING });
    });
    afterEach(() => db.destroy());

    it('are packed, and unpacked when the migration is undone, and nothing is lost', async () => {
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

      const updates: string[] = [];
      db.on('query', ({ sql }) => {
        if (/^update .registries/.test(sql)) updates.push(sql);
      });
      await db.migrate.up({ directory, name: PACKING });
      // Each is a way to the server and back, where there is a server.
      expect(updates).toHaveLength(database === 'PostgreSQL' ? 2 : MANY);
      await db.migrate.up({ directory, name: SHORT_IDS });
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

      await db.migrate.down({ directory, name: SHORT_IDS });
      // As an instance of the version before writes while it still runs.
      await db('registries')
        .where({ id: rows[0].id })
        .update({ facts: rows[0].facts });
      await db.migrate.down({ directory, name: PACKING });
      const after = await db('registries').orderBy('id').select('id', 'facts');
      expect(after.map(row => row.facts).sort()).toEqual(
        rows.map(row => row.facts).sort(),
      );
      expect((await db('keys').first()).listed).toBe(listed);
    });
  },
);
