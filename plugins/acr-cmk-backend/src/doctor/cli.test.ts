import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDoctorCli } from './cli';

const REPORT = {
  at: '2026-11-25T12:00:00.000Z',
  version: '0.1.0',
  status: 'failed',
  checks: [
    {
      id: 'scopes',
      title: 'Each scope can be read',
      status: 'failed',
      lines: [
        { status: 'ok', message: 'One is.' },
        { status: 'failed', message: 'One\nis not.', remedy: 'Grant it.' },
      ],
    },
  ],
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'acr-cmk-doctor-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(text: string, name = 'app-config.yaml'): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Runs the command line with these arguments. */
async function run(
  args: string[],
  options: {
    env?: Record<string, string>;
    answer?: (init?: RequestInit) => Promise<Response>;
  } = {},
) {
  const asked: { url: string; authorization: string | null }[] = [];
  let out = '';
  let err = '';
  const code = await runDoctorCli({
    args,
    env: options.env ?? {},
    out: text => {
      out += text;
    },
    err: text => {
      err += text;
    },
    fetch: async (url, init) => {
      asked.push({
        url: String(url),
        authorization: new Headers(init?.headers).get('authorization'),
      });
      return (options.answer ?? (async () => Response.json(REPORT)))(init);
    },
    now: () => Date.parse('2026-11-25T12:00:00Z'),
  });
  return { code, out, err, asked };
}

const TOKEN = { ACR_CMK_TOKEN: 'the-token' };
const URL_OF_BACKEND = 'http://localhost:7007/';

it.each<
  [
    why: string,
    args: string[],
    options: Parameters<typeof run>[1],
    says: string,
  ]
>([
  ['an option that is none', ['--fix'], {}, "Unknown option '--fix'"],
  ['a word that is no option', ['now'], {}, "Unexpected argument 'now'"],
  [
    'a file that is not there',
    ['--config', 'nowhere.yaml'],
    {},
    '--config names nowhere.yaml, which does not exist.',
  ],
  [
    'both ways at once',
    ['--url', URL_OF_BACKEND, '--config', 'a'],
    {},
    'Give either --config or --url',
  ],
  [
    'an address that is none',
    ['--url', 'localhost:7007'],
    { env: TOKEN },
    '--url must be the address of the backend, such as https://portal.example.com, not localhost:7007',
  ],
  [
    'the address of a variable that is not set',
    ['--url', ''],
    { env: TOKEN },
    '--url must be the address of the backend, such as https://portal.example.com, not empty',
  ],
  ['no address', ['--url'], {}, "Option '--url <value>' argument missing"],
  [
    'a folder in the place of a file',
    ['--config', __dirname],
    {},
    `${__dirname} cannot be read: `,
  ],
  ['no token', ['--url', URL_OF_BACKEND], {}, 'ACR_CMK_TOKEN is not set'],
  [
    'a backend that refuses',
    ['--url', URL_OF_BACKEND],
    {
      env: TOKEN,
      answer: async () =>
        Response.json(
          {
            error: {
              name: 'NotAllowedError',
              message: 'You need the permission acr-cmk.doctor.read',
            },
          },
          { status: 403 },
        ),
    },
    'acr-cmk.doctor.read',
  ],
  [
    'a backend that is not there',
    ['--url', URL_OF_BACKEND],
    {
      env: TOKEN,
      answer: async () => {
        throw new TypeError('fetch failed', {
          cause: new Error('connect ECONNREFUSED'),
        });
      },
    },
    'fetch failed (connect ECONNREFUSED)',
  ],
  [
    'an answer of somebody else',
    ['--url', URL_OF_BACKEND],
    { env: TOKEN, answer: async () => Response.json({}) },
    'other than a report of the doctor',
  ],
  [
    'people without a portal',
    ['--policy', 'tokens', '--entity', 'resource:default/shop'],
    {},
    '--policy needs --url and --entity',
  ],
  [
    'people without an entity',
    ['--policy', 'tokens', '--url', URL_OF_BACKEND],
    {},
    '--policy needs --url and --entity',
  ],
  [
    'an entity without people',
    ['--url', URL_OF_BACKEND, '--entity', 'resource:default/shop'],
    { env: TOKEN },
    '--entity and --registry need --policy.',
  ],
  [
    'people in a file that is not there',
    [
      '--url',
      URL_OF_BACKEND,
      '--entity',
      'resource:default/shop',
      '--policy',
      'nowhere',
    ],
    {},
    '--policy names nowhere, which does not exist.',
  ],
])(
  'says what is wrong with %s, and ends with 2',
  async (_why, args, options, says) => {
    const { code, out, err } = await run(args, options);
    expect(err).toContain(says);
    expect(err).not.toContain('the-token');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  },
);

it('says which file is no YAML', async () => {
  const path = file('acrCmk: [');
  const { code, err } = await run([
    '--config',
    file('acrCmk: {}', 'right.yaml'),
    '--config',
    path,
  ]);
  expect(err).toContain(`${path} cannot be read: `);
  expect(code).toBe(2);
});

it('says which file is empty', async () => {
  const path = file('# nothing yet\n');
  const { code, err } = await run(['--config', path]);
  expect([code, err]).toEqual([2, `${path} is empty.\n`]);
});

it('prints once what stands in the way of several checks, below their titles', async () => {
  const path = file('acrCmk: {scopes: [], wrong: 1}\n');
  const { out } = await run(['--config', path]);
  expect(out).toContain(`Each credential gets a token
Each scope can be read
Subscriptions are registered for the resource providers
Each credential has the rights of its job
The vaults can be reached
Azure Resource Graph answers, and shows what ARM lists
Other Azure services that use keys are seen, which is optional
The clocks agree
  unknown  Skipped, because the configuration is invalid.

`);
  expect(out.match(/Only a running backend can check this/g)).toHaveLength(2);
});

it.each(['permission: true', 'permission: {enabled: maybe}'])(
  'reports %s as a line of the check of the policy',
  async text => {
    const path = file(`${text}\nacrCmk: {scopes: [], wrong: 1}\n`);
    const { code, out } = await run(['--config', path, '--json']);
    expect(code).toBe(1);
    const { lines } = JSON.parse(out).checks.find(
      ({ id }: { id: string }) => id === 'policy',
    );
    expect(lines).toEqual([
      {
        status: 'failed',
        message: expect.stringContaining('permission'),
        remedy: expect.stringContaining(
          'Correct app-config: permission.enabled is true or false.',
        ),
      },
    ]);
  },
);

it('asks a running backend with the token, and prints its report', async () => {
  const { code, out, asked } = await run(['--url', URL_OF_BACKEND], {
    env: TOKEN,
  });
  expect(asked).toEqual([
    {
      url: 'http://localhost:7007/api/acr-cmk/v1/doctor',
      authorization: 'Bearer the-token',
    },
  ]);
  expect(out).toBe(`Each scope can be read
  ok       One is.
  failed   One
           is not.
           To do: Grant it.

acr-cmk 0.1.0: 1 failed, 0 unknown, 0 warning, 1 ok
`);
  expect(code).toBe(1);
});

it('ends with 0 when nothing has failed', async () => {
  const { code } = await run(['--url', URL_OF_BACKEND], {
    env: TOKEN,
    answer: async () => Response.json({ ...REPORT, status: 'warning' }),
  });
  expect(code).toBe(0);
});

it('reads app-config with the variables of the environment, and reports as JSON', async () => {
  const path = file(`
acrCmk:
  scopes: []
  azure:
    credentials:
      read:
        tenantId: \${TENANT}
        clientId: 11111111-2222-4333-8444-555555555555
        clientSecret: \${SECRET}
`);
  const { code, out } = await run(['--config', path, '--json'], {
    env: { TENANT: '11111111-2222-4333-8444-555555555555' },
  });
  expect(code).toBe(1);
  expect(JSON.parse(out).checks[0]).toMatchObject({
    id: 'configuration',
    status: 'failed',
    lines: [
      {
        message: expect.stringContaining(
          'acrCmk.azure.credentials.read.clientSecret is missing',
        ),
      },
    ],
  });
});

const tokenOf = (sub: string) =>
  `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.signature`;
const OLIVIA = tokenOf('user:default/olivia');
const SAM = tokenOf('user:default/sam');
const NICK = tokenOf('user:default/nick');

/** A permission backend: Olivia may rotate, Sam may do everything, and it does not know Nick. */
const decide = async (init?: RequestInit) => {
  const token = new Headers(init?.headers).get('authorization')?.slice(7);
  if (token === NICK) return Response.json({}, { status: 401 });
  const { items } = JSON.parse(String(init?.body)) as {
    items: { id: string; permission: { name: string } }[];
  };
  return Response.json({
    items: items.map(({ id, permission }) => ({
      id,
      result:
        token === SAM || permission.name === 'acr-cmk.key.rotate'
          ? 'ALLOW'
          : 'DENY',
    })),
  });
};

const askFor = (tokens: string, more: string[] = []) => [
  '--url',
  URL_OF_BACKEND,
  '--entity',
  'resource:default/shop',
  '--policy',
  file(tokens, 'tokens'),
  ...more,
];

it('prints who has each permission on an entity, by the permission backend of the portal', async () => {
  const { code, out, asked } = await run(askFor(`${OLIVIA}\n\n${SAM}\n`), {
    answer: decide,
  });
  expect(code).toBe(0);
  expect(asked.map(({ url }) => url)).toEqual(
    Array(2).fill('http://localhost:7007/api/permission/authorize'),
  );
  const lines = out.split('\n').map(line => line.trim().split(/\s{2,}/));
  expect(lines[0][0]).toBe(
    'Permissions on resource:default/shop, by the permission policy of the portal',
  );
  expect(lines).toContainEqual([
    'acr-cmk.key.rotate',
    'user:default/olivia, user:default/sam',
  ]);
  expect(lines).toContainEqual(['acr-cmk.key.revoke', 'user:default/sam']);
  expect(lines.at(-2)).toEqual([
    'acr-cmk.fleet.read',
    'not asked, because --registry names no registry',
  ]);
  expect(out).not.toContain(SAM);
});

it('asks for the fleet at the registry, and for the rest at the entity', async () => {
  const refs = new Map<string, string>();
  await run(askFor(SAM, ['--registry', '/the-registry']), {
    answer: async init => {
      for (const item of JSON.parse(String(init?.body)).items) {
        refs.set(item.permission.name, item.resourceRef);
      }
      return decide(init);
    },
  });
  expect(refs.get('acr-cmk.fleet.read')).toBe('/the-registry');
  expect(refs.get('acr-cmk.key.grant')).toBe('resource:default/shop');
  expect(refs.get('acr-cmk.audit.read')).toBeUndefined();
});

it('does not take it for a refusal that the portal does not accept the token of a person', async () => {
  const { code, out } = await run(askFor(`${NICK}\nno-token`, ['--json']), {
    answer: async init =>
      decide(init).then(answer =>
        new Headers(init?.headers).get('authorization') === 'Bearer no-token'
          ? Response.json({}, { status: 403 })
          : answer,
      ),
  });
  expect(JSON.parse(out)).toEqual({
    entity: 'resource:default/shop',
    people: [],
    unanswered: [
      {
        user: 'user:default/nick',
        why: 'the permission backend answered with 401',
      },
      {
        user: 'the token number 2',
        why: 'the permission backend answered with 403',
      },
    ],
  });
  expect(code).toBe(1);
});

it('ends with 2 where the file has no token, or the portal cannot be reached', async () => {
  expect(await run(askFor('\n'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('has no token'),
  });
  const { code, err } = await run(askFor(SAM), {
    answer: async () => {
      throw new TypeError('fetch failed', {
        cause: new Error('connect ECONNREFUSED'),
      });
    },
  });
  expect([code, err]).toEqual([
    2,
    `${URL_OF_BACKEND} returned no decision: fetch failed (connect ECONNREFUSED)\n`,
  ]);
});
