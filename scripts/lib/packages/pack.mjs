// Tarballs of all published packages, as a registry would hold them.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { demoDirectory, root } from '../paths.mjs';
import { mustRun, step, Stop } from '../progress.mjs';
import { fingerprint, isStamped, writeStamp } from '../stamp.mjs';
import { ensurePackagesBuilt } from './build.mjs';
import { inCopy } from './copy.mjs';
import { faultsOf, unpack } from './inspect.mjs';
import { publishedPackages, tarballName } from './workspaces.mjs';

/** Stops unless the folder is missing, or holds only tarballs of earlier runs. */
export function checkDestination(path) {
  const folder = resolve(path);
  if (!existsSync(folder)) {
    return folder;
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

const git = (...args) =>
  spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim();

/** The version with the commit that it is packed from, such as `0.1.0+3020ba80`; without it, on the tag of a release. */
export function packedVersion(version) {
  const commit = git('rev-parse', '--short=8', 'HEAD');
  if (!commit) return version;
  const isChanged = git('status', '--porcelain') !== '';
  const tags = git('tag', '--points-at', 'HEAD').split('\n');
  return tags.includes(`v${version}`) && !isChanged
    ? version
    : `${version}+${commit}${isChanged ? '.changed' : ''}`;
}

/** Puts the packed version into the package.json of a copy, and into the code that was made of it. */
function setVersion(folder, version) {
  const path = join(folder, 'package.json');
  const text = readFileSync(path, 'utf8');
  const from = JSON.parse(text).version;
  writeFileSync(
    path,
    text.replace(`"version": "${from}"`, `"version": "${version}"`),
  );
  const dist = join(folder, 'dist');
  const made = existsSync(dist)
    ? readdirSync(dist).filter(name => /^package\.json\.\w+\.js$/.test(name))
    : [];
  for (const name of made) {
    const code = readFileSync(join(dist, name), 'utf8');
    writeFileSync(
      join(dist, name),
      code.replaceAll(`"${from}"`, `"${version}"`),
    );
  }
}

async function packInto(folder, env) {
  await inCopy(async copy => {
    for (const { folder: source, manifest } of publishedPackages()) {
      setVersion(join(copy, source), packedVersion(manifest.version));
    }
    // Sequential: each reads the package.json of the others.
    for (const { folder: source, manifest } of publishedPackages()) {
      await mustRun(
        `pack-${manifest.name}`,
        'yarn',
        ['pack', '--out', join(folder, tarballName(manifest))],
        { cwd: join(copy, source), env },
      );
    }
  });
}

/** Stops when a tarball has faults. */
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

const keptDirectory = join(demoDirectory, 'packages');
const keptStamp = join(demoDirectory, 'packages.stamp');

/** Packs the current sources into `.demo/packages`, unless nothing has changed. Returns the tarballs. */
export async function ensurePacked(env) {
  await ensurePackagesBuilt(env);
  const wanted = fingerprint(
    ['yarn.lock', ...publishedPackages().map(({ folder }) => folder)],
    packedVersion(''),
  );
  if (!existsSync(keptDirectory) || !isStamped(keptStamp, wanted)) {
    await packAll({ out: keptDirectory, env });
    writeStamp(keptStamp, wanted);
  }
  return tarballsIn(keptDirectory);
}

const tarballsIn = folder =>
  readdirSync(folder)
    .sort()
    .map(name => join(folder, name));

/** Replaces the tarballs in a folder by current ones. */
export async function packTo({ out, env }) {
  const destination = checkDestination(out);
  const tarballs = await ensurePacked(env);
  return replaceFolder(destination, async work => {
    for (const tarball of tarballs) {
      copyFileSync(tarball, join(work, basename(tarball)));
    }
  });
}

/** Fills a new folder, then replaces the old one by it: all or nothing. */
async function replaceFolder(destination, fill) {
  mkdirSync(dirname(destination), { recursive: true });
  const work = mkdtempSync(
    join(dirname(destination), `.${basename(destination)}-`),
  );
  try {
    await fill(work);
    rmSync(destination, { recursive: true, force: true });
    renameSync(work, destination);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return tarballsIn(destination);
}

/** Packs the builds into a folder, and checks every tarball before. */
export function packAll({ out, env }) {
  return replaceFolder(checkDestination(out), async work => {
    await step('pack', () => packInto(work, env));
    const unpacked = mkdtempSync(join(tmpdir(), 'acr-cmk-pack-'));
    try {
      inspect(work, unpacked);
    } finally {
      rmSync(unpacked, { recursive: true, force: true });
    }
  });
}
