/**
 * A worker of the engine in a process of its own, with a lease that is shorter than a
 * configuration allows. `TestProcess` starts it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import { createAzurePorts } from '../azure/azurePorts';
import { createCredentials } from '../azure/credentials/credentials';
import { DatabaseClock } from '../platform/database/clock';
import { OperationsWorker } from '../engine/OperationsWorker';
import { serveTest } from './TestProcess';
import { type credentialsOf, engineParts, silentLogger } from './engine';

/** Settings that the process receives at its start. */
export interface WorkerSettings {
  database: Knex.PgConnectionConfig;
  credentials: ReturnType<typeof credentialsOf>;
  leaseSeconds: number;
  owner: string;
}

serveTest<WorkerSettings, {}>(async settings => {
  const db = knexFactory({ client: 'pg', connection: settings.database });
  const { deps } = engineParts({
    db,
    clock: new DatabaseClock(db),
    azurePorts: createAzurePorts({
      credentials: createCredentials(settings.credentials),
      // Less than its lease.
      timeoutSeconds: 2,
    }),
    leaseSeconds: settings.leaseSeconds,
  });
  const worker = new OperationsWorker({
    runner: deps,
    owner: settings.owner,
    logger: silentLogger,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    pollMs: 200,
    concurrency: 1,
  });
  return { ready: {}, startWorker: () => worker.start() };
});
