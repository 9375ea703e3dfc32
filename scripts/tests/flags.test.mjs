// Commands with invalid flags: they report the mistake, and create nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';

const work = mkdtempSync(join(tmpdir(), 'acr-cmk-flags-'));
after(() => rmSync(work, { recursive: true, force: true }));

const file = join(work, 'a-file');
writeFileSync(file, 'mine');

/** Runs a script in an empty folder. */
function run(script, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRoot('scripts', `${script}.mjs`), ...args],
    { cwd: work, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

/** Script, arguments, and the expected first line. */
const CASES = [
  ...[
    'api-reports',
    'bundle-dynamic',
    'demo-token',
    'pack-all',
    'start',
    'test',
    'test-clients',
    'test-mutants',
    'test-portal',
  ].map(script => [script, ['--colour', 'red'], /^Unknown option '--colour'/]),
  ['start', ['--port'], /^Option '--port <value>' argument missing/],
  ['start', ['shop'], /^Unexpected argument 'shop'/],
  ['start', ['--port', 'http'], /^--port must be a port, not 'http'\./],
  ['start', ['--azure-port', '0'], /^--azure-port must be a port from 1 to /],
  ['start', ['--app-port', '70000'], /^--app-port must be a port from 1 to /],
  [
    'start',
    ['--app-port', '3001'],
    /^--app-port is for the development server: add --dev\./,
  ],
  [
    'start',
    ['--port', '18543', '--azure-port', '18543'],
    /^--port and --azure-port are both 18543\./,
  ],
  [
    'start',
    ['--dev', '--app-port', '17007', '--port', '17007'],
    /^--port and --app-port are both 17007\./,
  ],
  ['start', ['--data', ''], /^--data is empty\. Name a folder\./],
  ['start', ['--data', file], /a-file is a file\. Name a folder with --data/],
  ['start', ['--fleet', 'big'], /^--fleet must be a number from 1 to 10000/],
  ['start', ['--world', 'mars'], /^--world must be one of .*, not 'mars'/],
  [
    'start',
    ['--world', 'managed-hsm', '--fleet', '5'],
    /^--world and --fleet do not go together/,
  ],
  ['bundle-dynamic', ['--out'], /^Option '--out <value>' argument missing/],
  ['bundle-dynamic', ['--out', ''], /^--out is empty\. Name a folder\./],
  [
    'bundle-dynamic',
    ['--out', join(file, 'bundles')],
    /a-file is a file\. Name a folder with --out/,
  ],
  ['bundle-dynamic', ['--out', '/proc/acr-cmk'], /^\/proc cannot be written/],
  ['pack-all', ['--out', '/proc/acr-cmk'], /^\/proc cannot be written/],
  ['test-portal', ['--release', '1.12'], /^There is no portal "1\.12"/],
  [
    'test-portal',
    ['--all', '--release', '1.57'],
    /^--all and --release do not go together/,
  ],
  ['test', ['--only', 'everything'], /^There is no part "everything"/],
  ['test', ['--only', 'unit', '--skip', 'unit'], /^No part is left/],
  ['demo-token', [], /^Name a user with --user/],
  ['demo-token', ['--user', 'olivia', '--url', 'here'], /^--url must be the/],
];

describe('a command with invalid flags', () => {
  for (const [script, args, sentence] of CASES) {
    test(`${script} ${args.join(
      ' ',
    )} reports the mistake, and creates nothing`, t => {
      if (args.includes('/proc/acr-cmk') && process.platform !== 'linux') {
        t.skip('/proc is a folder of Linux that nobody can write');
        return;
      }
      const { status, stdout, stderr } = run(script, ...args);
      assert.equal(status, 1);
      assert.match(stderr.trim(), sentence);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.equal(stdout, '');
      assert.deepEqual(readdirSync(work), ['a-file']);
    });
  }

  for (const [script, says] of [
    ['start', /--azure-port N/],
    ['screenshots', /docs\/images/],
  ]) {
    test(`${script} prints its usage with --help, and creates nothing`, () => {
      const { status, stdout } = run(script, '--help');
      assert.equal(status, 0);
      assert.match(stdout, says);
      assert.match(stdout, /--help|--dev/);
      assert.deepEqual(readdirSync(work), ['a-file']);
    });
  }
});
