/* eslint-disable jest/no-export, jest/no-standalone-expect -- one body for several test files, which run side by side */
import {
  type Emulator,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import { firstBrokenLink } from '../audit/AuditLog';
import type { AzurePorts } from '../azure/ports';
import { type TestDatabase, testDatabases } from './databases';
import { registryId } from './demoWorld';
import { Boundaries, portsTo, startEngine } from './engine';
import {
  type IntentCase,
  intentCases,
  intentOf,
  stateBefore,
} from './intentCases';

/** A registry of another team, in the same vault, that no case is about. */
const BYSTANDER = 'checkoutimages';

/**
 * Runs each case without a death, and then once for every write of the worker, to the database or
 * to Azure, with its death after it and another worker to follow.
 *
 * @param part - cases of which kind of intent
 */
export function describeCrashes(part: (wanted: IntentCase) => boolean): void {
  // A case is a hundred whole operations and more.
  jest.setTimeout(600_000);
  const databases = testDatabases();

  describe.each(intentCases.filter(part))('F1-F4, F22: $name', wanted => {
    let azure: Emulator;
    let distrust: () => void;
    let ports: AzurePorts;
    beforeAll(async () => {
      azure = await startEmulator({
        world: 'demo',
        operationSeconds: 0,
        rolePropagationSeconds: 0,
      });
      distrust = trustInThisProcess(azure);
      ports = portsTo(azure);
    });
    afterAll(async () => {
      distrust();
      await azure.close();
    });

    async function run(
      { open }: TestDatabase,
      dieAt?: number,
    ): Promise<string[]> {
      azure.reset();
      const engine = await startEngine(
        ports,
        await open(),
        azure,
        wanted.turnSeconds,
      );
      try {
        await wanted.given?.(engine, azure);
        const before = stateBefore(azure, wanted);
        const bystander = azure.state.registry(BYSTANDER);
        const { id } = await engine.accept(
          registryId(wanted.registry, wanted.group),
          intentOf(azure, wanted),
        );
        const boundaries = new Boundaries();
        boundaries.dieAt = dieAt;
        const operation = await engine.runToEnd(id, boundaries);
        try {
          expect([operation.state, operation.result?.message]).toEqual([
            'succeeded',
            expect.any(String),
          ]);
          wanted.expectDone(azure, before);
          expect(azure.state.registry(BYSTANDER)).toEqual(bystander);
          expect(await engine.db('operation_locks')).toEqual([]);
          expect(firstBrokenLink(await engine.audit.list({}))).toBeUndefined();
        } catch (error) {
          const moment =
            dieAt === undefined
              ? 'Nobody died'
              : `Died ${boundaries.names[dieAt]}`;
          (error as Error).message = `${moment}. ${(error as Error).message}`;
          throw error;
        }
        return boundaries.names;
      } finally {
        await engine.stop();
      }
    }

    describe.each(databases)('on $name', database => {
      it('succeeds when nothing goes wrong', async () => {
        expect.hasAssertions();
        await run(database);
      });

      it('succeeds wherever the worker dies, with every write made once', async () => {
        // The list of moments comes from a run without a death: a new step is covered by itself.
        const names = await run(database);
        expect(names.length).toBeGreaterThan(4);
        for (let moment = 0; moment < names.length; moment++) {
          expect(await run(database, moment)).toHaveLength(moment + 1);
        }
      });
    });
  });
}
