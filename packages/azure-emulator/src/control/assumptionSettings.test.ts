import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AssumptionChanges } from './assumptionSettings';
import { runCli } from '../cli';
import { pull } from '../http/client';
import { seconds } from '../state/durations';
import { registryUrl, useEmulator, vaultUrl } from '../__testUtils__/emulated';

const azure = useEmulator();
const { call } = azure;
beforeEach(() => azure.emulator.clock.freeze());

const assume = (changes: AssumptionChanges) =>
  azure.emulator.assumptions.change(changes);
const later = (count: number) => azure.emulator.clock.advance(seconds(count));
const statusOfPull = async (registry: string) =>
  (await pull(azure.emulator, registry)).status;
const keyUrl = (vault: string, name: string, rest = '') =>
  `https://${vault}.vault.azure.net/keys/${name}${rest}`;
const shopKey = keyUrl('kv-contoso-rbac', 'shopimages');

/** The assignment by which an identity reaches a key. */
async function assignmentOf(identity: string) {
  const principal = azure.emulator.state.principalId(identity);
  const { json } = await call(
    'admin',
    'GET',
    `${vaultUrl(
      'kv-contoso-rbac',
    )}/keys/shopimages/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId eq '${principal}'`,
  );
  const [assignment] = json.value as unknown as {
    id: string;
    properties: object;
  }[];
  return {
    url: `https://management.azure.com${assignment.id}?api-version=2022-04-01`,
    properties: assignment.properties,
  };
}

describe('pulls from memory', () => {
  it('go on after a role was removed, and stop when the memory ends', async () => {
    assume({
      pulls: { roleRemoved: { stopAfterSeconds: 100, status: 401, code: 'X' } },
      roleRemovalDelaySeconds: 7,
    });
    const { url } = await assignmentOf('id-shopimages');
    await call('admin', 'DELETE', url);
    later(106);
    expect(await statusOfPull('shopimages')).toBe(200);
    later(1);
    const answer = await pull(azure.emulator, 'shopimages');
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).errors[0].code).toBe('X');
  });

  it('return later than a role that was given back', async () => {
    assume({
      pulls: { roleRemoved: { returnAfterSeconds: 50 } },
      roleAssignmentDelaySeconds: 7,
    });
    const { url, properties } = await assignmentOf('id-shopimages');
    await call('admin', 'DELETE', url);
    expect(await statusOfPull('shopimages')).toBe(403);
    await call('admin', 'PUT', url, { properties });
    later(56);
    expect(await statusOfPull('shopimages')).toBe(403);
    later(1);
    expect(await statusOfPull('shopimages')).toBe(200);
  });

  it('never stop when they are not to', async () => {
    assume({ pulls: { keyDisabled: { stopAfterSeconds: null } } });
    const { json } = await call('admin', 'GET', `${shopKey}/versions`);
    for (const { kid } of json.value as unknown as { kid: string }[]) {
      await call('admin', 'PATCH', kid, { attributes: { enabled: false } });
    }
    later(1_000_000);
    expect(await statusOfPull('shopimages')).toBe(200);
  });

  it('distinguish a version from its key, and a policy from a deleted key', async () => {
    assume({
      pulls: {
        versionDisabled: { code: 'VERSION' },
        accessPolicyRemoved: { code: 'POLICY' },
        keyDeleted: { code: 'DELETED' },
      },
    });
    const codeOf = async (registry: string) =>
      JSON.parse((await pull(azure.emulator, registry)).text).errors?.[0].code;
    const inUse = azure.emulator.state.registry('shopimages').versionInUse;
    await call('admin', 'POST', `${shopKey}/rotate`, {});
    await call('admin', 'PATCH', `${shopKey}/${inUse}`, {
      attributes: { enabled: false },
    });
    expect(await codeOf('shopimages')).toBe('VERSION');

    await call(
      'admin',
      'PUT',
      `${vaultUrl('kv-contoso-policy')}/accessPolicies/remove`,
      {
        properties: {
          accessPolicies: [
            {
              tenantId: azure.emulator.ready.tenantId,
              objectId: azure.emulator.state.principalId('id-ordersimages'),
              permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] },
            },
          ],
        },
      },
    );
    expect(await codeOf('ordersimages')).toBe('POLICY');
    await call('admin', 'DELETE', keyUrl('kv-contoso-legacy', 'legacyimages'));
    expect(await codeOf('legacyimages')).toBe('DELETED');
  });
});

describe('other assumptions', () => {
  it('a changed access policy takes effect later', async () => {
    assume({ accessPolicyDelaySeconds: 60 });
    const list = () =>
      call('rotator', 'GET', 'https://kv-contoso-policy.vault.azure.net/keys');
    expect((await list()).status).toBe(200);
    await call('admin', 'PATCH', vaultUrl('kv-contoso-policy'), {
      properties: { accessPolicies: [] },
    });
    later(59);
    expect((await list()).status).toBe(200);
    later(1);
    expect((await list()).status).toBe(403);
  });

  it('pages of keys have another size', async () => {
    assume({ keyPageSize: 2 });
    const { json } = await call(
      'admin',
      'GET',
      'https://kv-contoso-rbac.vault.azure.net/keys',
    );
    expect(json.value).toHaveLength(2);
  });

  it('operations have another status and no Retry-After', async () => {
    assume({
      registryOperationSeconds: 30,
      operationRetryAfterSeconds: null,
      operationRunningStatus: 'Updating',
    });
    const { headers } = await call(
      'admin',
      'PATCH',
      registryUrl('shopimages'),
      { tags: {} },
    );
    expect(headers).not.toHaveProperty('retry-after');
    const url = headers['azure-asyncoperation'] as string;
    later(29);
    expect((await call('admin', 'GET', url)).json.status).toBe('Updating');
    later(1);
    expect((await call('admin', 'GET', url)).json.status).toBe('Succeeded');
  });

  it('a version is followed later', async () => {
    assume({ followDelaySeconds: 5000 });
    const before = azure.emulator.state.registry('shopimages').versionInUse;
    await azure.emulator.outOfBand('POST', `${shopKey}/rotate`);
    later(4999);
    const now = () => azure.emulator.state.registry('shopimages').versionInUse;
    expect(now()).toBe(before);
    later(1);
    expect(now()).not.toBe(before);
  });

  it.each([
    { pulls: { keyBurnt: {} } },
    { pulls: { keyDeleted: { stopAfterSeconds: -1 } } },
    { pulls: { keyDeleted: { status: 200 } } },
    { followRetrySeconds: 0 },
    { keyPageSize: 1.5 },
  ])('%j is refused', changes => {
    expect(() => assume(changes as AssumptionChanges)).toThrow(
      /^The assumption '\w+' must be /,
    );
  });
});

it.each([
  ['[', /^--assumptions must name a JSON file of assumptions: .*JSON/],
  ['{"keyPages":5}', /^There is no assumption 'keyPages'/],
])('the command line refuses a file with %s', async (text, why) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assumptions-'));
  const file = path.join(folder, 'a.json');
  fs.writeFileSync(file, text);
  const written: string[] = [];
  const write = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation(line => Boolean(written.push(String(line))));
  await runCli(['--assumptions', file, '--data', path.join(folder, 'data')]);
  write.mockRestore();
  process.exitCode = 0;
  expect(written.join('')).toMatch(why);
  fs.rmSync(folder, { recursive: true });
});
