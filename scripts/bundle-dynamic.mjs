// `yarn bundle:dynamic`: bundles for portals with dynamic plugins.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { folderOf, readFlags } from './lib/flags.mjs';
import { ensurePackagesBuilt } from './lib/packages/build.mjs';
import { inCopy } from './lib/packages/copy.mjs';
import { publishedPackages } from './lib/packages/workspaces.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, mustRun, step, Stop } from './lib/progress.mjs';
import { prepare, registrySettings } from './lib/toolchain.mjs';

const HELP = `Makes a bundle of each plugin, for portals with dynamic plugins.

  --out DIR   where the bundles go (dist/dynamic); existing ones are replaced

Prints the path and the size of each. Either all of them are written or none.
`;

/**
 * Packages that the backend works without, and a portal may lack. They are packed, because a bundle finds all other peers
 * in the portal. A portal that has them offers its services by the same names.
 */
const OPTIONAL = [
  '@backstage/plugin-notifications-common',
  '@backstage/plugin-notifications-node',
  '@backstage/plugin-signals-node',
];

const ROLES = ['frontend-plugin', 'backend-plugin', 'backend-plugin-module'];

/** Stops when a bundle lacks a file that the loader of a portal requires. */
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

/** Makes the optional peers of a package its dependencies, in a copy. */
function packOptional(folder) {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  for (const name of OPTIONAL) {
    if (!manifest.peerDependencies?.[name]) continue;
    delete manifest.peerDependencies[name];
    manifest.dependencies[name] = manifest.devDependencies[name];
  }
  writeFileSync(path, JSON.stringify(manifest, undefined, 2));
}

/** Size of a folder with all that is below it. Megabytes. */
function sizeOf(folder) {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name)).size)
    .reduce((sum, size) => sum + size, 0);
  return (bytes / 1e6).toFixed(1);
}

/**
 * Bundles each package into a folder, and checks that a portal could load it. Bundles are made inside the copy: the
 * bundler loads them, and finds their peers there.
 */
async function bundleInto(folder, { bundled, env }) {
  await inCopy(async copy => {
    const made = join(copy, 'dist');
    for (const { name, folder: source, manifest } of bundled) {
      packOptional(join(copy, source));
      await step(`bundle ${name}`, () =>
        mustRun(
          `bundle-${name}`,
          'backstage-cli',
          [
            'package',
            'bundle',
            ...['--output-destination', made, '--output-name', name],
          ],
          { cwd: join(copy, source), env },
        ),
      );
      const bundle = join(folder, name);
      cpSync(join(made, name), bundle, {
        recursive: true,
        verbatimSymlinks: true,
      });
      console.log(`${checkBundle(bundle, manifest)}, ${sizeOf(bundle)} MB`);
    }
  });
}

await main(async () => {
  const flags = readFlags(
    { out: { type: 'string', default: inRoot('dist', 'dynamic') } },
    HELP,
  );
  if (flags.help) {
    console.log(HELP);
    return;
  }
  // Fail before the minutes that bundling takes.
  const out = folderOf('out', flags.out);
  const prepared = await prepare();
  // The bundler parses yarn's output, and does not expect colours.
  const env = {
    ...prepared,
    ...registrySettings(prepared),
    YARN_ENABLE_COLORS: 'false',
    FORCE_COLOR: '0',
  };
  await ensurePackagesBuilt(env);
  const bundled = publishedPackages().filter(({ manifest }) =>
    ROLES.includes(manifest.backstage.role),
  );
  // The folder may hold bundles of other plugins: replace only ours.
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(out, '.acr-cmk-'));
  try {
    await bundleInto(work, { bundled, env });
    for (const { name } of bundled) {
      rmSync(join(out, name), { recursive: true, force: true });
      renameSync(join(work, name), join(out, name));
      console.log(join(out, name));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
