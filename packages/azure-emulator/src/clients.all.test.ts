import { spawnSync } from 'node:child_process';
import path from 'node:path';

const TIMEOUT_MS = 600_000;

/** Debian's package of a program, where it has another name. */
const PACKAGES: Record<string, string> = { az: 'azure-cli' };

const isInstalled = (program: string) =>
  spawnSync('which', [program]).status === 0;

/** Programs of other people that use the emulator, each with a script that says what it expects. */
const CLIENTS = [
  {
    script: 'az-story.sh',
    what: 'az creates, rotates, revokes and restores as in the tutorial',
    needs: ['az', 'jq', 'curl'],
  },
  {
    script: 'az-resources.sh',
    what: 'az manages resources, tags, locks, roles and the repositories of a registry',
    needs: ['az', 'jq', 'curl'],
  },
  {
    script: 'skopeo.sh',
    what: 'skopeo pulls before and after a revoke, and is refused during it',
    needs: ['skopeo', 'jq', 'curl'],
  },
  {
    script: 'oras.sh',
    what: 'oras discovers artifacts before and after a revoke, and is refused during it',
    needs: ['oras', 'jq', 'curl'],
  },
].map(client => {
  const missing = client.needs.filter(program => !isInstalled(program));
  const packages = missing.map(program => PACKAGES[program] ?? program);
  const reason = `not run: ${missing.join(
    ', ',
  )} not installed; apt-get install ${packages.join(' ')}`;
  return { ...client, missing, reason };
});

describe("other people's clients", () => {
  const installed = CLIENTS.filter(({ missing }) => !missing.length);
  if (installed.length) {
    it.each(installed)(
      '$what',
      ({ script }) => {
        const file = path.resolve(__dirname, '../clients', script);
        const { status, stdout, stderr } = spawnSync(file, [], {
          encoding: 'utf8',
          timeout: TIMEOUT_MS,
        });
        const outcome = status === 0 ? 'passed' : `${stdout}\n${stderr}`;
        expect(outcome).toBe('passed');
        expect(stdout).toMatch(/\d+ passed, 0 failed/);
      },
      TIMEOUT_MS,
    );
  }
  for (const { what, reason } of CLIENTS.filter(
    ({ missing }) => missing.length,
  )) {
    it.todo(`${what} (${reason})`);
  }
});
