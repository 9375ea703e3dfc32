import { ENTITY_REF_TAG, KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Consumer } from '../domain/consumers/consumer';
import {
  entitiesOfServices,
  presentLookedAt,
  presentServices,
  servicesOf,
} from './servicesOf';

const KEY = KeyIdentifier.parse('https://kv-shop.vault.azure.net/keys/shop');
const OTHER = KeyIdentifier.parse('https://kv-shop.vault.azure.net/keys/else');
const VERSION = 'a'.repeat(32);
const SEEN = 'component:default/shop';
const HIDDEN = 'component:default/secret';

function consumer(name: string, change: Partial<Consumer> = {}): Consumer {
  return {
    id: `/storageAccounts/${name}`,
    type: 'microsoft.storage/storageaccounts',
    name,
    subscriptionId: '1',
    resourceGroup: 'rg-shop',
    location: 'westeurope',
    uses: [
      {
        key: KEY.at(VERSION),
        isInUse: true,
        use: 'current',
        follows: true,
        identities: [
          { reference: '/subscriptions/1/userAssignedIdentities/id-shop' },
          { reference: 'system', principalId: 'p' },
        ],
      },
      { key: OTHER, isInUse: false, use: 'earlier', identities: [] },
    ],
    ...change,
  };
}
const taggedWith = (...refs: string[]) => ({
  tags: { [ENTITY_REF_TAG]: refs.join(', ') },
});
const of = (...consumers: Consumer[]) =>
  servicesOf(consumers, new Set([KEY.keyOfKey]));
const present = (...consumers: Consumer[]) =>
  presentServices(of(...consumers), refs => ({
    visible: refs
      .filter(ref => ref === SEEN)
      .map(entityRef => ({ entityRef, owner: 'group:default/team-shop' })),
    hidden: refs.filter(ref => ref === HIDDEN).length,
  }));

describe('other Azure services that use a key', () => {
  it('are grouped by service, with the uses of that key and the consequence of its loss', () => {
    expect(
      of(
        consumer('images'),
        consumer('server', {
          type: 'microsoft.sql/servers',
          uses: [{ key: KEY, isInUse: false, use: 'current', identities: [] }],
        }),
        consumer('logs'),
      ),
    ).toMatchObject([
      {
        service: 'storage account',
        onLoss: { text: expect.stringContaining('403') },
        resources: [
          {
            name: 'images',
            uses: [
              {
                use: 'current',
                version: VERSION,
                isInUse: true,
                follows: true,
                followsWithin: 'a day',
              },
            ],
            identities: ['id-shop', 'system-assigned'],
          },
          { name: 'logs' },
        ],
      },
      {
        service: 'SQL server',
        keepsEarlier: expect.stringContaining('Backups'),
        resources: [
          { name: 'server', uses: [{ use: 'current', isInUse: false }] },
        ],
      },
    ]);
  });

  it('show what stands behind a disk encryption set', () => {
    const [{ resources }] = of(
      consumer('set', {
        type: 'microsoft.compute/diskencryptionsets',
        behind: {
          'microsoft.compute/disks': 3,
          'microsoft.compute/snapshots': 1,
          'microsoft.containerservice/managedclusters': 0,
        },
      }),
    );
    expect(resources[0].behind).toBe('3 disks, 1 snapshot');
  });

  it('are counted, not named, where the viewer may see none of their entities', () => {
    const services = of(
      consumer('images', taggedWith(SEEN, HIDDEN)),
      consumer('vault', taggedWith(HIDDEN)),
      consumer('logs'),
    );
    expect(entitiesOfServices(services)).toEqual([SEEN, HIDDEN, HIDDEN]);
    const [shown] = present(
      consumer('images', taggedWith(SEEN, HIDDEN)),
      consumer('vault', taggedWith(HIDDEN)),
      consumer('logs'),
    );
    expect(shown).toMatchObject({
      resources: [
        {
          name: 'images',
          entities: [{ entityRef: SEEN, owner: 'group:default/team-shop' }],
          hiddenEntities: 1,
        },
        { name: 'logs', entities: [], hiddenEntities: 0 },
      ],
      hiddenResources: 1,
    });
    expect(JSON.stringify(shown)).not.toContain('secret');
    expect(JSON.stringify(shown)).not.toContain('vault"');
  });

  it('are said to be looked at so far as they were, with subscriptions counted', () => {
    expect(
      presentLookedAt({
        state: 'partly',
        at: Date.parse('2026-12-03T08:00:00Z'),
        types: ['SQL server'],
        notReadable: [{ subscription: 'secret', problem: 'Denied' }],
      }),
    ).toEqual({
      state: 'partly',
      at: '2026-12-03T08:00:00.000Z',
      types: ['SQL server'],
      notReadable: 1,
      notShown: expect.arrayContaining(['Always Encrypted', 'other tenants']),
    });
  });
});
