// `yarn test:clients`: Azure's command line against the emulator.
import { spawnSync } from 'node:child_process';
import { readFlags } from './lib/flags.mjs';
import { inRoot } from './lib/paths.mjs';
import { main } from './lib/progress.mjs';

const HELP = `Tests the emulator with az, Azure's command line.

  --install   installs az where it is missing, on Debian and as root, and tests nothing
`;

/** Debian's package of each program. */
const PACKAGES = { az: 'azure-cli', jq: 'jq', curl: 'curl' };

const missing = () =>
  Object.keys(PACKAGES).filter(
    program => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0,
  );

/** A failure is no error: the tests name the programs that are missing. */
function install(packages) {
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const installed =
    apt('update', '-qq') &&
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  if (!installed) {
    console.log(`Could not install ${packages.join(', ')}.`);
  }
}

await main(async () => {
  const flags = readFlags(
    { install: { type: 'boolean', default: false } },
    HELP,
  );
  if (flags.help) {
    console.log(HELP);
    return;
  }
  if (flags.install && missing().length) {
    install(missing().map(program => PACKAGES[program]));
  }
  for (const program of missing()) {
    console.log(
      `${program} is not installed, so its tests are skipped (apt-get install ${PACKAGES[program]}).`,
    );
  }
  if (flags.install) return;
  const { status } = spawnSync(
    'backstage-cli',
    [
      'package',
      'test',
      '--watchAll=false',
      '--testTimeout=60000',
      'src/contract/az.all.test.ts',
    ],
    { cwd: inRoot('packages', 'azure-emulator'), stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
});
