/* eslint-disable jest/no-export, jest/no-standalone-expect -- one body for several test files, which run side by side */
import type { Emulator, EmulatorSnapshot } from 'azure-emulator';
import type { OperationRecord } from '../engine/types';
import { breaksIn } from '../platform/audit/chain';
import type { OpenCopy, TestDatabase } from './databases';
import { expectPostgresWouldTake } from './columnTypes';
import { registryId } from './demoWorld';
import { Boundaries } from './Boundaries';
import { type Engine, startEngine } from './engine';
import {
  type Before,
  type IntentCase,
  intentOf,
  stateBefore,
} from './intentCase';
import { useAzure } from './useAzure';

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

/** Cases, the world that they belong to, and the database in which their crashes happen. */
export interface Crashes {
  cases: readonly IntentCase[];
  world?: 'demo' | 'demo-hsm';
  database: TestDatabase;
}

/**
 * Runs each case without a death, and keeps database and Azure as they are after every write of the
 * worker, to either of them. From each of these moments another worker, which knows nothing but what it
 * finds there, has to bring the operation to the same end.
 *
 * @returns the kinds of steps of the cases that have run
 */
export function describeCrashes({
  cases,
  world = 'demo',
  database,
}: Crashes): ReadonlySet<string> {
  // A case is several dozen operations.
  jest.setTimeout(300_000);
  const stepKinds = new Set<string>();

  const azure = useAzure({ world });

  describe.each(cases)('F1-F4, F22: $name', wanted => {
    async function expectDone(
      operation: OperationRecord,
      { before, bystander }: Recording,
      engine: Engine,
    ) {
      expect([operation.state, operation.result?.message]).toEqual([
        'succeeded',
        expect.any(String),
      ]);
      wanted.expectDone(azure.emulator, before);
      expect(azure.emulator.state.registry(BYSTANDER)).toEqual(bystander);
      expect(await engine.db('operation_locks')).toEqual([]);
      expect(breaksIn(await engine.audit.list({}))).toEqual([]);
    }

    async function record(): Promise<Recording> {
      azure.emulator.reset();
      const engine = await startEngine(
        azure.ports,
        await database.open(),
        azure.emulator,
        wanted.turnSeconds,
      );
      try {
        await wanted.given?.(engine, azure.emulator);
        const before = stateBefore(azure.emulator, wanted);
        const bystander = azure.emulator.state.registry(BYSTANDER);
        const { id } = await engine.accept(
          registryId(wanted.registry, wanted.group),
          intentOf(azure.emulator, wanted),
        );
        const moments: Moment[] = [];
        const boundaries = new Boundaries(async name => {
          if (database.name === 'SQLite') {
            await expectPostgresWouldTake(engine.db);
          }
          moments.push({
            name,
            openDatabase: await database.copyOf(engine.db),
            azure: azure.emulator.snapshot(),
            now: await engine.clock.now(),
          });
        });
        const operation = await engine.runToEnd(id, { boundaries });
        const recording = { operationId: id, before, bystander, moments };
        await expectDone(operation, recording, engine);
        operation.steps.forEach(({ spec }) => stepKinds.add(spec.kind));
        return recording;
      } finally {
        await engine.stop();
      }
    }

    async function takeOver(
      { openDatabase, azure: snapshot, now, name }: Moment,
      recording: Recording,
    ) {
      azure.emulator.restore(snapshot);
      const engine = await startEngine(
        azure.ports,
        await openDatabase(),
        azure.emulator,
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

    it(`succeeds on ${database.name}, also wherever the worker dies, with every write made once`, async () => {
      // The list of moments comes from the run without a death: a new step is covered by itself.
      const recording = await record();
      expect(recording.moments.length).toBeGreaterThan(4);
      for (const moment of recording.moments) {
        await takeOver(moment, recording);
      }
    });
  });
  return stepKinds;
}
