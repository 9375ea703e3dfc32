// Tarballs of all published packages, as a registry would hold them.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { inRoot } from '../paths.mjs';
import { mustRun, step, Stop } from '../progress.mjs';
import { faultsOf, unpack } from './inspect.mjs';
import { publishedPackages, tarballName } from './workspaces.mjs';

/** A folder is ours to replace when there is nothing in it but tarballs of before. */
export function checkDestination(path) {
  const folder = resolve(path);
  if (!existsSync(folder)) {
    return folder;
  }
  if (!statSync(folder).isDirectory()) {
    throw new Stop(
      `${path} is a file. Name a folder for the packages with --out.`,
    );
  }
  const names = publishedPackages().map(({ name }) => name);
  const foreign = readdirSync(folder).find(
    file => !names.some(name => file.startsWith(name) && file.endsWith('.tgz')),
  );
  if (foreign) {
    throw new Stop(
      `${path} holds ${foreign}, which is no package of this repository, and would be lost. ` +
        'Name an empty or a new folder with --out.',
    );
  }
  return folder;
}

function packInto(folder, env) {
  return step('pack', () =>
    Promise.all(
      publishedPackages().map(({ folder: source, manifest }) =>
        mustRun(
          `pack-${manifest.name}`,
          'yarn',
          ['pack', '--out', join(folder, tarballName(manifest))],
          { cwd: inRoot(source), env },
        ),
      ),
    ),
  );
}

/** Stops when a tarball is not what a stranger needs. */
function inspect(folder, unpacked) {
  const faults = publishedPackages().flatMap(
    ({ name, folder: source, manifest }) => {
      const into = join(unpacked, name);
      mkdirSync(into, { recursive: true });
      const content = unpack(join(folder, tarballName(manifest)), into);
      return faultsOf(content, source).map(fault => `${name}: ${fault}`);
    },
  );
  if (faults.length > 0) {
    throw new Stop(
      `Nothing was written. These packages are not right:\n\n${faults.join(
        '\n',
      )}`,
    );
  }
}

/**
 * Packs what is built into a folder, all of it or nothing. What was there from before is replaced
 * at the end, when every tarball has been looked at.
 */
export async function packAll({ out, env }) {
  const destination = checkDestination(out);
  mkdirSync(dirname(destination), { recursive: true });
  const work = mkdtempSync(
    join(dirname(destination), `.${basename(destination)}-`),
  );
  try {
    const packed = join(work, 'packed');
    mkdirSync(packed);
    await packInto(packed, env);
    inspect(packed, join(work, 'unpacked'));
    rmSync(destination, { recursive: true, force: true });
    renameSync(packed, destination);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return readdirSync(destination)
    .sort()
    .map(name => join(destination, name));
}
