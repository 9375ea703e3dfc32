import { spawnSync } from 'node:child_process';
import path from 'node:path';

const STORY_TIMEOUT_MS = 300_000;

const hasAz = ['az', 'jq'].every(
  tool => spawnSync('which', [tool]).status === 0,
);

describe("Azure's own command line", () => {
  if (!hasAz) {
    it.todo(
      'creates, rotates, revokes and restores (not run: az and jq are not installed; apt-get install azure-cli jq)',
    );
    return;
  }
  it(
    'creates, rotates, revokes and restores as in the tutorial',
    () => {
      const script = path.resolve(__dirname, '../scripts/az-story.sh');
      const { status, stdout, stderr } = spawnSync(script, [], {
        encoding: 'utf8',
        timeout: STORY_TIMEOUT_MS,
      });
      const outcome = status === 0 ? 'passed' : `${stdout}\n${stderr}`;
      expect(outcome).toBe('passed');
      expect(stdout).toMatch(/\d\d passed, 0 failed/);
    },
    STORY_TIMEOUT_MS,
  );
});
