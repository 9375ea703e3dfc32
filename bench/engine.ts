// `yarn bench`: what the engine itself costs on this machine, printed, never asserted.
//
// First how long a rotation takes beyond the time that calls to Azure take, on SQLite and on
// PostgreSQL (wanted: under a second at the 95th percentile). Then what a thousand operations that
// wait for Azure's hour cost an idle process, beside what none cost. The emulated Azure answers at
// once; the worker is the product's, with the product's default poll.
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isTerminal } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { startEmulator, trustInThisProcess } from 'azure-emulator';
import {
  openSqlite,
  PostgresDatabases,
} from '../plugins/acr-cmk-backend/src/__testUtils__/databases';
import { registryId } from '../plugins/acr-cmk-backend/src/__testUtils__/demoWorld';
import {
  engineParts,
  portsTo,
  silentLogger,
} from '../plugins/acr-cmk-backend/src/__testUtils__/engine';
import type { AzurePorts } from '../plugins/acr-cmk-backend/src/azure/ports';
import { DatabaseClock } from '../plugins/acr-cmk-backend/src/platform/database/clock';
import { OperationsWorker } from '../plugins/acr-cmk-backend/src/engine/OperationsWorker';

const { values } = parseArgs({
  options: {
    rotations: { type: 'string', default: '100' },
    waiting: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
  },
});
/** The defaults of `acrCmk.operations`, and of the plugin. */
const LEASE_SECONDS = 60;
const POLL_MS = 2000;
const CONCURRENCY = 8;
const REGISTRY = 'ordersimages';
/** Number of idle measurements, with and without waiting operations. */
const TURNS = 3;

/** Time in which at least one call to Azure was on its way. */
class CallTime {
  calls = 0;
  #open = 0;
  #since = 0;
  #sum = 0;

  reset() {
    this.calls = 0;
    this.#sum = 0;
    this.#since = performance.now();
  }

  get ms(): number {
    return this.#sum;
  }

  around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, property) => {
        const value = Reflect.get(object, property, object);
        if (typeof value === 'object' && value !== null) {
          return this.around(value);
        }
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const answer = Reflect.apply(value, object, args);
          return answer instanceof Promise ? this.#during(answer) : answer;
        };
      },
    });
  }

  async #during<R>(call: Promise<R>): Promise<R> {
    this.calls += 1;
    this.#open += 1;
    if (this.#open === 1) this.#since = performance.now();
    try {
      return await call;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#sum += performance.now() - this.#since;
    }
  }
}

function engineOn(db: Knex, azurePorts: AzurePorts) {
  const clock = new DatabaseClock(db);
  const engine = engineParts({
    db,
    clock,
    azurePorts,
    leaseSeconds: LEASE_SECONDS,
  });
  const worker = new OperationsWorker({
    runner: engine.deps,
    owner: 'bench',
    logger: {
      ...silentLogger,
      error: (message, meta) => console.error(message, meta),
    },
    sleep: (ms, signal) =>
      delay(ms, undefined, { signal }).catch(() => undefined),
    pollMs: POLL_MS,
    concurrency: CONCURRENCY,
  });
  return { ...engine, clock, worker };
}

const percentile = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];

async function rotations(
  db: Knex,
  azure: Awaited<ReturnType<typeof startEmulator>>,
) {
  const time = new CallTime();
  const { accept, operations, worker } = engineOn(
    db,
    time.around(portsTo(azure)),
  );
  worker.start();
  const rows: { whole: number; calls: number; beyond: number }[] = [];
  const count = Number(values.rotations);
  // The first few open connections and compile; they are not counted.
  for (let n = -3; n < count; n++) {
    azure.reset();
    const { id } = await accept(registryId(REGISTRY), { kind: 'rotate' });
    time.reset();
    worker.wake();
    let operation = await operations.get(id);
    while (!operation || !isTerminal(operation.state)) {
      await delay(5);
      operation = await operations.get(id);
    }
    if (operation.state !== 'succeeded') {
      throw new Error(JSON.stringify(operation.result));
    }
    const whole = operation.endedAt! - operation.createdAt;
    if (n >= 0) rows.push({ whole, calls: time.ms, beyond: whole - time.ms });
  }
  await worker.stop();
  const sorted = (of: keyof (typeof rows)[0]) =>
    rows.map(row => row[of]).sort((a, b) => a - b);
  return {
    whole: sorted('whole'),
    calls: sorted('calls'),
    beyond: sorted('beyond'),
  };
}

/** Copies one operation into many that wait for an hour. */
async function fillWaiting(db: Knex, count: number) {
  const [operation] = await db('operations').limit(1);
  const steps = await db('operation_steps').where({
    operation_id: operation.id,
  });
  const due = (await new DatabaseClock(db).now()) + 3600_000;
  for (let n = 0; n < count; n++) {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    await db('operations').insert({
      ...operation,
      id,
      idempotency_key: id,
      state: 'waiting',
      ended_at: null,
      due_at: due,
    });
    await db('operation_steps').insert(
      steps.map(step => ({ ...step, operation_id: id, state: 'waiting' })),
    );
  }
  return due;
}

interface Idle {
  /** CPU time of this process in a second, in milliseconds. */
  cpuMs: number;
  timers: number;
  resources: number;
}

/** The turn that was disturbed least. */
const quietest = (turns: Idle[]) =>
  turns.reduce((least, turn) => (turn.cpuMs < least.cpuMs ? turn : least));

/** Measures the cost of an idle worker to this process. */
async function idle(db: Knex, ports: AzurePorts): Promise<Idle> {
  const { worker } = engineOn(db, ports);
  worker.start();
  await delay(POLL_MS);
  const before = process.cpuUsage();
  const counts: number[] = [];
  const timers: number[] = [];
  for (let second = 0; second < Number(values.seconds); second++) {
    await delay(1000);
    const resources = process.getActiveResourcesInfo();
    counts.push(resources.length);
    timers.push(resources.filter(name => name === 'Timeout').length);
  }
  const { user, system } = process.cpuUsage(before);
  await worker.stop();
  return {
    cpuMs: (user + system) / 1000 / Number(values.seconds),
    resources: Math.max(...counts),
    timers: Math.max(...timers),
  };
}

const load = () =>
  os
    .loadavg()
    .map(each => each.toFixed(2))
    .join(' ');
const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);

async function main() {
  const azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const distrust = trustInThisProcess(azure);
  const postgres = new PostgresDatabases();
  const open = { SQLite: openSqlite, PostgreSQL: () => postgres.open() };
  console.log(`${os.cpus().length} cores, load average ${load()}\n`);

  console.log(
    `${values.rotations} rotations, accepted to succeeded           p50       p95       max`,
  );
  const line = (what: string, sorted: number[]) =>
    console.log(
      `${what.padEnd(42)}${ms(percentile(sorted, 0.5))} ${ms(
        percentile(sorted, 0.95),
      )} ${ms(sorted[sorted.length - 1])}`,
    );
  const databases = new Map<string, Knex>();
  for (const [name, openOne] of Object.entries(open)) {
    const db = await openOne();
    databases.set(name, db);
    const { whole, calls, beyond } = await rotations(db, azure);
    line(`${name}: all of it`, whole);
    line(`${name}: in calls to Azure`, calls);
    line(`${name}: beyond them (wanted: < 1 s at p95)`, beyond);
  }

  console.log(
    `\nidle, best of ${TURNS} times ${values.seconds} s       CPU/s   timers   other resources`,
  );
  const ports = portsTo(azure);
  for (const [name, db] of databases) {
    const due = await fillWaiting(db, Number(values.waiting));
    const wait = (dueAt: number | null) =>
      db('operations').where({ state: 'waiting' }).update({ due_at: dueAt });
    // By turns, so that whatever else this machine does hits both; the first turn is warm-up.
    const turns = { none: [] as Idle[], many: [] as Idle[] };
    for (let turn = 0; turn <= TURNS; turn++) {
      await wait(null);
      const none = await idle(db, ports);
      await wait(due);
      const many = await idle(db, ports);
      if (turn === 0) continue;
      turns.none.push(none);
      turns.many.push(many);
    }
    const [none, many] = [quietest(turns.none), quietest(turns.many)];
    for (const [what, { cpuMs, timers, resources }] of [
      ['none wait', none],
      [`${values.waiting} wait`, many],
    ] as const) {
      console.log(
        `${`${name}: ${what}`.padEnd(24)}${`${cpuMs.toFixed(2)} ms`.padStart(
          10,
        )}${String(timers).padStart(9)}${String(resources - timers).padStart(
          18,
        )}`,
      );
    }
    console.log(
      `${`${name}: ratio`.padEnd(24)}${(many.cpuMs / none.cpuMs)
        .toFixed(2)
        .padStart(10)}`,
    );
    await db.destroy();
  }
  console.log(`\nload average at the end ${load()}`);
  await postgres.stop();
  distrust();
  await azure.close();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
