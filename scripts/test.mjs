// `npm test`: every check there is, each counted, from a fresh clone on.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { ensureAppBuilt, markAppBuilt } from './lib/app.mjs';
import { findChromium } from './lib/chromium.mjs';
import { readFlags } from './lib/flags.mjs';
import { markPackagesBuilt, markTypesEmitted } from './lib/packages/build.mjs';
import { inRoot, root } from './lib/paths.mjs';
import {
  lastLines,
  main,
  runLogged,
  say,
  seconds,
  step,
  Stop,
} from './lib/progress.mjs';
import {
  filesWithoutResult,
  readChaosReport,
  readJestReport,
  readPlaywrightReport,
  readPortalReport,
  readTapReport,
  withSecondRun,
} from './lib/testReports.mjs';
import { prepare } from './lib/toolchain.mjs';

const reports = {
  unit: inRoot('test-results', 'unit.json'),
  unitAgain: inRoot('test-results', 'unit-again.json'),
  chaos: inRoot('test-results', 'chaos.json'),
  browser: inRoot('test-results', 'browser.json'),
  scripts: inRoot('test-results', 'scripts.tap'),
  portal: inRoot('test-results', 'portal.json'),
};

/**
 * How many parts run at the same time. Each keeps about a core busy, over its time: also those with two
 * workers wait, for a database, a compiler, a page or a lease.
 */
const AT_A_TIME = 2;

/**
 * For each promise, Node 22 goes through every AsyncLocalStorage of its process, and a worker keeps those of all
 * files that it has run: the twentieth took twice its time. Node 24 no longer does that. Only Jest gets the flag.
 */
function contextsAsNode24(env) {
  const flag = '--experimental-async-context-frame';
  const isKnown = execFileSync(
    'node',
    ['-p', `process.allowedNodeEnvironmentFlags.has('${flag}')`],
    { env, encoding: 'utf8' },
  );
  return isKnown.trim() === 'true' ? [flag] : [];
}

/** Part of the name of a test file that only `--all` runs, whichever program runs it: `crash.all.test.ts`. */
const ONLY_ALL = '\\.all\\.test\\.';

const UNIT_TESTS = [
  'backstage-cli',
  'repo',
  'test',
  '--ci',
  '--json',
  // Many of these start an Azure and a backend in a hook. Alone that takes a second or two;
  // a machine that is busy with something else needs longer than Jest's five.
  '--testTimeout=60000',
];

/**
 * The parts in the order in which they begin: cheap ones first, and last the browser, which makes the most of
 * the machine when nothing else is left. A part with `onlyAll` runs with `--all`, or when `--only` names it.
 * `more` returns arguments by the flags, `env` additions to the environment. Parts in `needs` have ended before,
 * where they run at all. A part with a `report` counts the tests in it, every other part is one check. `again`
 * may run some of it once more.
 */
const parts = [
  { name: 'format', command: ['yarn', 'format:check'] },
  { name: 'lint', command: ['backstage-cli', 'repo', 'lint'] },
  {
    name: 'types',
    command: ['yarn', 'tsc'],
    // The compiler is a program in Go. There is memory, so it may collect garbage less often.
    env: () => ({ GOGC: '400' }),
    after: markTypesEmitted,
  },
  { name: 'unused', command: ['knip', '--no-progress'] },
  {
    name: 'config',
    command: ['backstage-cli', 'config:check', '--strict', '--lax'],
  },
  {
    name: 'config-frontend',
    command: [
      'backstage-cli',
      'config:check',
      '--strict',
      '--lax',
      '--frontend',
    ],
  },
  { name: 'docs', command: ['node', 'scripts/check-docs.mjs'] },
  {
    name: 'machine-names',
    command: ['node', 'scripts/check-no-machine-names.mjs'],
  },
  {
    name: 'openapi',
    command: [
      'yarn',
      'workspace',
      'backstage-plugin-acr-cmk-common',
      'generate',
      '--check',
    ],
  },
  {
    name: 'build',
    onlyAll: true,
    needs: ['types'],
    command: ['backstage-cli', 'repo', 'build', '--all'],
    after: () => {
      markAppBuilt();
      markPackagesBuilt();
    },
  },
  {
    name: 'unit',
    command: [
      ...UNIT_TESTS,
      '--maxWorkers=2',
      // A worker that is replaced reads and compiles everything once more.
      '--workerIdleMemoryLimit=1500M',
      `--outputFile=${reports.unit}`,
    ],
    more: ({ all }) =>
      all
        ? []
        : ['/node_modules/', ONLY_ALL].map(
            pattern => `--testPathIgnorePatterns=${pattern}`,
          ),
    again: runWithoutResultAgain,
    // What a test makes is short-lived, and rarely outlives a young generation of this size.
    // On a busy machine Jest often gives a worker its next file before it knows that it should be
    // replaced; until it is, it may keep more than Node's four gigabytes.
    env: (prepared, { all }) => ({
      ...(all ? {} : { FAST_TESTS: '1' }),
      NODE_OPTIONS: [
        '--max-semi-space-size=64',
        '--max-old-space-size=6144',
        ...contextsAsNode24(prepared),
      ].join(' '),
    }),
    report: readJestReport,
  },
  {
    name: 'pack',
    onlyAll: true,
    needs: ['build'],
    command: ['node', 'scripts/pack-all.mjs'],
  },
  {
    name: 'portal',
    onlyAll: true,
    needs: ['pack'],
    command: ['node', 'scripts/test-portal.mjs'],
    report: readPortalReport,
  },
  {
    name: 'chaos',
    onlyAll: true,
    command: [
      'yarn',
      'test:chaos',
      '--minutes',
      '2',
      '--report',
      reports.chaos,
    ],
    report: readChaosReport,
  },
  {
    name: 'api',
    onlyAll: true,
    needs: ['build'],
    command: ['node', 'scripts/api-reports.mjs', '--check'],
  },
  {
    name: 'scripts',
    needs: ['pack'],
    command: [
      'node',
      '--test',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${reports.scripts}`,
    ],
    more: ({ all }) => [`scripts/tests/${all ? '*' : '!(*.all)'}.test.mjs`],
    report: readTapReport,
  },
  {
    name: 'browser',
    needs: ['build'],
    before: ensureAppBuilt,
    command: ['playwright', 'test', '--project', 'tests'],
    more: ({ all }) => (all ? [] : ['--grep-invert', `${ONLY_ALL}|@all\\b`]),
    report: readPlaywrightReport,
  },
];

const names = parts.map(({ name }) => name);

const HELP = `Runs the checks that a change needs, and ends with the line "N passed, N failed".

  --all           runs every check: also the parts in brackets, and the tests in *.all.test.* files
  --only PART     runs this part alone; may be repeated
  --skip PART     leaves this part out; may be repeated

Parts: ${parts
  .map(({ name, onlyAll }) => (onlyAll ? `(${name})` : name))
  .join(', ')}
`;

/** What a part adds to the sum. One that could not run to its end has failed. */
function countsOf(part, code) {
  let counts = {
    passed: code === 0 ? 1 : 0,
    failed: code === 0 ? 0 : 1,
    skipped: 0,
  };
  if (part.report) {
    try {
      counts = part.report(reports[part.name]);
    } catch (error) {
      say(
        `\n${part.name} ended with ${code} and left no report: ${error.message}`,
      );
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const ranNothing = counts.passed + counts.failed === 0;
    if ((code !== 0 || ranNothing) && counts.failed === 0) {
      counts.failed = 1;
    }
  }
  return counts;
}

/** The counts of the unit tests, after the files whose worker died have run again, in one process. */
async function runWithoutResultAgain(counts, options) {
  const files = filesWithoutResult(reports.unit);
  if (files.length === 0) return counts;
  rmSync(reports.unitAgain, { force: true });
  const [command, ...args] = UNIT_TESTS;
  await runLogged(
    'test-unit-again',
    command,
    [...args, '--runInBand', `--outputFile=${reports.unitAgain}`, ...files],
    options,
  );
  // Without a report, what failed before stays so.
  if (!existsSync(reports.unitAgain)) return counts;
  return withSecondRun(counts, readJestReport(reports.unitAgain), files);
}

async function runPart(part, { env, flags }) {
  const started = Date.now();
  const [command, ...args] = [...part.command, ...(part.more?.(flags) ?? [])];
  // A fresh clone has no such folder, and jest makes none for its report.
  mkdirSync(inRoot('test-results'), { recursive: true });
  rmSync(reports[part.name] ?? '', { force: true });
  await part.before?.(env);
  const options = { cwd: root, env: { ...env, ...part.env?.(env, flags) } };
  const { code, log } = await runLogged(
    `test-${part.name}`,
    command,
    args,
    options,
  );
  if (code === 0) {
    part.after?.();
  }
  let counts = countsOf(part, code);
  if (part.again && counts.failed > 0) {
    counts = await part.again(counts, options);
  }
  return { name: part.name, took: seconds(started), log, ...counts };
}

function chooseParts({ all, only = [], skip = [] }) {
  const unknown = [...only, ...skip].find(name => !names.includes(name));
  if (unknown) {
    throw new Stop(`There is no part "${unknown}". Parts: ${names.join(', ')}`);
  }
  const chosen = parts.filter(
    ({ name, onlyAll }) =>
      (only.length === 0 ? all || !onlyAll : only.includes(name)) &&
      !skip.includes(name),
  );
  if (chosen.length === 0) {
    throw new Stop(
      'No part is left: --skip leaves out all that would have run.',
    );
  }
  return chosen;
}

async function runAndPrint(part, settings) {
  const result = await step(
    part.name,
    () => runPart(part, settings),
    ({ failed }) => failed === 0,
  );
  if (result.failed > 0) {
    say(
      `${lastLines(result.log, 60)}\n✗ ${part.name}: all of it is in ${
        result.log
      }\n`,
    );
  }
  return result;
}

/** Runs the parts, side by side. Answers in the order of the parts. */
async function runSideBySide(chosen, settings) {
  const waiting = [...chosen];
  const ended = [];
  const under = new Map();
  const isNeeded = name =>
    [...waiting, ...under.keys()].some(part => part.name === name);
  const isNext = ({ needs = [] }) =>
    under.size < AT_A_TIME && !needs.some(isNeeded);
  while (waiting.length + under.size > 0) {
    let next;
    while ((next = waiting.find(isNext))) {
      const part = next;
      waiting.splice(waiting.indexOf(part), 1);
      under.set(
        part,
        runAndPrint(part, settings).then(result => {
          under.delete(part);
          ended.push(result);
        }),
      );
    }
    await Promise.race(under.values());
  }
  return chosen.map(({ name }) => ended.find(result => result.name === name));
}

async function test(flags) {
  const started = Date.now();
  const chosen = chooseParts(flags);
  let env = {
    ...(await prepare()),
    CI: '1',
    PLAYWRIGHT_JSON_OUTPUT_NAME: reports.browser,
  };
  if (chosen.some(({ name }) => ['browser', 'portal'].includes(name))) {
    env = { ...env, CHROMIUM_PATH: await findChromium() };
  }
  console.log(`ready to test after ${seconds(started)}\n`);

  const results = await runSideBySide(chosen, { env, flags });

  console.log('\npart             passed  failed  skipped  time');
  for (const { name, passed, failed, skipped, took } of results) {
    const columns = [passed, failed, skipped].map(count =>
      String(count).padStart(6),
    );
    console.log(`${name.padEnd(17)}${columns.join('  ')}   ${took}`);
  }
  const sum = key => results.reduce((total, result) => total + result[key], 0);
  const leftOut = names.filter(
    name => !chosen.some(part => part.name === name),
  );
  console.log(`\nall of it took ${seconds(started)}`);
  if (!flags.all) leftOut.push('*.all.test.* (--all runs everything)');
  if (leftOut.length > 0) {
    console.log(`left out: ${leftOut.join(', ')}`);
  }
  for (const name of results.flatMap(({ flaky = [] }) => flaky)) {
    console.log(`flaky: ${name}`);
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

await main(async () => {
  const flags = readFlags(
    {
      all: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      skip: { type: 'string', multiple: true },
    },
    HELP,
  );
  if (flags.help) {
    console.log(HELP);
    return;
  }
  await test(flags);
});
