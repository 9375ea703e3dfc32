// A Chromium for the browser tests: from a variable, from the PATH, from Playwright, or from Debian.
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { runLogged, step, Stop } from './progress.mjs';

/** Packages in order of preference. Older releases of Debian have no headless shell. */
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'chromium'];
const VARIABLES = ['CHROMIUM_PATH', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'];
/** Commands in order of preference. Headless shells draw no window, and so cost less. */
const COMMANDS = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fromEnvironment() {
  for (const variable of VARIABLES) {
    const path = process.env[variable];
    if (path) {
      if (!isExecutable(path)) {
        throw new Stop(`${variable} is ${path}, which cannot be executed.`);
      }
      return path;
    }
  }
  return undefined;
}

function fromPath() {
  const directories = (process.env.PATH ?? '').split(delimiter);
  return COMMANDS.flatMap(command =>
    directories.map(directory => join(directory, command)),
  ).find(isExecutable);
}

function fromPlaywright() {
  const require = createRequire(inRoot('package.json'));
  const path = require('@playwright/test').chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

async function installDebianPackage() {
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const apt = (...args) => runLogged('chromium', 'apt-get', args, options);
  const install = async () => {
    for (const name of DEBIAN_PACKAGES) {
      const { code } = await apt(
        'install',
        '-y',
        '--no-install-recommends',
        name,
      );
      if (code === 0) return true;
    }
    return false;
  };
  await step('install Chromium, a package of Debian', async () => {
    if (!(await install())) {
      await apt('update');
      await install();
    }
  });
}

/** Path of a Chromium. Without one, stops with the command that installs it. */
export async function findChromium() {
  const find = () => fromEnvironment() ?? fromPath() ?? fromPlaywright();
  const found = find();
  if (found) {
    return found;
  }
  if (canInstall()) {
    await installDebianPackage();
    const installed = find();
    if (installed) {
      return installed;
    }
  }
  const command = existsSync('/etc/debian_version')
    ? 'sudo apt-get install -y chromium'
    : 'npx playwright install chromium';
  throw new Stop(
    `The browser tests need a Chromium. Run:\n\n    ${command}\n\nor set CHROMIUM_PATH to the path of a Chromium.`,
  );
}
