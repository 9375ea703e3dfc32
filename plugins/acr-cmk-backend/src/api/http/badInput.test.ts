import { request as httpRequest } from 'node:http';
import { mockCredentials } from '@backstage/backend-test-utils';
import { ORIGIN_HEADER, quote } from 'backstage-plugin-acr-cmk-common';
import fc from 'fast-check';
import {
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const NIL = '00000000-0000-4000-8000-000000000000';
const HASH = 'a'.repeat(64);
const CODES: Record<number, string> = {
  400: 'INVALID_INPUT',
  413: 'BODY_TOO_LARGE',
  415: 'CONTENT_TYPE_UNSUPPORTED',
};

const KNOWN_FIELDS = new Set([
  'entityRef',
  'registryId',
  'intent',
  'kind',
  'key',
  'follow',
  'identity',
  'grantAccess',
]);

/** A request with a header twice, which `fetch` does not send. */
function sendRaw(
  portal: TestPortal,
  { method, path, doubled }: { method: string; path: string; doubled: string },
): Promise<{ status: number; body: any }> {
  const values: Record<string, string> = {
    Host: 'localhost',
    Authorization: mockCredentials.user.header('user:default/olivia'),
    'Content-Type': 'application/json',
    'Last-Event-ID': '1',
    [ORIGIN_HEADER]: 'person',
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        port: portal.backend.server.port(),
        method,
        path: `/api/acr-cmk${path}`,
        headers: Object.entries(values).flatMap(([name, value]) =>
          name === doubled ? [name, value, name, value] : [name, value],
        ),
      },
      async answer => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({
          status: answer.statusCode ?? 0,
          body: text ? JSON.parse(text) : {},
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

describe('bad input', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal({
      config: { vaults: ['kv-contoso-rbac', 'kv-contoso-policy'] },
    });
    portal.azure.clearRequests();
  });
  afterAll(() => portal.stop());

  const planRequest = (change: Record<string, unknown>) => ({
    entityRef: 'resource:default/shop-images',
    registryId: registryId('shopimages'),
    intent: { kind: 'rotate' },
    ...change,
  });
  const operationRequest = (change: Record<string, unknown>) => ({
    planId: NIL,
    planHash: HASH,
    reason: 'A good reason',
    idempotencyKey: newKey(),
    ...change,
  });
  const post =
    (path: string, body: unknown, headers?: Record<string, string>) => () =>
      portal.request('POST', path, { body, headers });
  const get = (path: string, headers?: Record<string, string>) => () =>
    portal.request('GET', path, { headers });

  it.each<
    [
      why: string,
      ask: () => ReturnType<TestPortal['request']>,
      field: string,
      status?: number,
    ]
  >([
    [
      'an entity kind with a slash',
      get('/v1/entities/re%2Fsource/default/x/registries'),
      'kind',
    ],
    [
      'an entity namespace with a space',
      get('/v1/entities/resource/a%20b/x/registries'),
      'namespace',
    ],
    [
      'an entity name with a line break',
      get('/v1/entities/resource/default/a%0Ab/registries'),
      'name',
    ],
    [
      'an entity name that is huge',
      get(`/v1/entities/resource/default/${'a'.repeat(3000)}/registries`),
      'name',
    ],
    [
      'refresh with another word',
      get('/v1/entities/resource/default/shop-images/registries?refresh=yes'),
      'refresh',
    ],
    [
      'an unknown query parameter',
      get('/v1/entities/resource/default/shop-images/registries?force=true'),
      'force',
    ],

    ['a plan without a body', post('/v1/plans', undefined), 'body'],
    ['a plan that is a list', post('/v1/plans', []), 'body'],
    ['a plan that is no JSON', post('/v1/plans', '{"a":'), 'body'],
    ['a plan that is a number', post('/v1/plans', '5'), 'body'],
    [
      'a plan that is JSON of lists, very deep',
      post('/v1/plans', '['.repeat(9_000) + ']'.repeat(9_000)),
      'body',
    ],
    [
      'a plan of another content type',
      post('/v1/plans', 'a=b', { 'Content-Type': 'text/plain' }),
      'content-type',
      415,
    ],
    [
      'a plan as a form',
      post('/v1/plans', 'kind=rotate', {
        'Content-Type': 'application/x-www-form-urlencoded',
      }),
      'content-type',
      415,
    ],
    [
      'a plan in another charset',
      post('/v1/plans', '{}', {
        'Content-Type': 'application/json; charset=iso-8859-1',
      }),
      'content-type',
      415,
    ],
    [
      'a plan in an outdated Unicode charset',
      post('/v1/plans', '{}', {
        'Content-Type': 'application/json; charset=utf-7',
      }),
      'content-type',
      415,
    ],
    [
      'a plan in an unknown encoding',
      post('/v1/plans', '{}', { 'Content-Encoding': 'zstd' }),
      'content-encoding',
      415,
    ],
    [
      'a plan that says it is gzip, and is not',
      post('/v1/plans', '{}', { 'Content-Encoding': 'gzip' }),
      'body',
    ],
    [
      'a plan that is very large',
      post('/v1/plans', planRequest({ entityRef: 'a'.repeat(150_000) })),
      'body',
      413,
    ],
    [
      'a plan that is very deep',
      post(
        '/v1/plans',
        planRequest({
          intent: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`),
        }),
      ),
      'intent.kind',
    ],
    [
      'a plan without entity',
      post('/v1/plans', planRequest({ entityRef: undefined })),
      'entityRef',
    ],
    [
      'an entity ref without a kind',
      post('/v1/plans', planRequest({ entityRef: 'default/shop-images' })),
      'entityRef',
    ],
    [
      'an entity ref that is a number',
      post('/v1/plans', planRequest({ entityRef: 5 })),
      'entityRef',
    ],
    [
      'a registry that is a URL',
      post(
        '/v1/plans',
        planRequest({ registryId: 'https://shopimages.azurecr.io' }),
      ),
      'registryId',
    ],
    [
      'a registry with traversal',
      post('/v1/plans', planRequest({ registryId: registryId('..') })),
      'registryId',
    ],
    [
      'a registry that is a child resource',
      post(
        '/v1/plans',
        planRequest({
          registryId: `${registryId('shopimages')}/replications/x`,
        }),
      ),
      'registryId',
    ],
    [
      'a registry of another provider',
      post(
        '/v1/plans',
        planRequest({
          registryId: registryId('shopimages').replace(
            'ContainerRegistry',
            'KeyVault',
          ),
        }),
      ),
      'registryId',
    ],
    [
      'a registry that is null',
      post('/v1/plans', planRequest({ registryId: null })),
      'registryId',
    ],
    [
      'an unknown intent',
      post('/v1/plans', planRequest({ intent: { kind: 'purge' } })),
      'intent.kind',
    ],
    [
      'an intent without a kind',
      post('/v1/plans', planRequest({ intent: {} })),
      'intent.kind',
    ],
    [
      'an intent with a field of another',
      post(
        '/v1/plans',
        planRequest({ intent: { kind: 'restore', method: 'access-policy' } }),
      ),
      'intent.method',
    ],
    ...(
      [
        ['that is a text', 'rotate', 'intent'],
        ['that is a list', [], 'intent'],
        ['that is null', null, 'intent'],
        ['with a kind that is a list', { kind: ['rotate'] }, 'intent.kind'],
        ['with an inherited kind', { kind: 'constructor' }, 'intent.kind'],
        [
          'with a time before now',
          { kind: 'revoke', restoreAfterMinutes: -1 },
          'intent.restoreAfterMinutes',
        ],
        [
          'with half a minute',
          { kind: 'revoke', restoreAfterMinutes: 5.5 },
          'intent.restoreAfterMinutes',
        ],
        [
          'with a time that is a text',
          { kind: 'revoke', restoreAfterMinutes: '60' },
          'intent.restoreAfterMinutes',
        ],
        [
          'with a restore of one revoke that is not named',
          { kind: 'restore', onlyOperation: true },
          'intent.operationId',
        ],
        [
          'with a method that is not there',
          { kind: 'revoke', method: 'purge' },
          'intent.method',
        ],
        [
          'with a key that is a text',
          { kind: 'rotate', key: 'new-version' },
          'intent.key',
        ],
        [
          'with a kind of key that is not there',
          { kind: 'rotate', key: { kind: 'latest' } },
          'intent.key.kind',
        ],
        [
          'with a key without its URI',
          { kind: 'rotate', key: { kind: 'existing' } },
          'intent.key.keyIdentifier',
        ],
        [
          'with a key URI that is a number',
          { kind: 'rotate', key: { kind: 'existing', keyIdentifier: 5 } },
          'intent.key.keyIdentifier',
        ],
        [
          'with a key URI that is huge',
          {
            kind: 'rotate',
            key: { kind: 'existing', keyIdentifier: 'x'.repeat(301) },
          },
          'intent.key.keyIdentifier',
        ],
        [
          'with a field of another kind of key',
          { kind: 'rotate', key: { kind: 'new-version', mode: 'manual' } },
          'intent.key.mode',
        ],
        [
          'with an operation that is none',
          { kind: 'restore', operationId: 'latest' },
          'intent.operationId',
        ],
        [
          'with a key that a new registry cannot have',
          {
            kind: 'create-registry',
            location: 'westeurope',
            identity: { name: 'id-x' },
            key: { kind: 'current' },
          },
          'intent.key.kind',
        ],
        [
          'with an unknown field of an identity',
          {
            kind: 'create-registry',
            location: 'westeurope',
            identity: { name: 'id-x', scope: 'all' },
            key: { kind: 'existing', keyIdentifier: 'x' },
          },
          'intent.identity.scope',
        ],
      ] as [string, unknown, string][]
    ).map(
      ([why, intent, field]) =>
        [
          `an intent ${why}`,
          post('/v1/plans', planRequest({ intent })),
          field,
        ] as [string, () => ReturnType<TestPortal['request']>, string],
    ),
    [
      'a rotation that follows at a time that is not known',
      post(
        '/v1/plans',
        planRequest({ intent: { kind: 'rotate', follow: 'tomorrow' } }),
      ),
      'intent.follow',
    ],
    ...[
      ['on a foreign host', 'https://kv.evil.test/keys/shop'],
      ['with user info', 'https://a:b@kv-contoso-rbac.vault.azure.net/keys/k'],
      ['on a look-alike host', 'https://kv.vault.azure.net.evil.test/keys/k'],
      [
        'of a vault that is not allowed',
        'https://kv-other.vault.azure.net/keys/k',
      ],
      ['that is a secret', 'https://kv-contoso-rbac.vault.azure.net/secrets/k'],
    ].map(
      ([why, keyIdentifier]) =>
        [
          `a key URI ${why}`,
          post(
            '/v1/plans',
            planRequest({
              intent: {
                kind: 'rotate',
                key: { kind: 'existing', keyIdentifier },
              },
            }),
          ),
          'intent.key.keyIdentifier',
        ] as [string, () => ReturnType<TestPortal['request']>, string],
    ),
    [
      'a revoke by a method that the vault does not use',
      post(
        '/v1/plans',
        planRequest({ intent: { kind: 'revoke', method: 'access-policy' } }),
      ),
      'intent.method',
    ],
    [
      'a location that Azure does not have',
      post(
        '/v1/plans',
        planRequest({
          entityRef: 'resource:default/new-images',
          registryId: registryId('newimages'),
          intent: {
            kind: 'create-registry',
            location: 'atlantis',
            identity: { name: 'id-newimages', create: true },
            key: {
              kind: 'new-key',
              vaultName: 'kv-contoso-rbac',
              keyName: 'newimages',
            },
          },
        }),
      ),
      'intent.location',
    ],
    [
      'an unknown field',
      post('/v1/plans', planRequest({ force: true })),
      'force',
    ],
    [
      'a field that would be a prototype',
      () =>
        portal.request('POST', '/v1/plans', {
          body: JSON.stringify(planRequest({ x: {} })).replace(
            '"x"',
            '"__proto__"',
          ),
        }),
      '__proto__',
    ],
    [
      'a prototype inside the intent',
      () =>
        portal.request('POST', '/v1/plans', {
          body: JSON.stringify(
            planRequest({ intent: { kind: 'rotate', x: {} } }),
          ).replace('"x"', '"__proto__"'),
        }),
      'intent.__proto__',
    ],
    [
      'a field named like what every object has',
      post('/v1/plans', planRequest({ constructor: 1 })),
      'constructor',
    ],
    [
      'a field whose name is not seen',
      post('/v1/plans', planRequest({ '\u200b': 1 })),
      "'\\u200b'",
    ],

    [
      'an operation without a plan',
      post('/v1/operations', operationRequest({ planId: undefined })),
      'planId',
    ],
    [
      'a plan id that is none',
      post('/v1/operations', operationRequest({ planId: 'latest' })),
      'planId',
    ],
    ['an unknown plan', post('/v1/operations', operationRequest({})), NIL, 404],
    [
      'a hash that is none',
      post('/v1/operations', operationRequest({ planHash: 'x' })),
      'planHash',
    ],
    [
      'no reason',
      post('/v1/operations', operationRequest({ reason: undefined })),
      'reason',
    ],
    [
      'a reason that is too short',
      post('/v1/operations', operationRequest({ reason: 'x' })),
      'reason',
    ],
    [
      'a reason that is too long',
      post('/v1/operations', operationRequest({ reason: 'x'.repeat(501) })),
      'reason',
    ],
    [
      'a reason that forges a log line',
      post(
        '/v1/operations',
        operationRequest({ reason: 'ok\nroot: all is well' }),
      ),
      'reason',
    ],
    [
      'a reason that turns its direction',
      post('/v1/operations', operationRequest({ reason: 'ok \u202e ko' })),
      'reason',
    ],
    [
      'a reason that is a formula',
      post('/v1/operations', operationRequest({ reason: '=1+1+cmd' })),
      'reason',
    ],
    [
      'an idempotency key with a space',
      post(
        '/v1/operations',
        operationRequest({ idempotencyKey: 'a b c d e f g' }),
      ),
      'idempotencyKey',
    ],
    [
      'an idempotency key that is missing',
      post('/v1/operations', operationRequest({ idempotencyKey: undefined })),
      'idempotencyKey',
    ],
    [
      'a confirmation that is huge',
      post(
        '/v1/operations',
        operationRequest({ confirmation: 'x'.repeat(101) }),
      ),
      'confirmation',
    ],

    ['an operation id that is none', get('/v1/operations/latest'), 'id'],
    ['an operation that is not there', get(`/v1/operations/${NIL}`), NIL, 404],
    [
      'a stream of an operation that is not there',
      get(`/v1/operations/${NIL}/events`),
      NIL,
      404,
    ],
    [
      'a Last-Event-ID that is none',
      get(`/v1/operations/${NIL}/events`, { 'Last-Event-ID': 'x' }),
      'last-event-id',
    ],
    ['a path that encodes nothing', get('/v1/operations/%ff'), 'path'],
    ...[
      ['named like a prototype', '__proto__'],
      ['named like what every object has', 'hasOwnProperty'],
      ['that would make a list of one', 'limit[]'],
      ['that would make an object of one', 'limit[gt]'],
      ['in other letters', 'Limit'],
    ].map(
      ([why, name]) =>
        [
          `a query parameter ${why}`,
          get(
            `/v1/operations?entityRef=resource:default/x&${encodeURIComponent(
              name,
            )}=5`,
          ),
          /^\w+$/.test(name) ? name : `'${name}'`,
        ] as [string, () => ReturnType<TestPortal['request']>, string],
    ),
    ['an empty query parameter', get('/v1/operations?entityRef='), 'entityRef'],
    ['a limit that is no number', get('/v1/audit?limit=1e2'), 'limit'],
    ['a start that is before the first', get('/v1/audit?after=-1'), 'after'],
    [
      'a query parameter of a route that has none',
      get('/v1/vaults?all=true'),
      'all',
    ],
    ['a list without an entity', get('/v1/operations'), 'entityRef'],
    [
      'a list with a broken limit',
      get('/v1/operations?entityRef=resource:default/shop-images&limit=0'),
      'limit',
    ],
    [
      'a list with an absurd limit',
      get('/v1/operations?entityRef=resource:default/shop-images&limit=100000'),
      'limit',
    ],
    [
      'a list of a registry that is none',
      get('/v1/operations?entityRef=resource:default/shop-images&registryId=x'),
      'registryId',
    ],
    [
      'a list with the entity twice',
      get(
        '/v1/operations?entityRef=resource:default/a&entityRef=resource:default/b',
      ),
      'entityRef',
    ],
    [
      'a cancellation without a reason',
      post(`/v1/operations/${NIL}/cancel`, {}),
      'reason',
    ],
    [
      'a cancellation of what is not there',
      post(`/v1/operations/${NIL}/cancel`, { reason: 'A good one' }),
      NIL,
      404,
    ],
  ])('%s is refused by name', async (_why, ask, field, expected = 400) => {
    const { status, body } = await ask();
    expect({ status, ...body.error }).toMatchObject({
      status: expected,
      message: expect.stringContaining(field),
      ...(expected === 404 ? {} : { code: CODES[expected], field }),
    });
    expect(JSON.stringify(body)).not.toMatch(
      /\\u202e|node_modules|\bat .*:\d+/,
    );
  });

  it.each<[why: string, field: string, change: Record<string, unknown>]>([
    [
      'a registry that the entity does not name',
      'registryId',
      { registryId: registryId('ordersimages') },
    ],
    [
      'an identity that is not open',
      'intent.identity',
      { intent: { kind: 'rotate', identity: 'id-nobody' } },
    ],
  ])(
    '%s is forbidden by the name of its field',
    async (_why, field, change) => {
      const { status, body } = await post('/v1/plans', planRequest(change))();
      expect([status, body.error.field]).toEqual([403, field]);
    },
  );

  it('a reading of an entity is forbidden by the name of its field', async () => {
    portal.forbid('acr-cmk.registry.read');
    const entity = 'resource:default/shop-images';
    for (const path of [
      '/v1/entities/resource/default/shop-images/registries',
      `/v1/operations?entityRef=${entity}`,
      `/v1/vaults?entityRef=${entity}`,
      `/v1/identities?entityRef=${entity}`,
    ]) {
      const { status, body } = await get(path)();
      expect([path, status, body.error.field]).toEqual([
        path,
        403,
        'entityRef',
      ]);
    }
    portal.decide(() => true);
  });

  it.each([
    'Host',
    'Content-Type',
    'Authorization',
    ORIGIN_HEADER,
    'Last-Event-ID',
  ])('the header %s sent twice is refused by name', async name => {
    const isStream = name === 'Last-Event-ID';
    const { status, body } = await sendRaw(portal, {
      method: isStream ? 'GET' : 'POST',
      path: isStream ? `/v1/operations/${NIL}/events` : '/v1/plans',
      doubled: name,
    });
    expect({ status, ...body.error }).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      field: name.toLowerCase(),
    });
  });

  it('says what a valid value looks like', async () => {
    for (const [change, said] of [
      [
        { intent: { kind: 'purge' } },
        'rotate, automatic-rotation, revoke, restore, retire',
      ],
      [{ intent: { kind: 'rotate', follow: 'never' } }, 'now, wait'],
      [{ force: true }, 'entityRef, registryId, intent'],
      [{ registryId: undefined }, 'is missing'],
    ] as const) {
      const { body } = await post('/v1/plans', planRequest(change))();
      expect(body.error.message).toContain(said);
    }
  });

  it('any field that is not known is refused by its name, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 30 }),
          fc.constantFrom('__proto__', 'toString', 'a/b', 'a~1b', '$ref', ''),
        ),
        fc.constantFrom('', 'intent', 'intent.key'),
        fc.jsonValue({ maxDepth: 2 }),
        async (name, place, value) => {
          const key: Record<string, unknown> = { kind: 'new-version' };
          const intent = { kind: 'rotate', key };
          const request = planRequest({ intent });
          const at: object =
            { '': request, intent, 'intent.key': key }[place] ?? request;
          fc.pre(!KNOWN_FIELDS.has(name));
          Object.defineProperty(at, name, { value, enumerable: true });
          const { status, body } = await post('/v1/plans', request)();
          const shown = /^[\w.$-]{1,100}$/.test(name) ? name : quote(name);
          expect([status, body.error.field]).toEqual([
            400,
            [place, shown].filter(part => part !== '').join('.'),
          ]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses requests without a token', async () => {
    for (const [method, path] of [
      ['GET', '/v1/entities/resource/default/shop-images/registries'],
      ['POST', '/v1/plans'],
      ['POST', '/v1/operations'],
      ['GET', `/v1/operations/${NIL}`],
    ]) {
      const { status } = await portal.request(method, path, {
        headers: { Authorization: 'Bearer mock-invalid-token' },
        body: method === 'POST' ? planRequest({}) : undefined,
      });
      expect([path, status]).toEqual([path, 401]);
    }
  });

  it('sends nothing at all to Azure for a key URI that it refuses', async () => {
    portal.azure.clearRequests();
    for (const host of ['kv.evil.test', 'kv-other.vault.azure.net', '[::1]']) {
      const { status } = await portal.request('POST', '/v1/plans', {
        body: planRequest({
          intent: {
            kind: 'rotate',
            key: { kind: 'existing', keyIdentifier: `https://${host}/keys/k` },
          },
        }),
      });
      expect(status).toBe(400);
    }
    expect(portal.azure.requests()).toEqual([]);
  });

  it('has sent nothing that writes to Azure, and stored nothing', async () => {
    expect(portal.writes()).toEqual([]);
    expect(
      await portal
        .as()
        .operations({ entityRef: 'resource:default/shop-images' }),
    ).toEqual([]);
  });
});
