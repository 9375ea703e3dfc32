import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { canonicalJson } from '../../cmk/canonicalJson';
import { PLAIN_MESSAGES } from '../../cmk/state';
import { identityIdForm, inSubscription, registryIdForm } from './ids';
import { InventoryRows } from './index';
import { pack } from './packing';

const { registry } = bundleWith();
const { registryId, key: _key, keyInUse: _inUse, ...FACTS } = registry;
const [SUBSCRIPTION, GROUP, NAME] = [
  registryId.subscriptionId,
  registryId.resourceGroup.toLowerCase(),
  registryId.name.toLowerCase(),
];
const IDENTITY_ID = `/subscriptions/${SUBSCRIPTION}/resourcegroups/${GROUP}/providers/microsoft.managedidentity/userassignedidentities/id-shop`;
const IDENTITY = {
  id: IDENTITY_ID,
  name: 'id-shop',
  location: 'westeurope',
  tenantId: 't',
  clientId: 'c1',
  principalId: 'p1',
};

const MIGRATIONS = resolvePackagePath(
  'backstage-plugin-acr-cmk-backend',
  'migrations',
);
const SHORT_IDS = '20261203_short_ids.js';

describe('ids as rows hold them', () => {
  const part = fc.stringMatching(/^[a-z0-9.()_-]{1,20}$/);

  it('are subscription, resource group and name, and lead back to the ARM id', () => {
    fc.assert(
      fc.property(part, part, part, (subscription, group, name) => {
        for (const [form, type] of [
          [registryIdForm, 'microsoft.containerregistry/registries'],
          [identityIdForm, 'microsoft.managedidentity/userassignedidentities'],
        ] as const) {
          const armId = `/subscriptions/${subscription}/resourcegroups/${group}/providers/${type}/${name}`;
          expect(form.toRow(armId)).toBe(`${subscription}/${group}/${name}`);
          expect(form.toRow(armId.toUpperCase())).toBe(form.toRow(armId));
          expect(form.toArm(form.toRow(armId))).toBe(armId);
        }
      }),
    );
  });

  it.each([
    '',
    '/a/b',
    `${IDENTITY_ID}/children/one`,
    IDENTITY_ID.replace('microsoft.managedidentity', 'microsoft.other'),
    '/subscriptions/s/providers/microsoft.containerregistry/registries/shop',
  ])('are the ARM id itself where that is another one: %s', armId => {
    for (const form of [registryIdForm, identityIdForm]) {
      expect(form.toArm(form.toRow(armId))).toBe(armId);
    }
  });
});

it('states whose messages are not kept have those that the migration takes away', () => {
  const source = readFileSync(join(MIGRATIONS, SHORT_IDS), 'utf8');
  for (const message of Object.values(PLAIN_MESSAGES)) {
    expect(source).toContain(`'${message}'`);
  }
});

const databases = testDatabases();

describe.each(databases)('a subscription on $name', ({ name, open }) => {
  it('has its registries and no others, and SQLite finds them by the primary key', async () => {
    const db = await open();
    await db('registries').insert(
      ['a', 'a-b', 'a0', 'ab', 'b'].map(subscription => ({
        id: `${subscription}/g/shop`,
        name: 'shop',
      })),
    );
    const ofA = db('registries').where(inSubscription('registries', 'A'));
    expect(await ofA.clone().pluck('id')).toEqual(['a/g/shop']);
    // PostgreSQL has an index.
    const plan = JSON.stringify(
      name === 'SQLite' && (await db.raw(`explain query plan ${ofA}`)),
    );
    expect(plan).toMatch(
      name === 'SQLite' ? /USING INDEX sqlite_autoindex_registries_1/ : /false/,
    );
    await db.destroy();
  });
});

describe.each(databases)(
  'rows of a release with ids in full, on $name',
  ({ openEmpty }) => {
    const directory = MIGRATIONS;
    const LISTED_AS = 'MrYjeRsU-vFc05rDtBtG_9';
    let db: Knex;
    let rows: InventoryRows;
    beforeEach(async () => {
      db = await openEmpty();
      rows = new InventoryRows(db, { now: async () => 1 });
      await db.migrate.latest({ directory });
      await db.migrate.down({ directory, name: SHORT_IDS });
      // Names that look like other parts of an id.
      for (const group of [
        GROUP,
        'subscriptions',
        'resourcegroups',
        'providers',
      ]) {
        const id = RegistryId.parse(
          `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${NAME}`,
        );
        await db('registries').insert({
          id: id.key,
          subscription_id: SUBSCRIPTION,
          resource_group: group,
          name: NAME,
          location: 'westeurope',
          sku: 'Premium',
          facts: pack(canonicalJson({ ...FACTS, id: id.toString() }), id.key),
          read_at: 1,
          azure_at: 1,
          listed_as: LISTED_AS,
          state: 'current',
          state_message: PLAIN_MESSAGES.current,
          judged_at: 1,
        });
        await db('links').insert({
          registry_id: id.key,
          entity_ref: `resource:default/${group}`,
          source: 'annotation',
          read_at: 1,
        });
      }
      await db('identities').insert({
        id: IDENTITY_ID,
        subscription_id: SUBSCRIPTION,
        name: 'id-shop',
        client_id: 'c1',
        principal_id: 'p1',
        facts: pack(canonicalJson(IDENTITY), IDENTITY_ID),
        read_at: 1,
        azure_at: 1,
      });
      await db('registry_conditions').insert({
        registry_id: registryId.key,
        condition: 'key-expired',
        subject: 's',
        level: 1,
        holds: true,
        since: 1,
      });
      await db('listings').insert({
        kind: 'registries',
        part: SUBSCRIPTION,
        items: 4,
        read_at: 1,
      });
    });
    afterEach(() => db.destroy());

    const groupsOf = (ids: string[]) => ids.map(id => id.split('/')[4]).sort();
    const GROUPS = [
      GROUP,
      'providers',
      'resourcegroups',
      'subscriptions',
    ].sort();

    it('are all known after the upgrade, by the same ids', async () => {
      await db.migrate.up({ directory, name: SHORT_IDS });
      const known = await rows.registries.page({
        subscriptionId: SUBSCRIPTION,
        limit: 10,
      });
      expect(groupsOf(known.map(({ id }) => id))).toEqual(GROUPS);
      expect((await rows.registries.get(registryId))?.value).toEqual(registry);
      expect(await rows.identities.of(IDENTITY_ID).read()).toMatchObject({
        value: IDENTITY,
      });
      expect(await rows.identities.idOf('c1')).toBe(IDENTITY_ID);
      expect(groupsOf(await rows.links.linked(10))).toEqual(GROUPS);
      expect(await rows.links.behind([registryId.key])).toMatchObject([
        { registryId: registryId.key, entityRef: `resource:default/${GROUP}` },
      ]);
      expect(await db('registry_conditions').pluck('registry_id')).toEqual([
        `${SUBSCRIPTION}/${GROUP}/${NAME}`,
      ]);
      expect(
        await db('registries').where({ resource_group: GROUP }),
      ).toMatchObject([
        {
          id: `${SUBSCRIPTION}/${GROUP}/${NAME}`,
          subscription_id: SUBSCRIPTION,
          name: NAME,
          listed_as: LISTED_AS.slice(0, 11),
          state_message: null,
        },
      ]);
      expect(await db('identities').first()).toMatchObject({
        subscription_id: SUBSCRIPTION,
        name: 'id-shop',
      });
    });

    it('are what they were after the migration is undone, and what is written since is read again', async () => {
      const before = await db('registries').orderBy('id').select();
      await db.migrate.up({ directory, name: SHORT_IDS });
      await db.migrate.down({ directory, name: SHORT_IDS });
      const after = await db('registries').orderBy('id').select();
      // The location is in the facts, and tells only that there are any.
      const without = ({
        location,
        sku,
        judged_at,
        listed_as,
        ...row
      }: any) => ({
        ...row,
        isRead: location !== null,
      });
      expect(after.map(without)).toEqual(before.map(without));
      expect(groupsOf(await db('links').pluck('registry_id'))).toEqual(GROUPS);
      expect(await db('registry_conditions').pluck('registry_id')).toEqual([
        registryId.key,
      ]);
      expect(await db('identities').first()).toMatchObject({
        id: IDENTITY_ID,
        subscription_id: SUBSCRIPTION,
        name: 'id-shop',
      });
      expect(await db('listings')).toHaveLength(1);

      await db.migrate.up({ directory, name: SHORT_IDS });
      await rows.registries.keep([{ ...FACTS, sku: 'Other' }], {
        readAt: 2,
        azureAt: 2,
      });
      await db.migrate.down({ directory, name: SHORT_IDS });
      expect(await db('registries').pluck('resource_group')).not.toContain(
        GROUP,
      );
      expect(await db('listings')).toEqual([]);
    });
  },
);
