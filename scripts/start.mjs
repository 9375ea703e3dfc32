// `npm start`: from a fresh clone to a working portal.
import { isAbsolute, join, relative } from 'node:path';
import { ensureAppBuilt } from './lib/app.mjs';
import { isPortFree, startNode, until } from './lib/child.mjs';
import { folderOf, portOf, readFlags } from './lib/flags.mjs';
import { demoDirectory, inRoot, root } from './lib/paths.mjs';
import {
  fleetSettings,
  isOk,
  fillCatalog,
  startBackend,
  startEmulator,
  WORLDS,
} from './lib/portal.mjs';
import {
  lastLines,
  main,
  openLog,
  seconds,
  step,
  Stop,
} from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Starts the demo portal, with an Azure of its own on this machine.

  --port N        the portal's port (7007)
  --azure-port N  the emulated Azure's port (8543)
  --data DIR      where databases and the emulated Azure's world are kept (.demo; with a fleet
                  .demo/fleet-N, with a world .demo/NAME)
  --fleet N       N registries of many teams beside those of the demo, 1 to 10000
  --world NAME    us-government: the demo in Azure Government; managed-hsm: one more registry,
                  hsm-images, whose key is in a Managed HSM
  --dev           reloads what changes: the app in the browser; backend and emulated Azure start again
  --app-port N    the development server's port (3000); with --dev alone
`;

/** Most registries of a fleet. */
const LARGEST_FLEET = 10_000;

const OPTIONS = {
  port: { type: 'string', default: '7007' },
  'azure-port': { type: 'string', default: '8543' },
  'app-port': { type: 'string' },
  data: { type: 'string' },
  fleet: { type: 'string' },
  world: { type: 'string' },
  dev: { type: 'boolean', default: false },
};

/** Processes in the order of their start. */
const running = [];
let isStopping = false;

async function stopAll() {
  for (const { child } of [...running].reverse()) {
    await child.stop();
  }
}

async function onSignal() {
  if (isStopping) {
    // A second signal: do not wait any longer.
    await Promise.all(running.map(({ child }) => child.kill()));
    process.exit(130);
  }
  isStopping = true;
  console.log('\nstopping…');
  await stopAll();
  process.exit(0);
}

/** Adds a process, and stops all when it ends by itself. */
function watch(name, child, logPath) {
  running.push({ name, child });
  child.exited.then(async how => {
    if (!isStopping) {
      isStopping = true;
      console.error(
        `\n${lastLines(
          logPath,
          30,
        )}\n\nThe ${name} ${how}; its log is ${logPath}`,
      );
      await stopAll();
      process.exit(1);
    }
  });
}

/** Checks that the ports differ, since each is still free. @throws Stop when two are the same */
function needDifferent(ports) {
  const flagOf = new Map();
  for (const [flag, port] of Object.entries(ports)) {
    const other = flagOf.get(port);
    if (other) {
      throw new Stop(`--${other} and --${flag} are both ${port}.`);
    }
    flagOf.set(port, flag);
  }
}

async function needPort(flag, port) {
  if (!(await isPortFree(port))) {
    throw new Stop(
      `Port ${port} is in use. Stop what uses it, or choose another one with --${flag}.`,
    );
  }
}

async function explain(logPath, work) {
  try {
    return await work();
  } catch (error) {
    throw new Stop(
      `${lastLines(logPath, 30)}\n\n${error.message}; its log is ${logPath}`,
    );
  }
}

async function startDevServer(env, port, backendUrl) {
  const log = openLog('app');
  const url = `http://localhost:${port}`;
  const child = startNode({
    args: [
      inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
      'package',
      'start',
    ],
    cwd: inRoot('packages/app'),
    env: {
      ...env,
      APP_CONFIG_app_baseUrl: JSON.stringify(url),
      APP_CONFIG_backend_baseUrl: JSON.stringify(backendUrl),
    },
    log: log.stream,
  });
  watch('development server', child, log.path);
  await explain(log.path, () =>
    until(() => isOk(url), {
      process: child,
      what: 'the development server did not start',
      timeoutMs: 180_000,
    }),
  );
  return url;
}

/** Parses the number of registries, if there is one. @throws Stop for another text */
function fleetSize(text) {
  if (text === undefined) return undefined;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_FLEET) {
    throw new Stop(
      `--fleet must be a number from 1 to ${LARGEST_FLEET}, not '${text}'.`,
    );
  }
  return size;
}

/** Parses the name of a world, if there is one. @throws Stop for another text */
function worldOf({ world: name, fleet }) {
  if (name === undefined) return undefined;
  if (!Object.hasOwn(WORLDS, name)) {
    throw new Stop(
      `--world must be one of ${Object.keys(WORLDS).join(
        ', ',
      )}, not '${name}'.`,
    );
  }
  if (fleet !== undefined) {
    throw new Stop('--world and --fleet do not go together.');
  }
  return WORLDS[name];
}

/** Path relative to the repository for folders inside of it, otherwise the whole path. */
function inShort(folder) {
  const path = relative(root, folder);
  return path.startsWith('..') || isAbsolute(path) ? folder : path;
}

async function start(flags) {
  const started = Date.now();
  const port = portOf('port', flags.port);
  const azurePort = portOf('azure-port', flags['azure-port']);
  const appPort = portOf('app-port', flags['app-port'] ?? '3000');
  if (flags['app-port'] !== undefined && !flags.dev) {
    throw new Stop('--app-port is for the development server: add --dev.');
  }
  const fleet = fleetSize(flags.fleet);
  const world = worldOf(flags);
  const data = folderOf(
    'data',
    flags.data ??
      join(demoDirectory, fleet ? `fleet-${fleet}` : (flags.world ?? '.')),
  );

  needDifferent({
    port,
    'azure-port': azurePort,
    ...(flags.dev && { 'app-port': appPort }),
  });
  await needPort('port', port);
  await needPort('azure-port', azurePort);
  if (flags.dev) {
    await needPort('app-port', appPort);
  }

  const env = await prepare();
  await ensureAppBuilt(env);

  const azureLog = openLog('azure-emulator');
  const { azure } = await step('start the emulated Azure', () =>
    explain(azureLog.path, async () => {
      const emulator = await startEmulator({
        env,
        log: azureLog.stream,
        dataDirectory: join(data, 'azure'),
        port: azurePort,
        world: fleet ? `demo-fleet:${fleet}` : world?.world,
        flags: world?.flags,
        reloads: flags.dev,
      });
      watch('emulated Azure', emulator.child, azureLog.path);
      return emulator;
    }),
  );

  const backendLog = openLog('backend');
  const { url, child } = await step('start the backend', () =>
    explain(backendLog.path, async () => {
      const backend = await startBackend({
        env,
        log: backendLog.stream,
        azure,
        port,
        databaseDirectory: join(data, 'database'),
        appUrl: flags.dev ? `http://localhost:${appPort}` : undefined,
        settings: fleet ? fleetSettings(azure) : {},
        config: world?.config,
        reloads: flags.dev,
      });
      watch('backend', backend.child, backendLog.path);
      return backend;
    }),
  );

  if (fleet) {
    await step(`fill the catalog with ${fleet} registries`, () =>
      explain(backendLog.path, () =>
        fillCatalog(url, { azure, process: child }),
      ),
    );
  }

  const address = flags.dev
    ? await step('start the development server', () =>
        startDevServer(env, appPort, url),
      )
    : url;

  console.log(`
The portal is ready after ${seconds(started)}:

    ${address}

Choose who you want to be (Olivia owns the shop's registries) and open the resource
${world?.entity ?? 'shop-images'}${
    fleet ? ', or Registry keys in the navigation' : ''
  }. Its Azure runs on this machine; nothing leaves it.

Logs are in .demo/logs. Ctrl-C ends all of it; remove ${inShort(
    data,
  )} for a fresh world.
`);
}

await main(async () => {
  const flags = readFlags(OPTIONS, HELP);
  if (flags.help) {
    console.log(HELP);
    return;
  }
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  try {
    await start(flags);
  } catch (error) {
    isStopping = true;
    await stopAll();
    throw error;
  }
});
