import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { signIn } from '../__testUtils__/emulated';
import { requestThrough } from '../http/client';
import { ReadyInfo, startEmulator } from '../emulator';
import type { EmulatorOptions } from '../options';

const BIN = path.resolve(__dirname, '../../bin/azure-emulator');
const START_TIMEOUT_MS = 60_000;
const ROTATE =
  'https://kv-contoso-policy.vault.azure.net/keys/ordersimages/rotate';

let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-test-'));
});
afterEach(() => {
  children.splice(0).forEach(child => child.kill('SIGKILL'));
  fs.rmSync(dataDir, { recursive: true, force: true });
});

const start = (options: EmulatorOptions = {}) =>
  startEmulator({ dataDir, ...options });

async function spawnEmulator(...args: string[]) {
  const child = spawn(process.execPath, [
    BIN,
    '--port',
    '0',
    '--data',
    dataDir,
    ...args,
  ]);
  children.push(child);
  let said = '';
  child.stderr!.on('data', chunk => {
    said += chunk;
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    return { child, ready: JSON.parse(line) as ReadyInfo };
  }
  throw new Error(`The emulator did not start: ${said}`);
}

describe('the data directory', () => {
  it('keeps state, clock, authority and secrets over a restart', async () => {
    const first = await start({ world: 'demo' });
    await first.outOfBand('POST', ROTATE);
    const before = first.state.key('kv-contoso-policy', 'ordersimages');
    first.clock.freeze(Date.UTC(2040, 0, 1));
    await first.outOfBand('GET', 'https://shopimages.azurecr.io/v2');
    await first.close();

    const second = await start();
    expect(second.state.key('kv-contoso-policy', 'ordersimages')).toEqual(
      before,
    );
    expect(second.clock.now()).toBe(Date.UTC(2040, 0, 1));
    expect(second.caPem).toBe(first.caPem);
    expect(second.ready.principals).toEqual(first.ready.principals);
    await second.close();
  });

  it('changes that became due while the emulator was stopped are applied after a restart', async () => {
    let wall = Date.UTC(2030, 0, 1);
    const first = await start({ world: 'demo', now: () => wall });
    await first.outOfBand(
      'POST',
      'https://kv-contoso-rbac.vault.azure.net/keys/shopimages/rotate',
    );
    const { latest } = first.state.key('kv-contoso-rbac', 'shopimages');
    await first.close();
    wall = Date.UTC(2030, 0, 2);
    const second = await start({ now: () => wall });
    expect(second.state.registry('shopimages').versionInUse).toBe(latest);
    await second.close();
  });

  it('a second emulator in the same directory is refused with advice', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow('--data');
    await first.close();
    await (await start()).close();
  });

  it('starting another world in the same directory is refused, and the message names both', async () => {
    await (await start({ world: 'demo' })).close();
    await expect(start({ world: 'empty' })).rejects.toThrow(
      "holds the world 'demo'",
    );
  });

  it('a half-written last journal line is ignored', async () => {
    const first = await start({ world: 'demo' });
    await first.outOfBand('POST', ROTATE);
    await first.close();
    fs.appendFileSync(
      path.join(dataDir, 'journal.ndjson'),
      '{"changes":[["keys","kv',
    );
    const second = await start();
    expect(
      second.state.key('kv-contoso-policy', 'ordersimages').versions,
    ).toHaveLength(3);
    await second.close();
  });

  it(
    'loses no answered write when the process is killed',
    async () => {
      const { child, ready } = await spawnEmulator('--world', 'demo');
      const caPem = fs.readFileSync(ready.caFile, 'utf8');
      const through = { ready, caPem };
      const token = await signIn(through, 'admin', 'https://vault.azure.net');
      const authorization = `Bearer ${token.access_token}`;
      const rotated = await requestThrough(
        through,
        `${ROTATE}?api-version=7.6`,
        {
          method: 'POST',
          headers: { authorization },
        },
      );
      child.kill('SIGKILL');
      await once(child, 'exit');

      const again = await spawnEmulator();
      // The earlier token and the authority are still valid.
      const shown = await requestThrough(
        { ready: again.ready, caPem },
        'https://kv-contoso-policy.vault.azure.net/keys/ordersimages/?api-version=7.6',
        { headers: { authorization } },
      );
      expect(JSON.parse(shown.text)).toEqual(JSON.parse(rotated.text));
    },
    START_TIMEOUT_MS,
  );

  it(
    'the command line explains invalid options',
    async () => {
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
      const world = run('--world', 'fleet:10001', '--data', dataDir);
      expect([world.status, world.stderr]).toEqual([
        1,
        "--world must be demo, demo-hsm, empty, fleet:N or demo-fleet:N with N from 1 to 10000, not 'fleet:10001'.\n",
      ]);
      expect(run('--port', 'many', '--data', dataDir).stderr).toContain(
        '--port',
      );
      expect(run('env', '--data', dataDir).stderr).toContain(
        'Start the emulator first',
      );
    },
    START_TIMEOUT_MS,
  );

  it('the env command prints the proxy and a bundle that contains the authority', async () => {
    const emulator = await start();
    const { stdout } = spawnSync(
      process.execPath,
      [BIN, 'env', '--data', dataDir],
      { encoding: 'utf8' },
    );
    const lines = Object.fromEntries(
      [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    expect(lines.HTTPS_PROXY).toBe(emulator.ready.proxy);
    expect(lines.REQUESTS_CA_BUNDLE).toBe(lines.SSL_CERT_FILE);
    expect(fs.readFileSync(lines.SSL_CERT_FILE, 'utf8')).toContain(
      emulator.caPem.trim(),
    );
    expect(fs.readFileSync(lines.NODE_EXTRA_CA_CERTS, 'utf8')).toBe(
      emulator.caPem,
    );
    await emulator.close();
  });

  it('the env command signs in as a principal that is named, and names those that there are', async () => {
    const emulator = await start();
    const run = (name: string) =>
      spawnSync(
        process.execPath,
        [BIN, 'env', '--data', dataDir, '--principal', name],
        { encoding: 'utf8' },
      );
    const { tenantId, principals } = emulator.ready;
    for (const [name, value] of Object.entries({
      HTTPS_PROXY: emulator.ready.proxy,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: principals.rotator.clientId,
      AZURE_CLIENT_SECRET: principals.rotator.clientSecret,
    })) {
      expect(run('rotator').stdout).toContain(`export ${name}='${value}'\n`);
    }
    const { status, stdout, stderr } = run('olivia');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      "--principal must be one of admin, reader, rotator, revoker, provisioner, not 'olivia'.\n",
    );
    await emulator.close();
  });
});
