import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer } from './consumer';
import { consumerOfRow, type ConsumerRow } from './consumerOfRow';
import { CONSUMER_TYPES, consumerType, NOT_SHOWN } from './types';

const FIXTURES = join(__dirname, '__fixtures__');

interface Fixture {
  /** Row of Resource Graph, with the properties that ARM shows. */
  row: ConsumerRow;
  /** Uses that are read from it, with keys as texts. */
  uses: unknown[];
}

const fixtureOf = (type: string): Fixture =>
  JSON.parse(
    readFileSync(join(FIXTURES, `${type.replaceAll('/', '.')}.json`), 'utf8'),
  );
const usesOf = (consumer: Consumer | undefined) =>
  consumer?.uses.map(use => ({ ...use, key: String(use.key) }));
const types = CONSUMER_TYPES.map(({ type }) => type);

/** Copy with other spellings of names. */
const shouted = (value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, of]) => [
          name.startsWith('https:') ? name : name.toUpperCase(),
          shouted(of),
        ]),
      )
    : value;

describe('types of resources that use keys', () => {
  it('have a fixture each, and no other fixture is there', () => {
    expect(
      readdirSync(FIXTURES)
        .map(name => name.replace(/\.json$/, ''))
        .sort(),
    ).toEqual(types.map(type => type.replaceAll('/', '.')).sort());
  });

  it('say what no query can know of', () => {
    expect(NOT_SHOWN).toEqual(
      expect.arrayContaining([
        'client-side encryption',
        'Always Encrypted',
        'other tenants',
        expect.stringContaining('encryptionProtector'),
      ]),
    );
  });

  it.each(types)('%s is read as its fixture says', type => {
    const { row, uses } = fixtureOf(type);
    const consumer = consumerOfRow(row);
    expect(usesOf(consumer)).toEqual(uses);
    expect(consumer).toMatchObject({
      id: row.id,
      type: type.toLowerCase(),
      resourceGroup: 'rg-data',
      location: 'westeurope',
    });
    expect(
      usesOf(consumerOfRow({ ...row, properties: shouted(row.properties) })),
    ).toEqual(uses);
    expect(
      consumerOfRow({ ...row, properties: { note: 'kv.vault.azure.net' } }),
    ).toBeUndefined();
  });

  it.each(CONSUMER_TYPES)('$type has a source, and names its page', each => {
    expect(each.source).toMatch(
      /^(https:\/\/learn\.microsoft\.com\/|[a-z-]+\/resource-manager\/)/,
    );
    expect(each.onLoss.docs).toMatch(/^https:\/\/learn\.microsoft\.com\//);
    expect(each.onLoss.text).toMatch(/\.$/);
    expect(consumerType(each.type.toUpperCase())).toBe(each);
  });
});

describe('a row of a resource', () => {
  const storage = fixtureOf('Microsoft.Storage/storageAccounts').row;
  const withKey = (change: object) => ({
    ...storage,
    properties: { encryption: { keyvaultproperties: change } },
  });

  it('keeps its tags', () => {
    expect(consumerOfRow(storage)?.tags).toEqual({
      'backstage-entity-ref': 'component:default/invoices',
    });
    expect(consumerOfRow({ ...storage, tags: {} })).not.toHaveProperty('tags');
  });

  it('with a key that cannot be understood is refused: it may use any', () => {
    expect(() =>
      consumerOfRow(
        withKey({ keyvaulturi: 'https://kv.example.org', keyname: 'shared' }),
      ),
    ).toThrow('is not the host of a vault');
  });

  it('that is set to a version stays on it, and uses it', () => {
    const [use] =
      consumerOfRow(
        withKey({
          keyvaulturi: 'https://kv-contoso.vault.azure.net',
          keyname: 'shared',
          keyversion: '0123456789abcdef0123456789abcdef',
        }),
      )?.uses ?? [];
    expect(use).toMatchObject({ isInUse: true, follows: false });
  });

  it('that follows its key without showing the version has none', () => {
    const [use] =
      consumerOfRow(
        withKey({
          keyvaulturi: 'https://kv-contoso.vault.azure.net',
          keyname: 'shared',
        }),
      )?.uses ?? [];
    expect(use).toMatchObject({ isInUse: false, follows: true });
    expect(use.key.version).toBeUndefined();
  });

  it('of a cluster whose encryption of secrets is off uses no key', () => {
    const { row } = fixtureOf('Microsoft.ContainerService/managedClusters');
    const { properties } = row as {
      properties: { securityProfile: { azureKeyVaultKms: object } };
    };
    Object.assign(properties.securityProfile.azureKeyVaultKms, {
      enabled: false,
    });
    expect(consumerOfRow(row)).toBeUndefined();
  });

  it('of another type is nothing', () => {
    expect(
      consumerOfRow({ ...storage, type: 'microsoft.web/sites' }),
    ).toBeUndefined();
  });
});
