import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Campaigner } from './client/Campaigner';
import { Client } from './client/Client';
import { History } from './client/History';
import { type OperationRow, readOperations } from './evidence';
import { inventoryDifferences, runDrills, Stage } from './drills';
import { gather, stateBefore } from './gather';
import { invariants } from './invariants';
import { Nemesis } from './nemesis/Nemesis';
import { Random } from './random';
import { figuresOf, type Report } from './report';
import { Settlement } from './settle';
import type { DatabaseClient } from './world/Database';
import { deadline } from './world/deadline';
import {
  OWN_REGISTRIES,
  newTarget,
  type Target,
  TARGETS,
} from './world/people';
import { LEASE_SECONDS } from './world/settings';
import { RUN_LOG, World } from './world/World';

/** Threads of the client: enough that two of them want the same registry. */
export const CLIENT_THREADS = 5;
/** A run needs this long for a freeze that outlasts a lease to be worth it. Minutes. */
const PAST_LEASE_MINUTES = 1.5;
/** More than the lease, so that another worker has taken over by then. Milliseconds. */
const PAST_LEASE_MS = (LEASE_SECONDS + 3) * 1000;

export interface RunOptions {
  seed: number;
  minutes: number;
  database: DatabaseClient;
  replicas: number;
  /** For logs, evidence and report. */
  folder: string;
  say(line: string): void;
}

/** Registries that operations have made. */
const created = (operations: readonly OperationRow[]): Target[] =>
  operations
    .filter(
      ({ kind, state }) => kind === 'create-registry' && state === 'succeeded',
    )
    .map(({ registryName }) => newTarget(registryName));

async function pulls(world: World, targets: readonly Target[]) {
  const statuses: Record<string, number> = {};
  for (const { registry } of targets) {
    statuses[registry] = await world.azure.pull(registry);
  }
  return statuses;
}

/** A folder of an earlier run is used again; any other one has to be empty. */
export function prepareFolder(folder: string) {
  if (existsSync(join(folder, RUN_LOG))) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty; name another folder with --logs`);
  }
}

/**
 * One run: a history and a nemesis at the same time, until the time is over; then everything is healed
 * and settled, and what is left behind is checked.
 */
export async function run(options: RunOptions): Promise<Report> {
  const { seed, minutes, database, replicas, folder, say } = options;
  const began = performance.now();
  const random = new Random(seed);
  prepareFolder(folder);

  say('starting the database, the emulated Azure and the backends');
  const before = await stateBefore(folder);
  const world = await World.start({
    folder,
    client: database,
    replicas,
    random,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => world.stop().finally(() => process.exit(130)));
  }
  try {
    const history = new History();
    const client = new Client({
      random,
      backends: world.backends,
      history,
      name: `chaos-${seed}`,
    });
    let asked = 0;
    const campaigner = new Campaigner({
      history,
      backend: () => world.backends[(asked += 1) % world.backends.length],
    });
    const nemesis = new Nemesis({
      world,
      random,
      limits:
        minutes >= PAST_LEASE_MINUTES ? { pastLeaseMs: PAST_LEASE_MS } : {},
    });
    const supervised = new AbortController();
    const supervisor = world.supervise(supervised.signal);

    say(`disturbing for ${minutes} minutes`);
    const over = deadline(minutes * 60_000);
    await Promise.all([
      nemesis.run(over),
      ...Array.from({ length: CLIENT_THREADS }, (_, thread) =>
        client.run(thread, over),
      ),
      campaigner.run(random, over),
    ]);

    say('healing, and running the drills');
    const settlement = new Settlement({ world, client, campaigner, history });
    await world.heal();
    await settlement.askAgain();
    const stage = new Stage({ world, client, history, before });
    const drills = await runDrills(stage);

    say('waiting for every operation to end');
    await settlement.untilAllEnded();
    const operationsWhenEnded = await readOperations(world.database.db);
    const targets = [
      ...TARGETS,
      ...OWN_REGISTRIES.map(newTarget),
      ...created(operationsWhenEnded),
    ];
    const ended = await pulls(world, targets);

    say('restoring what is revoked');
    const restoresRefused = await settlement.restoreAll(targets);
    await settlement.untilAllEnded();
    const restored = await pulls(world, targets);

    say('waiting for the inventory to show what has changed');
    const inventory = await inventoryDifferences(world);
    supervised.abort();
    await supervisor;

    say('checking what is left behind');
    const evidence = await gather(world, {
      history,
      before,
      pulls: { ended, restored },
      restoresRefused,
      operationsWhenEnded,
      drills,
      timers: stage.timers,
      inventory,
    });
    return {
      seed,
      minutes,
      database,
      replicas,
      seconds: Math.round((performance.now() - began) / 1000),
      folder,
      invariants: invariants.map(({ name, violations }) => ({
        name,
        violations: violations(evidence),
      })),
      figures: {
        ...figuresOf(evidence),
        nemesis: nemesis.counts,
        'starts that failed': { 'without a database': world.failedStarts },
      },
    };
  } finally {
    await world.stop();
  }
}
