import type { Knex } from 'knex';
import type {
  RegistryFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../../__testUtils__/databases';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import { InventoryRows } from '../rows';
import { type AzureEvent, Events } from './Events';
import { queued, type ReadQueue } from '../rows/ReadQueue';
import { createSyncStores } from '.';
import { subscriptionOf } from '../../azure/armIds';

const HOUR_MS = 60 * 60_000;
const { registry, vault } = bundleWith();
const REGISTRY = registry.registryId.key;
const VAULT = (vault as { value: VaultFacts }).value;
const KEY_SUBJECT = 'kv1.vault.azure.net/shop';

const keyEvent = (change: Partial<AzureEvent> = {}): AzureEvent => ({
  id: 'e1',
  source: VAULT.id,
  type: 'Microsoft.KeyVault.KeyNewVersionCreated',
  vaultName: 'kv1',
  objectType: 'Key',
  objectName: 'shop',
  ...change,
});
const writeEvent = (resourceUri: string, id = 'w1'): AzureEvent => ({
  id,
  source: '/subscriptions/x',
  type: 'Microsoft.Resources.ResourceWriteSuccess',
  resourceUri,
});

describe.each(testDatabases())('events of Azure on $name', database => {
  let db: Knex;
  let now: number;
  let events: Events;
  let queue: ReadQueue;
  beforeEach(async () => {
    db = await database.open();
    now = Date.parse('2026-11-25T12:00:00Z');
    const clock = { now: async () => now };
    const stores = createSyncStores({ db, clock });
    queue = stores.queue;
    events = new Events({
      db,
      clock,
      ...stores,
      includes: ({ resourceGroup }) =>
        resourceGroup.toLowerCase() !== 'foreign',
    });
    const rows = new InventoryRows(db, clock);
    const reading = { readAt: now, azureAt: now };
    const { registryId, key, keyInUse, ...facts } = registry;
    await rows.registries.keep([facts as RegistryFacts], reading);
    await rows.vaults.keep([VAULT], reading);
    await rows.access.keepEach(
      [
        {
          name: {
            principalId: '77777777-0000-4000-8000-000000000000',
            key: { vaultName: 'kv1', keyName: 'shop' },
          },
          facts: [],
        },
      ],
      reading,
    );
  });
  afterEach(() => db.destroy());

  const marked = async () =>
    (await queued(db).orderBy(['kind', 'subject'])).map(
      ({ kind, subject }) => `${kind} ${subject}`,
    );

  it.each<[what: string, event: AzureEvent, marks: string[]]>([
    ['a new version of a key', keyEvent(), [`key ${KEY_SUBJECT}`]],
    [
      'a key that expires soon, in another spelling',
      keyEvent({
        type: 'Microsoft.KeyVault.KeyNearExpiry',
        vaultName: 'KV1',
        objectName: 'SHOP',
      }),
      [`key ${KEY_SUBJECT}`],
    ],
    [
      'an access policy',
      keyEvent({ type: 'Microsoft.KeyVault.VaultAccessPolicyChanged' }),
      [`vault ${VAULT.id.toLowerCase()}`],
    ],
    ['a registry', writeEvent(REGISTRY), [`registry ${REGISTRY}`]],
    [
      'a registry that is not known yet',
      writeEvent(`${REGISTRY}2`),
      [`registry ${REGISTRY}2`],
    ],
    [
      'a vault, by a child of it',
      writeEvent(`${VAULT.id}/accessPolicies/add`),
      [`vault ${VAULT.id.toLowerCase()}`],
    ],
    [
      'a role assignment at a key',
      writeEvent(
        `${VAULT.id}/keys/shop/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555`,
      ),
      [`access 77777777-0000-4000-8000-000000000000 ${KEY_SUBJECT}`],
    ],
  ])(
    '%s marks what it is about, and nothing else',
    async (_what, event, marks) => {
      await events.take([event]);
      expect(await marked()).toEqual(marks);
    },
  );

  it.each<[what: string, event: AzureEvent]>([
    ['a secret', keyEvent({ objectType: 'Secret' })],
    ['a key that no registry uses', keyEvent({ objectName: 'other' })],
    ['a key of an unknown vault', keyEvent({ vaultName: 'kv9' })],
    ['an unknown vault', writeEvent(`${VAULT.id}9`)],
    [
      'a registry outside of the scopes',
      writeEvent(
        REGISTRY.replace(/resourcegroups\/[^/]+/, 'resourcegroups/foreign'),
      ),
    ],
    [
      'a virtual machine',
      writeEvent(
        '/subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/virtualMachines/z',
      ),
    ],
    ['no id at all', writeEvent('../../etc/passwd')],
    ['an unknown type', keyEvent({ type: 'Microsoft.Storage.BlobCreated' })],
  ])('%s marks nothing', async (_what, event) => {
    await events.take([event]);
    expect(await marked()).toEqual([]);
  });

  it('a doubled one does nothing the second time, in one delivery or in two', async () => {
    expect(await events.take([keyEvent(), keyEvent()])).toBe(1);
    await queue.done(await queue.claim(subscriptionOf(VAULT.id), 10));
    expect(await events.take([keyEvent()])).toBe(0);
    expect(await marked()).toEqual([]);
    // The same id of another source is another event.
    expect(await events.take([keyEvent({ source: 'other' })])).toBe(1);
  });

  it('one that comes late or out of order has what it is about read as it is now', async () => {
    await events.take([keyEvent({ id: 'second' }), keyEvent({ id: 'first' })]);
    expect(await marked()).toEqual([`key ${KEY_SUBJECT}`]);
  });

  it('one that comes while its key is being read has it read once more', async () => {
    await events.take([keyEvent()]);
    const reading = await queue.claim(subscriptionOf(VAULT.id), 10);
    await events.take([keyEvent({ id: 'e2' })]);
    await queue.done(reading);
    expect(await marked()).toEqual([`key ${KEY_SUBJECT}`]);
  });

  it('a flood of registries that do not exist is bounded', async () => {
    for (let each = 0; each < 250; each += 50) {
      await events.take(
        Array.from({ length: 50 }, (_none, index) =>
          writeEvent(`${REGISTRY}${each + index}`, `f${each + index}`),
        ),
      );
    }
    expect((await marked()).length).toBeLessThanOrEqual(250);
    await events.take([writeEvent(`${REGISTRY}9999`, 'last')]);
    expect(await marked()).not.toContain(`registry ${REGISTRY}9999`);
    // What is known is still read.
    await events.take([writeEvent(REGISTRY, 'known')]);
    expect(await marked()).toContain(`registry ${REGISTRY}`);
  });

  it('a flood in one delivery is bounded as well, and so is one in many deliveries at once', async () => {
    const delivery = (first: number) =>
      Array.from({ length: 1000 }, (_none, index) =>
        writeEvent(`${REGISTRY}${first + index}`, `f${first + index}`),
      );
    await events.take(delivery(0));
    expect(await marked()).toHaveLength(200);
    await Promise.all([1000, 2000].map(first => events.take(delivery(first))));
    expect(await marked()).toHaveLength(200);
  });

  it('many deliveries at once ask the database for one thing at a time, and for lists rather than for each event', async () => {
    let open = 0;
    let most = 0;
    let statements = 0;
    // Knex reports no answer to these.
    const isAnswered = ({ sql }: { sql: string }) =>
      !/^(BEGIN|COMMIT)/i.test(sql);
    db.on('query', query => {
      if (!isAnswered(query)) return;
      statements += 1;
      open += 1;
      most = Math.max(most, open);
    });
    db.on('query-response', (_rows, query) => {
      if (isAnswered(query)) open -= 1;
    });
    const deliveries = Array.from({ length: 4 }, (_none, delivery) =>
      Array.from({ length: 1000 }, (_event, index) => {
        const id = `${delivery}-${index}`;
        return index % 2 === 0
          ? keyEvent({ id, objectName: `key-${id}` })
          : writeEvent(`${VAULT.id}${id}`, id);
      }),
    );
    await Promise.all(deliveries.map(each => events.take(each)));
    expect(most).toBeLessThanOrEqual(2);
    expect(statements).toBeLessThan(4 * 60);
  });

  it('are forgotten when Event Grid no longer repeats them', async () => {
    await events.take([keyEvent()]);
    now += 26 * HOUR_MS;
    await events.take([keyEvent({ id: 'e2' })]);
    expect(await db('events_seen')).toHaveLength(1);
  });
});
