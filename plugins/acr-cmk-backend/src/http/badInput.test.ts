import {
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

const NIL = '00000000-0000-4000-8000-000000000000';
const HASH = 'a'.repeat(64);

// A whole backend and Azure start for each test; on a busy machine that takes seconds.
jest.setTimeout(60_000);

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

    [
      'a plan without a body',
      post('/v1/plans', undefined),
      'request',
      undefined,
    ],
    ['a plan that is a list', post('/v1/plans', []), 'body'],
    ['a plan that is no JSON', post('/v1/plans', '{"a":'), 'request'],
    [
      'a plan of another content type',
      post('/v1/plans', 'a=b', { 'Content-Type': 'text/plain' }),
      'request',
    ],
    [
      'a plan that is very large',
      post('/v1/plans', planRequest({ entityRef: 'a'.repeat(50_000) })),
      'request',
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
      'intent',
    ],
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
      'an unknown field',
      post('/v1/plans', planRequest({ force: true })),
      'body',
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
      ...(expected === 400 ? { code: 'INVALID_INPUT', field } : {}),
    });
    expect(JSON.stringify(body)).not.toMatch(
      /\\u202e|node_modules|\bat .*:\d+/,
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
