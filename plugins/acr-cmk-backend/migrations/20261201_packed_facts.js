/*
 * Facts are kept compressed, against words that most of them have and the key of their row, and indexes go
 * that no question needs: most of what a registry takes in the database.
 *
 * Nothing is lost; `down` unpacks what `up` has packed.
 */

// @ts-check

const { crc32, deflateRawSync, inflateRawSync } = require('node:zlib');

/** Version 1 of the format. `src/inventory/rows/packing.ts` explains it. */
const VERSION = 1;
const HEAD = 5;
const WINDOW_BITS = 13;
const DICTIONARY = [
  '"secrets""certificates""storage"',
  '"ipRules":[],"virtualNetworkRules":[]"bypass":"None","defaultAction":"Deny"',
  '"bypass":"AzureServices","defaultAction":"Allow"',
  '"Key Vault Crypto User""Key Vault Crypto Officer""principalType":"Group"',
  '/providers/Microsoft.Management/managementGroups/',
  ',"expires":"2026-12-01T00:00:00.000Z","enabled":false',
  ',"rotationPolicy":{"timeAfterCreate":"P90D"},"timeBeforeExpiry":"P30D"',
  '"enabled":true,"created":"2026-11-15T00:00:00.000Z","updated":"2026-11-15T00:00:00.000Z"',
  ',"lastKeyRotation":"2026-11-15T00:00:00.000Z","provisioningState":"Succeeded"',
  '"sku":"Standard","systemPrincipalId":"northeurope","location":"westeurope"',
  '"name":"","operations":["encrypt","decrypt","sign","verify","wrapKey","unwrapKey"]',
  ',"recoveryLevel":"Recoverable+Purgeable","rotatesByPolicy":true',
  ',"size":2048,"size":3072,"size":4096,"type":"RSA-HSM","type":"RSA","vaultName":"',
  '","versions":[{"created":"2026-11-15T00:00:00.000Z","enabled":true,"version":"',
  '[{"id":"/subscriptions//resourceGroups//providers/Microsoft.KeyVault/vaults/',
  '/providers/Microsoft.Authorization/roleAssignments/","name":"","principalId":"',
  '","principalType":"ServicePrincipal","roleDefinitionId":"/subscriptions/',
  '/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6',
  '","roleName":"Key Vault Crypto Service Encryption User","scope":"/subscriptions/',
  '","wrapsKeys":true}]{"clientId":"","id":"/subscriptions//resourceGroups/',
  '","location":"","name":"","principalId":"","tenantId":"}',
  '{"encryption":{"status":"disabled"},{"encryption":{"identity":"","keyIdentifier":"https://',
  '","keyRotationEnabled":true,"keyRotationEnabled":false,"status":"enabled"',
  ',"versionedKeyIdentifier":"https://.vault.azure.net/keys/"},"id":"/subscriptions/',
  '/resourceGroups//providers/Microsoft.ContainerRegistry/registries/","location":"westeurope"',
  ',"loginServer":".azurecr.io","name":"","provisioningState":"Succeeded","sku":"Premium"',
  ',"tags":{},"userAssignedIdentities":[]}"tags":{"backstage-entity-ref":"resource:default/',
  '"},"userAssignedIdentities":[{"clientId":"","principalId":"","resourceId":"/subscriptions/',
  '/resourceGroups//providers/Microsoft.ManagedIdentity/userAssignedIdentities/"}]}',
].join('');

/** For a test that the plugin has the same. */
exports.DICTIONARY = DICTIONARY;

/** @type {{ table: string; key: string[]; columns: string[] }[]} */
const PACKED = [
  { table: 'registries', key: ['id'], columns: ['facts'] },
  { table: 'vaults', key: ['id'], columns: ['facts'] },
  { table: 'identities', key: ['id'], columns: ['facts'] },
  { table: 'keys', key: ['vault_host', 'name'], columns: ['facts', 'listed'] },
  {
    table: 'access',
    key: ['principal_id', 'vault_host', 'key_name'],
    columns: ['facts'],
  },
];

/** Rows that are read at once. */
const PAGE = 500;

/** @param {string} key */
const dictionaryFor = key => Buffer.from(`${DICTIONARY}${key}`);

/** @param {string} json @param {string} key */
function pack(json, key) {
  const packed = deflateRawSync(json, {
    dictionary: dictionaryFor(key),
    level: 9,
    windowBits: WINDOW_BITS,
    memLevel: 5,
  });
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(VERSION);
  head.writeUInt32BE(crc32(json), 1);
  return Buffer.concat([head, packed]);
}

/**
 * Plain JSON was written by an instance of the version before.
 *
 * @param {Buffer | string} packed
 * @param {string} key
 */
function unpack(packed, key) {
  if (typeof packed === 'string' || packed[0] === 0x7b || packed[0] === 0x5b) {
    return packed.toString();
  }
  const json = inflateRawSync(packed.subarray(HEAD), {
    dictionary: dictionaryFor(key),
    windowBits: WINDOW_BITS,
  });
  if (packed[0] !== VERSION || crc32(json) !== packed.readUInt32BE(1)) {
    throw new Error(`The facts of ${key} cannot be unpacked`);
  }
  return json.toString();
}

/** @param {import('knex').Knex} knex */
const isPostgres = knex => /pg|postgres/.test(knex.client.config.client);

/**
 * @param {import('knex').Knex} knex
 * @param {'binary' | 'text'} type
 * @param {(value: any, key: string) => Buffer | string} convert
 */
async function rewrite(knex, type, convert) {
  for (const { table, key, columns } of PACKED) {
    for (const column of columns) {
      // SQLite keeps in a column whatever it is given.
      const target = isPostgres(knex) ? `${column}_${type}` : column;
      if (target !== column) {
        await knex.schema.alterTable(table, each => {
          each[type](target);
        });
      }
      await convertRows(knex, { table, key, column, target, type, convert });
      if (target !== column) {
        await knex.schema.alterTable(table, each => each.dropColumn(column));
        await knex.schema.alterTable(table, each =>
          each.renameColumn(target, column),
        );
      }
    }
  }
}

/**
 * @param {import('knex').Knex} knex
 * @param {{ table: string; key: string[]; column: string; target: string; type: 'binary' | 'text'; convert: (value: any, key: string) => Buffer | string }} options
 */
async function convertRows(
  knex,
  { table, key, column, target, type, convert },
) {
  /** @type {string[] | undefined} */
  let after;
  for (;;) {
    const rest = knex(table).whereNotNull(column);
    if (after) {
      rest.whereRaw(
        `(${key.join(', ')}) > (${key.map(() => '?').join(', ')})`,
        after,
      );
    }
    const rows = await rest
      .orderBy(key)
      .limit(PAGE)
      .select(...key, column);
    if (rows.length === 0) return;
    const converted = rows.map(row => {
      const values = key.map(each => row[each]);
      return { values, value: convert(row[column], values.join(' ')) };
    });
    if (isPostgres(knex)) {
      await updateAtOnce(knex, { table, key, target, type }, converted);
    } else {
      for (const { values, value } of converted) {
        await knex(table)
          .where(Object.fromEntries(key.map((each, n) => [each, values[n]])))
          .update({ [target]: value });
      }
    }
    if (rows.length < PAGE) return;
    after = converted[converted.length - 1].values;
  }
}

/**
 * One statement for a page: each would be a way to the server and back.
 *
 * @param {import('knex').Knex} knex
 * @param {{ table: string; key: string[]; target: string; type: 'binary' | 'text' }} options
 * @param {{ values: string[]; value: Buffer | string }[]} converted
 */
async function updateAtOnce(knex, { table, key, target, type }, converted) {
  const ofKey = key.map(() => '?::text[]').join(', ');
  const ofPage = [...key, target];
  const sql = [
    'update ?? set ?? = page.??',
    `from unnest(${ofKey}, ?::${type === 'binary' ? 'bytea' : 'text'}[])`,
    `as page(${ofPage.map(() => '??').join(', ')})`,
    `where ${key.map(() => '??.?? = page.??').join(' and ')}`,
  ].join(' ');
  /** @type {any[]} Knex's types know no lists of buffers. */
  const bindings = [
    ...[table, target, target],
    ...key.map((_each, n) => converted.map(({ values }) => values[n])),
    converted.map(({ value }) => value),
    ...ofPage,
    ...key.flatMap(each => [table, each, each]),
  ];
  await knex.raw(sql, bindings);
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await rewrite(knex, 'binary', pack);
  await knex.schema.alterTable('registries', table => {
    table.dropIndex([], 'registries_fleet');
    table.dropIndex(['state', 'severity']);
  });
  await knex.schema.alterTable('identities', table => {
    table.dropIndex(['subscription_id']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await rewrite(knex, 'text', unpack);
  await knex.schema.alterTable('identities', table => {
    table.index(['subscription_id']);
  });
  await knex.schema.alterTable('registries', table => {
    table.index(['state', 'severity']);
    table.index(
      [
        'name',
        'id',
        'state',
        'severity',
        'version_mode',
        'subscription_id',
        'resource_group',
        'vault_host',
        'key_name',
        'expires_at',
        'version_created_at',
        'problem_kind',
        'location',
      ],
      'registries_fleet',
    );
  });
};
