/* eslint-disable jest/no-export, jest/no-standalone-expect -- one body for several test files, which run side by side */
import {
  trustInThisProcess,
  type Emulator,
  type EmulatorSnapshot,
  startEmulator,
} from 'azure-emulator';
import type { OperationRecord } from '../operations/engine/types';
import { firstBrokenLink } from '../audit/AuditLog';
import type { AzurePorts } from '../azure/ports';
import { type OpenCopy, type TestDatabase, testDatabases } from './databases';
import { expectPostgresWouldTake } from './columnTypes';
import { registryId } from './demoWorld';
import { Boundaries } from './Boundaries';
import { type Engine, portsTo, startEngine } from './engine';
import {
  type Before,
  type IntentCase,
  intentOf,
  stateBefore,
} from './intentCase';
import { intentCases, kindOf } from './intentCases';

/** A registry of another team, in the same vault, that no case is about. */
const BYSTANDER = 'checkoutimages';

/** All that a worker leaves behind when its process ends at this moment. */
interface Moment {
  name: string;
  openDatabase: OpenCopy;
  azure: EmulatorSnapshot;
  /** The engine's time. */
  now: number;
}

/** A run without a death, with the moments at which there could have been one. */
interface Recording {
  operationId: string;
  before: Before;
  bystander: ReturnType<Emulator['state']['registry']>;
  moments: Moment[];
}

/**
 * Runs each case without a death, and keeps database and Azure as they are after every write of the
 * worker, to either of them. From each of these moments another worker, which knows nothing but what it
 * finds there, has to bring the operation to the same end. On SQLite, and cases with `alsoOnPostgres` there.
 *
 * @param kinds - cases of which kinds of intent
 */
export function describeCrashes(...kinds: ReturnType<typeof kindOf>[]): void {
  const cases = kinds.flatMap(kind => {
    const own = intentCases.filter(wanted => kindOf(wanted) === kind);
    if (!own.some(({ alsoOnPostgres }) => alsoOnPostgres)) {
      throw new Error(`No case of ${kind} has alsoOnPostgres`);
    }
    return own;
  });
  describeCrashesOf(cases, 'demo');
}

/** The same of these cases, in the world that they belong to. */
export function describeCrashesOf(
  cases: readonly IntentCase[],
  world: 'demo' | 'demo-hsm',
): void {
  // A case is several dozen operations.
  jest.setTimeout(300_000);
  const databases = testDatabases();

  describe.each(cases)('F1-F4, F22: $name', wanted => {
    let azure: Emulator;
    let disconnect: () => void;
    let ports: AzurePorts;
    beforeAll(async () => {
      azure = await startEmulator({
        world,
        operationSeconds: 0,
        rolePropagationSeconds: 0,
      });
      disconnect = trustInThisProcess(azure);
      ports = portsTo(azure);
    });
    afterAll(async () => {
      disconnect();
      await azure.close();
    });

    async function expectDone(
      operation: OperationRecord,
      { before, bystander }: Recording,
      engine: Engine,
    ) {
      expect([operation.state, operation.result?.message]).toEqual([
        'succeeded',
        expect.any(String),
      ]);
      wanted.expectDone(azure, before);
      expect(azure.state.registry(BYSTANDER)).toEqual(bystander);
      expect(await engine.db('operation_locks')).toEqual([]);
      expect(firstBrokenLink(await engine.audit.list({}))).toBeUndefined();
    }

    async function record({
      name: database,
      open,
      copyOf,
    }: TestDatabase): Promise<Recording> {
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
        const moments: Moment[] = [];
        const boundaries = new Boundaries(async name => {
          if (database === 'SQLite') await expectPostgresWouldTake(engine.db);
          moments.push({
            name,
            openDatabase: await copyOf(engine.db),
            azure: azure.snapshot(),
            now: await engine.clock.now(),
          });
        });
        const operation = await engine.runToEnd(id, { boundaries });
        const recording = { operationId: id, before, bystander, moments };
        await expectDone(operation, recording, engine);
        return recording;
      } finally {
        await engine.stop();
      }
    }

    async function takeOver(
      { openDatabase, azure: snapshot, now, name }: Moment,
      recording: Recording,
    ) {
      azure.restore(snapshot);
      const engine = await startEngine(
        ports,
        await openDatabase(),
        azure,
        wanted.turnSeconds,
      );
      try {
        engine.clock.advance(now - (await engine.clock.now()));
        const operation = await engine.runToEnd(recording.operationId, {
          owner: 'worker-2',
        });
        await expectDone(operation, recording, engine);
      } catch (error) {
        const { message } = error as Error;
        (error as Error).message = `The worker died ${name}. ${message}`;
        throw error;
      } finally {
        await engine.stop();
      }
    }

    it.each(
      databases.filter(
        ({ name }) => name === 'SQLite' || wanted.alsoOnPostgres,
      ),
    )(
      'succeeds on $name, also wherever the worker dies, with every write made once',
      async database => {
        // The list of moments comes from the run without a death: a new step is covered by itself.
        const recording = await record(database);
        expect(recording.moments.length).toBeGreaterThan(4);
        for (const moment of recording.moments) {
          await takeOver(moment, recording);
        }
      },
    );
  });
}
