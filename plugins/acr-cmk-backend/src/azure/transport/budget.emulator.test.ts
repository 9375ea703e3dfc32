import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../__testUtils__/demoWorld';
import {
  type AzureWorld,
  failureOf,
  startAzureWorld,
} from '../__testUtils__/azureWorld';
import { VirtualTime } from '../__testUtils__/virtualTime';
import { atPriority, CallBudget } from './budget';

const SHOP = RegistryId.parse(registryId('shopimages'));

describe('the budget on the wire', () => {
  let world: AzureWorld;
  beforeAll(async () => {
    world = await startAzureWorld({ throttle: true });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.emulator.faults.clear();
    world.emulator.clearRequests();
  });

  const statuses = () =>
    world.emulator
      .requests()
      .filter(({ principal }) => principal !== undefined)
      .map(({ status }) => status);

  it('two hundred concurrent reads of a sync meet no 429, and the request of a person gets through between them', async () => {
    const budget = new CallBudget();
    // Two hundred answers at once take longer than a call may where other tests run beside this one.
    const { registries } = world.portsWith({ budget, timeoutSeconds: 90 });
    const reads = atPriority('sync', () =>
      Promise.all(Array.from({ length: 200 }, () => registries.get(SHOP))),
    );
    const person = registries.get(SHOP);
    await person;
    expect(statuses().length).toBeLessThan(200);
    await reads;
    expect(statuses()).toEqual(Array(201).fill(200));
    const [scarcest] = budget.left();
    expect(scarcest).toMatchObject({ quota: 'reads', size: 250 });
  });

  it('a 429 to one call holds back every other of its bucket, and they all end well', async () => {
    const time = new VirtualTime();
    const budget = new CallBudget({ ...time, now: Date.now });
    const { registries } = world.portsWith({ budget });
    world.emulator.faults.add({ path: `${SHOP}`, retryAfter: '60' });
    expect(await failureOf(registries.get(SHOP))).toMatchObject({
      kind: 'throttled',
    });
    // Longer than a person waits: not even sent.
    expect(await failureOf(registries.get(SHOP))).toMatchObject({
      kind: 'throttled',
      code: 'BudgetSpent',
    });
    const sync = atPriority('sync', () => registries.get(SHOP));
    await time.advance(59_000);
    expect(statuses()).toEqual([429]);
    await time.advance(1_000);
    await sync;
    expect(statuses()).toEqual([429, 200]);
  });

  it('a wait that is longer than the limit of a call does not end the call', async () => {
    const budget = new CallBudget();
    const { registries } = world.portsWith({ budget, timeoutSeconds: 1 });
    world.emulator.faults.add({ path: `${SHOP}`, retryAfter: '2' });
    expect(await failureOf(registries.get(SHOP))).toMatchObject({
      kind: 'throttled',
    });
    expect(await registries.get(SHOP)).toMatchObject({
      value: { name: 'shopimages' },
    });
  });
});
