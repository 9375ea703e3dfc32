import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { InventoryRows } from '../rows';
import { registriesByState, syncStatus } from './status';
import { SweepRecord } from './SweepRecord';
import { SyncState } from '../rows/SyncState';

const { registry } = bundleWith();
const { registryId, key: _key, keyInUse: _inUse, ...FACTS } = registry;
const { subscriptionId } = registryId;
const FORMER = '22222222-2222-4333-8444-555555555555';
const clock = { now: async () => 3_000 };

describe.each(testDatabases())('the status of the sync on $name', database => {
  let db: Knex;
  beforeEach(async () => {
    db = await database.open();
    const { registries } = new InventoryRows(db, clock);
    const elsewhere = {
      ...FACTS,
      id: FACTS.id.replace(subscriptionId, FORMER),
    };
    await registries.keep([elsewhere], { readAt: 1_000, azureAt: 1_000 });
    await registries.keep([FACTS], { readAt: 2_000, azureAt: 2_000 });
  });
  afterEach(() => db.destroy());

  const counted = async (subscriptions: string[]) => {
    const scopes = subscriptions.map(id => ({ subscriptionId: id }));
    const state = new SyncState({ db, clock });
    const status = await syncStatus({ db, state, scopes, subscriptions });
    const { registries, oldestFactsAt } = status;
    return {
      registries,
      oldestFactsAt,
      byState: await registriesByState(db, scopes),
    };
  };

  it('still shows when everything was last seen after any number of sweeps that failed', async () => {
    const state = new SyncState({ db, clock });
    const sweeps = new SweepRecord(state);
    const subscriptions = [subscriptionId];
    const end = (how: 'whole' | 'partial', startedAt: number) =>
      sweeps.end(
        {
          state: how,
          startedAt,
          endedAt: startedAt,
          partitions: { all: 1, read: 1 },
        },
        [],
      );
    await end('whole', 1);
    await end('whole', 1_500);
    for (let n = 0; n < 60; n += 1) await end('partial', 2_000 + n);
    const scopes = subscriptions.map(id => ({ subscriptionId: id }));
    expect(
      await syncStatus({ db, state, scopes, subscriptions }),
    ).toMatchObject({
      lastWholeSweepAt: 1_500,
      lastSweep: { state: 'partial', startedAt: 2_059 },
    });
  });

  it('leaves out registries of a subscription that is no longer in scope', async () => {
    expect(await counted([subscriptionId, FORMER])).toEqual({
      registries: 2,
      oldestFactsAt: 1_000,
      byState: { unknown: 2 },
    });
    expect(await counted([subscriptionId])).toEqual({
      registries: 1,
      oldestFactsAt: 2_000,
      byState: { unknown: 1 },
    });
  });
});
