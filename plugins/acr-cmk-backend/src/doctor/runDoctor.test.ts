import { ConfigReader } from '@backstage/config';
import type { Check, DoctorPorts } from './check';
import { failed, ok } from './lines';
import { exitCodeOf, runDoctor } from './runDoctor';
import { secretsIn } from './secretsIn';

const ports = { now: () => 0 } as DoctorPorts;
const check = (id: string, run: Check['run']): Check => ({
  id,
  title: id,
  run,
});
const NEVER = () => new Promise<never>(() => undefined);

const run = (checks: Check[], sleep: () => Promise<void> = NEVER) =>
  runDoctor(ports, { sleep, secrets: ['hunter22'], checks });

it.each([
  ['failed', 1, ['ok', 'warning', 'unknown', 'failed']],
  ['unknown', 0, ['ok', 'warning', 'unknown']],
  ['warning', 0, ['ok', 'warning']],
  ['ok', 0, ['ok']],
] as const)(
  'is %s, with the exit code %i, by the worst line',
  async (status, code, statuses) => {
    const report = await run([
      check('some', async () =>
        statuses.map(each => ({ status: each, message: 'A line.' })),
      ),
      check('good', async () => [ok('Fine.')]),
    ]);
    expect(report).toMatchObject({
      status,
      checks: [{ status }, { status: 'ok' }],
    });
    expect(exitCodeOf(report)).toBe(code);
  },
);

it('says once what several questions of a check have met', async () => {
  const { checks } = await run([
    check('some', async () => [
      failed('The proxy is down.', 'Correct it.'),
      failed('The proxy is down.', 'Correct it.'),
      failed('The proxy is down.', 'Another remedy.'),
    ]),
  ]);
  expect(checks[0].lines.map(({ remedy }) => remedy)).toEqual([
    'Correct it.',
    'Another remedy.',
  ]);
});

it('does not know about a check that takes too long, and has the others', async () => {
  let limitMs = 0;
  const report = await runDoctor(ports, {
    secrets: [],
    sleep: async ms => {
      limitMs = ms;
    },
    checks: [check('slow', NEVER)],
  });
  expect(limitMs).toBe(60_000);
  expect(report.checks[0].lines).toEqual([
    expect.objectContaining({
      status: 'unknown',
      message: 'There was no result within 60 s.',
    }),
  ]);
});

it('does not know about a check that fails itself', async () => {
  const { checks } = await run([
    check('broken', async () => {
      throw new Error('The database is closed');
    }),
    check('good', async () => [ok('Fine.')]),
  ]);
  expect(checks.map(({ status }) => status)).toEqual(['unknown', 'ok']);
  expect(checks[0].lines[0]).toMatchObject({
    message: expect.stringContaining('The database is closed'),
    remedy: expect.stringContaining('Run the doctor again.'),
  });
});

it('takes secrets out of messages, remedies and errors', async () => {
  const report = await run([
    check('a', async () => [failed('It is hunter22', 'Not hunter22')]),
    check('b', async () => {
      throw new Error('hunter22 was refused');
    }),
  ]);
  expect(JSON.stringify(report)).not.toContain('hunter22');
  expect(report.checks[0].lines[0].message).toBe('It is [removed]');
});

it('knows every secret of the configuration', () => {
  const config = new ConfigReader({
    acrCmk: {
      azure: {
        credentials: {
          read: { clientId: 'no-secret', clientSecret: 'secret-1' },
          rotate: { certificate: 'secret-2\nsecret-3' },
        },
      },
      audit: {
        checkpoints: { signingKey: 'secret-4' },
        acknowledgements: { publicKey: '-----BEGIN PRIVATE KEY-----' },
      },
    },
  });
  expect(secretsIn(config).sort()).toEqual([
    // In the place of a public one.
    '-----BEGIN PRIVATE KEY-----',
    'secret-1',
    'secret-2',
    'secret-2\nsecret-3',
    'secret-3',
    'secret-4',
  ]);
});
