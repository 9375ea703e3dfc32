import { spawnSync } from 'node:child_process';
import path from 'node:path';

const TIMEOUT_MS = 600_000;

const missing = ['az', 'jq', 'curl'].filter(
  program => spawnSync('which', [program]).status !== 0,
);

/** Scripts that run Azure's command line against an emulator, each with the words for the test. */
const SCRIPTS: [what: string, script: string][] = [
  ['creates, rotates, revokes and restores as in the tutorial', 'az-story.sh'],
  ['gives the roles and the tag that the documents name', 'az-setup.sh'],
];

describe('az', () => {
  if (missing.length) {
    for (const [what] of SCRIPTS) {
      it.todo(
        `${what} (not run: ${missing.join(', ')} not installed; see scripts/test-clients.mjs)`,
      );
    }
    return;
  }
  it.each(SCRIPTS)(
    '%s',
    (_what, script) => {
      const { status, stdout, stderr } = spawnSync(
        path.resolve(__dirname, '../../clients', script),
        [],
        { encoding: 'utf8', timeout: TIMEOUT_MS },
      );
      const outcome = status === 0 ? 'passed' : `${stdout}\n${stderr}`;
      expect(outcome).toBe('passed');
      expect(stdout).toMatch(/\d+ passed, 0 failed/);
    },
    TIMEOUT_MS,
  );
});
