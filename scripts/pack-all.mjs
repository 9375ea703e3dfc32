// `yarn pack:all`: tarballs of all published packages, to install them without a registry.
import { relative } from 'node:path';
import { folderOf, readFlags } from './lib/flags.mjs';
import { checkDestination, packTo } from './lib/packages/pack.mjs';
import { inRoot } from './lib/paths.mjs';
import { main } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Packs every published package, as a registry would hold it.

  --out DIR    where the tarballs go (dist/packages); existing ones are replaced

Either all of them are written or none.
`;

await main(async () => {
  const flags = readFlags(
    { out: { type: 'string', default: inRoot('dist', 'packages') } },
    HELP,
  );
  if (flags.help) {
    console.log(HELP);
    return;
  }
  // Fail before the minute that a build takes.
  const out = checkDestination(folderOf('out', flags.out));
  const tarballs = await packTo({ out, env: await prepare() });
  console.log(tarballs.map(path => relative(process.cwd(), path)).join('\n'));
});
