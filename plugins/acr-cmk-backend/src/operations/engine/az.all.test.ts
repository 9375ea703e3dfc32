/**
 * The same with az: of every intent, the commands of its plan are run by Azure's own command line, from the
 * state in which the operation began, and have to lead to where the operation led.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import { registryId } from '../../__testUtils__/demoWorld';
import { portsTo, startEngine } from '../../__testUtils__/engine';
import { type IntentCase, intentOf } from '../../__testUtils__/intentCase';
import { intentCases } from '../../__testUtils__/intentCases';
import type { AzurePorts } from '../../azure/ports';

// az takes seconds to load, on a busy machine many.
jest.setTimeout(600_000);

/** Has az loaded once for all commands. */
const QUICK_AZ = join(
  dirname(require.resolve('azure-emulator/package.json')),
  'clients/quick-az',
);

const VAULTS = ['kv-contoso-rbac', 'kv-contoso-policy'];
const isInstalled = spawnSync('which', ['az']).status === 0;

/** What both ways have to agree about. Ids that Azure makes differ, so they are told by their place. */
function endOf({ state }: Emulator, { registry }: IntentCase) {
  const names = (texts: readonly string[]) => [...texts].sort();
  const keys = VAULTS.flatMap(vault =>
    [
      registry,
      'orders-next',
      'orders-hsm',
      'newimages',
      'searchimages',
    ].flatMap(name => {
      try {
        const { versions, deleted, rotationPolicy } = state.key(vault, name);
        return [
          {
            key: `${vault}/${name}`,
            deleted,
            rotationPolicy,
            versions: versions.map(({ kty, enabled }) => ({ kty, enabled })),
          },
        ];
      } catch {
        return [];
      }
    }),
  );
  const of = state.registry(registry);
  const placeOf = (version: string | undefined) =>
    VAULTS.flatMap(vault =>
      keys.flatMap(({ key }) => {
        const [at, name] = key.split('/');
        return at === vault
          ? state.key(at, name).versions.map((one, place) => ({
              place: `${key} ${place}`,
              version: one.version,
            }))
          : [];
      }),
    ).find(one => one.version === version)?.place;
  const [, , , , , version] = (of.keyIdentifier ?? '').split('/');
  return {
    keys,
    reaches: of.reach.reaches,
    automatic: version === undefined,
    key: (of.keyIdentifier ?? '').split('/').slice(0, 5).join('/'),
    versionInUse: placeOf(of.versionInUse),
    bySystemIdentity: of.identity === 'system',
    tags: of.tags,
    policies: state
      .vault('kv-contoso-policy')
      .accessPolicies.map(({ permissions }) =>
        names((permissions.keys ?? []).map(one => one.toLowerCase())).join(),
      )
      .filter(held => held !== '')
      .sort(),
  };
}

const suite = isInstalled ? describe : describe.skip;

suite('the same with az (needs azure-cli)', () => {
  let azure: Emulator;
  let disconnect: () => void;
  let ports: AzurePorts;
  let home: string;

  /** Runs a script as a person would, who is signed in. */
  function run(script: string): Promise<{ code: number | null; text: string }> {
    return new Promise((resolve, reject) => {
      const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
        env: {
          PATH: [QUICK_AZ, process.env.PATH].join(delimiter),
          HOME: home,
          AZURE_CONFIG_DIR: home,
          AZURE_CORE_COLLECT_TELEMETRY: 'false',
          AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
          PYTHONWARNINGS: 'ignore',
          HTTPS_PROXY: azure.ready.proxy,
          REQUESTS_CA_BUNDLE: azure.ready.caBundle,
          SSL_CERT_FILE: azure.ready.caBundle,
        },
      });
      let text = '';
      shell.stdout.on('data', part => (text += part));
      shell.stderr.on('data', part => (text += part));
      shell.on('error', reject);
      shell.on('close', code => resolve({ code, text }));
    });
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'az-'));
    azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    disconnect = trustInThisProcess(azure);
    ports = portsTo(azure);
    const { principals, tenantId } = azure.ready;
    const { code, text } = await run(
      `az login --service-principal -u '${principals.admin.clientId}' -p '${principals.admin.clientSecret}' --tenant '${tenantId}' --output none`,
    );
    if (code !== 0) throw new Error(text);
  });
  beforeEach(() => azure.reset());
  afterAll(async () => {
    disconnect();
    await azure.close();
    rmSync(home, { recursive: true, force: true });
  });

  it.each(intentCases.map(one => [one.name, one] as [string, IntentCase]))(
    '%s',
    async (_name, wanted) => {
      const engine = await startEngine(
        ports,
        undefined,
        azure,
        wanted.turnSeconds,
      );
      try {
        await wanted.given?.(engine, azure);
        const beginning = azure.snapshot();
        const { id, plan } = await engine.accept(
          registryId(wanted.registry, wanted.group),
          intentOf(azure, wanted),
        );
        expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
        const byPortal = endOf(azure, wanted);

        azure.restore(beginning);
        const script = plan.steps
          .flatMap(({ commands = [] }) => commands)
          .join('\n');
        const { code, text } = await run(script);
        expect({ code, text: code === 0 ? '' : `${script}\n${text}` }).toEqual({
          code: 0,
          text: '',
        });
        // What takes an hour, takes it here too.
        if (wanted.turnSeconds) azure.clock.advance(2 * 60 * 60_000);
        expect(endOf(azure, wanted)).toEqual(byPortal);
      } finally {
        await engine.stop();
      }
    },
  );
});
