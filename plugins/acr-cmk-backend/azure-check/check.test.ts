import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { credentialFor } from './__testUtils__/credential';
import {
  type Emulated,
  giveRole,
  startEmulated,
} from './__testUtils__/emulated';
import { runCheck } from './run';

// A whole check, of several hundred requests.
jest.setTimeout(180_000);

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const GUID = '12345678-1234-4123-8123-123456789012';

let azure: Emulated;
afterEach(() => azure.close());

describe('azure:check on an Azure that is as assumed', () => {
  let said: string[];
  beforeEach(async () => {
    azure = await startEmulated();
    ({ said } = azure.surroundings);
  });

  it('finds no difference, keeps the contract, reveals nothing of the subscription and leaves nothing behind', async () => {
    expect(await azure.check()).toBe(0);
    expect(await azure.left()).toEqual([]);
    expect(fs.existsSync(azure.state)).toBe(false);

    // What it would make and cost comes before the question, and the question before anything is made.
    const question = said.indexOf('Make all this?');
    expect(said.slice(0, question).join('\n')).toMatch(
      /6 × registry, Premium .* EUR/,
    );
    expect(said.findIndex(line => line.startsWith('done: '))).toBeGreaterThan(
      question,
    );

    const report = azure.report();
    const of = (verdict: string) =>
      report.assumptions.filter(each => each.verdict === verdict);
    expect(of('differs')).toEqual([]);
    expect(of('unknown').map(({ name }) => name)).toEqual([
      'eventDelaySeconds',
      'eventDelivery',
      'deliveryTokenVersion',
    ]);
    expect(report.emulator).toEqual({});
    expect(report.contract.filter(({ kept }) => !kept)).toEqual([]);

    const { ready } = azure.emulator;
    const text = fs.readFileSync(azure.out, 'utf8').toLowerCase();
    const secrets = [
      ready.subscriptionId,
      ready.tenantId,
      ready.principals.reader.clientId,
      ready.principals.reader.clientSecret,
      azure.emulator.state.principalId('acr-cmk-reader'),
      'acr-cmk-check-',
      'eyj',
    ];
    expect(secrets.filter(each => text.includes(each.toLowerCase()))).toEqual(
      [],
    );
    expect(
      report.recordings.find(each => each.operation === 'create a registry'),
    ).toMatchObject({
      status: 201,
      request: { method: 'PUT' },
      headers: expect.arrayContaining(['azure-asyncoperation']),
      fields: expect.arrayContaining(['properties.provisioningState']),
    });
  });

  it('keeps what it made when asked to, and removes it later', async () => {
    azure.emulator.assumptions.change({ followDelaySeconds: 60 });
    expect(await azure.check('--yes', '--keep')).toBe(0);
    expect(await azure.left()).not.toEqual([]);
    expect(await azure.check('--yes')).toBe(1);
    expect(said[said.length - 1]).toMatch(/interrupted or kept: --resume/);
    expect(await azure.check('--cleanup')).toBe(0);
    expect(said).toContain('Remove all this?');
    expect(await azure.left()).toEqual([]);
    expect(await azure.check('--cleanup')).toBe(0);
    expect(said[said.length - 1]).toBe('There is nothing to remove.');
  });

  it('never removes a group that only looks like its own', async () => {
    const group = `https://management.azure.com/subscriptions/${azure.emulator.ready.subscriptionId}/resourceGroups`;
    const put = (name: string, tags: object) =>
      azure.emulator.outOfBand('PUT', `${group}/${name}`, {
        location: 'westeurope',
        tags,
      });
    await put('acr-cmk-check-00000000', {});
    await put('other', { 'acr-cmk-check': '00000000' });
    fs.writeFileSync(
      azure.state,
      JSON.stringify({
        schema: 'azure-check-state/1',
        runId: '11111111',
        subscription: azure.emulator.ready.subscriptionId,
        cloud: 'public',
        made: [
          {
            kind: 'group',
            id: new URL(`${group}/acr-cmk-check-00000000`).pathname,
          },
        ],
        results: {},
      }),
    );
    expect(await azure.check('--cleanup', '--yes')).toBe(0);
    const list = await azure.emulator.outOfBand('GET', group);
    expect((list.body as any).value.map((each: any) => each.name)).toEqual([
      'acr-cmk-check-00000000',
      'other',
    ]);
  });

  it('does nothing without a yes', async () => {
    azure.surroundings.ask = async () => false;
    expect(await azure.check()).toBe(1);
    expect(said[said.length - 1]).toBe('Nothing was done.');
    expect(await azure.left()).toEqual([]);
    expect(fs.existsSync(azure.state)).toBe(false);
  });

  it('turns purge protection on where a subscription asks for it, and says what stays', async () => {
    azure.emulator.assumptions.change({ followDelaySeconds: 60 });
    azure.emulator.faults.add({
      method: 'PUT',
      path: '*/registries/*',
      status: 400,
      code: 'BadRequest',
      message: 'The vault of the key must have purge protection.',
      times: 1,
    });
    expect(await azure.check('--yes')).toBe(0);
    expect(said.join('\n')).toMatch(
      /The deleted vault \w+ has purge protection: Azure removes it at /,
    );
    expect(await azure.left()).toEqual([
      expect.stringContaining('/deletedVaults/'),
    ]);
  });
});

describe('wrong input is one sentence, and nothing is made', () => {
  beforeEach(async () => {
    azure = await startEmulated();
  });

  const writeState = (state: unknown) =>
    fs.writeFileSync(azure.state, JSON.stringify(state));

  const INPUTS: [
    what: string,
    args: string[],
    sentence: RegExp,
    state?: unknown,
  ][] = [
    ['no GUID', ['--subscription', 'mine'], /GUID, not 'mine'/],
    [
      'a subscription that is not there',
      ['--subscription', GUID],
      /^The subscription 12345678.* cannot be read .* 404 SubscriptionNotFound/,
    ],
    ['an unknown option', ['--everything'], /--everything/],
    ['an unknown region', ['--location', 'atlantis'], /no region 'atlantis'/],
    ['an unknown cloud', ['--cloud', 'blue'], /--cloud must be one of public/],
    ['a budget that is none', ['--budget', 'much'], /euros, not 'much'/],
    [
      'a small budget',
      ['--budget', '1'],
      /may cost \d+\.\d\d EUR, which is more than the budget of 1 EUR/,
    ],
    ['both at once', ['--resume', '--cleanup'], /exclude each other/],
    ['nothing to resume', ['--resume'], /nothing to resume/],
    [
      'a report that cannot be written',
      ['--out', '/nosuch/report.json'],
      /^--out cannot be written: \/nosuch is not/,
    ],
    ['a report without a name', ['--out', ''], /^--out is empty: name a file/],
    [
      'a directory in the place of the report',
      ['--out', os.tmpdir()],
      /^--out must name a file, and .* is a directory/,
    ],
    [
      'a state that cannot be written',
      ['--state', '/nosuch/state.json'],
      /^--state cannot be written: \/nosuch is not/,
    ],
    ['events without an address', ['--events-port', '80'], /--events-url must/],
    [
      'the state of another subscription',
      ['--resume'],
      /is of a check in the subscription 12345678/,
      { schema: 'azure-check-state/1', subscription: GUID, cloud: 'public' },
    ],
    [
      'the state of another program',
      ['--resume'],
      /its schema is 'x'/,
      { schema: 'x' },
    ],
  ];

  it.each(INPUTS.map(([what, ...rest]) => ({ what, rest })))(
    '$what',
    async ({ rest: [args, sentence, state] }) => {
      if (state) writeState(state);
      expect(await azure.check('--yes', ...args)).toBe(1);
      expect(azure.surroundings.said).toEqual([
        expect.stringMatching(sentence),
      ]);
      expect(await azure.left()).toEqual([]);
      expect(fs.existsSync(azure.state)).toBe(state !== undefined);
    },
  );

  it('no subscription', async () => {
    expect(await runCheck([], azure.surroundings)).toBe(1);
    expect(azure.surroundings.said).toEqual([
      'Name the subscription with --subscription ID.',
    ]);
  });

  it('no right to read', async () => {
    azure.surroundings.credential = () =>
      credentialFor(azure.emulator, 'rotator');
    expect(await azure.check('--yes')).toBe(1);
    expect(azure.surroundings.said).toEqual([
      expect.stringMatching(/cannot be read .* 403 AuthorizationFailed/),
    ]);
  });

  it('no right to create', async () => {
    await giveRole(azure.emulator, 'rotator', READER);
    azure.surroundings.credential = () =>
      credentialFor(azure.emulator, 'rotator');
    expect(await azure.check('--yes')).toBe(1);
    expect(azure.surroundings.said).toEqual([
      expect.stringMatching(
        /^The signed-in account may not do .*: it lacks Microsoft.Resources\/subscriptions\/resourceGroups\/write, /,
      ),
    ]);
  });

  it('nobody is signed in', async () => {
    azure.surroundings.credential = () => ({ getToken: async () => null });
    expect(await azure.check('--yes')).toBe(1);
    expect(azure.surroundings.said).toEqual([
      'Could not sign in to Azure: there is no credential.',
    ]);
  });

  it('a state that is no JSON', async () => {
    fs.writeFileSync(azure.state, '{');
    expect(await azure.check('--resume')).toBe(1);
    expect(azure.surroundings.said[0]).toContain(
      `${path.basename(azure.state)} is not a state of azure:check`,
    );
  });
});
