import fs from 'node:fs';
import path from 'node:path';
import { assumedRefusals } from 'azure-emulator';
import { type Answer, refusalOf } from './Azure';
import { pushImage } from './image';
import { after, agrees, settingOf, until } from './measured';
import { CONSTANTS_NOT_ASKED, REFUSALS_NOT_ASKED } from './notAsked';
import { DIFFERENCES } from './differences';
import { costOf, LONGEST_HOURS, PRICES } from './prices';
import { parseOptions } from './options';
import { PROBES } from './probes';
import { assumedByName } from './report';
import { Scrubber } from './Scrubber';
import { runAlone, runTogether, type Steps } from './steps';
import type { Time } from './time';
import { compareRefusal } from './words';

const EMULATOR = path.resolve(__dirname, '../../../packages/azure-emulator');
const about = PROBES.flatMap(probe => probe.about);

it.each([
  ['public', 'westeurope'],
  ['usGovernment', 'usgovvirginia'],
  ['china', 'chinanorth3'],
])('asks in a region of the cloud %s: %s', (cloud, location) => {
  const subscription = '11111111-2222-4333-8444-555555555555';
  const args = ['--subscription', subscription, '--cloud', cloud];
  expect(parseOptions(args)).toMatchObject({ location });
  expect(parseOptions([...args, '--location', 'chinaeast2'])).toMatchObject({
    location: 'chinaeast2',
  });
});

describe('every assumption', () => {
  it('that can be set in the emulator is asked for by one probe, or it is said why not', () => {
    const known = [...assumedByName().keys()];
    const notAsked = Object.keys(REFUSALS_NOT_ASKED).map(
      name => `refusals.${name}`,
    );
    expect([...about, ...notAsked].sort()).toEqual(known.sort());
  });

  it('that is a constant has its reason', () => {
    const text = fs.readFileSync(
      path.join(EMULATOR, 'src/assumptions.ts'),
      'utf8',
    );
    const defaults = new Set([
      'FOLLOW_DELAY_MS',
      'FOLLOW_RETRY_MS',
      'OPERATION_MS',
      'ROLE_PROPAGATION_MS',
      'SOFT_DELETE_VISIBLE_MS',
      'RECOVER_VISIBLE_MS',
      'REVOKE_KINDS',
      'DEFAULT_ASSUMPTIONS',
    ]);
    const constants = [...text.matchAll(/^export const (\w+)/gm)]
      .map(([, name]) => name)
      .filter(name => !defaults.has(name));
    expect(Object.keys(CONSTANTS_NOT_ASKED).sort()).toEqual(constants.sort());
  });

  it('that the README names as a difference is asked for, or it is said why not', () => {
    const text = fs.readFileSync(path.join(EMULATOR, 'README.md'), 'utf8');
    const section = text.slice(
      text.indexOf('## How it differs from Azure'),
      text.indexOf('### Fields that are not returned'),
    );
    const titles = [...section.matchAll(/^- \*\*([^*]+)\*\*/gm)].map(
      ([, title]) => title,
    );
    expect(Object.keys(DIFFERENCES).sort()).toEqual(titles.sort());
    const asked = Object.values(DIFFERENCES).flatMap(each =>
      'asked' in each ? each.asked : [],
    );
    const known = [...assumedByName().keys()];
    expect(
      asked.filter(name => !known.some(each => each.startsWith(name))),
    ).toEqual([]);
  });
});

describe('spans', () => {
  const virtual = (): Time & { at: number } => ({
    at: 0,
    now() {
      return this.at;
    },
    async pause(ms) {
      this.at += ms;
    },
  });

  it('enclose the moment at which something happened', async () => {
    const time = virtual();
    const start = { sentAt: 0, answeredAt: 0 };
    for (const seconds of [0, 1, 7, 100, 3600]) {
      time.at = 0;
      const span = await runAlone(
        until(
          { time, start, limitSeconds: 10_000 },
          async () => time.at >= seconds * 1000,
        ),
        time,
      );
      expect(span.atLeast).toBeLessThanOrEqual(seconds);
      expect(span.atMost).toBeGreaterThanOrEqual(seconds);
      expect(span.atMost! - span.atLeast).toBeLessThanOrEqual(60);
    }
    const never = until({ time, start, limitSeconds: 50 }, async () => false);
    expect(await runAlone(never, time)).toMatchObject({ atMost: null });
  });

  it('agree with what lies in them', () => {
    const seconds = { atLeast: 4, atMost: 5 };
    expect(agrees(5, { seconds })).toBe(true);
    expect(agrees(3, { seconds })).toBe(false);
    expect(agrees(6, { seconds })).toBe(false);
    expect(agrees(null, { seconds })).toBe(false);
    expect(agrees(null, { seconds: { atLeast: 9, atMost: null } })).toBe(true);
    expect(agrees(99, { seconds: { atLeast: 9, atMost: null } })).toBe(false);
    expect(agrees(1, { unknown: 'why' })).toBeUndefined();
    expect(agrees([1], { value: [1] })).toBe(true);
    expect(settingOf({ seconds })).toBe(4.5);
  });

  it('are subtracted with what is uncertain about both', () => {
    const first = { atLeast: 10, atMost: 20 };
    expect(after({ atLeast: 50, atMost: 60 }, first)).toEqual({
      atLeast: 30,
      atMost: 50,
    });
    expect(after({ atLeast: 50, atMost: null }, first).atMost).toBeNull();
    expect(after({ atLeast: 0, atMost: 12 }, first)).toEqual({
      atLeast: 0,
      atMost: 2,
    });
  });

  it('of several tasks are waited for at the same time', async () => {
    const time = virtual();
    const order: string[] = [];
    async function* task(name: string, ms: number): Steps<string> {
      for (let turn = 0; turn < 3; turn++) {
        order.push(`${name} at ${time.at}`);
        yield ms;
      }
      if (name === 'c') throw new Error('c failed');
      return name;
    }
    const outcomes: unknown[] = [];
    await runTogether(
      ['a', 'b', 'c'].map((name, index) => ({
        steps: task(name, 100 * (index + 1)),
        ended: outcome => outcomes.push(outcome),
      })),
      time,
    );
    expect(time.at).toBe(900);
    expect(order).toContain('b at 400');
    expect(outcomes).toEqual([
      { value: 'a' },
      { value: 'b' },
      { error: new Error('c failed') },
    ]);
  });
});

describe('words', () => {
  const scrubber = new Scrubber();
  const refused = (status: number, code: string, message: string): Answer => ({
    status,
    headers: {},
    json: { error: { code, message } },
    request: { method: 'GET', url: '' },
    sentAt: 0,
    answeredAt: 0,
  });
  const { status, code, message } = assumedRefusals()['vault.keyNotFound'];
  const compare = (answer: Answer) =>
    compareRefusal('vault.keyNotFound', answer, {
      values: { key: 'mykey' },
      scrubber,
    });

  it('are the same with whatever the placeholders stand for', () => {
    const same = message.replace('{key}', 'mykey');
    expect(compare(refused(status, code, same))).toEqual({ value: {} });
  });

  it('come back with placeholders when they differ', () => {
    expect(compare(refused(410, 'Gone', 'No MyKey.'))).toEqual({
      value: { status: 410, code: 'Gone', message: 'No {key}.' },
    });
  });

  it('are not known when nothing was refused', () => {
    expect(compare(refused(200, '', ''))).toEqual({
      unknown: 'it was not refused: Azure answered 200',
    });
  });

  it('are read from every form of an error', () => {
    const words = { code: 'C', message: 'M' };
    expect(refusalOf({ json: { error: words } })).toEqual(words);
    expect(refusalOf({ json: { errors: [words] } })).toEqual(words);
    expect(
      refusalOf({
        json: { error: 'C', error_description: 'M Trace ID: 1 Correlation' },
      }),
    ).toEqual(words);
    expect(refusalOf({ json: {} })).toEqual({ code: '', message: '' });
  });
});

it('scrubs names in any case, ids, tokens, addresses and secrets', () => {
  const scrubber = new Scrubber();
  scrubber.learn('Contoso', 'tenant');
  scrubber.learn('contoso-keys', 'vault');
  expect(
    scrubber.json({
      id: '/CONTOSO-KEYS/of/contoso/0b5ca54e-0000-4000-8000-000000000000',
      text: 'eyJhbGciOi.J9.abc from 203.0.113.7 and 2001:db8:0:0:0:0:0:1',
      kid: 'keys/k/0123456789abcdef0123456789abcdef',
      value: 'secret',
      list: { value: [{ name: 'kept' }] },
    }),
  ).toEqual({
    id: '/{vault}/of/{tenant}/{guid}',
    text: '{token} from {address} and {address}',
    kid: 'keys/k/{version}',
    value: '{secret}',
    list: { value: [{ name: 'kept' }] },
  });
});

it('counts what everything costs for the longest time', () => {
  const { lines, total } = costOf({ registry: 2, vault: 0 });
  expect(total).toBeCloseTo(2 * PRICES.registry.perHour * LONGEST_HOURS);
  expect(lines.map(({ count }) => count)).toEqual([2, 0]);
});

describe('pushing', () => {
  it('uploads each blob to the place that it was given, then the manifest', async () => {
    const sent: string[] = [];
    const bodies: Buffer[] = [];
    await pushImage(
      {
        async registry(method, { host, path: target }, { body, scope }) {
          expect(scope).toBe('repository:app:pull,push');
          sent.push(`${method} ${host}${target.replace(/=.*/, '=')}`);
          if (body) bodies.push(body as Buffer);
          return {
            status: 201,
            headers: { location: '/v2/app/blobs/uploads/u1?state=1' },
            json: {},
            request: { method, url: target },
            sentAt: 0,
            answeredAt: 0,
          };
        },
      },
      'r.azurecr.io',
    );
    const upload = [
      'POST r.azurecr.io/v2/app/blobs/uploads/',
      'PUT r.azurecr.io/v2/app/blobs/uploads/u1?state=',
    ];
    expect(sent).toEqual([
      ...upload,
      ...upload,
      'PUT r.azurecr.io/v2/app/manifests/1.0',
    ]);
    const manifest = JSON.parse(bodies[2].toString());
    expect([manifest.layers[0].size, manifest.config.size]).toEqual([
      bodies[0].length,
      bodies[1].length,
    ]);
  });

  it('sends nothing to another host', async () => {
    const begun = pushImage(
      {
        registry: async (method, { path: target }) => ({
          status: 202,
          headers: { location: 'https://elsewhere.example/u1' },
          json: {},
          request: { method, url: target },
          sentAt: 0,
          answeredAt: 0,
        }),
      },
      'r.azurecr.io',
    );
    await expect(begun).rejects.toThrow(/at elsewhere.example, not at/);
  });
});
