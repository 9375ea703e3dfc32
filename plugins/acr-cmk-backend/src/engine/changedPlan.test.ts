/** Changes between the acceptance of a plan and its first write. */
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const VAULT = 'kv-contoso-policy';

describe.each(testDatabases())(
  'a plan that has changed, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    beforeEach(() => world.start());
    afterEach(() => world.stop());

    it('F14: ends its operation before the first write, and the change is named', async () => {
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      await asAdmin(world.azure).rotateKey(VAULT, 'ordersimages');
      world.azure.clearRequests();
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'failed',
        result: {
          code: 'PLAN_DRIFTED',
          message: expect.stringMatching(
            /^Nothing was written, because this changed since the plan was accepted: \w.*\. Create a new plan$/,
          ),
        },
        steps: [{ attempts: 0 }, { attempts: 0 }],
      });
      expect(world.writes()).toEqual([]);
    });

    it('is checked until the first write, and never afterwards', async () => {
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      const writesBefore: number[] = [];
      world.azure.clearRequests();
      const worker = world.worker(({ changesSincePlan }) => ({
        changesSincePlan: async operation => {
          writesBefore.push(world.writes().length);
          return changesSincePlan(operation);
        },
      }));
      await worker.runOne();
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });
      expect(writesBefore).toEqual([0]);
      expect(world.writes()).toHaveLength(2);
    });
  },
);
