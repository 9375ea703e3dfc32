import { OTHER, SUBSCRIPTION } from './__testUtils__/inventory';
import { startWorld } from './__testUtils__/world';

jest.setTimeout(120_000);

const REGISTRIES = 100;

it(`processes nothing anew when versions, states and dates of all ${REGISTRIES} registries change`, async () => {
  const world = await startWorld();
  // Each has a key of its own; fifty share a vault.
  const registries = Array.from({ length: REGISTRIES }, (_, n) => ({
    name: `registry${n}`,
    key: `kv-${Math.floor(n / 50)}/key-${n}`,
  }));
  await world.inventory.holds(registries);
  await world.inventory.listed(SUBSCRIPTION);
  await world.inventory.listed(OTHER);
  await world.run();
  const before = await world.snapshot();
  expect(world.processed()).toHaveLength(2 * REGISTRIES + REGISTRIES / 50);

  await world.inventory.holds(registries, {
    version: 'b'.repeat(32),
    at: 5_000,
    state: 'behind',
  });
  await world.runOnly();
  expect(await world.snapshot()).toEqual(before);
  await world.settled();
  expect(world.processed()).toEqual([]);
  await world.stop();
});
