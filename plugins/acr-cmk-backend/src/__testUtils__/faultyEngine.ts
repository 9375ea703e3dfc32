/** The engine in a world whose faults a test asks for, made anew for each test. */
import {
  trustInThisProcess,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from 'azure-emulator';
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { OperationsWorker } from '../engine/OperationsWorker';
import type { RunnerDeps } from '../engine/run';
import type { OperationRecord } from '../engine/types';
import {
  type Engine,
  engineParts,
  portsTo,
  silentLogger,
  startEngine,
} from './engine';
import { MovedMonotonicClock } from './movedTime';

export const LEASE_SECONDS = 60;

export class FaultyEngine {
  azure!: Emulator;
  engine!: Engine;
  /** Clock of the workers that `worker` makes. */
  monotonic!: MovedMonotonicClock;
  #disconnect!: () => void;
  readonly #open: () => Promise<Knex>;

  constructor(open: () => Promise<Knex>) {
    this.#open = open;
  }

  async start(options: Partial<EmulatorOptions> = {}): Promise<void> {
    this.azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...options,
    });
    this.#disconnect = trustInThisProcess(this.azure);
    this.monotonic = new MovedMonotonicClock();
    this.engine = await startEngine(
      portsTo(this.azure, this.monotonic.read),
      await this.#open(),
      this.azure,
    );
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    this.#disconnect();
    await this.azure.close();
  }

  async carryOut(registry: string, intent: Intent): Promise<OperationRecord> {
    const { id } = await this.engine.accept(registry, intent);
    return this.engine.runToEnd(id);
  }

  /** A worker of another process, on the same tables. */
  worker(
    change: (deps: RunnerDeps) => Partial<RunnerDeps> = () => ({}),
  ): OperationsWorker {
    const { db, clock, azurePorts } = this.engine;
    const { deps } = engineParts({
      db,
      clock,
      azurePorts,
      leaseSeconds: LEASE_SECONDS,
    });
    return new OperationsWorker({
      owner: 'a-worker',
      logger: silentLogger,
      sleep: async () => undefined,
      pollMs: 0,
      concurrency: 1,
      runner: { ...deps, ...change(deps) },
    });
  }

  /** Time passes for everybody, also for a process that is stopped. */
  pass(seconds: number) {
    this.engine.clock.advance(seconds * 1000);
    this.monotonic.advance(seconds * 1000);
    this.azure.clock.advance(seconds * 1000);
  }

  /** Every PATCH that Azure was sent. */
  patches() {
    return this.azure.requests().filter(({ method }) => method === 'PATCH');
  }

  /** Everything that Azure was asked to change, without tokens, challenges and queries. */
  writes() {
    return this.azure
      .requests()
      .filter(
        ({ method, path, status }) =>
          method !== 'GET' &&
          status !== 401 &&
          !/\/(token|exchange|Microsoft\.ResourceGraph\/resources)$/.test(path),
      );
  }
}
