/** `yarn test:chaos`: see HELP. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseCampaign } from './client/campaignChoices';
import { chooseRequest } from './client/choices';
import { chooseTurn, THREADS } from './nemesis/disturbances';
import { Random } from './random';
import { inLines, passed } from './report';
import { CLIENT_THREADS, run } from './run';
import { soak, soakInLines } from './soak';

const HELP = `Runs seeded chaos tests against real backends and checks invariants afterwards.

  --seed N        the seed of all choices; default: the date, as in 20261125
  --minutes M     how long it is disturbed, fractions too; default 2
  --replicas N    backends; default 2, from five minutes on 3
  --replicas N    backends; default 2, from five minutes on 3
  --database D    pg, the default, or sqlite, which is for one backend
  --logs DIR      where logs, evidence and report go; default test-results/chaos-SEED
  --report FILE   writes the report there as well
  --soak          disturbs nothing; measures heap and sockets under a mixed load with watchers that
                  come and go
  --choices N     prints the first N choices of each thread of this seed, and runs nothing

A seed gives the same choices again: who asks for what, where and when, and what is disturbed how
and for how long. How they meet is left to the machine, so a rare failure may need several runs.
`;

const DEFAULT_MINUTES = '2';
/** Runs that are this long have time for a third replica. Minutes. */
const LONG_MINUTES = 5;

const root = resolve(__dirname, '../../..');

const seedOfTheDay = (now: Date) =>
  Number(now.toISOString().slice(0, 10).replaceAll('-', ''));

function numberOf(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least) {
    throw new Error(
      `${flag} must be a number, ${least} or more, not '${text}'.`,
    );
  }
  return value;
}

function printChoices(seed: number, count: number) {
  const random = new Random(seed);
  const lines = (name: string, choose: (index: number) => unknown) => {
    for (let index = 0; index < count; index++) {
      console.log(`${name} ${index}: ${JSON.stringify(choose(index))}`);
    }
  };
  for (let thread = 0; thread < CLIENT_THREADS; thread++) {
    const own = random.fork(`client-${thread}`);
    lines(`client ${thread}`, index => chooseRequest(own, thread, index));
  }
  lines('campaign', index => chooseCampaign(random, index));
  for (const thread of Object.keys(THREADS)) {
    lines(`nemesis ${thread}`, index =>
      chooseTurn(random, { thread, index }, {}),
    );
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: DEFAULT_MINUTES },
      replicas: { type: 'string' },
      database: { type: 'string', default: 'pg' },
      logs: { type: 'string' },
      report: { type: 'string' },
      choices: { type: 'string' },
      soak: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const seed =
    values.seed === undefined
      ? seedOfTheDay(new Date())
      : numberOf('--seed', values.seed, 0);
  const minutes = numberOf('--minutes', values.minutes, 0.1);
  if (values.choices !== undefined) {
    printChoices(seed, numberOf('--choices', values.choices, 1));
    return;
  }
  const defaultReplicas = minutes < LONG_MINUTES ? '2' : '3';
  const { database } = values;
  if (database !== 'pg' && database !== 'sqlite') {
    throw new Error(`--database must be pg or sqlite, not '${database}'.`);
  }
  const replicas =
    database === 'sqlite'
      ? 1
      : numberOf('--replicas', values.replicas ?? defaultReplicas, 1);
  const folder = resolve(
    values.logs ?? join(root, 'test-results', `chaos-${seed}`),
  );
  if (values.soak) {
    console.log(`soak: seed ${seed}, ${minutes} minutes, ${replicas} backends`);
    const report = await soak({
      seed,
      minutes,
      replicas,
      folder,
      say: line => console.log(`… ${line}`),
    });
    writeFileSync(
      join(folder, 'soak.json'),
      `${JSON.stringify(report, undefined, 2)}\n`,
    );
    console.log(soakInLines(report).join('\n'));
    process.exitCode = report.violations.length === 0 ? 0 : 1;
    return;
  }
  console.log(
    `chaos: seed ${seed}, ${minutes} minutes, ${replicas} backends, ${database}`,
  );
  const report = await run({
    seed,
    minutes,
    database,
    replicas,
    folder,
    say: line => console.log(`… ${line}`),
  });
  for (const file of [join(folder, 'report.json'), values.report]) {
    if (!file) continue;
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  console.log(inLines(report).join('\n'));
  process.exitCode = passed(report) ? 0 : 1;
}

main().then(
  // Whatever is still open is nobody's any more.
  () => process.exit(),
  error => {
    console.error((error as Error).stack);
    process.exit(1);
  },
);
