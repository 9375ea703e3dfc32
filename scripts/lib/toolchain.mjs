// Node 22 and yarn 4 for a machine that has Node >= 20, npm and git only; then the packages.
//
// Everything here runs on Node 20 and on nothing but Node's own modules.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inRoot, root } from './paths.mjs';
import { mustRun, step, Stop } from './progress.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/** Node version that Backstage 1.57 supports, and the lowest for the emulator. */
const NODE_MAJOR = 22;
const YARN_VERSION = '4.13.0';

const toolchain = inRoot('.toolchain');
const installStamp = inRoot('node_modules', '.acr-cmk-install');

function answer(command, args, env) {
  try {
    return execFileSync(command, args, {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function withPath(directory) {
  return {
    ...process.env,
    PATH: `${directory}${delimiter}${process.env.PATH}`,
  };
}

/** Returns `env` when its `node` and `yarn` have the right versions. */
function usable(env) {
  const node = answer('node', ['--version'], env);
  const yarn = node && answer('yarn', ['--version'], env);
  const isNodeRight = Number(node?.slice(1).split('.')[0]) >= NODE_MAJOR;
  return isNodeRight && yarn?.startsWith('4.') ? env : undefined;
}

async function ensureToolchain() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new Stop(
      `This needs Node 20 or newer to begin with; this is ${process.version}.`,
    );
  }

  const present =
    usable(process.env) ??
    usable(withPath(join(toolchain, 'node_modules/.bin')));
  if (present) {
    return present;
  }

  await step(
    `bring Node ${NODE_MAJOR} and yarn ${YARN_VERSION} into .toolchain`,
    () =>
      mustRun('toolchain', 'npm', [
        'install',
        '--prefix',
        toolchain,
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        // The package `node` downloads the binary of this platform in its install script.
        '--ignore-scripts=false',
        `node@${NODE_MAJOR}`,
        `@yarnpkg/cli-dist@${YARN_VERSION}`,
      ]),
  );
  const brought = usable(withPath(join(toolchain, 'node_modules/.bin')));
  if (!brought) {
    throw new Stop(
      `npm has put Node ${NODE_MAJOR} and yarn into .toolchain, but they do not run. ` +
        'Remove .toolchain and try again, or install Node 22 and yarn 4 yourself.',
    );
  }
  return brought;
}

/** Settings that make yarn use npm's registry, proxy and authorities, so that no file has to name a registry. */
export function registrySettings(env) {
  const npmSays = key => {
    const value = answer('npm', ['config', 'get', key], env);
    return value && !['null', 'undefined'].includes(value) ? value : undefined;
  };
  const registry = env.YARN_NPM_REGISTRY_SERVER ?? npmSays('registry');
  const proxy = env.YARN_HTTPS_PROXY ?? npmSays('https-proxy');
  const authorities = env.YARN_HTTPS_CA_FILE_PATH ?? npmSays('cafile');
  return {
    ...(registry && { YARN_NPM_REGISTRY_SERVER: registry }),
    ...(registry?.startsWith('http:') && {
      YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    }),
    ...(proxy && { YARN_HTTPS_PROXY: proxy }),
    ...(authorities && { YARN_HTTPS_CA_FILE_PATH: authorities }),
  };
}

function manifests() {
  const workspaces = ['packages', 'plugins'].flatMap(folder =>
    readdirSync(inRoot(folder)).map(name => join(folder, name, 'package.json')),
  );
  return ['package.json', 'yarn.lock', '.yarnrc.yml', ...workspaces];
}

async function ensurePackages(env) {
  if (isStamped(installStamp, fingerprint(manifests()))) {
    return;
  }
  await step(
    'install the packages (about 900 MB; a minute or two the first time)',
    () =>
      mustRun('install', 'yarn', ['install', '--immutable'], {
        cwd: root,
        env: { ...env, ...registrySettings(env) },
      }),
  );
  // Computed again: yarn may have reformatted a manifest.
  writeStamp(installStamp, fingerprint(manifests()));
}

/**
 * Installs toolchain and packages; quick and offline when they are there. Returns the environment for all further
 * commands.
 */
export async function prepare() {
  const env = await ensureToolchain();
  await ensurePackages(env);
  return withBin(env);
}

function withBin(env) {
  return {
    ...env,
    PATH: `${inRoot('node_modules/.bin')}${delimiter}${env.PATH}`,
  };
}
