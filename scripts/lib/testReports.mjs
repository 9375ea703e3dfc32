// Counts of passed, failed and skipped tests from the reports of the test runners, and the flaky ones, which failed
// and then passed at a second try.
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

/** Message of Jest for a file whose worker died: of memory, by a signal, or for an unknown reason. */
const WORKER_DIED =
  /Jest worker ran out of memory|A jest worker process \(pid=\d+\)/;

/**
 * Files without a result, because their worker died. A worker keeps memory of earlier files, so the file itself need
 * not be the cause.
 */
export function filesWithoutResult(file) {
  return readJson(file)
    .testResults.filter(
      ({ assertionResults, message }) =>
        assertionResults.length === 0 && WORKER_DIED.test(message),
    )
    .map(({ name }) => name);
}

/** Adds the second run of files without a result to the counts of the first. */
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

/** Flaky tests, as `file › title`. */
function flakyIn({ title, suites = [], specs = [] }) {
  const here = specs
    .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
    .map(spec => spec.title);
  return [...here, ...suites.flatMap(flakyIn)].map(
    inside => `${title} › ${inside}`,
  );
}

/** Reads the counts at the end of a TAP report, such as `# pass 12`. */
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
