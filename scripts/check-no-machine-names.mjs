// Fails when a tracked file names this machine: its package registries, the folder above the checkout, or the
// home folder. They are read from the machine, so that no file has to list them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './lib/paths.mjs';

function hostsIn(text) {
  return [...text.matchAll(/https?:\/\/([^/\s:]+)/g)].map(([, host]) => host);
}

function packageHosts() {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    cwd: root,
    encoding: 'utf8',
  });
  const aptFolder = '/etc/apt/sources.list.d';
  const aptFiles = existsSync(aptFolder)
    ? readdirSync(aptFolder).map(name => join(aptFolder, name))
    : [];
  const aptSources = ['/etc/apt/sources.list', ...aptFiles]
    .filter(existsSync)
    .map(path => readFileSync(path, 'utf8'))
    .join('\n');
  return new Set(hostsIn(`${registry}\n${aptSources}`));
}

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Pattern for a whole path: a checkout in `/app` must not match `packages/app/src`. */
const asPath = directory => `(^|[^A-Za-z0-9_./~-])${escaped(directory)}/`;

const paths = [dirname(root), homedir()].filter(path => path !== '/');
const patterns = [...[...packageHosts()].map(escaped), ...paths.map(asPath)];

const found = spawnSync(
  'git',
  ['grep', '-nIE', ...patterns.flatMap(pattern => ['-e', pattern])],
  { cwd: root, encoding: 'utf8' },
);

// git grep exits with 0 for matches, 1 for none, more for errors.
if (found.status === 0) {
  console.error(
    `These lines name a registry or a path of this machine:\n${found.stdout}`,
  );
  process.exit(1);
}
if (found.status !== 1) {
  console.error(found.stderr);
  process.exit(1);
}
console.log('no tracked file names this machine');
