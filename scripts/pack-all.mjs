// `yarn pack:all`: tarballs of all published packages, to install before a registry has them.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { checkDestination, packTo } from './lib/packages/pack.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, Stop } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Packs every published package, as a registry would hold it.

  --out DIR    where the tarballs go (dist/packages); what an earlier run left there is replaced

Either all of them are written or none.
`;

function readFlags() {
  try {
    return parseArgs({
      options: {
        out: { type: 'string', default: inRoot('dist', 'packages') },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Stop(`${error.message}\n\n${HELP}`);
  }
}

await main(async () => {
  const flags = readFlags();
  if (flags.help) {
    console.log(HELP);
    return;
  }
  if (flags.out === '') {
    throw new Stop('--out is empty. Name a folder for the packages.');
  }
  // Before the minute that a build takes.
  checkDestination(flags.out);
  const tarballs = await packTo({ out: flags.out, env: await prepare() });
  console.log(tarballs.map(path => relative(process.cwd(), path)).join('\n'));
});
