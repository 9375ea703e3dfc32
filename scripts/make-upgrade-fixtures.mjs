// Makes the databases that `upgrade.test.ts` opens: those of an earlier release, with operations that wait,
// written by that release itself. They are in the repository; this is how they came to be.
//
//   node scripts/make-upgrade-fixtures.mjs
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, root } from './lib/paths.mjs';
import { say } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

/** The last commit of the release before this one. */
const COMMIT = 'f884af3';
const FIXTURES = inRoot(
  'plugins/acr-cmk-backend/src/database/__fixtures__/first-release',
);
const SCRIPT = 'operations-that-wait.cjs';

const env = { ...(await prepare()), NODE_ENV: 'test' };
const run = (cwd, command, ...args) =>
  execFileSync(command, args, { cwd, env, stdio: 'inherit' });

const checkout = mkdtempSync(join(tmpdir(), 'acr-cmk-first-release-'));
run(root, 'git', 'worktree', 'add', '--detach', checkout, COMMIT);
try {
  run(checkout, 'yarn', 'install', '--immutable', '--mode=skip-build');
  const backend = join(checkout, 'plugins/acr-cmk-backend');
  mkdirSync(join(backend, 'upgrade'));
  // As `.js`: Backstage's transform, which compiles the release as it is loaded, knows no other name.
  const script = join(backend, 'upgrade', SCRIPT.replace(/\.cjs$/, '.js'));
  copyFileSync(inRoot('scripts/upgrade', SCRIPT), script);
  mkdirSync(FIXTURES, { recursive: true });
  const transform = '@backstage/cli/config/nodeTransform.cjs';
  run(checkout, 'node', '--require', transform, script, FIXTURES);
  say(`The databases are in ${FIXTURES}`);
} finally {
  run(root, 'git', 'worktree', 'remove', '--force', checkout);
  rmSync(checkout, { recursive: true, force: true });
}
