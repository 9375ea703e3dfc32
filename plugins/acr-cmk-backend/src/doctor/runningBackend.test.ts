import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { DatabaseClock } from '../platform/database/clock';
import { runningBackend } from './runningBackend';

let server: Server | undefined;
let db: Knex;
beforeEach(async () => {
  db = await openSqlite();
});
afterEach(async () => {
  await new Promise(resolve => {
    if (server) server.close(resolve);
    else resolve(undefined);
  });
  server = undefined;
  await db.destroy();
});

/** A backend whose plugins answer as said, by `METHOD path`; with 404 to all else. */
async function backendWith(
  answers: Record<string, [status: number, body: string]>,
  loadedFiles: string[] = [],
) {
  const answer: RequestListener = (request, response) => {
    const [status, body] = answers[`${request.method} ${request.url}`] ?? [
      404,
      '{"error":{}}',
    ];
    response.writeHead(status, { connection: 'close' }).end(body);
  };
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise(resolve => server!.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const context = {
    db,
    clock: new DatabaseClock(db),
    auth: mockServices.auth(),
    discovery: {
      getBaseUrl: async (id: string) => `http://127.0.0.1:${port}/api/${id}`,
      getExternalBaseUrl: async () => '',
    },
  };
  return runningBackend(
    { ...context, backends: {} as never },
    {
      catalog: {} as never,
      audit: { state: 'intact', breaks: [] },
      lastTurn: async () => ({}),
      loadedFiles: () => loadedFiles,
    },
  );
}

const KEYS = 'GET /api/signals/.backstage/auth/v1/jwks.json';
const GUEST = 'GET /api/auth/guest/refresh';
const AUTHORIZE = 'POST /api/permission/authorize';
const ACTIONS = 'GET /api/scaffolder/v2/actions';
const SIGNED_IN: [number, string] = [
  200,
  '{"backstageIdentity":{"token":"a-token"}}',
];

const UNKNOWN = { unknown: expect.any(String) };

it.each<[why: string, answer: [number, string], presence: object]>([
  ['that shows its keys', [200, '{"keys":[]}'], { there: true }],
  ['that has no keys', [501, '{"error":{}}'], { there: true }],
  ['that is not there', [404, '{"error":{}}'], { there: false }],
  [
    'that is the start page of the portal',
    [200, '<!doctype html>'],
    { there: false },
  ],
  ['that does not know us', [401, '{"error":{}}'], UNKNOWN],
  ['that refuses', [403, '{"error":{}}'], UNKNOWN],
  ['that fails', [503, '{"error":{}}'], UNKNOWN],
])('knows a plugin %s', async (_why, answer, presence) => {
  const backend = await backendWith({ [KEYS]: answer });
  expect(await backend.hasPlugin('signals')).toEqual(presence);
});

it.each<[status: number, body: string, presence: object]>([
  [200, '[{"id":"acr-cmk:key:rotate"}]', { there: true }],
  [200, '[{"id":"fetch:plain"}]', { there: false }],
  [200, '{}', UNKNOWN],
  [401, '{"error":{}}', UNKNOWN],
  [403, '{"error":{}}', UNKNOWN],
  [500, '[{"id":"acr-cmk:key:rotate"}]', UNKNOWN],
])(
  'looks for an action of the scaffolder in %i %s',
  async (status, body, presence) => {
    const backend = await backendWith({ [ACTIONS]: [status, body] });
    expect(await backend.hasScaffolderAction('acr-cmk:key:rotate')).toEqual(
      presence,
    );
  },
);

it('does not know of a plugin that cannot be reached', async () => {
  const backend = await backendWith({});
  await new Promise(resolve => server!.close(resolve));
  server = undefined;
  const refused = { unknown: expect.stringContaining('ECONNREFUSED') };
  expect(await backend.hasPlugin('signals')).toEqual(refused);
  expect(await backend.hasScaffolderAction('x')).toEqual(refused);
});

it.each([
  [
    '/app/node_modules/@backstage/plugin-permission-backend-module-allow-all-policy/dist/index.cjs.js',
    true,
  ],
  ['/app/node_modules/@backstage/plugin-permission-backend/dist/x.js', false],
])('sees by %s whether everything is allowed', async (file, loaded) => {
  const { policy } = await backendWith({}, [file]);
  expect(policy.allowAllModuleLoaded).toBe(loaded);
});

it.each([
  [
    '/app/node_modules/backstage-plugin-catalog-backend-module-acr-cmk/dist/index.cjs.js',
    true,
  ],
  ['/app/plugins/catalog-backend-module-acr-cmk/src/index.ts', true],
  ['/app/node_modules/backstage-plugin-acr-cmk-backend/dist/x.js', false],
])('sees by %s whether the catalog module is there', async (file, loaded) => {
  const backend = await backendWith({}, [file]);
  expect(backend.catalogModuleLoaded).toBe(loaded);
});

it('names what the policy gives a guest', async () => {
  const { policy } = await backendWith({
    [GUEST]: SIGNED_IN,
    [AUTHORIZE]: [
      200,
      '{"items":[{"id":"0","result":"DENY"},{"id":"1","result":"ALLOW"}]}',
    ],
  });
  expect(await policy.asGuest()).toEqual({
    asked: true,
    allowed: ['acr-cmk.key.revoke'],
  });
});

it.each<
  [why: string, answers: Parameters<typeof backendWith>[0], says: string]
>([
  ['nobody can sign in', {}, 'nobody can sign in as guest'],
  ['the sign-in has no token', { [GUEST]: [200, '{}'] }, 'nobody can sign in'],
  [
    'the policy fails',
    { [GUEST]: SIGNED_IN, [AUTHORIZE]: [500, '{}'] },
    'answered with 500',
  ],
])('does not take it for a refusal that %s', async (_why, answers, says) => {
  const { policy } = await backendWith(answers);
  expect(await policy.asGuest()).toEqual({
    asked: false,
    why: expect.stringContaining(says),
  });
});

it('tries a write that leaves nothing behind, and says why one is refused', async () => {
  const { database } = await backendWith({});
  await database.tryWrite();
  expect(await db('facts').select()).toEqual([]);
  await db.schema.dropTable('facts');
  await expect(database.tryWrite()).rejects.toThrow('facts');
});

it('lists the migrations that are done and those that are not', async () => {
  const { database } = await backendWith({});
  const { done, pending } = await database.migrations();
  expect(done.length).toBeGreaterThan(0);
  expect(pending).toEqual([]);
  await db('knex_migrations').where({ name: done[0] }).delete();
  expect((await database.migrations()).pending).toEqual([done[0]]);
});
