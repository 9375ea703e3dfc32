import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AssumptionChanges } from './control/assumptionSettings';
import { CLOUD_NAMES } from './http/cloud';
import { ReadyInfo, startEmulator } from './emulator';
import { isWorldName } from './worlds';

const USAGE = `Usage:
  azure-emulator [--world demo|demo-hsm|empty|fleet:N|demo-fleet:N] [--seed N] [--host 127.0.0.1] [--port 8543] [--data DIR]
                 [--cloud public|usGovernment|china] [--throttle] [--operation-seconds S] [--role-propagation-seconds S]
                 [--assumptions FILE]
  azure-emulator env --data DIR [--principal NAME]

The first form runs until it is interrupted and prints one line of JSON when it is ready.
The second prints the environment variables for clients: eval "$(azure-emulator env --data DIR)"
With --principal also the variables with which Azure's SDKs sign in as reader, rotator, revoker, provisioner or admin.
`;

const DEFAULT_PORT = '8543';
const DEFAULT_DATA = '.azure-emulator';

const log = (line: string) => process.stderr.write(`${line}\n`);

export async function runCli(args: string[]): Promise<void> {
  try {
    if (args[0] === 'env') {
      printEnvironment(args.slice(1));
    } else {
      await run(args);
    }
  } catch (error) {
    log((error as Error).message);
    process.exitCode = 1;
  }
}

async function run(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      world: { type: 'string' },
      seed: { type: 'string' },
      cloud: { type: 'string', default: 'public' },
      host: { type: 'string' },
      port: { type: 'string', default: DEFAULT_PORT },
      data: { type: 'string', default: DEFAULT_DATA },
      throttle: { type: 'boolean', default: false },
      'operation-seconds': { type: 'string' },
      'role-propagation-seconds': { type: 'string' },
      assumptions: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { world } = values;
  if (world !== undefined && !isWorldName(world)) {
    throw new Error(
      `--world must be demo, demo-hsm, empty, fleet:N or demo-fleet:N with N from 1 to 10000, not '${world}'.`,
    );
  }
  const cloud = CLOUD_NAMES.find(name => name === values.cloud);
  if (!cloud) {
    throw new Error(
      `--cloud must be one of ${CLOUD_NAMES.join(', ')}, not '${
        values.cloud
      }'.`,
    );
  }
  const emulator = await startEmulator({
    world,
    cloud,
    seed: numberOf('--seed', values.seed),
    host: values.host,
    port: numberOf('--port', values.port),
    dataDir: values.data,
    throttle: values.throttle,
    assumptions: readAssumptions(values.assumptions),
    operationSeconds: numberOf(
      '--operation-seconds',
      values['operation-seconds'],
    ),
    rolePropagationSeconds: numberOf(
      '--role-propagation-seconds',
      values['role-propagation-seconds'],
    ),
    log,
  });
  process.stdout.write(`${JSON.stringify(emulator.ready)}\n`);
  const stop = () => {
    emulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** The file's content is checked by the emulator. */
function readAssumptions(
  file: string | undefined,
): AssumptionChanges | undefined {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as AssumptionChanges;
  } catch (error) {
    throw new Error(
      `--assumptions must name a JSON file of assumptions: ${
        (error as Error).message
      }`,
    );
  }
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`${flag} must be a number, 0 or more, not '${text}'.`);
  }
  return value;
}

const quote = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;

/** Proxy and authority, in the environment variables that Python, Go, .NET and Node read. */
function printEnvironment(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: DEFAULT_DATA },
      principal: { type: 'string' },
    },
  });
  const file = path.join(values.data, 'ready.json');
  if (!fs.existsSync(file)) {
    throw new Error(
      `${file} does not exist. Start the emulator first: azure-emulator --data ${values.data}`,
    );
  }
  const ready = JSON.parse(fs.readFileSync(file, 'utf8')) as ReadyInfo;
  // Relative to the directory as it is seen here: the emulator may run in a container.
  const caBundle = path.resolve(values.data, path.basename(ready.caBundle));
  const caFile = path.resolve(values.data, path.basename(ready.caFile));
  const lines = {
    HTTPS_PROXY: ready.proxy,
    REQUESTS_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    NODE_EXTRA_CA_CERTS: caFile,
    ...(values.principal !== undefined && signInOf(values.principal, ready)),
  };
  for (const [name, value] of Object.entries(lines)) {
    process.stdout.write(`export ${name}=${quote(value)}\n`);
  }
}

/** Variables that EnvironmentCredential of Azure's SDKs reads. */
function signInOf(name: string, { tenantId, principals }: ReadyInfo) {
  const known = Object.entries(principals);
  const [, principal] = known.find(([each]) => each === name) ?? [];
  if (!principal) {
    throw new Error(
      `--principal must be one of ${known
        .map(([each]) => each)
        .join(', ')}, not '${name}'.`,
    );
  }
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: principal.clientId,
    AZURE_CLIENT_SECRET: principal.clientSecret,
  };
}
