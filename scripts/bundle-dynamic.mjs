// `yarn bundle:dynamic`: bundles for portals that load plugins while they run.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackagesBuilt } from './lib/packages/build.mjs';
import { inCopy } from './lib/packages/copy.mjs';
import { publishedPackages } from './lib/packages/workspaces.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, mustRun, step, Stop } from './lib/progress.mjs';
import { prepare, registrySettings } from './lib/toolchain.mjs';

const HELP = `Makes one bundle of each plugin that a portal can load while it runs.

  --out DIR   where the bundles go (dist/dynamic); a bundle of before is replaced
`;

const ROLES = ['frontend-plugin', 'backend-plugin', 'backend-plugin-module'];

/** What a portal looks for in a bundle before it loads it. */
function checkBundle(folder, { backstage }) {
  const isFrontend = backstage.role === 'frontend-plugin';
  const wanted = isFrontend
    ? ['package.json', 'dist/remoteEntry.js', 'dist/mf-manifest.json']
    : ['package.json', 'dist/index.cjs.js', 'node_modules'];
  const missing = wanted.find(path => !existsSync(join(folder, path)));
  if (missing) {
    throw new Stop(`${folder} has no ${missing}, so no portal could load it.`);
  }
  if (isFrontend) {
    const { exposes } = JSON.parse(
      readFileSync(join(folder, 'dist/mf-manifest.json'), 'utf8'),
    );
    return exposes.map(({ path }) => path).join(', ');
  }
  return 'validated by loading it';
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: inRoot('dist', 'dynamic') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const out = resolve(values.out);
  const prepared = await prepare();
  // The bundler reads what yarn says, and does not expect colours there.
  const env = {
    ...prepared,
    ...registrySettings(prepared),
    YARN_ENABLE_COLORS: 'false',
    FORCE_COLOR: '0',
  };
  await ensurePackagesBuilt(env);
  mkdirSync(out, { recursive: true });
  const bundled = publishedPackages().filter(({ manifest }) =>
    ROLES.includes(manifest.backstage.role),
  );
  await inCopy(async copy => {
    for (const { name, folder, manifest } of bundled) {
      const bundle = join(out, name);
      rmSync(bundle, { recursive: true, force: true });
      await step(`bundle ${name}`, () =>
        mustRun(
          `bundle-${name}`,
          'backstage-cli',
          [
            'package',
            'bundle',
            ...['--output-destination', out, '--output-name', name],
          ],
          { cwd: join(copy, folder), env },
        ),
      );
      console.log(`${name}: ${checkBundle(bundle, manifest)}`);
    }
  });
});
