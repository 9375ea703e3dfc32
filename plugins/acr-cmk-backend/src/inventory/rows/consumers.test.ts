import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import type { Consumer, ConsumerUse } from '../../domain/consumers/consumer';
import { ConsumerRows } from './consumers';
import { IdentityRows } from './identities';

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const V1 = '0123456789abcdef0123456789abcdef';
const KEY = KeyIdentifier.parse(
  'https://kv-contoso.vault.azure.net/keys/Shared',
);
const OTHER = KeyIdentifier.of('kv-contoso', 'other');
const IDENTITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-data`;
const PRINCIPAL = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT = 'cccccccc-0000-4000-8000-000000000001';

const use = (change: Partial<ConsumerUse> = {}): ConsumerUse => ({
  key: KEY,
  isInUse: false,
  use: 'current',
  follows: true,
  identities: [],
  ...change,
});
const consumer = (
  name: string,
  uses: ConsumerUse[] = [use()],
  type = 'microsoft.storage/storageaccounts',
): Consumer => ({
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`,
  type,
  name,
  subscriptionId: SUBSCRIPTION,
  resourceGroup: 'rg-data',
  location: 'westeurope',
  uses,
});

describe.each(testDatabases())('rows of consumers on $name', database => {
  let db: Knex;
  let rows: ConsumerRows;
  beforeEach(async () => {
    db = await database.open();
    rows = new ConsumerRows(db);
  });
  afterEach(() => db.destroy());

  const namesOf = (found: Consumer[]) => found.map(({ name }) => name).sort();
  const users = async (key = KEY) => namesOf(await rows.usersOf([key]));

  it('answer a consumer as it was kept, once however many keys it uses', async () => {
    const kept = consumer('One', [
      use({ key: KEY.at(V1), isInUse: true }),
      use({ key: OTHER, use: 'earlier', follows: undefined }),
    ]);
    await rows.keep([kept, consumer('two', [use({ key: OTHER })])], 1_000);
    expect(await rows.usersOf([KEY])).toEqual([kept]);
    expect(namesOf(await rows.usersOf([KEY, OTHER]))).toEqual(['One', 'two']);
    expect(await rows.usersOf([])).toEqual([]);
  });

  it('hold the same use of a key once', async () => {
    await rows.keep([consumer('one', [use(), use()])], 1_000);
    expect(await db('key_consumers').pluck('id')).toHaveLength(1);
  });

  it('are replaced by a later reading, and not by an earlier one', async () => {
    await rows.keep([consumer('one')], 2_000);
    await rows.keep([consumer('one', [use({ key: OTHER })])], 1_000);
    expect([await users(), await users(OTHER)]).toEqual([['one'], []]);
    await rows.keep([consumer('one', [use({ key: OTHER })])], 3_000);
    expect([await users(), await users(OTHER)]).toEqual([[], ['one']]);
  });

  it('that no reading has shown are removed, of some types where only those may be read', async () => {
    const sql = 'microsoft.sql/servers';
    await rows.keep([consumer('old'), consumer('sql', [use()], sql)], 1_000);
    await rows.keep([consumer('new')], 2_000);
    await rows.removeUnseen(SUBSCRIPTION.toUpperCase(), 2_000, [sql]);
    expect(await users()).toEqual(['new', 'old']);
    expect(await rows.unseenTypes(SUBSCRIPTION, 2_000)).toEqual([
      'microsoft.storage/storageaccounts',
    ]);
    await rows.removeUnseen('22222222-2222-4333-8444-555555555555', 2_000);
    await rows.removeUnseen(SUBSCRIPTION, 2_000);
    expect(await users()).toEqual(['new']);
    expect(await rows.unseenTypes(SUBSCRIPTION, 2_000)).toEqual([]);
  });

  it.each([
    ['object id', { reference: IDENTITY, principalId: PRINCIPAL }],
    ['ARM id', { reference: IDENTITY }],
    ['client id', { reference: CLIENT.toUpperCase() }],
  ])(
    'are found by the principal that reaches the key, by its %s',
    async (_by, identity) => {
      await new IdentityRows(db).keep(
        [
          {
            id: IDENTITY,
            name: 'id-data',
            tenantId: '99999999-0000-4000-8000-000000000001',
            location: 'westeurope',
            clientId: CLIENT,
            principalId: PRINCIPAL,
          },
        ],
        { readAt: 1, azureAt: 1 },
      );
      await rows.keep(
        [consumer('one', [use({ identities: [identity] })]), consumer('two')],
        1_000,
      );
      const found = await rows.usersOf([], [PRINCIPAL.toUpperCase()]);
      expect(namesOf(found)).toEqual(['one']);
    },
  );

  it('of disk encryption sets keep what is behind them when they are shown again', async () => {
    const set = consumer(
      'set',
      [use()],
      'microsoft.compute/diskencryptionsets',
    );
    await rows.keep([set, consumer('one')], 1_000);
    const [{ id }] = await rows.diskEncryptionSets([SUBSCRIPTION]);
    await rows.keepBehind(id, { 'microsoft.compute/disks': 3 });
    await rows.keep([set], 2_000);
    expect(await rows.usersOf([KEY])).toContainEqual({
      ...set,
      behind: { 'microsoft.compute/disks': 3 },
    });
    expect(await rows.diskEncryptionSets([SUBSCRIPTION])).toHaveLength(1);
  });
});
