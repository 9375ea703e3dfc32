// A portal made by `create-app`, raised to the release under test.
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../paths.mjs';
import { edit, readJson, writeJson } from './files.mjs';

/** Folders with a package.json in a scaffolded portal. */
export const WORKSPACES = ['', 'packages/app', 'packages/backend'];

const pathOf = name =>
  fileURLToPath(new URL(`./${name}.json`, import.meta.url));

/** Versions of the packages of a release. */
export const versionsOf = release => readJson(pathOf(`release-${release}`));

/** Versions in place of those that a mirror of the registry may lack. None for a release whose packages are all there. */
function nearestOf(release) {
  const path = pathOf(`nearest-${release}`);
  return existsSync(path) ? readJson(path) : {};
}

const INSTALLED = WORKSPACES.map(folder => join(folder, 'node_modules'));

/**
 * Creates the portal again. Keeps the installed packages of an earlier run, which yarn updates: installing them is
 * most of the minutes of a first run.
 */
export async function createApp({ portal, legacy, version, run }) {
  const earlier = `${portal}.earlier`;
  rmSync(earlier, { recursive: true, force: true });
  if (existsSync(portal)) {
    renameSync(portal, earlier);
  }
  const flags = ['--skip-install', '--path', basename(portal)];
  if (legacy) flags.push('--legacy');
  await run('npx', ['--yes', `@backstage/create-app@${version}`, ...flags], {
    cwd: dirname(portal),
    env: { BACKSTAGE_APP_NAME: 'stock' },
  });
  for (const folder of INSTALLED) {
    if (existsSync(join(earlier, folder))) {
      renameSync(join(earlier, folder), join(portal, folder));
    }
  }
  rmSync(earlier, { recursive: true, force: true });
}

function setVersions(portal, versionOf) {
  for (const folder of WORKSPACES) {
    const path = join(portal, folder, 'package.json');
    const manifest = readJson(path);
    for (const kind of ['dependencies', 'devDependencies']) {
      for (const name of Object.keys(manifest[kind] ?? {})) {
        const version = name.startsWith('@backstage/') && versionOf(name);
        if (version) manifest[kind][name] = version;
      }
    }
    writeJson(path, manifest);
  }
}

/** The version of create-app that belongs to a release. */
export const createAppOf = release =>
  versionsOf(release)['@backstage/create-app'];

/**
 * Makes a portal one of the day of its release: create-app's ranges bring newer packages without the lockfile that
 * such a portal has. With `nearest`, packages that a mirror of the registry may lack have the nearest version that one
 * has.
 */
export const pinTo =
  release =>
  (portal, { nearest = false } = {}) => {
    const path = join(portal, 'package.json');
    const manifest = readJson(path);
    manifest.resolutions = {
      ...manifest.resolutions,
      ...versionsOf(release),
      ...(nearest && nearestOf(release)),
    };
    writeJson(path, manifest);
  };

/** Raises a portal to 1.57, whose versions are in release-1.57.json. */
export function raiseTo157(portal) {
  const release157 = versionsOf('1.57');
  setVersions(portal, name => {
    if (!release157[name]) {
      throw new Error(
        `release-1.57.json does not know ${name}, which create-app has begun to use: add its version.`,
      );
    }
    return `^${release157[name]}`;
  });
  writeJson(join(portal, 'backstage.json'), { version: '1.57.0' });
}

/** Raises a portal to the newest release. */
export function raiseToNewest(portal) {
  setVersions(portal, () => 'latest');
}

/**
 * Applies the only difference from a real portal: packages run no install scripts, and better-sqlite3 is a version
 * that needs none.
 */
export function settleInstall(portal) {
  const path = join(portal, 'package.json');
  const manifest = readJson(path);
  manifest.resolutions = {
    ...manifest.resolutions,
    'better-sqlite3': '^13.2.0',
  };
  writeJson(path, manifest);
  edit(
    join(portal, '.yarnrc.yml'),
    text => `${text}\nenableScripts: false\nenableTelemetry: false\n`,
  );
}

/** Copies our lockfile, so that packages it resolves need no request to the registry. */
export function seedLockfile(portal, lockfile) {
  copyFileSync(
    existsSync(lockfile) ? lockfile : inRoot('yarn.lock'),
    join(portal, 'yarn.lock'),
  );
}
