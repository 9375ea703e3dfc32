import { execFileSync, type ExecException } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Client } from './client/Client';
import { History } from './client/History';
import {
  type Evidence,
  readAudit,
  readLocks,
  type OperationRow,
  readOperations,
} from './evidence';
import { invariants } from './invariants';
import { Nemesis } from './nemesis/Nemesis';
import { Random } from './random';
import type { Report } from './report';
import { exportAudit, Settlement } from './settle';
import { keysOf, readAzureState } from './world/azureState';
import { newTarget, type Target, TARGETS } from './world/people';
import { LEASE_SECONDS, RUN_LOG, World } from './world/World';

/** Threads of the client: enough that two of them want the same registry. */
export const CLIENT_THREADS = 5;
/** A run needs this long for a freeze that outlasts a lease to be worth it. Minutes. */
const PAST_LEASE_MINUTES = 1.5;
/** More than the lease, so that another worker has taken over by then. Milliseconds. */
const PAST_LEASE_MS = (LEASE_SECONDS + 3) * 1000;

export interface RunOptions {
  seed: number;
  minutes: number;
  replicas: number;
  /** For logs, evidence and report. */
  folder: string;
  say(line: string): void;
}

/**
 * One run: a history and a nemesis at the same time, until the time is over; then everything is healed
 * and settled, and what is left behind is checked.
 */
export async function run(options: RunOptions): Promise<Report> {
  const { seed, minutes, folder, say } = options;
  const began = performance.now();
  const random = new Random(seed);
  prepareFolder(folder);

  say('starting PostgreSQL, the embedded Azure and the backends');
  const before = await stateBefore(folder);
  const world = await World.start({
    folder,
    replicas: options.replicas,
    random,
  });
  try {
    const history = new History();
    const client = new Client({
      random,
      backends: world.backends,
      history,
      name: `chaos-${seed}`,
    });
    const nemesis = new Nemesis({
      world,
      random,
      limits:
        minutes >= PAST_LEASE_MINUTES ? { pastLeaseMs: PAST_LEASE_MS } : {},
    });

    say(`${minutes} minutes of disturbed operations`);
    const over = AbortSignal.timeout(minutes * 60_000);
    // Longer than everything else: backends that fall over while the rest ends are started again.
    const supervised = new AbortController();
    const supervisor = world.supervise(supervised.signal);
    await Promise.all([
      nemesis.run(over),
      ...Array.from({ length: CLIENT_THREADS }, (_, thread) =>
        client.run(thread, over),
      ),
    ]);

    say('healing, and waiting for every operation to end');
    const settlement = new Settlement({ world, client, history });
    await world.heal();
    await settlement.askAgain();
    await settlement.untilAllEnded();
    const operationsWhenEnded = await readOperations(world.database.db);
    const targets = [...TARGETS, ...created(operationsWhenEnded)];
    const ended = await pulls(world, targets);

    say('restoring what is revoked');
    const restoresRefused = await settlement.restoreAll(targets);
    await settlement.untilAllEnded();
    const restored = await pulls(world, targets);

    say('checking what is left behind');
    supervised.abort();
    await supervisor;
    const chain = verifyChain(
      folder,
      await exportAudit(world.backends[0].as('olivia')),
    );
    await Promise.all(world.backends.map(({ process }) => process.stop()));
    await world.azure.readLog();
    await world.azure.stop();
    const { db } = world.database;
    const operations = await readOperations(db);
    const evidence: Evidence = {
      history,
      log: world.azure.log,
      azure: { before, after: await stateAfter(folder, operations) },
      pulls: { ended, restored },
      restoresRefused,
      operations,
      operationsWhenEnded,
      locks: await readLocks(db),
      audit: await readAudit(db),
      chain,
      endedByThemselves: world.endedByThemselves,
    };
    write(folder, 'evidence.json', evidence);
    return {
      seed,
      minutes,
      replicas: options.replicas,
      seconds: Math.round((performance.now() - began) / 1000),
      folder,
      invariants: invariants.map(({ name, violations }) => ({
        name,
        violations: violations(evidence),
      })),
      figures: {
        operations: countBy(
          operations,
          ({ kind, state }) => `${kind} ${state}`,
        ),
        nemesis: nemesis.counts,
        client: history.counts,
        other: {
          'requests to Azure': evidence.log.length,
          'requests that met a fault': evidence.log.filter(({ fault }) => fault)
            .length,
          'audit records': evidence.audit.length,
          'starts without a database': world.failedStarts,
          'slowest answer, milliseconds': history.slowestMs,
        },
      },
    };
  } finally {
    await world.stop();
  }
}

/** A folder of an earlier run is used again; any other one has to be empty. */
function prepareFolder(folder: string) {
  if (existsSync(join(folder, RUN_LOG))) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty; name another folder with --logs`);
  }
}

/** Azure as it is made, before anybody has touched it. */
const stateBefore = (folder: string) =>
  readAzureState(World.azureFolder(folder), state => ({
    keys: keysOf(
      state,
      TARGETS.map(({ registry }) => registry),
    ),
    vaults: [],
    principals: [],
  }));

/** Azure as it is now, in everything that an operation was about. */
function stateAfter(folder: string, operations: readonly OperationRow[]) {
  const specs = operations.flatMap(({ steps }) =>
    steps.map(({ spec }) => spec),
  );
  const unique = (values: unknown[]) => [
    ...new Set(values.filter(value => typeof value === 'string') as string[]),
  ];
  return readAzureState(World.azureFolder(folder), state => ({
    keys: unique([
      ...keysOf(
        state,
        TARGETS.map(({ registry }) => registry),
      ),
      ...specs.map(({ key }) =>
        String(key ?? '')
          .toLowerCase()
          .replace(/\/[0-9a-f]{32}$/, ''),
      ),
    ]).filter(key => key !== ''),
    vaults: unique(
      specs.map(({ vaultId }) => vaultId?.split('/').at(-1).toLowerCase()),
    ),
    principals: unique([
      ...specs.map(({ assignment }) => assignment?.principalId),
      ...operations.flatMap(({ outputs }) => [
        outputs.systemPrincipalId,
        outputs.createdIdentity?.principalId,
      ]),
    ]),
  }));
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

function verifyChain(folder: string, records: object[]): Evidence['chain'] {
  const file = write(folder, 'audit.json', { items: records });
  const tool = join(__dirname, '../bin/acr-cmk-audit.js');
  try {
    const output = execFileSync(process.execPath, [tool, 'verify', file], {
      encoding: 'utf8',
    });
    return { exitCode: 0, output, records: records.length };
  } catch (error) {
    const { code, stdout } = error as ExecException & { status?: number };
    return {
      exitCode: Number(code ?? 1),
      output: String(stdout),
      records: records.length,
    };
  }
}

function write(folder: string, name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content, undefined, 1));
  return file;
}

function countBy<T>(items: readonly T[], by: (item: T) => string) {
  const counts: Record<string, number> = {};
  for (const item of items) counts[by(item)] = (counts[by(item)] ?? 0) + 1;
  return counts;
}
