// `yarn test:clients`: every client that the emulator is tested with: az, skopeo and oras as programs,
// Microsoft's JavaScript SDKs for every route, and the requests of Terraform's provider.
import { spawnSync } from 'node:child_process';
import { readFlags } from './lib/flags.mjs';
import { inRoot } from './lib/paths.mjs';
import { main } from './lib/progress.mjs';

const HELP = `Tests the emulator with every client: az, skopeo, oras, Microsoft's SDKs, Terraform's requests.

  --install   installs the programs that are missing, on Debian and as root, and tests nothing
`;

/** Debian's package of each program. */
const PACKAGES = {
  az: 'azure-cli',
  jq: 'jq',
  curl: 'curl',
  skopeo: 'skopeo',
  oras: 'oras',
};
const TESTS = [
  'clients.all.test.ts',
  'models.all.test.ts',
  'otherClients.test.ts',
  'registryClients.test.ts',
  'resources.test.ts',
  'sdk.test.ts',
  'sdkRoutes.test.ts',
  'terraform.test.ts',
].map(file => `src/${file}`);

const isInstalled = program =>
  spawnSync('which', [program], { stdio: 'ignore' }).status === 0;
const missing = () =>
  Object.keys(PACKAGES).filter(program => !isInstalled(program));

/** Failing is not an error: the tests name the programs that are missing. */
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
      '--maxWorkers=1',
      '--testTimeout=60000',
      ...TESTS,
    ],
    { cwd: inRoot('packages', 'azure-emulator'), stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
});
