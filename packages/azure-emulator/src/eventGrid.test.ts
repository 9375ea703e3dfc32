import crypto from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ARM,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from './__testUtils__/emulated';
import { gapsIn, recordRoutes } from './__testUtils__/routeCoverage';
import { DAY, FOLLOW_DELAY_MS } from './assumptions';
import { inSeconds, seconds } from './durations';

const world = useEmulator();
const called = recordRoutes(world);
const { call } = world;

const KIND = 'providers/Microsoft.EventGrid/eventSubscriptions';
const VAULT = vaultUrl('kv-contoso-rbac');
const VAULT_ID = new URL(VAULT).pathname;
const TOPIC = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.EventGrid/systemTopics/keys`;
const AUDIENCE = '12121212-3434-4565-8787-909090909090';

interface Received {
  method: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, never>[];
}

/** An endpoint as a product would have it. */
class Hook {
  received: Received[] = [];
  /** What it answers to notifications. */
  status = 200;
  handshake: 'right' | 'wrong' | 'refused' = 'right';
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const body = text ? [JSON.parse(text)].flat() : [];
      this.received.push({
        method: request.method!,
        headers: request.headers,
        body,
      });
      const isHandshake =
        request.headers['aeg-event-type'] === 'SubscriptionValidation';
      if (!isHandshake) {
        response.writeHead(this.status).end();
      } else if (this.handshake === 'refused') {
        response.writeHead(401).end();
      } else if (request.method === 'OPTIONS') {
        const origin = this.handshake === 'right' ? '*' : 'somebody.else';
        response.writeHead(200, { 'webhook-allowed-origin': origin }).end();
      } else {
        const right = body[0].data.validationCode;
        const validationResponse = this.handshake === 'right' ? right : 'other';
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ validationResponse }));
      }
    });
  });

  get url() {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/events?code=secret`;
  }

  listen = () =>
    new Promise<void>(resolve => {
      this.server.listen(0, '127.0.0.1', resolve);
    });

  close = () =>
    new Promise<void>(resolve => {
      this.server.close(() => resolve());
    });

  reset() {
    this.received = [];
    this.status = 200;
    this.handshake = 'right';
  }

  notifications() {
    return this.received.filter(
      ({ headers }) => headers['aeg-event-type'] === 'Notification',
    );
  }

  events() {
    return this.notifications().flatMap(({ body }) => body);
  }
}

const hook = new Hook();
beforeAll(hook.listen);
afterAll(hook.close);
beforeEach(() => {
  hook.reset();
  world.emulator.clock.freeze();
});

const subscribe = (
  scope: string,
  properties: object = {},
  destination: object = {},
  name = 'to-portal',
) =>
  call('admin', 'PUT', `${scope}/${KIND}/${name}`, {
    properties: {
      destination: {
        endpointType: 'WebHook',
        properties: { endpointUrl: hook.url, ...destination },
      },
      ...properties,
    },
  });
const deliver = () => world.emulator.deliverEvents();
const later = (ms: number) => {
  world.emulator.clock.advance(ms);
  return deliver();
};
const rotate = (key: string) =>
  world.emulator.outOfBand(
    'POST',
    `https://kv-contoso-rbac.vault.azure.net/keys/${key}/rotate`,
  );

describe('the handshake', () => {
  it('of the Event Grid schema: the endpoint returns the code', async () => {
    const { status, json } = await subscribe(VAULT);
    expect(status).toBe(201);
    expect(json.properties).toMatchObject({
      provisioningState: 'Succeeded',
      topic: VAULT_ID,
      eventDeliverySchema: 'EventGridSchema',
      destination: {
        properties: { endpointBaseUrl: hook.url.replace(/\?.*/, '') },
      },
    });
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(hook.received).toMatchObject([
      {
        method: 'POST',
        headers: { 'aeg-subscription-name': 'TO-PORTAL' },
        body: [
          {
            eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
            topic: VAULT_ID,
          },
        ],
      },
    ]);
  });

  it('of CloudEvents: the endpoint allows the origin', async () => {
    const schema = { eventDeliverySchema: 'CloudEventSchemaV1_0' };
    expect((await subscribe(VAULT, schema)).status).toBe(201);
    expect(hook.received).toMatchObject([
      {
        method: 'OPTIONS',
        headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
      },
    ]);
  });

  it.each([
    ['EventGridSchema', 'wrong', 'did not return the validation code'],
    ['EventGridSchema', 'refused', 'answered 401'],
    ['CloudEventSchemaV1_0', 'wrong', 'did not allow the origin'],
    ['CloudEventSchemaV1_0', 'refused', 'answered 401'],
  ] as const)(
    'in %s, when it is %s, there is no event subscription',
    async (eventDeliverySchema, kind, message) => {
      hook.handshake = kind;
      const { status, json } = await subscribe(VAULT, { eventDeliverySchema });
      expect([status, json.error.code]).toEqual([400, 'Url validation']);
      expect(json.error.message).toContain(message);
      expect(json.error.message).not.toContain('secret');
      const listed = await call('admin', 'GET', `${VAULT}/${KIND}`);
      expect(listed.json.value).toEqual([]);
    },
  );

  it('is not attempted with another machine', async () => {
    const { json } = await subscribe(
      VAULT,
      {},
      { endpointUrl: 'https://portal.example.com/events' },
    );
    expect(json.error.message).toContain('this machine only');
  });

  it('needs the permission to subscribe', async () => {
    const { status } = await call('reader', 'PUT', `${VAULT}/${KIND}/mine`, {});
    expect(status).toBe(403);
  });
});

describe('events of a vault', () => {
  it('a new version, as Key Vault describes it', async () => {
    await subscribe(VAULT);
    await rotate('shopimages');
    await deliver();
    const { latest } = world.emulator.state.key(
      'kv-contoso-rbac',
      'shopimages',
    );
    expect(hook.events()).toEqual([
      {
        id: expect.any(String),
        topic: VAULT_ID,
        subject: 'shopimages',
        eventType: 'Microsoft.KeyVault.KeyNewVersionCreated',
        eventTime: expect.stringMatching(/^\d{4}-.*Z$/),
        data: {
          Id: `https://kv-contoso-rbac.vault.azure.net/keys/shopimages/${latest}`,
          VaultName: 'kv-contoso-rbac',
          ObjectType: 'Key',
          ObjectName: 'shopimages',
          Version: latest,
          NBF: null,
          EXP: null,
        },
        dataVersion: '1',
        metadataVersion: '1',
      },
    ]);
  });

  it('as a CloudEvent, one in a request', async () => {
    await subscribe(VAULT, { eventDeliverySchema: 'CloudEventSchemaV1_0' });
    await rotate('shopimages');
    await deliver();
    const [{ headers, body }] = hook.notifications();
    expect(headers['content-type']).toBe(
      'application/cloudevents+json; charset=utf-8',
    );
    expect(body).toMatchObject([
      {
        specversion: '1.0',
        source: VAULT_ID,
        type: 'Microsoft.KeyVault.KeyNewVersionCreated',
      },
    ]);
  });

  it('another vault has its own events, and filters apply', async () => {
    await subscribe(vaultUrl('kv-contoso-policy'), {}, {}, 'other');
    await subscribe(
      VAULT,
      { filter: { includedEventTypes: ['Microsoft.KeyVault.KeyExpired'] } },
      {},
      'expiry-only',
    );
    await subscribe(
      VAULT,
      { filter: { subjectBeginsWith: 'search' } },
      {},
      'search-only',
    );
    await rotate('shopimages');
    await rotate('searchimages');
    await deliver();
    expect(hook.events().map(({ subject }) => subject)).toEqual([
      'searchimages',
    ]);
  });

  it('a version that expires: thirty days before and at the moment, if it was created after subscribing', async () => {
    await subscribe(VAULT);
    const exp = Math.floor(inSeconds(world.emulator.clock.now() + 40 * DAY));
    await world.emulator.outOfBand(
      'POST',
      'https://kv-contoso-rbac.vault.azure.net/keys/fresh/create',
      { kty: 'RSA', attributes: { exp } },
    );
    const types = () =>
      hook
        .events()
        .filter(({ subject }) => (subject as string) === 'fresh')
        .map(({ eventType }) => String(eventType).split('.').pop());
    await later(9 * DAY);
    expect(types()).toEqual(['KeyNewVersionCreated']);
    await later(2 * DAY);
    expect(types()).toEqual(['KeyNewVersionCreated', 'KeyNearExpiry']);
    await later(30 * DAY);
    expect(types()).toEqual([
      'KeyNewVersionCreated',
      'KeyNearExpiry',
      'KeyExpired',
    ]);
    await later(400 * DAY);
    expect(types()).toHaveLength(3);
    // catalogimages expires in twelve days, by a version from before the subscription.
    expect(
      hook
        .events()
        .filter(({ subject }) => String(subject) === 'catalogimages'),
    ).toEqual([]);
  });

  it('a changed access policy', async () => {
    const vault = vaultUrl('kv-contoso-policy');
    await subscribe(vault);
    await call('admin', 'PUT', `${vault}/accessPolicies/add`, {
      properties: {
        accessPolicies: [
          {
            tenantId: world.emulator.ready.tenantId,
            objectId: AUDIENCE,
            permissions: { keys: ['get'] },
          },
        ],
      },
    });
    await deliver();
    expect(hook.events()).toMatchObject([
      { eventType: 'Microsoft.KeyVault.VaultAccessPolicyChanged' },
    ]);
  });
});

describe('events of a subscription', () => {
  const whole = `${ARM}${SUBSCRIPTION}`;
  const written = (operation: string, url: string) => ({
    topic: SUBSCRIPTION,
    subject: new URL(url).pathname,
    eventType: expect.stringMatching(
      /^Microsoft\.Resources\.Resource(Write|Delete|Action)Success$/,
    ),
    data: expect.objectContaining({
      operationName: operation,
      resourceUri: new URL(url).pathname,
      status: 'Succeeded',
    }),
  });

  it('a write to a registry when its operation has ended, and a role assignment', async () => {
    await subscribe(whole);
    await call('admin', 'PATCH', registryUrl('shopimages'), { tags: {} });
    world.emulator.clock.advance(1);
    await deliver();
    const assignment = `${VAULT}/keys/shopimages/providers/Microsoft.Authorization/roleAssignments/${AUDIENCE}`;
    await call('admin', 'PUT', assignment, {
      properties: {
        roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
        principalId: world.emulator.state.principalId('id-ordersimages'),
        principalType: 'ServicePrincipal',
      },
    });
    await call('admin', 'DELETE', assignment);
    await call('reader', 'GET', registryUrl('shopimages'));
    await deliver();
    const own = hook
      .events()
      .filter(({ subject }) => !String(subject).includes('EventGrid'));
    expect(own).toEqual(
      [
        written(
          'Microsoft.ContainerRegistry/registries/write',
          registryUrl('shopimages'),
        ),
        written('Microsoft.Authorization/roleAssignments/write', assignment),
        written('Microsoft.Authorization/roleAssignments/delete', assignment),
      ].map(expected => expect.objectContaining(expected)),
    );
  });

  it('not what a registry does on its own: it follows its key', async () => {
    await subscribe(whole);
    await rotate('shopimages');
    await later(FOLLOW_DELAY_MS);
    expect(
      hook.events().filter(({ subject }) => /registries/.test(subject)),
    ).toEqual([]);
  });

  it('a group has the events of what is in it, and an advanced filter chooses', async () => {
    await subscribe(`${whole}/resourceGroups/rg-shop`, {
      filter: {
        advancedFilters: [
          {
            operatorType: 'StringIn',
            key: 'data.operationName',
            values: ['Microsoft.ContainerRegistry/registries/write'],
          },
        ],
      },
    });
    await call('admin', 'PATCH', registryUrl('shopimages'), { tags: {} });
    await call('admin', 'PATCH', vaultUrl('kv-contoso-policy'), { tags: {} });
    world.emulator.clock.advance(1);
    await deliver();
    expect(hook.events().map(({ subject }) => subject)).toEqual([
      new URL(registryUrl('shopimages')).pathname,
    ]);
  });
});

describe('delivery', () => {
  it.each([
    [1, 'https://sts.windows.net/TENANT/', 'appid'],
    [2, 'https://login.microsoftonline.com/TENANT/v2.0', 'azp'],
  ] as const)(
    'carries a token of version %s that the keys of the tenant verify',
    async (version, issuer, application) => {
      world.emulator.assumptions.change({ deliveryTokenVersion: version });
      const { tenantId } = world.emulator.ready;
      const entra = {
        azureActiveDirectoryTenantId: tenantId,
        azureActiveDirectoryApplicationIdOrUri: AUDIENCE,
      };
      await subscribe(VAULT, {}, entra);
      await rotate('shopimages');
      await deliver();
      expect(hook.received).toHaveLength(2);
      for (const { headers } of hook.received) {
        const [head, payload, signature] = headers
          .authorization!.replace('Bearer ', '')
          .split('.');
        const read = (part: string) =>
          JSON.parse(Buffer.from(part, 'base64url').toString());
        const { json } = await call(
          'anonymous',
          'GET',
          `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`,
        );
        const keys = json.keys as unknown as (JsonWebKey & { kid: string })[];
        const jwk = keys.find(({ kid }) => kid === read(head).kid)!;
        expect(
          crypto.verify(
            'sha256',
            Buffer.from(`${head}.${payload}`),
            crypto.createPublicKey({ key: jwk as never, format: 'jwk' }),
            Buffer.from(signature, 'base64url'),
          ),
        ).toBe(true);
        expect(read(payload)).toMatchObject({
          aud: AUDIENCE,
          iss: issuer.replace('TENANT', tenantId),
          tid: tenantId,
          [application]: '4962773b-9cdb-44cf-a8bf-237846a00ab7',
          roles: ['AzureEventGridSecureWebhookSubscriber'],
        });
      }
    },
  );

  it('is tried again after a failure, later each time, and not after a 400', async () => {
    await subscribe(VAULT);
    hook.status = 500;
    await rotate('shopimages');
    await deliver();
    await later(seconds(9));
    expect(hook.notifications()).toHaveLength(1);
    await later(seconds(1));
    await later(seconds(29));
    expect(hook.notifications()).toHaveLength(2);
    await later(seconds(1));
    expect(hook.notifications()).toHaveLength(3);
    hook.status = 400;
    await later(seconds(60));
    await later(DAY);
    expect(
      hook.notifications().map(({ headers }) => headers['aeg-delivery-count']),
    ).toEqual(['1', '2', '3', '4']);
    expect(
      world.emulator
        .deliveries()
        .map(({ status, attempt }) => [attempt, status]),
    ).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 400],
    ]);
  });

  it('ends after the attempts or the time that the subscription names', async () => {
    await subscribe(VAULT, { retryPolicy: { maxDeliveryAttempts: 2 } });
    hook.status = 503;
    await rotate('shopimages');
    await deliver();
    for (let turn = 0; turn < 5; turn++) await later(seconds(60));
    expect(hook.notifications()).toHaveLength(2);
  });

  it('may come late, twice, in another order, or in batches', async () => {
    const { assumptions } = world.emulator;
    await subscribe(VAULT, {}, { maxEventsPerBatch: 10 });
    assumptions.change({ eventDelaySeconds: 30, eventDelivery: 'reversed' });
    await rotate('shopimages');
    await rotate('searchimages');
    await deliver();
    expect(hook.notifications()).toHaveLength(0);
    await later(seconds(30));
    expect(hook.notifications()).toHaveLength(1);
    expect(hook.events().map(({ subject }) => subject)).toEqual([
      'searchimages',
      'shopimages',
    ]);
    assumptions.change({ eventDelaySeconds: 0, eventDelivery: 'twice' });
    hook.reset();
    await rotate('shopimages');
    await deliver();
    const ids = hook.events().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it('stops when the event subscription is deleted', async () => {
    await subscribe(VAULT);
    const url = `${VAULT}/${KIND}/to-portal`;
    expect((await call('admin', 'GET', url)).status).toBe(200);
    expect((await call('admin', 'DELETE', url)).status).toBe(200);
    expect((await call('admin', 'DELETE', url)).status).toBe(204);
    expect((await call('admin', 'GET', url)).status).toBe(404);
    await rotate('shopimages');
    await deliver();
    expect(hook.notifications()).toEqual([]);
  });
});

describe('a system topic', () => {
  it('has a source, and event subscriptions that receive its events', async () => {
    const body = {
      location: 'westeurope',
      properties: { source: VAULT_ID, topicType: 'Microsoft.KeyVault.vaults' },
    };
    expect((await call('admin', 'PUT', TOPIC, body)).status).toBe(201);
    expect((await call('admin', 'PUT', TOPIC, body)).status).toBe(200);
    const second = await call('admin', 'PUT', `${TOPIC}2`, body);
    expect(second.json.error.message).toContain('Only one system topic');
    expect((await call('admin', 'GET', TOPIC)).json.properties).toMatchObject({
      source: VAULT_ID,
    });
    const listed = await call('admin', 'GET', TOPIC.replace(/\/keys$/, ''));
    expect(listed.json.value).toMatchObject([{ name: 'keys' }]);

    const own = `${TOPIC}/eventSubscriptions`;
    const made = await call('admin', 'PUT', `${own}/to-portal`, {
      properties: {
        destination: {
          endpointType: 'WebHook',
          properties: { endpointUrl: hook.url },
        },
      },
    });
    expect(made.json.properties.topic).toBe(VAULT_ID);
    expect((await call('admin', 'GET', own)).json.value).toMatchObject([
      { name: 'to-portal' },
    ]);
    expect((await call('admin', 'GET', `${own}/to-portal`)).status).toBe(200);
    await rotate('shopimages');
    await deliver();
    expect(hook.events()).toHaveLength(1);
    expect((await call('admin', 'DELETE', `${own}/to-portal`)).status).toBe(
      200,
    );
    expect((await call('admin', 'DELETE', TOPIC)).status).toBe(200);
    expect((await call('admin', 'GET', TOPIC)).status).toBe(404);
  });

  it('refuses a source of another type', async () => {
    const { json } = await call('admin', 'PUT', TOPIC, {
      location: 'westeurope',
      properties: {
        source: SUBSCRIPTION,
        topicType: 'Microsoft.KeyVault.vaults',
      },
    });
    expect(json.error.code).toBe('InvalidRequest');
  });
});

it('lists the operations of Event Grid', async () => {
  const { json } = await call(
    'admin',
    'GET',
    `${ARM}/providers/Microsoft.EventGrid/operations`,
  );
  expect(json.value).toContainEqual(
    expect.objectContaining({
      name: 'Microsoft.EventGrid/systemTopics/write',
    }),
  );
});

/** Last in the file: the calls of the tests above are only known now. */
it('every route of Event Grid is called here', () => {
  expect(gapsIn('eventGrid.test.ts', called())).toEqual({
    uncalled: [],
    refused: [],
  });
});
