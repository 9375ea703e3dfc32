import { mockCredentials } from '@backstage/backend-test-utils';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { changesOf } from '../../engine/changesOf';
import { testDatabases } from '../../__testUtils__/databases';
import { fleetOver } from '../../__testUtils__/fleetOver';
import {
  fillFleet,
  type FleetWorld,
  registryNumber,
} from '../../__testUtils__/fleetWorld';
import type { AzurePorts } from '../../azure/ports';
import { OperationQueries } from '../../engine/OperationQueries';
import { sleep } from '../../platform/time/realClock';
import type { Context } from '../../platform/context';
import { NOBODY } from '../../__testUtils__/nobody';
import { createInventory } from '../../inventory/createInventory';
import { RegistryViews } from '../RegistryViews';
import type { Fleet } from './createFleet';

const CLOUD = 'usGovernment';
const WORLD: FleetWorld = {
  registries: 4,
  now: Date.parse('2026-11-25T12:00:00Z'),
};
type RegistryViewsParts = ConstructorParameters<typeof RegistryViews>[1];

const SOMEBODY = mockCredentials.user('user:default/priya');

describe.each(testDatabases())(
  'the fleet in Azure Government on $name',
  ({ open }) => {
    let db: Knex;
    let fleet: Fleet;
    let views: RegistryViews;
    let stop: () => Promise<void>;
    beforeEach(async () => {
      db = await open();
      await fillFleet(db, WORLD);
      await db('registries').update({
        facts: db.raw(`replace(facts, '.azure.net', '.usgovcloudapi.net')`),
      });
      const clock = { now: async () => WORLD.now };
      const { inventory, background } = createInventory(
        {
          db,
          clock,
          // Everything was just read.
          azure: {} as AzurePorts,
          logger: { warn: () => undefined },
          sleep,
        },
        {
          scope: { subscriptions: [], includes: () => true },
          everyMs: 5 * 60_000,
          changesOf,
        },
      );
      stop = () => background.stop();
      fleet = fleetOver(db, WORLD, { cloud: CLOUD });
      views = new RegistryViews(
        { clock, config: { approvers: new Map() } } as unknown as Context,
        {
          inventory,
          operations: new OperationQueries({ db, clock }),
          fleet: fleet.fleet,
          catalog: { entitiesInTags: async () => NOBODY.inTags },
          mayRead: { among: async () => [] },
        } as unknown as RegistryViewsParts,
      );
    });
    afterEach(async () => {
      await stop();
      await db.destroy();
    });

    it('names every user of the key of a registry', async () => {
      const id = RegistryId.parse(registryNumber(0, WORLD).id);
      const { registry } = await views.registry(id, SOMEBODY, {
        refresh: false,
      });
      if (registry.kind !== 'registry') throw new Error('It can be read');
      const users = registry.consumers.map(({ registryName }) => registryName);
      expect(users.sort()).toEqual(['registry0', 'registry1']);
      expect(registry.consumersComplete).toBe(true);
    });

    it('names keys by their hosts there, as campaigns accept them', async () => {
      const { items } = await fleet.fleetKeys.list(
        { filter: {}, limit: 5 },
        SOMEBODY,
      );
      expect(items.map(({ uri }) => uri)).toEqual([
        'https://kv-0-fleet.vault.usgovcloudapi.net/keys/key-0',
        'https://kv-1-fleet.vault.usgovcloudapi.net/keys/key-1',
      ]);
      for (const { uri } of items) {
        expect(String(KeyIdentifier.parse(uri, 'key', CLOUD))).toBe(uri);
      }
    });
  },
);
