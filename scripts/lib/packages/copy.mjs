// A copy of the packages, for tools that write into the folders that they work on.
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inRoot } from '../paths.mjs';
import { publishedPackages } from './workspaces.mjs';

/** Files of the root that a build needs. */
const ROOT_FILES = [
  'package.json',
  'yarn.lock',
  '.yarnrc.yml',
  'tsconfig.json',
];

const withoutPackages = source => basename(source) !== 'node_modules';

function copyWorkspaces(copy) {
  for (const name of ROOT_FILES) {
    cpSync(inRoot(name), join(copy, name));
  }
  symlinkSync(inRoot('node_modules'), join(copy, 'node_modules'));
  for (const { folder } of publishedPackages()) {
    cpSync(inRoot(folder), join(copy, folder), {
      recursive: true,
      filter: withoutPackages,
    });
    const own = inRoot(folder, 'node_modules');
    if (existsSync(own)) {
      symlinkSync(own, join(copy, folder, 'node_modules'));
    }
  }
}

/**
 * Runs `work` in a copy of the workspaces, with links to the installed packages. Packing rewrites package.json for a
 * while, and bundling replaces builds; neither may show in the checkout.
 */
export async function inCopy(work) {
  const copy = mkdtempSync(join(tmpdir(), 'acr-cmk-workspaces-'));
  try {
    copyWorkspaces(copy);
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
