import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readPlaywrightReport } from '../lib/testReports.mjs';

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
