// What the reports of the parts of `npm test` say: how many tests passed, failed and were skipped, and
// which were flaky: failed, and passed at a second try.
import { readFileSync } from 'node:fs';

const readJson = file => JSON.parse(readFileSync(file, 'utf8'));

export function readJestReport(file) {
  const report = readJson(file);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** What Jest says of a file whose worker is gone: of memory, by a signal, or for no known reason. */
const WORKER_DIED =
  /Jest worker ran out of memory|A jest worker process \(pid=\d+\)/;

/**
 * Files that have no result, because their worker died. It holds what earlier files have left as well, so
 * this says nothing about the file itself.
 */
export function filesWithoutResult(file) {
  return readJson(file)
    .testResults.filter(
      ({ assertionResults, message }) =>
        assertionResults.length === 0 && WORKER_DIED.test(message),
    )
    .map(({ name }) => name);
}

/** The counts of a run, with those of another run of the files that had no result. */
export function withSecondRun(first, second, files) {
  return {
    passed: first.passed + second.passed,
    failed: first.failed - files.length + second.failed,
    skipped: first.skipped + second.skipped,
    flaky: files.map(name => `${name} › its worker died, so it ran again`),
  };
}

export function readChaosReport(file) {
  const { seed, invariants } = readJson(file);
  console.log(`\nthe seed was ${seed}`);
  const broken = invariants.filter(({ violations }) => violations.length > 0);
  return {
    passed: invariants.length - broken.length,
    failed: broken.length,
    skipped: 0,
  };
}

export function readPlaywrightReport(file) {
  const { stats, errors, suites } = readJson(file);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    flaky: suites.flatMap(flakyIn),
  };
}

/** `file › title` of each flaky test. */
function flakyIn({ title, suites = [], specs = [] }) {
  const here = specs
    .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
    .map(spec => spec.title);
  return [...here, ...suites.flatMap(flakyIn)].map(
    inside => `${title} › ${inside}`,
  );
}

/** The counts stand at the end of the report, as `# pass 12`. */
export function readTapReport(file) {
  const text = readFileSync(file, 'utf8');
  const count = name =>
    Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)[1]);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

export const readPortalReport = readJson;
