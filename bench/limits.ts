// `yarn bench:limits`: what one person who asks for far too much costs everybody else, printed, never
// asserted.
//
// The backend, the emulated Azure, the person and the others have a process each, as they have in a
// company. The person's has a lower priority, since it would have a machine of its own. In turns, others
// view a registry alone, beside one person who opens 200 streams and asks for 500 plans, all at once, and
// beside as many requests that Backstage refuses before any plugin sees them: so much a burst costs
// others whatever a plugin does. Wanted: others' 99th percentile under twice the quiet one, and the memory
// back within a tenth once all is closed. `bench/limits/` has what each process does.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '200' },
    plans: { type: 'string', default: '500' },
    /** Of the others, in each turn. */
    views: { type: 'string', default: '150' },
    turns: { type: 'string', default: '4' },
  },
});
const OTHERS = ['peter', 'quinn', 'rosa'];

const percentile = (times: number[], share: number) => {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1];
};
const load = () =>
  os
    .loadavg()
    .map(each => each.toFixed(2))
    .join(' ');

/** Processes that end with this one, and without which it cannot go on. */
const children: ChildProcess[] = [];
function keep<Child extends ChildProcess>(child: Child): Child {
  children.push(child);
  child.once('exit', code => {
    if (code !== null) process.exit(code || 1);
  });
  return child;
}

async function startAzure(dataDir: string): Promise<NodeJS.ProcessEnv> {
  const emulator = keep(
    spawn(
      process.execPath,
      [
        path.resolve(
          __dirname,
          '../packages/azure-emulator/bin/azure-emulator',
        ),
        ...['--world', 'demo', '--port', '0', '--data', dataDir],
        ...['--operation-seconds', '0', '--role-propagation-seconds', '0'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    ),
  );
  await once(emulator.stdout!, 'data');
  const ready = JSON.parse(
    readFileSync(path.join(dataDir, 'ready.json'), 'utf8'),
  );
  return {
    ...process.env,
    HTTPS_PROXY: ready.proxy,
    NODE_EXTRA_CA_CERTS: ready.caFile,
    EMULATOR_READY: JSON.stringify(ready),
  };
}

/** A process of `bench/limits/` that answers one message with one. */
async function startRole(name: string, env: NodeJS.ProcessEnv) {
  const child = keep(
    fork(path.join(__dirname, 'limits', name), [], {
      env,
      execArgv: process.execArgv,
    }),
  );
  /** Other code in the process sends messages of its own, also right before an answer. */
  const answerOf = () =>
    new Promise<any>(resolve => {
      const hear = ({ answer }: any) => {
        if (!answer) return;
        child.off('message', hear);
        resolve(answer);
      };
      child.on('message', hear);
    });
  const { port } = await answerOf();
  return {
    port: port as number,
    pid: child.pid!,
    ask<T>(message: object): Promise<T> {
      child.send(message);
      return answerOf();
    },
  };
}

/** Answers by their status. */
function tally(statuses: number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

async function main() {
  console.log(`${os.cpus().length} cores, load average ${load()}\n`);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bench-limits-'));
  const azure = await startAzure(dataDir);
  const backend = await startRole('backend.ts', azure);
  const env = { ...process.env, PORT: String(backend.port) };
  const others = await startRole('client.ts', env);
  const greedy = await startRole('client.ts', env);
  os.setPriority(greedy.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  const view = async () =>
    (
      await others.ask<{ times: number[] }>({
        view: Number(values.views),
        people: OTHERS,
      })
    ).times;
  const heapMb = async () =>
    (await backend.ask<{ heapMb: number }>({ heap: true })).heapMb;
  const abuse = (person: string) =>
    greedy.ask<{ streams: number[]; plans: number[] }>({
      abuse: { streams: Number(values.streams), plans: Number(values.plans) },
      person,
    });

  const askForNothing = () =>
    greedy.ask({ nothing: Number(values.streams) + Number(values.plans) });

  // The first views and the first abuse compile and fill caches; they are not counted.
  await view();
  await abuse('greedy-0');
  await greedy.ask({ leave: true });
  await askForNothing();
  await delay(1_000);

  const before = await heapMb();
  const quiet: number[] = [];
  const busy: number[] = [];
  const refused: number[] = [];
  let during = 0;
  for (let turn = 1; turn <= Number(values.turns); turn += 1) {
    quiet.push(...(await view()));
    // Another person in each turn: the limit of plans is for a minute.
    const [times, answers] = await Promise.all([
      view(),
      abuse(`greedy-${turn}`),
    ]);
    busy.push(...times);
    during = await heapMb();
    console.log(
      `turn ${turn}: streams ${tally(answers.streams)}; plans ${tally(
        answers.plans,
      )}`,
    );
    await greedy.ask({ leave: true });
    await delay(1_000);
    const [besides] = await Promise.all([view(), askForNothing()]);
    refused.push(...besides);
  }
  const after = await heapMb();

  for (const [what, took] of [
    ['others alone', quiet],
    ['others beside them', busy],
    ['beside as many 404', refused],
  ] as const) {
    console.log(
      `${what.padEnd(20)} p50 ${percentile(took, 0.5).toFixed(
        1,
      )} ms, p99 ${percentile(took, 0.99).toFixed(1)} ms (${took.length})`,
    );
  }
  const ratio = (took: number[]) =>
    (percentile(took, 0.99) / percentile(quiet, 0.99)).toFixed(2);
  console.log(
    `ratio of p99 (wanted: < 2): ${ratio(busy)}; of as many 404: ${ratio(
      refused,
    )}`,
  );
  console.log(
    `heap before ${before.toFixed(1)} MB, with streams ${during.toFixed(
      1,
    )} MB, after they closed ${after.toFixed(1)} MB (${(
      (after / before - 1) *
      100
    ).toFixed(1)} %)`,
  );
  console.log(`load average at the end ${load()}`);
  rmSync(dataDir, { recursive: true, force: true });
}

main()
  .catch(error => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => children.forEach(child => child.kill()));
