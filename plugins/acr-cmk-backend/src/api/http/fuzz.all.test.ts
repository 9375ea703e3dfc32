import { openApiDocument } from 'backstage-plugin-acr-cmk-common';
import fc from 'fast-check';
import {
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

jest.setTimeout(180_000);

const ORDERS = registryId('ordersimages');
const VAULT = 'kv-contoso-policy';

/** Every host that a request about this registry may go to. */
const ALLOWED_HOSTS = new Set([
  'login.microsoftonline.com',
  'management.azure.com',
  `${VAULT}.vault.azure.net`,
  'ordersimages.azurecr.io',
]);

/** Parts of key URIs: right ones, nearly right ones and hostile ones. */
const part = (...texts: string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...texts) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
  );
const keyUri = fc.oneof(
  fc
    .tuple(
      part('https://', 'HTTPS://', 'http://', 'https:/', '//', 'ftp://'),
      part('', '', 'user@', 'user:pw@', `${VAULT}.vault.azure.net@`),
      part(
        `${VAULT}.vault.azure.net`,
        'evil.example',
        'kv-contoso-rbac.vault.azure.net',
        `${VAULT}.vault.azure.net.evil.example`,
        `${VAULT}.vault.azure.cn`,
        `${VAULT}.vault.azure.nеt`,
        '169.254.169.254',
        '[::1]',
        'localhost:8543',
      ),
      part('', '', ':443', ':8080', '%2f', '\\'),
      part('/keys/', '/secrets/', '//keys/', '/keys/../secrets/', '/KEYS/'),
      part('ordersimages', 'nothere', '..', 'a b', '%2e%2e', ''),
      part('', '/', `/${'a'.repeat(32)}`, `/${'g'.repeat(32)}`, '?x=1', '#f'),
    )
    .map(parts => parts.join('')),
  fc.webUrl(),
  fc.string(),
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const identity = fc.oneof(
  fc.constantFrom(
    'system',
    '[SYSTEM]',
    'id-ordersimages',
    'id-nobody',
    '/subscriptions/x/resourceGroups/y',
  ),
  fc.uuid(),
  fc.string({ maxLength: 500, unit: 'binary' }),
);
const vaultName = part(VAULT, 'kv-contoso-rbac', 'evil.example/', '--', 'a');

const intent = fc.oneof(
  fc.record(
    {
      kind: fc.constant('rotate'),
      key: maybe(
        fc.oneof(
          fc.record({ kind: fc.constant('new-version') }),
          fc.record({
            kind: fc.constant('current'),
            mode: maybe(fc.constantFrom('automatic', 'manual', 'both')),
          }),
          fc.record({ kind: fc.constant('existing'), keyIdentifier: keyUri }),
          fc.record({
            kind: fc.constant('new-key'),
            vaultName,
            keyName: part('orders-next', 'ordersimages', '../x', ''),
            type: maybe(fc.constantFrom('RSA', 'RSA-HSM', 'EC')),
            size: maybe(fc.constantFrom(2048, 4096, 1024, -1, 1e9)),
          }),
        ),
      ),
      follow: maybe(fc.constantFrom('now', 'wait', 'never')),
      identity: maybe(identity),
      grantAccess: maybe(fc.oneof(fc.boolean(), fc.constant('yes'))),
    },
    { requiredKeys: ['kind'] },
  ),
  fc.record({
    kind: fc.constant('revoke'),
    method: maybe(
      fc.constantFrom(
        ...openApiDocument.components.schemas.RevokeMethodId.enum,
        'purge',
      ),
    ),
    restoreAfterMinutes: maybe(fc.oneof(fc.integer(), fc.double())),
  }),
  fc.record({
    kind: fc.constant('automatic-rotation'),
    rotation: fc.oneof(
      fc.record({
        kind: fc.constant('on'),
        policy: fc.record(
          {
            timeAfterCreate: part('P90D', 'P6D', 'PT48H', '90', 'P0D'),
            timeBeforeExpiry: part('P30D', 'P', 'P9999D'),
            expiryTime: part('P1Y', 'P27D', 'P99Y999M999W9999D'),
            notifyBeforeExpiry: part('P30D', 'P2Y'),
          },
          { requiredKeys: [] },
        ),
      }),
      fc.record({ kind: fc.constantFrom('off', 'as-before', 'maybe') }),
      fc.jsonValue(),
    ),
  }),
  fc.record({ kind: fc.constant('restore'), operationId: maybe(fc.uuid()) }),
  fc.record({
    kind: fc.constant('retire'),
    version: part('a'.repeat(32), 'b'.repeat(31)),
  }),
  fc.record({
    kind: fc.constant('create-registry'),
    location: part('westeurope', 'West Europe', ''),
    identity: fc.record({ name: identity, create: maybe(fc.boolean()) }),
    key: fc.record({ kind: fc.constant('existing'), keyIdentifier: keyUri }),
    rotateEveryDays: maybe(fc.integer()),
  }),
  fc.jsonValue(),
);

describe('random requests', () => {
  let portal: TestPortal;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    portal = await startPortal({
      config: {
        vaults: [VAULT],
        operations: { retire: true, deleteKey: true },
      },
    });
  });
  afterAll(async () => {
    await portal.stop();
    process.off('unhandledRejection', note);
  });

  /** No answer of ours is a fault, and no request has left for another host. */
  async function isSafe(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<void> {
    portal.azure.clearRequests();
    const { status, body: answer } = await portal.request(method, path, {
      body: JSON.stringify(body),
    });
    expect([status < 500, status, answer?.error?.message]).toEqual([
      true,
      status,
      answer?.error?.message,
    ]);
    const hosts = portal.azure.requests().map(({ host }) => host);
    expect(hosts.filter(host => !ALLOWED_HOSTS.has(host))).toEqual([]);
    expect(portal.writes().filter(line => !/checkName/.test(line))).toEqual([]);
    expect(unhandled).toEqual([]);
  }

  it('no intent and no key URI makes a fault, a write, or a request to another host', async () => {
    await fc.assert(
      fc.asyncProperty(intent, wanted =>
        isSafe('POST', '/v1/plans', {
          entityRef: 'resource:default/orders-images',
          registryId: ORDERS,
          intent: wanted,
        }),
      ),
      { numRuns: 300 },
    );
  });

  it('no registry id and no entity ref does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant('resource:default/orders-images'), fc.string()),
        fc.oneof(
          fc.constantFrom(
            ORDERS.toUpperCase(),
            `${ORDERS}/../x`,
            `https://management.azure.com${ORDERS}`,
            ORDERS.replace('rg-shop', 'rg-keys'),
          ),
          fc.string({ unit: 'binary' }),
        ),
        (entityRef, id) =>
          isSafe('POST', '/v1/plans', {
            entityRef,
            registryId: id,
            intent: { kind: 'rotate' },
          }),
      ),
      { numRuns: 100 },
    );
  });

  it('no other body does, on any route', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/v1/plans',
          '/v1/operations',
          ...['cancel', 'approve', 'reject', 'confirm'].map(
            name =>
              `/v1/operations/00000000-0000-4000-8000-000000000000/${name}`,
          ),
        ),
        fc.oneof(
          fc.jsonValue(),
          fc.record({ reason: fc.string({ unit: 'binary' }) }),
          fc.record({ planHash: fc.string() }),
        ),
        (path, body) => isSafe('POST', path, body),
      ),
      { numRuns: 150 },
    );
  });

  it('no path and no query does', async () => {
    const text = fc
      .string({ maxLength: 60 })
      .map(value => encodeURIComponent(value));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          text.map(name => `/v1/entities/resource/default/${name}/registries`),
          text.map(name => `/v1/vaults/${name}/keys`),
          text.map(name => `/v1/vaults/${VAULT}/keys/${name}/versions`),
          text.map(name => `/v1/vaults/${VAULT}/keys/${name}/name`),
          text.map(id => `/v1/registry-name?registryId=${id}`),
          text.map(id => `/v1/operations/${id}`),
          text.map(id => `/v1/operations/${id}/events`),
          text.map(ref => `/v1/operations?entityRef=${ref}`),
          fc
            .tuple(text, text)
            .map(([after, limit]) => `/v1/audit?after=${after}&limit=${limit}`),
        ),
        path => isSafe('GET', path),
      ),
      { numRuns: 150 },
    );
  });
});
