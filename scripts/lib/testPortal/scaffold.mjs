// A portal as `create-app` makes it, raised to the release that is to be tested.
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inRoot } from '../paths.mjs';
import { edit, readJson, writeJson } from './files.mjs';

/** Where package.json files of a scaffolded portal are. */
const MANIFESTS = ['', 'packages/app', 'packages/backend'];

const release157 = JSON.parse(
  readFileSync(new URL('./release-1.57.json', import.meta.url), 'utf8'),
);

const INSTALLED = MANIFESTS.map(folder => join(folder, 'node_modules'));

/**
 * Makes the portal anew. Packages that an earlier run has installed are kept, and yarn brings
 * them up to date: they are most of the minutes that a first run takes.
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
  for (const folder of MANIFESTS) {
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

/** To 1.57, the release whose versions are written down beside this file. */
export function raiseTo157(portal) {
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

/** To whatever is newest today. */
export function raiseToNewest(portal) {
  setVersions(portal, () => 'latest');
}

/**
 * What differs from a portal on somebody's desk, and only that: no package may run its install
 * script, and better-sqlite3 is the version that needs none.
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

/** Packages that resolve as they did here are not asked for at the registry again. */
export function seedLockfile(portal, lockfile) {
  copyFileSync(
    existsSync(lockfile) ? lockfile : inRoot('yarn.lock'),
    join(portal, 'yarn.lock'),
  );
}
