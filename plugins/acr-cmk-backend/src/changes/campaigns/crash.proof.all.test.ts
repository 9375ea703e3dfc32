/** Death of a worker at every moment of a member's operation, from the findings before its first write to its proof. */
import type { EmulatorSnapshot } from 'azure-emulator';
import { Boundaries } from '../../__testUtils__/Boundaries';
import { type OpenCopy, testDatabases } from '../../__testUtils__/databases';
import { useAzure } from '../../__testUtils__/useAzure';
import {
  type CampaignWorld,
  PINNED,
  startCampaignWorld,
  WORLD,
} from './__testUtils__/campaignWorld';
import { outcomeOf, sumOf } from './__testUtils__/outcome';

// Each moment is a campaign of its own.
jest.setTimeout(600_000);

const [MEMBER] = PINNED;

interface Moment {
  name: string;
  open: OpenCopy;
  azure: EmulatorSnapshot;
  now: number;
  /** Writes until then. The log is no part of the snapshot. */
  patches: Record<string, number>;
  hasFindings: boolean;
  isProving: boolean;
}

describe.each(testDatabases())(
  "a campaign's operation whose worker dies, on $name",
  database => {
    const azure = useAzure({ world: WORLD });

    /** Findings that are new after the write, in words. */
    const prove = (world: CampaignWorld, worse: string | undefined) =>
      jest
        .spyOn(world.engine.deps, 'newFindings')
        .mockImplementation(async operation => {
          // The proof compares with what was stored before the first write.
          expect(operation.findings).toBeDefined();
          return worse;
        });

    it.each([
      ['succeeded', undefined],
      ['unverified', 'key-disabled'],
    ])('ends once as %s', async (state, worse) => {
      azure.emulator.reset();
      const moments: Moment[] = [];
      const world = await startCampaignWorld({
        ...azure,
        db: await database.open(),
      });
      const { engine } = world;
      const id = await world.create({ members: [MEMBER] });
      azure.emulator.clearRequests();
      prove(world, worse);
      await world.runner().sweep();
      const [{ operationId = '' }] = await world.members(id);
      const boundaries = new Boundaries(async name => {
        const record = await engine.operations.get(operationId);
        moments.push({
          name,
          open: await database.copyOf(engine.db),
          azure: azure.emulator.snapshot(),
          now: await engine.clock.now(),
          patches: world.patches(),
          hasFindings: record?.findings !== undefined,
          isProving: record?.provingSince !== undefined,
        });
      });
      await engine.runToEnd(operationId, { boundaries });
      await world.drive(id);
      const expected = await outcomeOf(world, id);
      await world.stop();
      expect(expected).toMatchObject({
        report: { members: [{ member: { name: MEMBER, state } }] },
        operations: [{ state }],
        patches: { [MEMBER]: 1 },
      });
      const isAt = (at: Pick<Moment, 'hasFindings' | 'isProving'>) =>
        moments.some(
          ({ hasFindings, isProving }) =>
            hasFindings === at.hasFindings && isProving === at.isProving,
        );
      expect(isAt({ hasFindings: false, isProving: false })).toBe(true);
      expect(isAt({ hasFindings: true, isProving: false })).toBe(true);
      expect(isAt({ hasFindings: true, isProving: true })).toBe(true);

      for (const moment of moments) {
        azure.emulator.restore(moment.azure);
        azure.emulator.clearRequests();
        const next = await startCampaignWorld({
          ...azure,
          db: await moment.open(),
        });
        const { clock, operations, audit } = next.engine;
        clock.advance(moment.now - (await clock.now()));
        const proof = prove(next, worse);
        const before = await operations.get(operationId);
        const hadEnded = before?.endedAt !== undefined;
        if (!hadEnded) {
          await next.engine.runToEnd(operationId, { owner: 'worker-2' });
        }
        // Proof is made again wherever it was not stored.
        expect([moment.name, hadEnded || proof.mock.calls.length > 0]).toEqual([
          moment.name,
          true,
        ]);
        await next.drive(id);
        const actual = await outcomeOf(next, id);
        const patches = sumOf(moment.patches, actual.patches);
        expect({ died: moment.name, ...actual, patches }).toEqual({
          died: moment.name,
          ...expected,
        });
        const ends = (await audit.list({})).filter(
          ({ event }) => event === 'operation-ended',
        );
        expect(ends).toHaveLength(1);
        await next.stop();
      }
    });
  },
);
