// Checks of the content of a tarball.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, normalize, posix } from 'node:path';
import { inRoot } from '../paths.mjs';
import { readManifest } from './workspaces.mjs';

/** Unpacks a tarball into an empty folder. Returns the folder of its package. */
export function unpack(tarball, into) {
  execFileSync('tar', ['-xzf', tarball, '-C', into]);
  return join(into, 'package');
}

export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      posix.normalize(
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      ),
    )
    .sort();
}

const { url } = readManifest('.').repository;
const repository = url.replace(/^git\+/, '').replace(/\.git$/, '');

const METADATA = [
  'name',
  'version',
  'description',
  'license',
  'homepage',
  'repository',
  'bugs',
  'keywords',
  'engines',
  'backstage',
];

function* metadataFaults(manifest) {
  for (const field of METADATA) {
    if (!manifest[field] || manifest[field].length === 0) {
      yield `package.json has no "${field}"`;
    }
  }
  if (manifest.repository?.url !== url) {
    yield `package.json names another repository than the root's package.json, ${url}`;
  }
  if (!manifest.repository?.directory) {
    yield 'package.json does not name its folder in "repository.directory"';
  }
  if (manifest.license !== 'Apache-2.0') {
    yield `package.json says "${manifest.license}" is its license`;
  }
  for (const kind of ['dependencies', 'peerDependencies']) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      if (/^(workspace|file|link|portal|patch):/.test(range)) {
        yield `package.json depends on ${name} by "${range}", which resolves nowhere else`;
      }
    }
  }
}

/** Paths that package.json offers to import, run or read. */
function promisedFiles(manifest) {
  const exported = Object.values(manifest.exports ?? {}).flatMap(target =>
    typeof target === 'string'
      ? [target]
      : Object.entries(target)
          .filter(([condition]) => condition !== 'backstage')
          .map(([, path]) => path),
  );
  const bins =
    typeof manifest.bin === 'string'
      ? [manifest.bin]
      : Object.values(manifest.bin ?? {});
  return [
    manifest.main,
    manifest.module,
    manifest.types,
    manifest.configSchema,
    ...exported,
    ...bins,
  ]
    .filter(path => typeof path === 'string')
    .map(path => normalize(path));
}

const UNWANTED = [
  [/\.(test|spec|states|screenshots)\./, 'belongs to the tests'],
  [
    /(^|\/)(__testUtils__|__tests__|__fixtures__|fixtures|e2e-tests)(\/|$)/,
    'belongs to the tests',
  ],
  [/(^|\/)setupTests\./, 'belongs to the tests'],
  [/(^|\/)src\//, 'is source, which the build replaces'],
  [/(^|\/)node_modules\//, 'is another package'],
  [/\.(env|pem|key|sqlite|log|tsbuildinfo)$/, 'is no part of a package'],
];

function* fileFaults(files, manifest, sourceFolder) {
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']) {
    if (!files.includes(name)) {
      yield `${name} is missing`;
    }
  }
  for (const path of promisedFiles(manifest)) {
    if (!files.includes(path)) {
      yield `package.json promises ${path}, which is missing`;
    }
  }
  if (!files.some(path => path.endsWith('.d.ts') && path.startsWith('dist/'))) {
    yield 'there are no types in dist';
  }
  const migrations = inRoot(sourceFolder, 'migrations');
  if (existsSync(migrations)) {
    for (const name of readdirSync(migrations).filter(each =>
      each.endsWith('.js'),
    )) {
      if (!files.includes(`migrations/${name}`)) {
        yield `the migration ${name} is missing`;
      }
    }
  }
  if (
    existsSync(inRoot(sourceFolder, 'config.d.ts')) &&
    !manifest.configSchema
  ) {
    yield 'there is a config.d.ts, and package.json has no "configSchema"';
  }
  for (const path of files) {
    for (const [pattern, why] of UNWANTED) {
      if (pattern.test(path)) {
        yield `${path} ${why}`;
      }
    }
  }
}

/** Source maps that refer to sources outside of the package. */
function* sourceMapFaults(files, folder) {
  for (const path of files.filter(each => each.endsWith('.map'))) {
    const { sources } = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    for (const source of sources) {
      const target = posix.normalize(posix.join(posix.dirname(path), source));
      const isOwn = target.startsWith('src/') || target === 'package.json';
      if (!isOwn && !target.startsWith('\u0000')) {
        yield `the source map ${path} leads to ${source}`;
      }
    }
  }
}

const pathOf = target =>
  [
    `${repository}/blob/main/`,
    `${repository}/tree/main/`,
    `${repository.replace(
      '//github.com/',
      '//raw.githubusercontent.com/',
    )}/main/`,
  ]
    .filter(base => target.startsWith(base))
    .map(base => target.slice(base.length));

/** Pictures and links of a README that are broken on a registry. */
function* readmeFaults(files, folder) {
  if (!files.includes('README.md')) return;
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const targets = [
    ...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm),
  ].map(([, inline, reference]) => (inline ?? reference).replace(/#.*$/, ''));
  for (const target of targets.filter(Boolean)) {
    if (!target.startsWith('https://') && !files.includes(normalize(target))) {
      yield `README.md links to ${target}, which is not in the package: write the whole address`;
    }
    for (const path of pathOf(target)) {
      if (!existsSync(inRoot(path))) {
        yield `README.md links to ${path} of the repository, which is not there`;
      }
    }
  }
}

/** Faults of an unpacked package, as sentences. */
export function faultsOf(folder, sourceFolder) {
  const files = filesBelow(folder);
  const manifest = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return [
    ...metadataFaults(manifest),
    ...fileFaults(files, manifest, sourceFolder),
    ...sourceMapFaults(files, folder),
    ...readmeFaults(files, folder),
  ];
}
