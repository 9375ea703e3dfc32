import { OTHER, SUBSCRIPTION } from './__testUtils__/inventory';
import { startWorld } from './__testUtils__/world';

/** Registries; each has a key of its own, and there is a vault for each fifty. */
const REGISTRIES = Number(process.env.ACR_CMK_REGISTRIES ?? 500);

jest.setTimeout(60_000 + REGISTRIES * 200);

it(`processes nothing anew when versions, states and dates of all ${REGISTRIES} registries change`, async () => {
  const world = await startWorld();
  const ms = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return Math.round(performance.now() - start);
  };
  const registries = Array.from({ length: REGISTRIES }, (_, n) => ({
    name: `registry${n}`,
    key: `kv-${Math.floor(n / 50)}/key-${n}`,
  }));
  await world.inventory.holds(registries);
  await world.inventory.listed(SUBSCRIPTION);
  await world.inventory.listed(OTHER);
  const first = await ms(() => world.runOnly());
  const processing = await ms(() => world.settled(REGISTRIES * 200));
  const before = await world.snapshot();
  const offered = world.processed().length;

  await world.inventory.holds(registries, {
    version: 'b'.repeat(32),
    at: 5_000,
    state: 'behind',
  });
  const second = await ms(() => world.runOnly());
  expect(await world.snapshot()).toEqual(before);
  await world.settled();
  expect(world.processed()).toEqual([]);
  process.stdout.write(
    `${JSON.stringify({
      offered,
      first,
      processing,
      second,
      mb: Math.round(process.memoryUsage().rss / 1e6),
    })}\n`,
  );
  await world.stop();
});
