import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ARM,
  type Emulated,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';
import { DAY } from '../assumptions';
import { pull } from '../http/client';
import { Emulator, startEmulator } from '../emulator';

const WALL = Date.UTC(2030, 0, 1);
const OPTIONS = { world: 'demo', now: () => WALL } as const;
const KEYS = 'https://kv-contoso-rbac.vault.azure.net/keys';

/** Everything that an emulator shows of itself, apart from port, authority and secrets. */
const visible = (emulator: Emulator) => ({
  ...emulator.snapshot(),
  requests: emulator.requests(),
  faults: emulator.faults.all(),
  assumptions: emulator.assumptions.current,
});

/** Answers that depend on what an emulator remembers beside its state. */
async function answers({
  emulator,
  call,
}: Pick<Emulated, 'emulator' | 'call'>) {
  const { headers } = await call('admin', 'GET', registryUrl('shopimages'));
  const { json } = await call(
    'admin',
    'POST',
    `${ARM}/providers/Microsoft.ResourceGraph/resources`,
    { query: 'resources | project id, tags' },
  );
  return {
    quota: headers['x-ms-ratelimit-remaining-subscription-reads'],
    resourceGraph: (json.data as unknown as { id: string }[]).sort((a, b) =>
      a.id < b.id ? -1 : 1,
    ),
    pull: (await pull(emulator, 'shopimages')).status,
  };
}

/** Leaves something behind everywhere: in documents, clock, memories, assumptions, faults, quotas and log. */
async function leaveTraces({ emulator, call }: Emulated) {
  emulator.assumptions.change({
    registryOperationSeconds: 3600,
    resourceGraphDelaySeconds: 3600,
    accessPolicyDelaySeconds: 3600,
    keyPageSize: 1,
    pulls: { keyDeleted: { stopAfterSeconds: null } },
  });
  const statuses = [];
  for (const [method, url, body] of [
    ['PATCH', registryUrl('shopimages'), { tags: { a: 'b' } }],
    ['DELETE', registryUrl('plainimages')],
    ['PUT', `${ARM}${SUBSCRIPTION}/resourceGroups/new`, { location: 'eastus' }],
    ['POST', `${KEYS}/new/create`, { kty: 'EC' }],
    ['DELETE', `${KEYS}/shopimages`],
    [
      'PATCH',
      vaultUrl('kv-contoso-policy'),
      { properties: { accessPolicies: [] } },
    ],
    [
      'PUT',
      `${vaultUrl('kv-contoso-rbac')}/providers/Microsoft.Authorization/locks/keep`,
      { properties: { level: 'ReadOnly' } },
    ],
  ] as const) {
    statuses.push((await call('admin', method, url, body)).status);
  }
  expect(statuses).toEqual([201, 202, 201, 200, 200, 200, 201]);
  expect(await answers({ emulator, call })).toMatchObject({ pull: 200 });
  emulator.clock.advance(40 * DAY);
  emulator.clock.freeze();
  emulator.faults.add({ host: 'vault.azure.net', status: 503, times: 0 });
}

describe('a reset', () => {
  const world = useEmulator(OPTIONS);
  const { call } = world;

  it('leaves nothing of what was there before', async () => {
    const { emulator } = world;
    const fresh = await startEmulator({
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...OPTIONS,
    });
    const expected = visible(fresh);
    await fresh.close();
    const expectedAnswers = await answers(world);

    await leaveTraces(world);
    emulator.reset();

    expect(visible(emulator)).toEqual(expected);
    expect(await answers(world)).toEqual(expectedAnswers);
  });

  it('keeps port, authority, secrets and the tokens of clients that have signed in', async () => {
    const { emulator } = world;
    const { ready, caPem } = emulator;
    await call('reader', 'GET', registryUrl('shopimages'));
    emulator.reset();
    expect([emulator.ready, emulator.caPem]).toEqual([ready, caPem]);
    const again = await call('reader', 'GET', registryUrl('shopimages'));
    expect(again.status).toBe(200);
    expect(emulator.requests()).toHaveLength(1);
  });

  it('is not reached by a request that began before it', async () => {
    const { emulator } = world;
    emulator.faults.add({ method: 'DELETE', delayMs: 20 });
    const late = call('admin', 'DELETE', registryUrl('plainimages'));
    while (!emulator.requests().some(({ fault }) => fault)) {
      await call('reader', 'GET', registryUrl('shopimages'));
    }
    emulator.reset();
    expect((await late).status).toBe(202);
    expect(emulator.state.registries()).toContain('plainimages');
    expect(emulator.requests()).toEqual([]);
  });

  it('starts another world with other options, and later resets restore that one', async () => {
    const { emulator } = world;
    emulator.reset({
      world: 'fleet:3',
      operationSeconds: 7,
      assumptions: { keyPageSize: 2 },
    });
    expect(emulator.state.registries()).toHaveLength(3);
    expect(emulator.assumptions.current).toMatchObject({
      registryOperationSeconds: 7,
      roleRemovalDelaySeconds: 5,
      keyPageSize: 2,
    });
    expect(emulator.clock.now()).toBeGreaterThan(0);
    const file = path.join(path.dirname(emulator.ready.caFile), 'ready.json');
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual(emulator.ready);

    emulator.assumptions.change({ keyPageSize: 5 });
    emulator.reset();
    expect(emulator.assumptions.current.keyPageSize).toBe(2);
    expect(emulator.state.registries()).toHaveLength(3);
    emulator.reset({
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...OPTIONS,
    });
  });

  it('with options that are not valid changes nothing', async () => {
    const { emulator } = world;
    emulator.faults.add({ status: 503 });
    const before = visible(emulator);
    expect(() => emulator.reset({ assumptions: { keyPageSize: 0 } })).toThrow(
      "The assumption 'keyPageSize' must be",
    );
    expect(visible(emulator)).toEqual(before);
  });

  it('also replaces what the directory holds', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-'));
    const first = await startEmulator({ dataDir, ...OPTIONS });
    await first.outOfBand('DELETE', registryUrl('plainimages'));
    first.reset({ ...OPTIONS, world: 'demo-hsm' });
    const expected = first.snapshot();
    await first.close();
    const second = await startEmulator({ dataDir, now: () => WALL });
    expect(second.snapshot()).toEqual(expected);
    await second.close();
    fs.rmSync(dataDir, { recursive: true });
  });

  it('by a snapshot leaves nothing of what came after it', async () => {
    const { emulator } = world;
    const snapshot = emulator.snapshot();
    const expected = visible(emulator);
    await leaveTraces(world);
    emulator.restore(snapshot);
    expect(visible(emulator)).toEqual(expected);
  });
});
