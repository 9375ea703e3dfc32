// The build behind the tarballs: declarations by tsc, then the build of each package.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from '../paths.mjs';
import { mustRun, step } from '../progress.mjs';
import { fingerprint, isStamped, writeStamp } from '../stamp.mjs';
import { publishedPackages } from './workspaces.mjs';

const stampOf = what => inRoot('node_modules', '.cache', 'acr-cmk', what);
const typesStamp = stampOf('types');
const buildStamp = stampOf('packages-build');

const sources = () =>
  fingerprint([
    'yarn.lock',
    'tsconfig.json',
    ...publishedPackages().flatMap(({ folder }) =>
      ['package.json', 'src', 'config.d.ts'].map(name => join(folder, name)),
    ),
  ]);

/** Record that declarations and builds are made from the current sources. */
export const markTypesEmitted = () => writeStamp(typesStamp, sources());
export const markPackagesBuilt = () => writeStamp(buildStamp, sources());

export async function ensurePackagesBuilt(env) {
  const wanted = sources();
  if (!isStamped(typesStamp, wanted)) {
    await step('check and write the types', () =>
      mustRun('packages-types', 'yarn', ['tsc'], { cwd: root, env }),
    );
    writeStamp(typesStamp, wanted);
  }
  const isThere = publishedPackages().every(({ folder }) =>
    existsSync(inRoot(folder, 'dist', 'index.d.ts')),
  );
  if (!isThere || !isStamped(buildStamp, wanted)) {
    const only = publishedPackages().flatMap(({ name }) => ['--include', name]);
    await step('build the packages', () =>
      mustRun(
        'packages-build',
        'yarn',
        [
          'workspaces',
          'foreach',
          '--all',
          '--topological',
          ...only,
          'run',
          'build',
        ],
        { cwd: root, env },
      ),
    );
    writeStamp(buildStamp, wanted);
  }
}
