import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { AzureError } from '../azure/AzureError';
import { SyncState } from './rows/SyncState';
import { ManagedScopes } from './ManagedScopes';

const HOUR_MS = 60 * 60_000;

describe('subscriptions below management groups', () => {
  let db: Knex;
  let now: number;
  let below: { subscriptionIds: string[]; complete: boolean } | AzureError;
  let asked: string[];
  let warnings: string[];
  beforeEach(async () => {
    db = await openSqlite();
    now = 1_000_000_000;
    asked = [];
    warnings = [];
    below = { subscriptionIds: ['a', 'b'], complete: true };
  });
  afterEach(() => db.destroy());

  const scopesOf = (managementGroups = ['platform']) =>
    new ManagedScopes({
      scopes: [{ subscriptionId: 'own', resourceGroup: 'rg' }],
      managementGroups,
      state: new SyncState({ db, clock: { now: async () => now } }),
      graph: {
        subscriptionsBelow: async name => {
          asked.push(name);
          if (below instanceof AzureError) throw below;
          return { value: below, azureAt: now };
        },
      },
      logger: { warn: (message: string) => warnings.push(message) },
    });

  it('are in scope as soon as Azure has named them, for every holder of the lists', async () => {
    const managed = scopesOf();
    const { scopes, subscriptions } = managed;
    expect(subscriptions).toEqual(['own']);
    expect(managed.groupsNotKnown).toEqual(['platform']);
    expect(managed.problem()?.message).toContain('platform are not known yet');
    await managed.refresh(now);
    expect(managed.groupsNotKnown).toEqual([]);
    expect(managed.problem()).toBeUndefined();
    expect(subscriptions).toEqual(['own', 'a', 'b']);
    expect(scopes).toEqual([
      { subscriptionId: 'own', resourceGroup: 'rg' },
      { subscriptionId: 'a' },
      { subscriptionId: 'b' },
    ]);
  });

  it('are known to another replica, and after a restart, without asking Azure', async () => {
    await scopesOf().refresh(now);
    const other = scopesOf();
    await other.load();
    expect(other.subscriptions).toEqual(['own', 'a', 'b']);
    expect(asked).toEqual(['platform']);
  });

  it('are asked for once an hour, and one that was moved away is out of scope', async () => {
    const managed = scopesOf();
    await managed.refresh(now);
    below = { subscriptionIds: ['b'], complete: true };
    now += HOUR_MS - 1;
    expect(await managed.refresh(now)).toEqual(['own', 'a', 'b']);
    now += 1;
    expect(await managed.refresh(now)).toEqual(['own', 'b']);
    expect(asked).toHaveLength(2);
  });

  it('F27: stay when only readable ones are shown, and there is a warning that names the role', async () => {
    const managed = scopesOf();
    await managed.refresh(now);
    below = { subscriptionIds: ['c'], complete: false };
    now += HOUR_MS;
    expect(await managed.refresh(now)).toEqual(['own', 'a', 'b', 'c']);
    expect(warnings.join()).toContain('the role Reader');

    const other = scopesOf();
    await other.load();
    expect(other.groupsInPart).toEqual(['platform']);
    expect(other.problem()).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('the role Reader'),
    });

    below = { subscriptionIds: ['a'], complete: true };
    now += HOUR_MS;
    expect(await other.refresh(now)).toEqual(['own', 'a']);
    expect(other.groupsInPart).toEqual([]);
    expect(other.problem()).toBeUndefined();
  });

  it('F27: stay when Azure does not answer', async () => {
    const managed = scopesOf();
    await managed.refresh(now);
    below = new AzureError({
      kind: 'unavailable',
      code: 'x',
      message: 'Azure is away',
    });
    now += HOUR_MS;
    expect(await managed.refresh(now)).toEqual(['own', 'a', 'b']);
    expect(warnings).toEqual(['Azure is away']);
  });

  it('are never asked for without a management group', async () => {
    const managed = scopesOf([]);
    expect(await managed.refresh(now)).toEqual(['own']);
    expect(asked).toEqual([]);
  });
});
