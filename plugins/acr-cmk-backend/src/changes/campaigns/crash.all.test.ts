/** Death of a runner at every moment at which it makes a difference, and a second one that turns at each of them. */
import type { EmulatorSnapshot } from 'azure-emulator';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { Boundaries } from '../../__testUtils__/Boundaries';
import { type OpenCopy, testDatabases } from '../../__testUtils__/databases';
import { useAzure } from '../../__testUtils__/useAzure';
import { ApprovalStore } from '../../engine/ApprovalStore';
import {
  type CampaignWorld,
  once,
  PINNED,
  startCampaignWorld,
  WORLD,
} from './__testUtils__/campaignWorld';
import { outcomeOf, sumOf } from './__testUtils__/outcome';

// Each moment is a campaign of its own.
jest.setTimeout(600_000);

const MEMBERS = PINNED.slice(0, 5);
/** Its plan no longer fits when it is to start. */
const [, , , DRIFTED] = MEMBERS;

interface Moment {
  name: string;
  open: OpenCopy;
  azure: EmulatorSnapshot;
  now: number;
  /** Writes until then. The log is no part of the snapshot. */
  patches: Record<string, number>;
}

describe.each(testDatabases())(
  'a campaign whose runner dies, on $name',
  database => {
    const azure = useAzure({ world: WORLD });

    const startWorld = async (open = database.open) =>
      startCampaignWorld({ ...azure, db: await open() });

    /**
     * Two stages: a canary that somebody has approved; then four, two at a time, of which one has changed since its
     * preview.
     */
    const create = async (world: CampaignWorld) => {
      const id = await world.create({
        members: MEMBERS,
        strategy: {
          stages: [{ count: 1, soakMinutes: 1 }, {}],
          concurrency: 2,
        },
        needs: {
          [MEMBERS[0]]: [
            {
              permission: 'acr-cmk.operation.approve',
              because: 'of it',
              by: 'user:default/priya',
              at: 1,
              standing: ['is in the catalog'],
            },
          ],
        },
      });
      await asAdmin(azure.emulator).rotateKey('kv-fleet-00015', DRIFTED);
      azure.emulator.clearRequests();
      return id;
    };

    /** Drives it to its end. Somebody skips the member that has changed, if nobody has before. */
    async function driveToEnd(
      world: CampaignWorld,
      id: string,
      runner = world.runner(),
    ) {
      const { state } = await world.drive(id, runner);
      if (state === 'ended') return;
      const { store, engine } = world;
      const [changed] = await store.members(id, { states: ['changed'] });
      const now = await engine.clock.now();
      await store.inTransaction(async trx => {
        await new ApprovalStore(engine).cancelIn(trx, changed.operationId!, {
          actor: 'user:default/olivia',
          reason: 'In use today',
          message: 'Skipped by user:default/olivia: In use today',
        });
        await store.touch(trx, id, { dueAt: now });
      });
      await world.drive(id, runner);
    }

    /** A run without a death. @param at - called at each moment */
    async function run(
      at: (name: string, world: CampaignWorld) => Promise<void>,
    ) {
      azure.emulator.reset();
      const world = await startWorld();
      try {
        const id = await create(world);
        const boundaries = new Boundaries(name => at(name, world));
        await driveToEnd(world, id, world.runner(boundaries));
        return { id, expected: await outcomeOf(world, id) };
      } finally {
        await world.stop();
      }
    }

    it('goes on to the same report, with each target written once', async () => {
      const moments: Moment[] = [];
      const { id, expected } = await run(async (name, world) => {
        const { engine } = world;
        moments.push({
          name,
          patches: world.patches(),
          open: await database.copyOf(engine.db),
          azure: azure.emulator.snapshot(),
          now: await engine.clock.now(),
        });
      });
      expect(expected).toMatchObject({
        report: {
          campaign: {
            state: 'ended',
            message: 'Ended with 1 skipped. 4 of 5 succeeded',
          },
          members: MEMBERS.map((memberName, index) => ({
            member: {
              name: memberName,
              state: memberName === DRIFTED ? 'skipped' : 'succeeded',
            },
            approvers: index === 0 ? ['user:default/priya'] : [],
          })),
        },
        patches: once(MEMBERS.filter(name => name !== DRIFTED)),
      });
      // How many there are depends on which of the members is proven first.
      expect(moments.length).toBeGreaterThan(15);
      for (const moment of moments) {
        azure.emulator.restore(moment.azure);
        azure.emulator.clearRequests();
        const world = await startWorld(moment.open);
        const { clock } = world.engine;
        clock.advance(moment.now - (await clock.now()));
        await driveToEnd(world, id);
        const actual = await outcomeOf(world, id);
        const patches = sumOf(moment.patches, actual.patches);
        expect({ died: moment.name, ...actual, patches }).toEqual({
          died: moment.name,
          ...expected,
        });
        await world.stop();
      }
    });

    it('is the same while another replica turns at every moment', async () => {
      const { expected } = await run(async () => undefined);
      let isTurning = false;
      const { expected: shared } = await run(async (_name, world) => {
        // What the other one does is not interrupted again.
        if (isTurning) return;
        isTurning = true;
        const [campaign] = await world.store.list({ limit: 1 });
        const other = world.runner();
        await other.turn(campaign.id);
        isTurning = false;
      });
      expect(shared).toEqual(expected);
    });
  },
);
