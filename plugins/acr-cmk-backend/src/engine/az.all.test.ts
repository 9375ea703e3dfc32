/**
 * Runs the commands of plans with Azure's own command line, from the state in which the operation began. They
 * must lead to the same state as the operation. Each form of a command runs once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Emulator } from 'azure-emulator';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../__testUtils__/demoWorld';
import { startEngine } from '../__testUtils__/engine';
import { type IntentCase, intentOf } from '../__testUtils__/intentCase';
import { intentCases } from '../__testUtils__/intentCases';
import { useAzure } from '../__testUtils__/useAzure';

// az takes seconds to load, on a busy machine many.
jest.setTimeout(600_000);

/** Folder of an `az` that stays loaded between commands. */
const QUICK_AZ = join(
  dirname(require.resolve('azure-emulator/package.json')),
  'clients/quick-az',
);

const VAULTS = ['kv-contoso-rbac', 'kv-contoso-policy'];
const isInstalled = spawnSync('which', ['az']).status === 0;

/**
 * State that both ways must agree on. Ids that Azure generates differ, so their positions are compared instead.
 */
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

/** Commands of az as far as they differ in kind: `az keyvault key rotate --name --vault-name`. */
function formsOf(script: string): string[] {
  return [
    ...script.matchAll(
      /\baz ((?:[a-z-]+ )+)(--[^\n]*?)(?=\)$| && | \|\| |$)/gm,
    ),
  ].map(([, words, rest]) =>
    [
      'az',
      ...words.trim().split(' '),
      ...(rest.match(/(?<!\S)--[a-z-]+/g) ?? []).sort(),
    ].join(' '),
  );
}

const scriptOf = ({ steps }: Plan) =>
  steps.flatMap(({ commands = [] }) => commands).join('\n');

const suite = isInstalled ? describe : describe.skip;

suite('the same with az (needs azure-cli)', () => {
  const azure = useAzure();
  let home: string;
  /** Forms that have been run. */
  const run = new Set<string>();

  /** Runs a script as a person would, who is signed in. */
  function runScript(
    script: string,
  ): Promise<{ code: number | null; text: string }> {
    return new Promise((resolve, reject) => {
      const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
        env: {
          PATH: [QUICK_AZ, process.env.PATH].join(delimiter),
          HOME: home,
          AZURE_CONFIG_DIR: home,
          AZURE_CORE_COLLECT_TELEMETRY: 'false',
          AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
          PYTHONWARNINGS: 'ignore',
          HTTPS_PROXY: azure.emulator.ready.proxy,
          REQUESTS_CA_BUNDLE: azure.emulator.ready.caBundle,
          SSL_CERT_FILE: azure.emulator.ready.caBundle,
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
    const { principals, tenantId } = azure.emulator.ready;
    const { code, text } = await runScript(
      `az login --service-principal -u '${principals.admin.clientId}' -p '${principals.admin.clientSecret}' --tenant '${tenantId}' --output none`,
    );
    if (code !== 0) throw new Error(text);
  });
  beforeEach(() => azure.emulator.reset());
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each(intentCases.map(one => [one.name, one] as [string, IntentCase]))(
    '%s',
    async (_name, wanted) => {
      const { emulator, ports } = azure;
      const engine = await startEngine(
        ports,
        undefined,
        emulator,
        wanted.turnSeconds,
      );
      try {
        await wanted.given?.(engine, emulator);
        const beginning = emulator.snapshot();
        const { id, plan } = await engine.accept(
          registryId(wanted.registry, wanted.group),
          intentOf(emulator, wanted),
        );
        const script = scriptOf(plan);
        const forms = formsOf(script);
        expect(forms).not.toEqual([]);
        // Other values of the same options would show nothing more of az, which takes seconds.
        if (forms.every(form => run.has(form))) return;
        forms.forEach(form => run.add(form));
        expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
        const byPortal = endOf(emulator, wanted);

        emulator.restore(beginning);
        const { code, text } = await runScript(script);
        expect({ code, text: code === 0 ? '' : `${script}\n${text}` }).toEqual({
          code: 0,
          text: '',
        });
        // What takes an hour, takes it here too.
        if (wanted.turnSeconds) emulator.clock.advance(2 * 60 * 60_000);
        expect(endOf(emulator, wanted)).toEqual(byPortal);
      } finally {
        await engine.stop();
      }
    },
  );
});
