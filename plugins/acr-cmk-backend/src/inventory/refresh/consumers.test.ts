import { mockServices } from '@backstage/backend-test-utils';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../../__testUtils__/databases';
import { AzureError } from '../../azure/AzureError';
import { CONSUMER_READ_ACTIONS } from '../../domain/consumers/readActions';
import { CONSUMER_TYPES } from '../../domain/consumers/types';
import { changesOf } from '../../engine/changesOf';
import { sleep } from '../../platform/time/realClock';
import { createInventory } from '../createInventory';
import { SweepRecord } from './SweepRecord';
import { smallAzure } from './__testUtils__/smallAzure';
import {
  INTERVAL_MS,
  startSyncWorld,
  type SyncWorld,
} from './__testUtils__/syncWorld';
import { createSync, createSyncStores } from '.';

jest.setTimeout(120_000);

const KEY = KeyIdentifier.parse(
  'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
);
/** Assignment of the role to read other services, by its name in the worlds. */
const CONSUMERS_ROLE = 'eeeeeeee-0000-4000-8000-000000000007';
const DES = 'Microsoft.Compute/diskEncryptionSets';
const ACCOUNT = 'Microsoft.Storage/storageAccounts';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'resources of other services that use a key, on $name',
  database => {
    let world: SyncWorld;
    afterEach(() => world?.close());

    const start = async (...actions: string[]) => {
      world = await startSyncWorld({ database });
      const { emulator } = world.azure;
      const reader = emulator.state.principalId('acr-cmk-reader');
      for (const { id, name } of emulator.state.assignments(reader)) {
        if (name !== CONSUMERS_ROLE) continue;
        await emulator.outOfBand(
          'DELETE',
          `https://management.azure.com${id}?api-version=2022-04-01`,
        );
      }
      for (const action of CONSUMER_READ_ACTIONS) {
        await world.azure.forbid('reader', action);
      }
      for (const action of actions) await world.azure.allow('reader', action);
    };
    const urlOf = (type: string, name: string) =>
      `https://management.azure.com/subscriptions/${world.azure.subscriptionId}/resourceGroups/rg-shop/providers/${type}/${name}`;
    const send = async (
      method: string,
      url: string,
      body?: Record<string, unknown>,
    ) => {
      const { status } = await world.azure.emulator.outOfBand(
        method,
        `${url}?api-version=2024-01-01`,
        body,
      );
      expect(status).toBeLessThan(300);
    };
    const make = (type: string, name: string, properties: object) =>
      send('PUT', urlOf(type, name), { location: 'westeurope', properties });
    const storage = (name: string) =>
      make(ACCOUNT, name, {
        encryption: {
          keyvaultproperties: {
            keyvaulturi: 'https://kv-contoso-rbac.vault.azure.net/',
            keyname: 'shopimages',
          },
        },
      });
    const clock = { now: async () => world.azure.emulator.clock.now() };
    const known = async () => {
      const { inventory } = createInventory(
        {
          db: world.db,
          clock,
          azure: world.azure.ports,
          sleep,
          logger: mockServices.logger.mock(),
        },
        {
          scope: {
            subscriptions: [world.azure.subscriptionId],
            includes: () => true,
          },
          everyMs: INTERVAL_MS,
          changesOf,
        },
      );
      const { services, lookedAt } = await inventory.users.known(KEY, {
        now: await clock.now(),
      });
      return { names: services.map(({ name }) => name).sort(), lookedAt };
    };
    const sweep = () =>
      new SweepRecord(createSyncStores({ db: world.db, clock }).state);

    it('are listed with the rest, and are then known to be all', async () => {
      await start('*/read');
      await storage('shopdata');
      await make(ACCOUNT, 'plain', {});
      await world.interval();
      expect(await known()).toMatchObject({
        names: ['shopdata'],
        lookedAt: {
          state: 'all',
          types: CONSUMER_TYPES.map(({ service }) => service),
          notReadable: [],
        },
      });
    });

    it('are not looked at without the right, however whole the lists are', async () => {
      await start();
      await storage('shopdata');
      await world.interval();
      expect((await sweep().last())?.state).toBe('whole');
      const { names, lookedAt } = await known();
      expect({ names, state: lookedAt.state }).toEqual({
        names: [],
        state: 'no',
      });
      expect(lookedAt.notReadable[0].problem).toContain(
        'it lacks Microsoft.Storage/storageAccounts/read',
      );
    });

    it('are looked at in part with the right to some types', async () => {
      await start(`${ACCOUNT}/read`);
      await storage('shopdata');
      await world.interval();
      expect(await known()).toMatchObject({
        names: ['shopdata'],
        lookedAt: { state: 'partly', types: ['storage account'] },
      });
    });

    it('stay known when the right is taken away, which a list does not tell from deletions', async () => {
      await start('*/read');
      await storage('shopdata');
      await world.interval();
      await world.azure.forbid('reader', '*/read');
      await world.interval();
      await world.interval();
      const { names, lookedAt } = await known();
      expect({ names, state: lookedAt.state }).toEqual({
        names: ['shopdata'],
        state: 'no',
      });
      expect(lookedAt.notReadable[0].problem).toContain(
        'lacks some that are known, and the read credential may not read their types there. They are kept.',
      );
      expect((await sweep().last())?.state).toBe('whole');
    });

    it('stay known when the right to one type is taken away, however few they are', async () => {
      await start(`${ACCOUNT}/read`, 'Microsoft.Batch/batchAccounts/read');
      for (let n = 0; n < 12; n++) await storage(`shopdata${n}`);
      await make('Microsoft.Batch/batchAccounts', 'shopbatch', {
        encryption: { keyVaultProperties: { keyIdentifier: KEY.toString() } },
      });
      await world.interval();
      await world.azure.forbid('reader', 'Microsoft.Batch/batchAccounts/read');
      await send('DELETE', urlOf(ACCOUNT, 'shopdata0'));
      await world.interval();
      await world.interval();
      const { names } = await known();
      expect(names).toHaveLength(12);
      expect(names).toContain('shopbatch');
      expect(names).not.toContain('shopdata0');
    });

    it('stay known when a part of the list could not be read', async () => {
      await start('*/read');
      await storage('shopdata');
      await world.interval();
      // Which subscriptions can be read, the counts, and the other kinds go through.
      world.azure.emulator.clock.advance(INTERVAL_MS);
      world.azure.emulator.faults.add({
        path: '/providers/Microsoft.ResourceGraph/resources',
        skip: 6,
        times: 12,
        status: 500,
      });
      await world.interval();
      const { names, lookedAt } = await known();
      expect({ names, state: lookedAt.state }).toEqual({
        names: ['shopdata'],
        state: 'no',
      });
      await world.interval();
      expect(await known()).toMatchObject({ lookedAt: { state: 'all' } });
    });

    it('are forgotten when they were deleted, and our rights show that a list would hold them', async () => {
      await start('*/read');
      await storage('shopdata');
      await storage('shoplogs');
      await world.interval();
      await send('DELETE', urlOf(ACCOUNT, 'shopdata'));
      await world.interval();
      await world.interval();
      expect(await known()).toMatchObject({
        names: ['shoplogs'],
        lookedAt: { state: 'all' },
      });
    });

    it('show what is behind a disk encryption set', async () => {
      await start('*/read');
      await make(DES, 'shopset', {
        activeKey: { keyUrl: KEY.toString() },
        rotationToLatestKeyVersionEnabled: true,
      });
      const set = urlOf(DES, 'shopset').slice(
        'https://management.azure.com'.length,
      );
      for (const name of ['disk1', 'disk2', 'disk3']) {
        await make('Microsoft.Compute/disks', name, {
          encryption: { diskEncryptionSetId: set.toUpperCase() },
        });
      }
      await make('Microsoft.ContainerService/managedClusters', 'shopcluster', {
        diskEncryptionSetID: set,
      });
      await world.interval();
      expect(await world.rows.consumers.usersOf([KEY])).toMatchObject([
        {
          name: 'shopset',
          behind: {
            'microsoft.compute/disks': 3,
            'microsoft.containerservice/managedclusters': 1,
          },
        },
      ]);
    });

    it('do not keep the others from being listed when Azure refuses the query', async () => {
      await start('*/read');
      const { azure } = await smallAzure(world.azure, [
        'shopimages',
        'sharedbase',
        'ordersimages',
      ]);
      const refuse = async () => {
        throw new AzureError(
          { kind: 'refused', code: 'BadRequest', message: 'It is refused' },
          { effect: 'refused' },
        );
      };
      await createSync({
        db: world.db,
        clock,
        azure: {
          ...azure,
          resourceGraph: {
            ...azure.resourceGraph,
            countConsumers: refuse,
          },
        },
        rows: world.rows,
        stores: createSyncStores({ db: world.db, clock }),
        judge: async () => undefined,
        subscriptions: async () => [world.azure.subscriptionId],
        logger: mockServices.logger.mock(),
        everyMs: INTERVAL_MS,
        byEvents: true,
      }).turn();
      expect((await sweep().last())?.state).toBe('whole');
      expect(await known()).toMatchObject({
        lookedAt: { state: 'no', notReadable: [{ problem: 'It is refused' }] },
      });
    });
  },
);
