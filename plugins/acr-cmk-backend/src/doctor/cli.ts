import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigSources } from '@backstage/config-loader';
import {
  AcrCmkClient,
  type DoctorReport,
} from 'backstage-plugin-acr-cmk-common';
import { sleep } from '../platform/time/realClock';
import { policyReport, renderPolicy } from './policyReport';
import { portsOf } from './portsOf';
import { render } from './render';
import { exitCodeOf, runDoctor } from './runDoctor';
import { secretsIn } from './secretsIn';

const USAGE = `Usage: acr-cmk-doctor [--config FILE …] [--json]
       acr-cmk-doctor --url ADDRESS [--json]
       acr-cmk-doctor --url ADDRESS --policy FILE --entity REF [--registry ID] [--json]

Checks the set-up of acr-cmk and prints a remedy for each problem. Changes nothing.

  --config FILE  app-config to read, as for the backend; may be repeated.
                 Default: app-config.yaml and app-config.local.yaml
  --url ADDRESS  get the report of a running backend, such as https://portal.example.com; it also
                 checks the database, the permission policy and the catalog. The variable
                 ACR_CMK_TOKEN must hold a Backstage token with the permission acr-cmk.doctor.read
  --policy FILE  ask the permission policy of the portal at --url, and print which permissions people
                 have. FILE has their Backstage tokens, one a line
  --entity REF   the entity to ask about, such as resource:default/shop-images
  --registry ID  the registry to ask about, by its ARM id
  --json         print the report as JSON
  --help         print this

Exit code: 0 when nothing failed, 1 when something failed or a person got no answer, 2 when the doctor could not run.
`;

/** Message of the loader for an empty configuration. */
const EMPTY = /^Missing required config value at ''/;

/** The doctor cannot run with these options; its message is for the user. */
class CannotRun extends Error {}

/** Environment of the command line. */
export interface CliSurroundings {
  args: string[];
  env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  fetch: typeof fetch;
  now(): number;
}

/**
 * Runs `acr-cmk-doctor`. Returns the exit code.
 *
 * @internal
 */
export async function runDoctorCli(
  surroundings: CliSurroundings,
): Promise<number> {
  try {
    const options = optionsIn(surroundings.args);
    if (options.help) {
      surroundings.out(USAGE);
      return 0;
    }
    if (options.policy !== undefined) {
      return await printPolicy(options, surroundings);
    }
    const report =
      options.url !== undefined
        ? await fetchReport(options.url, surroundings)
        : await examine(options.config, surroundings);
    surroundings.out(
      options.json ? `${JSON.stringify(report, null, 2)}\n` : render(report),
    );
    return exitCodeOf(report);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    surroundings.err(`${error.message}\n`);
    return 2;
  }
}

function optionsIn(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        config: { type: 'string', multiple: true, default: [] },
        url: { type: 'string' },
        policy: { type: 'string' },
        entity: { type: 'string' },
        registry: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.url !== undefined && values.config.length > 0) {
      throw new CannotRun(
        'Give either --config or --url: a running backend has its own configuration.',
      );
    }
    const { policy, entity, registry, url } = values;
    if (policy !== undefined && (url === undefined || entity === undefined)) {
      throw new CannotRun(
        '--policy needs --url and --entity: only a running portal can ask its policy, about an entity.',
      );
    }
    if (policy === undefined && (entity ?? registry) !== undefined) {
      throw new CannotRun('--entity and --registry need --policy.');
    }
    return values;
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`${(error as Error).message}\n\n${USAGE.trimEnd()}`);
  }
}

async function examine(
  files: readonly string[],
  { env, now }: CliSurroundings,
): Promise<DoctorReport> {
  for (const file of files) {
    if (!existsSync(file)) {
      throw new CannotRun(`--config names ${file}, which does not exist.`);
    }
  }
  const config = await load(files, env).catch(async (error: Error) => {
    const which = await unreadable(files, env);
    throw new CannotRun(
      EMPTY.test(error.message)
        ? `${which} is empty.`
        : `${which} cannot be read: ${error.message}`,
    );
  });
  config.close();
  return runDoctor(portsOf(config, { now }), {
    sleep,
    secrets: secretsIn(config),
  });
}

async function load(files: readonly string[], env: CliSurroundings['env']) {
  return ConfigSources.toConfig(
    ConfigSources.default({
      argv: files.flatMap(file => ['--config', file]),
      env: { ...env },
      substitutionFunc: async name => env[name],
      watch: false,
    }),
  );
}

/** The file that cannot be read, which the loader does not name. */
async function unreadable(
  files: readonly string[],
  env: CliSurroundings['env'],
): Promise<string> {
  for (const file of files) {
    try {
      (await load([file], env)).close();
    } catch {
      return file;
    }
  }
  return 'app-config.yaml (or another file with --config)';
}

/** @throws when it is not the address of a backend */
function checkAddress(address: string) {
  if (!/^https?:\/\/[^/]/i.test(address) || !URL.canParse(address)) {
    throw new CannotRun(
      `--url must be the address of the backend, such as https://portal.example.com, not ${
        address || 'empty'
      }`,
    );
  }
}

/** Cause of a failed request to the portal, in a few words. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return `${message}${cause?.message ? ` (${cause.message})` : ''}`;
}

const apiOf = (address: string) => `${address.replace(/\/+$/, '')}/api`;

/** Asks the portal's permission policy about people, and prints its answers. */
async function printPolicy(
  options: ReturnType<typeof optionsIn>,
  { out, fetch: send }: CliSurroundings,
): Promise<number> {
  const { url = '', policy = '', entity = '', registry, json } = options;
  checkAddress(url);
  const tokens = tokensIn(policy);
  let report;
  try {
    report = await policyReport(
      init => send(`${apiOf(url)}/permission/authorize`, init),
      tokens,
      { entity, ...(registry !== undefined && { registry }) },
    );
  } catch (error) {
    throw new CannotRun(`${url} returned no decision: ${causeOf(error)}`);
  }
  out(json ? `${JSON.stringify(report, null, 2)}\n` : renderPolicy(report));
  return report.unanswered.length > 0 ? 1 : 0;
}

function tokensIn(file: string): string[] {
  if (!existsSync(file)) {
    throw new CannotRun(`--policy names ${file}, which does not exist.`);
  }
  const tokens = readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  if (tokens.length === 0) {
    throw new CannotRun(`${file} has no token. Write one on each line.`);
  }
  return tokens;
}

async function fetchReport(
  address: string,
  { env, fetch: send }: CliSurroundings,
): Promise<DoctorReport> {
  checkAddress(address);
  const token = env.ACR_CMK_TOKEN;
  if (!token) {
    throw new CannotRun(
      'The variable ACR_CMK_TOKEN is not set: it has to hold a Backstage token with the permission acr-cmk.doctor.read.',
    );
  }
  const client = new AcrCmkClient({
    baseUrl: `${apiOf(address)}/acr-cmk`,
    fetch: (url, init) =>
      send(url, {
        ...init,
        headers: { ...init?.headers, Authorization: `Bearer ${token}` },
      }),
  });
  let report: DoctorReport;
  try {
    report = await client.doctor();
  } catch (error) {
    throw new CannotRun(`${address} returned no report: ${causeOf(error)}`);
  }
  if (!Array.isArray(report?.checks)) {
    throw new CannotRun(
      `${address} returned something other than a report of the doctor.`,
    );
  }
  return report;
}
