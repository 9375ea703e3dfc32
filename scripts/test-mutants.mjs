// `yarn test:mutants`: see HELP.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  copyRepository,
  problemsOf,
  putFault,
  readMutants,
  workspaceOf,
} from './lib/mutants.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, runLogged, say, step, Stop } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Puts the faults of tools/mutants, one at a time, into a copy of the repository, and checks that their tests fail.

  yarn test:mutants [ID …]

  --list            prints the faults and their tests, and runs nothing
  --check           checks that each fault still has its place, and runs nothing
  --chaos MINUTES   runs the chaos suite for so long instead of the tests, with a second seed if the first notices nothing
  --keep            keeps the copy, and says where it is
`;

/** Longest run of the tests of a fault: one that makes them hang is not noticed. */
const TIMEOUT_MS = 10 * 60_000;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        chaos: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Stop(`${error.message}\n\n${HELP}`);
  }
}

function choose(mutants, ids) {
  const unknown = ids.find(id => !mutants.some(mutant => mutant.id === id));
  if (unknown) throw new Stop(`There is no fault "${unknown}". See --list.`);
  return ids.length === 0
    ? mutants
    : mutants.filter(({ id }) => ids.includes(id));
}

/** Runs the tests of a fault in the copy. Returns the titles of those that failed, and how many passed. */
async function runTests({ test, title, tier }, { copy, env }) {
  const report = join(copy, 'mutants.json');
  rmSync(report, { force: true });
  const cwd = join(copy, workspaceOf(test[0]));
  const { log } = await runLogged(
    'test-mutants',
    'backstage-cli',
    [
      ...['package', 'test', '--runInBand', '--testTimeout=60000', '--json'],
      `--outputFile=${report}`,
      ...(title ? ['--testNamePattern', title] : []),
      ...test.map(path => join(copy, path)),
    ],
    {
      cwd,
      env: { ...env, ...(tier === '--all' ? {} : { FAST_TESTS: '1' }) },
      timeout: TIMEOUT_MS,
    },
  );
  if (!existsSync(report)) return { problem: `did not end; see ${log}` };
  const { testResults, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
  if (counts.numRuntimeErrorTestSuites > 0) {
    return { problem: `does not load; see ${log}` };
  }
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  return { failed, passed: counts.numPassedTests };
}

/** Seeds of the chaos suite, tried one after the other. */
const SEEDS = ['1', '2'];

/** Runs the chaos suite in the copy, until it notices something. Returns what does not hold. */
async function runChaos(minutes, { copy, env }) {
  const report = join(copy, 'chaos.json');
  for (const seed of SEEDS) {
    rmSync(report, { force: true });
    const { log } = await runLogged(
      'test-mutants',
      'yarn',
      [
        'test:chaos',
        ...['--minutes', minutes, '--seed', seed, '--report', report],
      ],
      { cwd: copy, env },
    );
    if (!existsSync(report)) return { problem: `did not end; see ${log}` };
    const failed = JSON.parse(readFileSync(report, 'utf8'))
      .invariants.filter(({ violations }) => violations.length > 0)
      .map(({ name, violations }) => `${name}: ${violations[0]}`);
    if (failed.length > 0) return { failed };
  }
  return { failed: [], passed: SEEDS.length };
}

/** Without a fault the tests have to pass: else they notice nothing. */
async function requireSound(run, mutant) {
  const { failed, passed, problem } = await run();
  if (problem) return `the test ${problem}`;
  if (failed.length > 0) return `fails without the fault: ${failed[0]}`;
  return passed > 0 ? undefined : `no test has the title ${mutant.title}`;
}

/** @returns whether every fault was noticed */
async function tryAll(mutants, { chaos, ...where }) {
  const sound = new Map();
  let noticed = 0;
  for (const mutant of mutants) {
    const tests = chaos
      ? 'chaos'
      : JSON.stringify([mutant.test, mutant.title, mutant.tier]);
    const notice = () =>
      chaos ? runChaos(chaos, where) : runTests(mutant, where);
    const run = async () => {
      if (!sound.has(tests)) {
        sound.set(tests, await requireSound(notice, mutant));
      }
      if (sound.get(tests)) return { problem: sound.get(tests) };
      const takeOut = putFault(mutant, where.copy);
      const result = await notice();
      takeOut();
      return result;
    };
    const isNoticed = ({ failed = [] }) => failed.length > 0;
    const result = await step(mutant.id, run, isNoticed);
    noticed += isNoticed(result) ? 1 : 0;
    const { failed, problem } = result;
    if (problem) say(`  ${problem}`);
    else if (failed.length === 0) say(`  SURVIVED: ${mutant.breaks}`);
    else say(`  noticed by: ${failed[0]} (and ${failed.length - 1} more)`);
  }
  console.log(`${noticed} of ${mutants.length} faults noticed`);
  return noticed === mutants.length;
}

await main(async () => {
  const { values: flags, positionals } = readArguments();
  if (flags.help) return console.log(HELP);
  const mutants = choose(readMutants(), positionals);
  if (flags.list) {
    return mutants.forEach(({ id, breaks, test }) =>
      console.log(`${id}\n  ${breaks}\n  ${test.join(', ')}`),
    );
  }
  const problems = problemsOf(mutants);
  if (problems.length > 0) throw new Stop(problems.join('\n'));
  if (flags.check) return console.log(`${mutants.length} faults have a place`);

  const env = { ...(await prepare()), CI: '1' };
  const copy = mkdtempSync(join(tmpdir(), 'acr-cmk-mutants-'));
  if (flags.keep) console.log(`the copy is ${copy}`);
  else
    process.on('exit', () =>
      rmSync(copy, { recursive: true, force: true, maxRetries: 9 }),
    );
  process.on('SIGINT', () => process.exit(130));
  await step('copy the repository', async () => copyRepository(copy));
  const { chaos } = flags;
  if (!(await tryAll(mutants, { chaos, copy, env }))) process.exitCode = 1;
});
