import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import { isTerminal } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { engineParts, portsTo, silentLogger } from '../__testUtils__/engine';
import { MovedClock } from '../__testUtils__/movedTime';
import { breaksIn } from '../platform/audit/chain';
import type { AzurePorts } from '../azure/ports';
import { MAX_INTERRUPTIONS } from './Leases';
import { OperationsWorker } from './OperationsWorker';
import type { RunnerDeps } from './run';

// The first test waits for PostgreSQL to start.
jest.setTimeout(60_000);

const SECRET = 'the-secret-of-a-fault';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'faults of this plugin, on $name',
  ({ open }) => {
    let azure: Emulator;
    let disconnect: () => void;
    let ports: AzurePorts;
    beforeAll(async () => {
      azure = await startEmulator({ world: 'demo', operationSeconds: 0 });
      disconnect = trustInThisProcess(azure);
      ports = portsTo(azure);
    });
    afterAll(async () => {
      disconnect();
      await azure.close();
    });

    /** Accepts a rotation and works on it, turn by turn, with dependencies that a test may break. */
    async function start(broken: (deps: RunnerDeps) => Partial<RunnerDeps>) {
      azure.reset();
      const db = await open();
      const clock = new MovedClock(db);
      const { accept, audit, deps, operations } = engineParts({
        db,
        clock,
        azurePorts: ports,
        leaseSeconds: 60,
      });
      const { id } = await accept(registryId('ordersimages'), {
        kind: 'rotate',
      });
      const logged: string[] = [];
      const worker = new OperationsWorker({
        owner: 'worker',
        logger: { ...silentLogger, error: message => logged.push(message) },
        sleep: async () => undefined,
        pollMs: 0,
        concurrency: 1,
        runner: { ...deps, ...broken(deps) },
      });
      return {
        db,
        audit,
        logged,
        operation: async () => (await operations.get(id))!,
        async untilEnded() {
          for (let turn = 0; turn < 5 * MAX_INTERRUPTIONS; turn++) {
            await worker.runOne();
            const operation = (await operations.get(id))!;
            if (isTerminal(operation.state)) return operation;
            clock.advance(61_000);
          }
          throw new Error('It goes on for ever');
        },
      };
    }

    const fails = async () => {
      throw new TypeError(SECRET);
    };

    it('a fault that comes again and again ends the operation, and says what to do next', async () => {
      const { db, audit, logged, untilEnded } = await start(() => ({
        changesSincePlan: fails,
      }));
      const operation = await untilEnded();
      expect(operation).toMatchObject({
        state: 'failed',
        result: {
          code: 'INTERNAL',
          message: expect.stringMatching(
            /Stopped after 10 interruptions in a row.*log of the backend.*new plan/,
          ),
        },
      });
      expect(logged).toHaveLength(MAX_INTERRUPTIONS);
      expect(await db('operation_locks')).toEqual([]);
      expect(breaksIn(await audit.list({}))).toEqual([]);
      for (const table of ['operations', 'operation_steps', 'audit']) {
        expect(JSON.stringify(await db(table))).not.toContain(SECRET);
      }
      await db.destroy();
    });

    it('a fault at the very end does not undo what was reached', async () => {
      const { db, logged, untilEnded } = await start(() => ({
        invalidate: fails,
      }));
      expect(await untilEnded()).toMatchObject({
        state: 'succeeded',
        steps: [{ state: 'done' }, { state: 'done' }],
      });
      expect(logged).toHaveLength(MAX_INTERRUPTIONS);
      await db.destroy();
    });

    it('a fault that passes in time does no harm', async () => {
      const counted: number[] = [];
      const { db, operation, untilEnded } = await start(deps => ({
        changesSincePlan: async wanted => {
          counted.push((await operation()).interruptions);
          return counted.length < MAX_INTERRUPTIONS
            ? fails()
            : deps.changesSincePlan(wanted);
        },
      }));
      expect(await untilEnded()).toMatchObject({
        state: 'succeeded',
        interruptions: 0,
      });
      expect(counted).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await db.destroy();
    });

    it('a fault that takes the process with it counts too', async () => {
      const { db, untilEnded } = await start(({ leases }) => ({
        changesSincePlan: fails,
        leases: new Proxy(leases, {
          get: (target, name) => {
            if (name === 'interrupted') return fails;
            const value = Reflect.get(target, name, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }),
      }));
      expect(await untilEnded()).toMatchObject({
        state: 'failed',
        result: { code: 'INTERNAL' },
      });
      await db.destroy();
    });
  },
);
