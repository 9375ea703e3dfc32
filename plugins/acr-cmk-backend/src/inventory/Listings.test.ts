import { type AzureProblem, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { changesOf } from '../engine/changesOf';
import { testDatabases } from '../__testUtils__/databases';
import { bundleWith } from '../__testUtils__/encryptedRegistries';
import { AzureError } from '../azure/AzureError';
import type {
  ConsumerQuery,
  GraphPart,
} from '../azure/graph/resourceGraphPort';
import { toRows } from '../azure/graph/resourceGraphRows';
import type { AzurePorts } from '../azure/ports';
import type { ConsumerRow } from '../domain/consumers/consumerOfRow';
import { createInventory, type InventoryParts } from './createInventory';
import { sleep } from '../platform/time/realClock';
import { JUST_NOW, KNOWN } from './Inventory';
import { LISTED_WITHIN_MS } from './Listings';
import { queueReaderOf } from './refresh/__testUtils__/queueReaderOf';

const { registry } = bundleWith();
const { registryId, key: KEY, keyInUse: _inUse, ...FACTS } = registry;
if (!KEY) throw new Error('The test bundle has a key');
const OTHER_SUBSCRIPTION = '22222222-2222-4333-8444-555555555555';
const MINUTE = 60_000;

const named = (name: string) => ({
  ...FACTS,
  id: FACTS.id.replace(/[^/]+$/, name),
  name,
});
/** Enough that one of them is no more than a tenth. */
const MANY = 10;
/** The last so many of them. */
const fleet = (count: number) =>
  Array.from({ length: count }, (_, n) => named(`team${MANY - count + n}`));
const namesOf = (some: { name: string }[]) => some.map(({ name }) => name);
const idOf = (name: string) => RegistryId.parse(named(name).id);
const refused = (kind: 'denied' | 'not-found' = 'denied') =>
  new AzureError(
    { kind, code: 'Refused', message: `It is ${kind}` },
    { effect: 'refused' },
  );

describe.each(testDatabases())('who else uses a key, on $name', database => {
  let db: Knex;
  let azure: AzurePorts;
  let now: number;
  let parts: InventoryParts;
  /** Registries in Azure, by subscription; an error refuses the list. */
  let lists: Record<string, (typeof FACTS)[] | AzureError>;
  /** Azure's answer for one registry, where it differs from the list. */
  let gets: Record<string, typeof FACTS | AzureError>;
  let calls: string[];
  /** Queries of Resource Graph. */
  let queries: string[];
  let scopeProblem: AzureProblem | undefined;
  /** Rows of resources of other services, as Resource Graph shows them; an error refuses the query. */
  let services: ConsumerRow[] | AzureError;

  const open = (everyMs = 5 * MINUTE) =>
    createInventory(
      {
        db,
        clock: { now: async () => now },
        azure,
        logger: { warn: () => undefined },
        sleep,
      },
      {
        scope: {
          subscriptions: Object.keys(lists),
          includes: ({ name }) => !name.startsWith('else'),
          problem: () => scopeProblem,
        },
        everyMs,
        changesOf,
      },
    );

  beforeEach(async () => {
    db = await database.open();
    now = 1_000_000;
    calls = [];
    queries = [];
    scopeProblem = undefined;
    services = [];
    gets = {};
    lists = {
      [registryId.subscriptionId]: [named('aaaaa'), named('bbbbb')],
      [OTHER_SUBSCRIPTION]: [],
    };
    const answer = <T>(value: T | AzureError) => {
      if (value instanceof AzureError) throw value;
      return { value, azureAt: now };
    };
    azure = {
      registries: {
        listBySubscription: async (subscription: string) => {
          calls.push(`list ${subscription.slice(0, 1)}`);
          return answer(lists[subscription]);
        },
        get: async (id: RegistryId) => {
          calls.push(`get ${id.name}`);
          return answer(gets[id.name] ?? named(id.name));
        },
      },
      resourceGraph: {
        consumers: async (
          { subscriptionIds, hosts }: GraphPart & { hosts?: string[] },
          { toFacts }: ConsumerQuery<unknown>,
        ) => {
          queries.push(`${hosts} in ${subscriptionIds.length}`);
          const shown = answer(services);
          return { ...shown, value: toRows(shown.value, toFacts) };
        },
      },
    } as unknown as AzurePorts;
    parts = open();
  });
  afterEach(async () => {
    await parts.background.stop();
    await db.destroy();
  });

  /** Reads what is marked, as the next turn of the sync does. */
  const readMarked = () =>
    queueReaderOf({
      db,
      rows: parts.rows,
      azure,
      clock: { now: async () => now },
    }).readDue();
  const concerns = { keys: [KEY], principals: [] };
  const users = async () => {
    calls = [];
    const { inScope, elsewhere, complete } =
      await parts.inventory.users.refreshed(concerns, { freshness: JUST_NOW });
    return {
      names: inScope.map(({ name }) => name),
      elsewhere: elsewhere.length,
      complete,
    };
  };
  const listAll = () => parts.listings.ensure('registries');
  const knownNames = async () =>
    (await parts.inventory.users.known(KEY, { now })).inScope.map(
      ({ name }) => name,
    );

  it('is not known before every subscription was listed, and a tab lists none', async () => {
    const looked = await parts.inventory.users.known(KEY, { now });
    expect(looked).toEqual({
      inScope: [],
      elsewhere: [],
      complete: false,
      services: [],
      lookedAt: {
        state: 'no',
        types: [],
        notReadable: Object.keys(lists).map(subscription => ({
          subscription,
          problem: 'Other Azure services have not been listed yet',
        })),
      },
    });
    expect(calls).toEqual([]);
  });

  it('names one that was just read once, at its place among the others', async () => {
    await listAll();
    const [aaaaa, bbbbb] = (await parts.inventory.users.known(KEY, { now }))
      .inScope;
    for (const known of [aaaaa, bbbbb]) {
      const { inScope } = await parts.inventory.users.known(KEY, {
        known,
        now,
      });
      expect(inScope.map(({ name }) => name)).toEqual(['aaaaa', 'bbbbb']);
    }
  });

  it('is asked of Azure by the first plan, which lists once', async () => {
    expect(await users()).toEqual({
      names: ['aaaaa', 'bbbbb'],
      elsewhere: 0,
      complete: true,
    });
    expect(calls.filter(call => call.startsWith('list')).sort()).toEqual([
      'list 1',
      'list 2',
    ]);
    now += LISTED_WITHIN_MS - 1;
    await users();
    expect([...calls].sort()).toEqual(['get aaaaa', 'get bbbbb']);
  });

  it('is no longer known when the last listing is too old', async () => {
    await listAll();
    expect((await parts.inventory.users.known(KEY, { now })).complete).toBe(
      true,
    );
    now += LISTED_WITHIN_MS;
    expect((await parts.inventory.users.known(KEY, { now })).complete).toBe(
      false,
    );
    await users();
    expect(calls).toContain('list 1');
  });

  it('is not known once a listing has failed, however young the last whole one is', async () => {
    await listAll();
    now += MINUTE;
    lists[OTHER_SUBSCRIPTION] = refused();
    await parts.listings.ensure('registries', { maxAgeMs: MINUTE });
    expect(await parts.inventory.users.known(KEY, { now })).toMatchObject({
      complete: false,
    });
    lists[OTHER_SUBSCRIPTION] = [];
    now += MINUTE;
    await parts.listings.ensure('registries', { maxAgeMs: MINUTE });
    expect(await parts.inventory.users.known(KEY, { now })).toMatchObject({
      complete: true,
    });
  });

  it('is not known while one subscription cannot be listed, and what was known stays', async () => {
    await listAll();
    now += LISTED_WITHIN_MS;
    lists[OTHER_SUBSCRIPTION] = refused();
    expect(await users()).toEqual({
      names: ['aaaaa', 'bbbbb'],
      elsewhere: 0,
      complete: false,
    });
    expect((await parts.inventory.users.known(KEY, { now })).complete).toBe(
      false,
    );
  });

  it('is not known while there may be other subscriptions, however well each known one was listed', async () => {
    await listAll();
    scopeProblem = { kind: 'denied', code: 'X', message: 'There may be more' };
    expect((await users()).complete).toBe(false);
    expect((await parts.inventory.users.known(KEY, { now })).complete).toBe(
      false,
    );
    const incomplete = { complete: false, problem: scopeProblem };
    expect(await listAll()).toEqual(incomplete);
    expect(await parts.listings.completeness('vaults')).toMatchObject(
      incomplete,
    );
  });

  it('leaves out who no longer uses it, and forgets who is gone', async () => {
    await listAll();
    now += MINUTE;
    gets.aaaaa = { ...named('aaaaa'), encryption: { status: 'disabled' } };
    gets.bbbbb = refused('not-found');
    expect(await users()).toEqual({ names: [], elsewhere: 0, complete: true });
    expect((await parts.inventory.users.known(KEY, { now })).inScope).toEqual(
      [],
    );
  });

  it('is not known when a user cannot be read: it may use the key still', async () => {
    await listAll();
    now += MINUTE;
    gets.bbbbb = refused();
    expect(await users()).toEqual({
      names: ['aaaaa', 'bbbbb'],
      elsewhere: 0,
      complete: false,
    });
  });

  it('counts users outside of the scopes', async () => {
    const { id, ...facts } = named('elsewhere');
    gets.elsewhere = {
      ...facts,
      id: id.replace(registryId.subscriptionId, OTHER_SUBSCRIPTION),
    };
    lists[OTHER_SUBSCRIPTION] = [gets.elsewhere];
    expect(await users()).toEqual({
      names: ['aaaaa', 'bbbbb'],
      elsewhere: 1,
      complete: true,
    });
  });

  it('includes a registry that we have just made, which no listing holds', async () => {
    await listAll();
    now += MINUTE;
    await parts.inventory.expire(idOf('created'), []);
    now += 1;
    expect((await users()).names).toEqual(['aaaaa', 'bbbbb', 'created']);
  });

  it('reads nothing twice that was just read', async () => {
    await listAll();
    now += MINUTE;
    calls = [];
    const known = await parts.inventory.registry(idOf('aaaaa'), JUST_NOW);
    if (!known.known) throw new Error(known.problem.message);
    await parts.inventory.users.refreshed(concerns, {
      freshness: JUST_NOW,
      known: known.value,
    });
    expect([...calls].sort()).toEqual(['get aaaaa', 'get bbbbb']);
  });

  it('is not known from a list with an item that has no usable id', async () => {
    lists[OTHER_SUBSCRIPTION] = [{ ...FACTS, id: 'not an id' }];
    expect((await users()).complete).toBe(false);
  });

  it('forgets what a whole listing no longer holds, and nothing when it fails', async () => {
    lists[registryId.subscriptionId] = fleet(MANY);
    await listAll();
    now += LISTED_WITHIN_MS;
    lists[registryId.subscriptionId] = refused();
    await listAll();
    expect(await knownNames()).toHaveLength(MANY);
    now += MINUTE;
    lists[registryId.subscriptionId] = fleet(MANY - 1);
    await listAll();
    expect(await knownNames()).toEqual(namesOf(fleet(MANY - 1)));
  });

  describe('F27: a list that lost more than a tenth', () => {
    const fallen = fleet(MANY - 2);
    beforeEach(async () => {
      lists[registryId.subscriptionId] = fleet(MANY);
      await listAll();
      now += LISTED_WITHIN_MS;
      lists[registryId.subscriptionId] = fallen;
    });

    it('is no deletion, but a reason to read each that it lacks', async () => {
      calls = [];
      const { complete, problem } = await listAll();
      expect({ complete, code: problem?.code }).toEqual({
        complete: false,
        code: 'CountFell',
      });
      expect(problem?.message).toContain(
        `Azure shows ${MANY - 2} of the registries of the subscription ${
          registryId.subscriptionId
        }, and ${MANY} are known`,
      );
      await readMarked();
      expect(calls.filter(call => call.startsWith('get')).sort()).toEqual([
        'get team0',
        'get team1',
      ]);
      expect(await knownNames()).toEqual(namesOf(fleet(MANY)));
      // They are there: the list goes on being no whole one.
      now += MINUTE;
      expect((await listAll()).complete).toBe(false);
      expect(await knownNames()).toEqual(namesOf(fleet(MANY)));
    });

    it('is believed once Azure has said of each that it is gone', async () => {
      gets.team0 = refused('not-found');
      gets.team1 = refused('not-found');
      expect((await listAll()).complete).toBe(false);
      await readMarked();
      now += MINUTE;
      expect((await listAll()).complete).toBe(true);
      expect(await knownNames()).toEqual(namesOf(fallen));
    });

    it('is no deletion where the role was taken away, however often it is listed', async () => {
      gets.team0 = refused();
      gets.team1 = refused();
      for (let times = 0; times < 3; times++) {
        expect((await listAll()).complete).toBe(false);
        await readMarked();
        now += MINUTE;
      }
      expect(await knownNames()).toEqual(namesOf(fleet(MANY)));
    });
  });

  it('counts for three times the interval at which everything is listed', async () => {
    const { listings } = open(60 * MINUTE);
    await listAll();
    now += 180 * MINUTE - 1;
    expect((await listings.completeness('registries')).complete).toBe(true);
    now += 1;
    expect((await listings.completeness('registries')).complete).toBe(false);
  });

  describe('by resources of other services', () => {
    const HOST = KEY.vaultHost;
    const account = (name: string, keyName = KEY.keyName): ConsumerRow => ({
      id: `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`,
      name,
      type: 'microsoft.storage/storageaccounts',
      subscriptionId: OTHER_SUBSCRIPTION,
      resourceGroup: 'rg-data',
      location: 'westeurope',
      properties: {
        encryption: {
          keyvaultproperties: {
            keyvaulturi: `https://${HOST}/`,
            keyname: keyName,
          },
        },
      },
    });
    const planned = async () => {
      const answer = await parts.inventory.users.refreshed(concerns, {
        freshness: JUST_NOW,
      });
      return { names: namesOf(answer.services), lookedAt: answer.lookedAt };
    };
    const shown = async () =>
      namesOf((await parts.inventory.users.known(KEY, { now })).services);

    it('is asked anew by each plan, at the vault of the key and in every subscription', async () => {
      services = [account('one'), account('other', 'another-key')];
      expect((await planned()).names).toEqual(['one']);
      now += MINUTE;
      queries = [];
      services = [account('one'), account('appeared')];
      expect(await shown()).toEqual(['one']);
      expect((await planned()).names).toEqual(['appeared', 'one']);
      expect(queries).toEqual([`${HOST} in 2`]);
      expect(await shown()).toEqual(['appeared', 'one']);
    });

    it('is not asked by a preview of many plans, which takes what is known', async () => {
      await planned();
      now += MINUTE;
      queries = [];
      await parts.inventory.users.refreshed(concerns, { freshness: KNOWN });
      expect(queries).toEqual([]);
    });

    it('stays as it is known, and is not all, where Azure does not answer', async () => {
      services = [account('one')];
      await planned();
      now += MINUTE;
      services = refused();
      const { names, lookedAt } = await planned();
      expect(names).toEqual(['one']);
      expect(lookedAt.notReadable).toContainEqual({ problem: 'It is denied' });
    });

    it('is not all where one of them cannot be understood', async () => {
      const { properties, ...row } = account('broken');
      services = [
        account('one'),
        {
          ...row,
          properties: {
            encryption: {
              keyvaultproperties: {
                keyvaulturi: 'https://kv.example.org',
                keyname: 'x',
              },
            },
          },
        },
      ];
      const { names, lookedAt } = await planned();
      expect(names).toEqual(['one']);
      expect(lookedAt.notReadable[0].problem).toContain(
        'holds some that cannot be understood',
      );
    });
  });

  it('lets many plans share one listing', async () => {
    await Promise.all([users(), users(), users()]);
    expect(calls.filter(call => call === 'list 1')).toHaveLength(1);
  });
});
