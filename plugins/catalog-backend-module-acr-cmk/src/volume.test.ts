import { OTHER, SUBSCRIPTION } from './__testUtils__/inventory';
import { startWorld, type TestWorld } from './__testUtils__/world';

/**
 * Each has a key of its own, and there is a vault for each fifty. `ACR_CMK_REGISTRIES=4951` makes ten
 * thousand resources and says how long that takes, which is some minutes.
 */
const asked = process.env.ACR_CMK_REGISTRIES;
const REGISTRIES = Number(asked ?? 100);

/** So long may one registry take with its key. */
const EACH_MS = 200;
jest.setTimeout(60_000 + REGISTRIES * EACH_MS);

describe('a catalog that is full', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it(`processes nothing anew when versions, states and dates of all ${REGISTRIES} registries change`, async () => {
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
    const firstRun = await ms(() => world.runOnly());
    const processing = await ms(() =>
      world.settled(60_000 + REGISTRIES * EACH_MS),
    );
    const before = await world.snapshot();
    const resources = world.processed().length;
    expect(resources).toBe(2 * REGISTRIES + Math.ceil(REGISTRIES / 50));

    await world.inventory.holds(registries, {
      version: 'b'.repeat(32),
      at: 5_000,
      state: 'behind',
    });
    const nextRun = await ms(() => world.runOnly());
    expect(await world.snapshot()).toEqual(before);
    await world.settled();
    expect(world.processed()).toEqual([]);
    if (asked) {
      const megabytes = Math.round(process.memoryUsage().rss / 1e6);
      process.stdout.write(
        `${JSON.stringify({
          resources,
          firstRun,
          processing,
          nextRun,
          megabytes,
        })}\n`,
      );
    }
  });
});
