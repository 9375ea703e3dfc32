import {
  type KeyFacts,
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { fleetChanges } from './fleetChanges';
import { InventoryRows } from './index';

const bundle = bundleWith();
const {
  registryId: _id,
  key: KEY,
  keyInUse: _inUse,
  ...SHOP
} = bundle.registry;
const ID = RegistryId.parse(SHOP.id);
const SUBSCRIPTION = ID.subscriptionId;
const known = <T>(fact: { known: boolean; value?: T } | undefined): T => {
  if (!fact?.known) throw new Error('The test bundle knows it');
  return fact.value as T;
};
const KEY_FACTS: KeyFacts = known(bundle.key);
const VAULT: VaultFacts = known(bundle.vault);

const named = (
  name: string,
  change?: Partial<RegistryFacts>,
): RegistryFacts => ({
  ...SHOP,
  id: SHOP.id.replace(/[^/]+$/, name),
  name,
  ...change,
});
const idOf = (name: string) => RegistryId.parse(named(name).id);
const at = (readAt: number, seenAt?: number) => ({
  readAt,
  azureAt: readAt + 7,
  ...(seenAt === undefined ? {} : { seenAt }),
});
const DENIED = {
  kind: 'denied',
  code: 'AuthorizationFailed',
  message: 'No',
} as const;
const GONE = {
  kind: 'not-found',
  code: 'ResourceNotFound',
  message: 'Gone',
} as const;

describe.each(testDatabases())('rows of the inventory on $name', ({ open }) => {
  let db: Knex;
  let rows: InventoryRows;
  beforeEach(async () => {
    db = await open();
    rows = new InventoryRows(db, { now: async () => 9_000 });
  });
  afterEach(() => db.destroy());

  const judged = () => db('registries').update({ judge_at: null });
  const toJudge = async (): Promise<string[]> =>
    db('registries').where({ judge_at: 0 }).orderBy('name').pluck('name');

  it('hold the facts, with the time that they show and Azure’s', async () => {
    await rows.registries.keep([SHOP], at(1_000));
    expect(await rows.registries.get(ID)).toMatchObject({
      value: { id: SHOP.id, name: SHOP.name, tags: SHOP.tags },
      observedAt: 1_000,
      azureAt: 1_007,
    });
  });

  it('hold what is filtered and joined by in columns', async () => {
    await rows.registries.keep([SHOP], at(1_000));
    expect(await db('registries').first()).toMatchObject({
      id: ID.key,
      arm_id: SHOP.id,
      name: 'shopimages',
      display_name: SHOP.name,
      location: SHOP.location,
      subscription_id: SUBSCRIPTION,
      resource_group: ID.resourceGroup.toLowerCase(),
      vault_host: KEY?.vaultHost,
      key_name: KEY?.keyName,
      version_mode: 'automatic',
      version_in_use: bundle.registry.keyInUse?.version,
    });
  });

  it('are never overwritten by an older reading', async () => {
    await rows.registries.keep([named('shop1', { sku: 'New' })], at(2_000));
    await rows.registries.keep([named('shop1', { sku: 'Old' })], at(1_000));
    expect((await rows.registries.get(idOf('shop1')))?.value?.sku).toBe('New');
  });

  it('say which of a batch differ, and have only those judged again', async () => {
    await rows.registries.keep([named('aaaaa'), named('bbbbb')], at(1_000));
    await judged();
    expect(
      await rows.registries.keep(
        [named('aaaaa'), named('bbbbb', { sku: 'Other' })],
        at(2_000),
      ),
    ).toEqual([{ id: idOf('bbbbb').key }]);
    expect(await toJudge()).toEqual(['bbbbb']);
  });

  it('take tags in another order for the same', async () => {
    await rows.registries.keep(
      [named('aaaaa', { tags: { a: '1', b: '2' } })],
      at(1_000),
    );
    expect(
      await rows.registries.keep(
        [named('aaaaa', { tags: { b: '2', a: '1' } })],
        at(2_000),
      ),
    ).toEqual([]);
  });

  it('keep what was known when a reading fails, until one succeeds', async () => {
    await rows.registries.keep([SHOP], at(1_000));
    await rows.registries.keepProblem(ID, DENIED, 2_000);
    expect(await rows.registries.get(ID)).toMatchObject({
      value: { name: SHOP.name },
      observedAt: 1_000,
      problem: DENIED,
      problemAt: 2_000,
    });
    await rows.registries.keep([SHOP], at(3_000));
    expect((await rows.registries.get(ID))?.problem).toBeUndefined();
  });

  it('keep a problem that is newer than a reading which arrives late', async () => {
    await rows.registries.keepProblem(ID, DENIED, 2_000);
    await rows.registries.keep([SHOP], at(1_000));
    expect(await rows.registries.get(ID)).toMatchObject({
      value: { name: SHOP.name },
      problem: DENIED,
    });
  });

  it('ignore a failure that is older than what is known', async () => {
    await rows.registries.keep([SHOP], at(2_000));
    await rows.registries.keepProblem(ID, DENIED, 1_000);
    expect((await rows.registries.get(ID))?.problem).toBeUndefined();
  });

  it('still count as changed by us after a reading that began before the change', async () => {
    await rows.registries.keep([SHOP], at(1_000));
    await rows.registries.expire(ID, 2_000);
    await rows.registries.keep([SHOP], at(1_500));
    expect(await rows.registries.get(ID)).toMatchObject({
      observedAt: 1_500,
      expiredAt: 2_000,
    });
  });

  it('remember what we have made and nobody has read yet', async () => {
    await rows.registries.expire(ID, 2_000);
    expect(await rows.registries.unread()).toEqual([ID]);
    await rows.registries.keepProblem(ID, DENIED, 3_000);
    expect(await rows.registries.unread()).toEqual([ID]);
    await rows.registries.keepProblem(ID, GONE, 4_000);
    expect(await rows.registries.unread()).toEqual([]);
    await rows.registries.keep([SHOP], at(5_000));
    expect(await rows.registries.unread()).toEqual([]);
  });

  it('find who uses a key, whatever the spelling, without those that are gone', async () => {
    await rows.registries.keep(
      [named('aaaaa'), named('bbbbb'), named('ccccc')],
      at(1_000),
    );
    await rows.registries.keepProblem(idOf('ccccc'), GONE, 2_000);
    await rows.registries.keep(
      [
        named('bbbbb', {
          encryption: {
            ...SHOP.encryption,
            keyIdentifier: KEY?.toString()
              .toUpperCase()
              .replace('HTTPS', 'https')
              .replace('KEYS', 'keys'),
          },
        }),
      ],
      at(2_000),
    );
    const users = await rows.registries.usersOf(KEY as KeyIdentifier);
    expect(users.map(({ name }) => name)).toEqual(['aaaaa', 'bbbbb']);
  });

  it('have every registry behind a key, a vault or an access path judged again when that changes', async () => {
    const key = KEY as KeyIdentifier;
    await rows.registries.keep(
      [named('aaaaa'), named('other', { encryption: { status: 'disabled' } })],
      at(1_000),
    );
    const [{ principal_id }] = await db('registries').where({ name: 'aaaaa' });
    const principalId = principal_id!;
    for (const change of [
      () => rows.keys.keep([KEY_FACTS], at(2_000)),
      () => rows.vaults.keep([VAULT], at(2_000)),
      () =>
        rows.access.keepEach(
          [{ name: { principalId, key }, facts: [] }],
          at(2_000),
        ),
      () => rows.keys.keepProblem(key, DENIED, 3_000),
      () => rows.vaults.keepProblem(VAULT.id, DENIED, 3_000),
      () => rows.access.keepProblem({ principalId, key }, DENIED, 3_000),
    ]) {
      await judged();
      await change();
      expect(await toJudge()).toEqual(['aaaaa']);
    }
    await judged();
    await rows.keys.keep([KEY_FACTS], at(4_000));
    await judged();
    // Nothing differs.
    await rows.keys.keep([KEY_FACTS], at(5_000));
    expect(await toJudge()).toEqual([]);
  });

  it('drop only what a whole listing of their subscription did not hold', async () => {
    await rows.registries.keep(
      [named('gone1'), named('stays'), named('read1')],
      at(1_000, 1_000),
    );
    await rows.registries.keep([named('stays')], at(500, 2_000));
    await rows.registries.keep([named('read1')], at(2_500));
    expect(await rows.registries.removeUnseen(SUBSCRIPTION, 2_000)).toBe(1);
    expect(await db('registries').orderBy('name').pluck('name')).toEqual([
      'read1',
      'stays',
    ]);
  });

  it('accept thousands at once', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) =>
      named(`many${index}`),
    );
    expect(await rows.registries.keep(many, at(1_000, 1_000))).toHaveLength(
      2_500,
    );
    expect(await rows.registries.keep(many, at(2_000, 2_000))).toEqual([]);
    expect(await db('registries').pluck('id')).toHaveLength(2_500);
  });

  it('find a vault by its name, and an identity by whatever people call it', async () => {
    await rows.vaults.keep([VAULT], at(1_000));
    expect(
      (await rows.vaults.named(VAULT.name.toUpperCase()))?.fact.value,
    ).toEqual(VAULT);
    const identity = {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-Shop`,
      name: 'id-Shop',
      location: 'westeurope',
      tenantId: 't',
      clientId: 'C1',
      principalId: 'P1',
    };
    await rows.identities.keep([identity], at(1_000));
    for (const text of [identity.id, 'ID-shop', 'c1', 'p1']) {
      expect(await rows.identities.matching(text, [SUBSCRIPTION])).toEqual([
        identity,
      ]);
    }
    expect(await rows.identities.matching('c1', [])).toEqual([]);
  });

  it('forget listed keys that are gone, but for those that registries use', async () => {
    const key = KEY as KeyIdentifier;
    await rows.registries.keep([SHOP], at(1_000));
    await rows.keys.keepListed(
      key.vaultName,
      [{ name: key.keyName }, { name: 'unused' }, { name: 'there' }],
      1_000,
    );
    await rows.keys.keepListed(key.vaultName, [{ name: 'there' }], 2_000);
    expect(await rows.keys.removeUnseen(key.vaultName, 2_000)).toEqual([
      key.keyName.toLowerCase(),
    ]);
    expect(await rows.keys.listedIn(key.vaultName)).toEqual([
      { name: 'there' },
    ]);
    expect(await db('keys').orderBy('name').pluck('name')).toEqual(
      [key.keyName.toLowerCase(), 'there'].sort(),
    );
  });

  it('are queued by our own change where a registry uses them, until a reading that has begun since', async () => {
    const unused = { ...KEY_FACTS, name: 'unused' };
    await rows.registries.keep([SHOP], at(1_000));
    await rows.keys.keep([KEY_FACTS, unused], at(1_000));
    const { vaultName } = KEY_FACTS;
    const place = (keyName: string) => ({ vaultName, keyName });
    const queue = () => db('keys').whereNotNull('next_read_at').pluck('name');
    const used = KEY_FACTS.name.toLowerCase();
    for (const name of [used, 'unused', 'unknown']) {
      await rows.keys.expire(place(name), 2_000);
    }
    expect(await queue()).toEqual([used]);
    await rows.keys.keep([KEY_FACTS, unused], at(1_900));
    expect(await queue()).toEqual([used]);
    await rows.keys.keep([KEY_FACTS, unused], at(2_100));
    expect(await queue()).toEqual([]);
  });

  it('say that lists of the fleet may differ, and not while readings show the same', async () => {
    let last = '';
    const changed = async (act: () => Promise<unknown>) => {
      await act();
      const now = await fleetChanges(db);
      const differs = now !== last;
      last = now;
      return differs;
    };
    const links = (readAt: number, owner: string) =>
      rows.links.keep(
        [{ entityRef: 'resource:default/shop', owner, registries: [ID] }],
        readAt,
      );
    const read = (readAt: number, change?: Partial<RegistryFacts>) =>
      rows.registries.keep([named('shop1', change)], at(readAt, readAt));
    expect(await changed(() => read(1_000))).toBe(true);
    expect(await changed(() => read(2_000))).toBe(false);
    expect(await changed(() => read(3_000, { sku: 'New' }))).toBe(true);
    expect(await changed(() => links(1_000, 'group:default/a'))).toBe(true);
    expect(await changed(() => links(2_000, 'group:default/a'))).toBe(false);
    expect(await changed(() => links(3_000, 'group:default/b'))).toBe(true);
    expect(await changed(() => rows.links.removeUnseen(2_000))).toBe(false);
    expect(await changed(() => rows.links.removeUnseen(4_000))).toBe(true);
    const gone = () => rows.registries.keepProblem(idOf('shop1'), GONE, 4_000);
    expect(await changed(gone)).toBe(true);
    const removed = (before: number) =>
      rows.registries.removeUnseen(SUBSCRIPTION, before);
    expect(await changed(() => removed(1_000))).toBe(false);
    expect(await changed(() => removed(5_000))).toBe(true);
  });

  it('link entities by their annotations and registries by their tags', async () => {
    await rows.links.keep(
      [
        {
          entityRef: 'component:default/shop',
          owner: 'group:default/team-shop',
          registries: [ID],
        },
        {
          entityRef: 'component:default/other',
          registries: [idOf('other'), ID],
        },
      ],
      1_000,
    );
    expect(await rows.links.behind([ID.key])).toEqual([
      { registryId: ID.key, entityRef: 'component:default/other' },
      {
        registryId: ID.key,
        entityRef: 'component:default/shop',
        owner: 'group:default/team-shop',
      },
    ]);
    // It names another one now.
    await rows.links.keep(
      [{ entityRef: 'component:default/other', registries: [idOf('other')] }],
      2_000,
    );
    expect(await rows.links.behind([ID.key])).toHaveLength(1);
    // The own one first, however few there may be.
    const [one, own] = [idOf('other').key, ID.key].sort();
    expect(await rows.links.linked(10)).toEqual([one, own]);
    await rows.links.keep(
      [
        {
          entityRef: 'component:default/own',
          owner: 'group:default/team-own',
          registries: [RegistryId.parse(own)],
        },
      ],
      1_000,
    );
    const first = ['user:default/me', 'Group:default/Team-Own'];
    expect(await rows.links.linked(10, first)).toEqual([own, one]);
    expect(await rows.links.linked(1, first)).toEqual([own]);
    expect(await rows.links.linked(1)).toEqual([one]);
    await rows.links.keep(
      [{ entityRef: 'component:default/own', registries: [] }],
      1_000,
    );
    expect(await rows.links.removeUnseen(2_000)).toBe(1);
    expect(await rows.links.linked(10)).toEqual([idOf('other').key]);

    await rows.registries.keep(
      [
        named('aaaaa', {
          tags: {
            'Backstage-Entity-Ref': 'resource:default/a, Group:default/B',
          },
        }),
      ],
      at(1_000),
    );
    expect(await rows.links.taggedWith(['group:default/b'])).toEqual([
      idOf('aaaaa').key,
    ]);
    await rows.registries.keep([named('aaaaa', { tags: {} })], at(2_000));
    expect(await rows.links.taggedWith(['group:default/b'])).toEqual([]);
  });

  it('remember that a listing failed beside the last whole one', async () => {
    await rows.listings.keep('vaults', SUBSCRIPTION, {
      items: 3,
      ...at(1_000),
    });
    await rows.listings.keepProblem('vaults', SUBSCRIPTION, {
      problem: DENIED,
      at: 2_000,
    });
    expect(await rows.listings.get('vaults', [SUBSCRIPTION, 'never'])).toEqual([
      expect.objectContaining({ value: 3, observedAt: 1_000, problem: DENIED }),
      { part: 'never' },
    ]);
  });

  it('drop access that no registry has any more', async () => {
    const key = KEY as KeyIdentifier;
    await rows.registries.keep([SHOP], at(1_000));
    const [{ principal_id }] = await db('registries');
    const principalId = principal_id!;
    await rows.access.keepEach(
      [
        { name: { principalId, key }, facts: [] },
        { name: { principalId: 'former', key }, facts: [] },
      ],
      at(1_000),
    );
    expect(await rows.access.removeUnused(2_000)).toBe(1);
    expect(await db('access').pluck('principal_id')).toEqual([principalId]);
  });
});
