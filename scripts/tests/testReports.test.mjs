import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  filesWithoutResult,
  readJestReport,
  readPlaywrightReport,
  withSecondRun,
} from '../lib/testReports.mjs';

describe('the report of the browser tests', () => {
  let directory;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'acr-cmk-reports-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  it('counts a test that passed at the second try as passed, and names it', () => {
    const file = join(directory, 'browser.json');
    const spec = (title, status) => ({ title, tests: [{ status }] });
    writeFileSync(
      file,
      JSON.stringify({
        stats: { expected: 2, unexpected: 1, flaky: 1, skipped: 0 },
        errors: [],
        suites: [
          {
            title: 'tab.test.ts',
            specs: [spec('opens', 'expected'), spec('closes', 'unexpected')],
            suites: [
              {
                title: 'at night',
                specs: [spec('reads', 'flaky'), spec('writes', 'expected')],
              },
            ],
          },
        ],
      }),
    );
    assert.deepEqual(readPlaywrightReport(file), {
      passed: 3,
      failed: 1,
      skipped: 0,
      flaky: ['tab.test.ts › at night › reads'],
    });
  });
});

describe('the report of the unit tests', () => {
  let directory;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'acr-cmk-reports-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const suite = (name, message, assertionResults = []) => ({
    name,
    message,
    assertionResults,
  });
  const written = (name, counts, testResults = []) => {
    const file = join(directory, name);
    writeFileSync(
      file,
      JSON.stringify({
        numPassedTests: 0,
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 0,
        numPendingTests: 0,
        numTodoTests: 0,
        ...counts,
        testResults,
      }),
    );
    return file;
  };

  it('names the files whose worker died, and no file that failed by itself', () => {
    const file = written('first.json', {}, [
      suite('good.test.ts', '', [{ status: 'passed' }]),
      suite('red.test.ts', 'expected 1, got 2', [{ status: 'failed' }]),
      suite('broken.test.ts', 'SyntaxError: Unexpected token'),
      suite('memory.test.ts', '● Jest worker ran out of memory and crashed'),
      suite(
        'killed.test.ts',
        'A jest worker process (pid=12) was terminated by another process: signal=SIGKILL, exitCode=null.',
      ),
    ]);
    assert.deepEqual(filesWithoutResult(file), [
      'memory.test.ts',
      'killed.test.ts',
    ]);
  });

  it('counts what they are at their second run', () => {
    const first = readJestReport(
      written('first.json', {
        numPassedTests: 5,
        numFailedTests: 1,
        numRuntimeErrorTestSuites: 2,
      }),
    );
    const files = ['memory.test.ts', 'killed.test.ts'];
    const second = readJestReport(
      written('second.json', { numPassedTests: 3, numFailedTests: 1 }),
    );
    const { flaky, ...counts } = withSecondRun(first, second, files);
    assert.deepEqual(counts, { passed: 8, failed: 2, skipped: 0 });
    assert.equal(flaky.length, 2);
    const diedAgain = readJestReport(
      written('again.json', { numRuntimeErrorTestSuites: 2 }),
    );
    assert.equal(withSecondRun(first, diedAgain, files).failed, 3);
  });
});
