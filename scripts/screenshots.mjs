// `yarn screenshots`: takes pictures of every view into .screenshots, which git ignores, and those of the
// documentation into docs/images.
import { spawnSync } from 'node:child_process';
import { ensureAppBuilt } from './lib/app.mjs';
import { findChromium } from './lib/chromium.mjs';
import { root } from './lib/paths.mjs';
import { main } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Takes pictures of every view into .screenshots, and those of the documentation into docs/images.

  --help  prints this; other arguments go to \`playwright test\`, such as the name of a file
`;

await main(async () => {
  if (process.argv.slice(2).some(each => ['--help', '-h'].includes(each))) {
    console.log(HELP);
    return;
  }
  const env = await prepare();
  await ensureAppBuilt(env);
  const { status } = spawnSync(
    'playwright',
    ['test', '--project=screenshots', ...process.argv.slice(2)],
    {
      cwd: root,
      env: { ...env, CHROMIUM_PATH: await findChromium() },
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
});
