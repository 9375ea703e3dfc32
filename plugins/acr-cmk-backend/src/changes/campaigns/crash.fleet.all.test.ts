/** One campaign at the scale of a large fleet, whose backend dies at every boundary of the campaign's code. */
import {
  DEFAULT_CAMPAIGN_STRATEGY,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { Boundaries } from '../../__testUtils__/Boundaries';
import { testDatabases } from '../../__testUtils__/databases';
import type { EngineScope } from '../../__testUtils__/engine';
import { useAzure } from '../../__testUtils__/useAzure';
import {
  type CampaignWorld,
  once,
  pinnedIn,
  RUNNER_BOUNDARIES,
  startCampaignWorld,
} from './__testUtils__/campaignWorld';
import { Died, Mortal } from './__testUtils__/Mortal';
import { outcomeOf, sumOf } from './__testUtils__/outcome';

// Hundreds of operations, each planned several times because its backend dies.
jest.setTimeout(1_200_000);

const SIZES = {
  SQLite: { size: 300, members: '300 members' },
  // It repeats what SQLite shows, with transactions side by side.
  PostgreSQL: { size: 30, members: '30 members, as 300 take minutes there' },
} as const;
/** Shorter than the lease of an operation, so that listings of the whole fleet stay valid for many members. */
const TURN_SECONDS = 2;

describe.each(
  testDatabases().map(database => ({ ...database, ...SIZES[database.name] })),
)(
  'a campaign over 10,000 registries, on $name with $members',
  ({ size, ...database }) => {
    const azure = useAzure({ world: 'fleet:10000' });

    /** Registries throughout the fleet that are pinned to the newest version of a key of their own, and where they are. */
    function pinnedRegistries(): { names: string[]; scope: EngineScope } {
      const { state } = azure.emulator;
      const pinned = pinnedIn(azure.emulator);
      // Some of them cannot be changed, such as those whose version has expired.
      const every = Math.floor(pinned.length / (1.3 * size));
      const spread = pinned.filter((_, index) => index % every === 0);
      return {
        names: spread.map(({ name }) => name),
        scope: {
          subscriptions: [
            ...new Set(
              state
                .registries()
                .map(
                  name =>
                    RegistryId.parse(state.registry(name).id).subscriptionId,
                ),
            ),
          ],
          vaults: [...new Set(spread.map(({ vault }) => vault))],
        },
      };
    }

    /**
     * Drives a campaign to its end by one process after another. Each dies at the first moment at which none has died: after
     * the acceptance of a member's operation, or after another write at a revision of the campaign and its operations.
     */
    async function driveThroughDeaths(world: CampaignWorld, id: string) {
      const passed = new Set<string>();
      /** Calls whose answer was lost, by boundary. A death may lose those of several. */
      const lost: Record<string, number> = {};
      let patches: Record<string, number> = {};
      const momentOf = async (name: string, [first]: readonly unknown[]) =>
        name === 'after acceptances.accept'
          ? (first as { idempotencyKey: string }).idempotencyKey
          : world.store.revision(await world.campaign(id));
      for (let deaths = 0; ; deaths++) {
        const mortal = new Mortal();
        const boundaries = new Boundaries(async (name, args) => {
          const moment = `${name} ${await momentOf(name, args)}`;
          if (passed.has(moment) && !mortal.isDead) return;
          passed.add(moment);
          lost[name] = (lost[name] ?? 0) + 1;
          mortal.die();
        });
        const runner = world.mortalRunner(mortal, boundaries);
        // As when it begins to run.
        runner.wake(id);
        try {
          await world.drive(id, runner);
          return { deaths, lost, patches };
        } catch (error) {
          if (!(error instanceof Died)) throw error;
          // The log is not long enough for all requests.
          patches = sumOf(patches, world.patches());
          azure.emulator.clearRequests();
        }
      }
    }

    it('goes on to the same report, with each target written once, when its backend dies at every moment', async () => {
      const { names: candidates, scope } = pinnedRegistries();
      const startWorld = async (open = database.open) =>
        startCampaignWorld({
          ...azure,
          db: await open(),
          scope,
          turnSeconds: TURN_SECONDS,
        });
      const living = await startWorld();
      const id = await living.create({
        members: candidates,
        atMost: size,
        strategy: DEFAULT_CAMPAIGN_STRATEGY,
      });
      const open = await database.copyOf(living.engine.db);
      const before = azure.emulator.snapshot();
      const createdAt = await living.engine.clock.now();
      azure.emulator.clearRequests();
      await living.drive(id);
      const members = Object.keys(await living.states(id));
      const expected = await outcomeOf(living, id);
      expect(expected.report.campaign).toMatchObject({
        state: 'ended',
        message: `Ended. All ${size} members succeeded`,
      });
      expect(expected.patches).toEqual(once(members));
      await living.stop();

      azure.emulator.restore(before);
      azure.emulator.clearRequests();
      const dying = await startWorld(open);
      const { clock } = dying.engine;
      clock.advance(createdAt - (await clock.now()));
      const { deaths, lost, patches } = await driveThroughDeaths(dying, id);
      const actual = await outcomeOf(dying, id);
      await dying.stop();
      expect({ ...actual, patches: sumOf(patches, actual.patches) }).toEqual(
        expected,
      );
      expect(Object.keys(lost).sort()).toEqual([...RUNNER_BOUNDARIES].sort());
      expect(lost['after acceptances.accept']).toBeGreaterThan(0.8 * size);
      // Releases: of as many as may change at once.
      expect(lost['after store.inTransaction']).toBeGreaterThan(
        (0.8 * size) / DEFAULT_CAMPAIGN_STRATEGY.concurrency,
      );
      expect(deaths).toBeGreaterThan(size);
    });
  },
);
