import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { identityIdForm, registryIdForm } from './ids';

/**
 * How the tables hold facts: their JSON, compressed against what the facts of most rows have in common,
 * against the key of the row, which names the same subscriptions, groups and vaults, and against other columns
 * of the row, which repeat client ids and versions. Measured on a fleet of 10,000 registries: 98 bytes in the
 * place of 900, at 25 microseconds to pack and 8 to unpack.
 *
 * One byte of the format's version, four of the checksum of the JSON, and the JSON as raw deflate, which has
 * no checksum of its own: with other words it would often give other JSON, not an error.
 */
const VERSION = {
  /** Against the key alone: what has no such columns, and all facts of releases before 2026-12-03. */
  key: 1,
  /** Against the values of columns that repeat a part of the facts, too. */
  keyAndColumns: 2,
};
const HEAD = 5;

/** Enough for the dictionary and one row; the rest of zlib's window would be allocated for nothing. */
const WINDOW_BITS = 13;

/**
 * Size of the pieces that zlib writes; more pieces follow where one does not hold everything. Node's own size of
 * 16 kB would be allocated outside of its heap for every row, and freed late.
 */
const PIECE = 2048;

/**
 * Words of facts, the most frequent last. Part of the format: what was packed with these cannot be unpacked
 * with others, so a change is a new version, with a migration. `migrations/20261201_packed_facts.js` has the
 * same.
 */
export const DICTIONARY = [
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

const WORDS = Buffer.from(DICTIONARY);

function dictionaryFor(words: readonly string[]): Buffer {
  const text = words.join(' ');
  const dictionary = Buffer.allocUnsafe(WORDS.length + Buffer.byteLength(text));
  WORDS.copy(dictionary);
  dictionary.write(text, WORDS.length);
  return dictionary;
}

/**
 * @param key - the values of the primary key of the row that will hold it, with blanks between; ARM ids in full
 * @param repeated - values of other columns of that row
 * @returns the same for the same text, key and values, as long as zlib does not change; then facts look new once
 */
export function pack(
  json: string,
  key: string,
  repeated?: readonly string[],
): Buffer {
  const packed = deflateRawSync(json, {
    dictionary: dictionaryFor([...(repeated ?? []), key]),
    level: 9,
    chunkSize: PIECE,
    windowBits: WINDOW_BITS,
    memLevel: 5,
  });
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(repeated ? VERSION.keyAndColumns : VERSION.key);
  head.writeUInt32BE(crc32(json), 1);
  return Buffer.concat([head, packed]);
}

/**
 * The JSON in a column of a row. Plain JSON is taken as it is: releases before 2026-12-01 wrote it.
 *
 * @throws when it was packed with another key or other values, by a newer version of the plugin, or is damaged
 */
export function unpack(
  packed: Buffer | string,
  key: string,
  repeated?: readonly string[],
): string {
  if (typeof packed === 'string' || packed[0] === 0x7b || packed[0] === 0x5b) {
    return packed.toString();
  }
  const words =
    packed[0] === VERSION.keyAndColumns ? [...(repeated ?? []), key] : [key];
  if (!Object.values(VERSION).includes(packed[0])) {
    throw new Error(
      `The inventory holds facts in the format ${packed[0]}, which this version of acr-cmk does not know`,
    );
  }
  const json = inflated(packed.subarray(HEAD), words);
  if (json === undefined || crc32(json) !== packed.readUInt32BE(1)) {
    throw new Error(
      'The inventory holds facts that were not packed for their row, or are damaged',
    );
  }
  return json.toString();
}

function inflated(
  packed: Buffer,
  words: readonly string[],
): Buffer | undefined {
  try {
    return inflateRawSync(packed, {
      dictionary: dictionaryFor(words),
      chunkSize: PIECE,
      windowBits: WINDOW_BITS,
    });
  } catch {
    return undefined;
  }
}

/** What the facts of a table are packed against. Part of the format, as the dictionary is. */
interface Packing {
  /** Columns of the primary key. */
  key: readonly string[];
  /** Of an id in the key, where the table does not hold it in full. */
  toArm?: (rowId: string) => string;
  /** Columns that repeat a part of the facts; they are written together with them. */
  repeated?: readonly string[];
}

const PACKING = {
  registries: {
    key: ['id'],
    toArm: registryIdForm.toArm,
    repeated: [
      'identity',
      'principal_id',
      'version_in_use',
      'key_name',
      'vault_host',
    ],
  },
  vaults: { key: ['id'] },
  identities: {
    key: ['id'],
    toArm: identityIdForm.toArm,
    repeated: ['client_id', 'principal_id'],
  },
  keys: { key: ['vault_host', 'name'] },
  access: { key: ['principal_id', 'vault_host', 'key_name'] },
} as const satisfies Record<string, Packing>;

/** A table whose rows hold facts. */
export type FactTable = keyof typeof PACKING;

const packingOf = (table: FactTable): Packing => PACKING[table];

/** Columns of the primary key of a table. */
export const keyColumnsOf = (table: FactTable) => packingOf(table).key;

/** The columns that the facts of a row are unpacked with. */
export function wordColumns(table: FactTable): string[] {
  const { key, repeated = [] } = packingOf(table);
  return [...key, ...repeated].map(column => `${table}.${column}`);
}

/** The columns that `factsOf` reads, for statements that select some columns only. */
export function factColumns(table: FactTable): string[] {
  return [...wordColumns(table), `${table}.facts`];
}

/** What the facts of a row are packed with as their key: an ARM id, or values with blanks between. */
export function keyOf(table: FactTable, row: any): string {
  const { key, toArm = (value: string) => value } = packingOf(table);
  return key.map(column => toArm(row[column])).join(' ');
}

function repeatedIn(table: FactTable, row: any): string[] | undefined {
  return packingOf(table).repeated?.map(column => {
    if (row[column] === undefined) {
      throw new Error(`Facts of ${table} need the column ${column}`);
    }
    return row[column] ?? '';
  });
}

/** @param row - as it will be, but for the facts */
export function packFacts(table: FactTable, row: any, json: string): Buffer {
  return pack(json, keyOf(table, row), repeatedIn(table, row));
}

/**
 * Unpacks the facts of a row, which has the columns of `factColumns`.
 *
 * @returns a function, so that a column which was not selected is another error than facts that cannot be read
 */
export function packedIn(table: FactTable, row: any): () => string {
  const key = keyOf(table, row);
  const repeated = repeatedIn(table, row);
  return () => unpack(row.facts, key, repeated);
}

/** Facts of a row, which has the columns of `factColumns`. */
export function factsOf<T = any>(table: FactTable, row: any): T {
  return JSON.parse(packedIn(table, row)());
}

/**
 * The same for a list, which one row that cannot be read must not take from everybody: nothing for that one,
 * until it was read from Azure again.
 */
export function readableFactsOf<T = any>(
  table: FactTable,
  row: any,
): T | undefined {
  const json = packedIn(table, row);
  try {
    return JSON.parse(json());
  } catch {
    return undefined;
  }
}
