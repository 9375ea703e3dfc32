// `npm test`: the checks that a change needs; with `--all`, every check. Works in a fresh clone.
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
  'unit-again': inRoot('test-results', 'unit-again.json'),
  'unit-pages': inRoot('test-results', 'unit-pages.json'),
  'unit-pages-again': inRoot('test-results', 'unit-pages-again.json'),
  chaos: inRoot('test-results', 'chaos.json'),
  browser: inRoot('test-results', 'browser.json'),
  scripts: inRoot('test-results', 'scripts.tap'),
  portal: inRoot('test-results', 'portal.json'),
};

/**
 * Number of parts that run at the same time on two cores: each waits at times for a database, a compiler, a page or a
 * lease. With `--all` parts have more workers and processes.
 */
const atATime = ({ all }) => (all ? 2 : 3);

/**
 * Flag for Jest alone. For each promise, Node 22 walks through every AsyncLocalStorage of its process, and a worker
 * keeps those of all its files: the twentieth took twice its time. Node 24 no longer does that.
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

/** Pattern of test files, of every runner, that only `--all` runs: `crash.hsm.all.test.ts`. */
const ONLY_ALL = '\\.all\\.test\\.';

const UNIT_TESTS = [
  'backstage-cli',
  'repo',
  'test',
  '--ci',
  '--json',
  // Many hooks start an Azure and a backend. That takes a second or two, but on a busy machine longer than Jest's
  // default of five.
  '--testTimeout=60000',
];

/** Packages whose tests run in a page. Beside the others, each worker would load the libraries of both. */
const WITH_PAGE = [
  'backstage-plugin-acr-cmk',
  'backstage-plugin-acr-cmk-common',
];

/** Unit tests of some packages, with `args` for Jest. */
const unitTests = (name, args) => ({
  name,
  command: [
    ...UNIT_TESTS,
    ...args,
    // A new worker reads and compiles everything again.
    '--workerIdleMemoryLimit=1500M',
    `--outputFile=${reports[name]}`,
  ],
  more: ({ all }) =>
    all
      ? []
      : ['/node_modules/', ONLY_ALL].map(
          pattern => `--testPathIgnorePatterns=${pattern}`,
        ),
  again: (counts, options) => runWithoutResultAgain(name, counts, options),
  // Objects of tests rarely outlive a young generation of this size. On a busy machine Jest often hands a worker
  // its next file before it notices that the worker should be replaced, so it may need more than Node's default
  // of four gigabytes.
  env: (prepared, { all }) => ({
    ...(all ? {} : { FAST_TESTS: '1' }),
    NODE_OPTIONS: [
      '--max-semi-space-size=64',
      '--max-old-space-size=6144',
      ...contextsAsNode24(prepared),
    ].join(' '),
  }),
  report: readJestReport,
});

/**
 * Parts in the order of their start: cheap ones first; last the unit tests, which use the whole machine when nothing
 * else is left. A part with `onlyAll` runs with `--all`, or when `--only` names it. `more` returns further arguments,
 * `env` further variables. Parts in `needs` end before, if they run at all. A part with a `report` counts as many
 * checks as the report has tests, every other part as one. `again` may repeat a part of it.
 */
const parts = [
  { name: 'format', command: ['yarn', 'format:check'] },
  {
    name: 'lint',
    onlyAll: true,
    command: ['backstage-cli', 'repo', 'lint'],
  },
  {
    name: 'types',
    command: ['yarn', 'tsc'],
    // The compiler is written in Go: trade memory for fewer garbage collections.
    env: () => ({ GOGC: '400' }),
    after: markTypesEmitted,
  },
  { name: 'unused', command: ['knip', '--no-progress'] },
  {
    name: 'config',
    command: ['backstage-cli', 'config:check', '--strict', '--lax'],
  },
  { name: 'docs', command: ['node', 'scripts/check-docs.mjs'] },
  {
    name: 'machine-names',
    command: ['node', 'scripts/check-no-machine-names.mjs'],
  },
  {
    name: 'imports',
    command: ['node', 'scripts/check-imports.mjs'],
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
    // Each worker starts a portal. Other parts use the time that one leaves.
    more: ({ all }) =>
      all ? [] : ['--workers=1', '--grep-invert', `${ONLY_ALL}|@all\\b`],
    report: readPlaywrightReport,
  },
  unitTests('unit-pages', ['--selectProjects', ...WITH_PAGE, '--maxWorkers=1']),
  unitTests('unit', [
    '--ignoreProjects',
    ...WITH_PAGE,
    // They also wait: for PostgreSQL, for processes, and for time limits of calls.
    '--maxWorkers=3',
    `--testSequencer=${inRoot('scripts/lib/jest/slowFirst.cjs')}`,
  ]),
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

/** Counts of a part. One that did not run to its end has failed. */
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

/** Runs files whose worker died again, in one process, and updates the counts. */
async function runWithoutResultAgain(name, counts, options) {
  // Without a report, keep the failure.
  if (!existsSync(reports[name])) return counts;
  const files = filesWithoutResult(reports[name]);
  if (files.length === 0) return counts;
  const again = reports[`${name}-again`];
  rmSync(again, { force: true });
  const [command, ...args] = UNIT_TESTS;
  await runLogged(
    `test-${name}-again`,
    command,
    [...args, '--runInBand', `--outputFile=${again}`, ...files],
    options,
  );
  if (!existsSync(again)) return counts;
  return withSecondRun(counts, readJestReport(again), files);
}

async function runPart(part, { env, flags }) {
  const started = Date.now();
  const [command, ...args] = [...part.command, ...(part.more?.(flags) ?? [])];
  // Jest does not create the folder of its report.
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
      'No part is left: --skip leaves out all parts that would run.',
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
      `${lastLines(result.log, 60)}\n✗ ${part.name}: the whole log is ${
        result.log
      }\n`,
    );
  }
  return result;
}

/** Runs the parts side by side. Returns their results in the given order. */
async function runSideBySide(chosen, settings) {
  const waiting = [...chosen];
  const ended = [];
  const under = new Map();
  const isNeeded = name =>
    [...waiting, ...under.keys()].some(part => part.name === name);
  const isNext = ({ needs = [] }) =>
    under.size < atATime(settings.flags) && !needs.some(isNeeded);
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
  console.log(`\ntotal time: ${seconds(started)}`);
  if (!flags.all) leftOut.push('*.all.test.* (--all runs everything)');
  if (leftOut.length > 0) {
    console.log(`left out: ${leftOut.join(', ')}`);
  }
  // Imports TypeScript, which is there once the packages are installed.
  const { sizeTable } = await import('./lib/size.mjs');
  console.log(`\n${sizeTable({ isChangeOnly: true })}\n`);
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
