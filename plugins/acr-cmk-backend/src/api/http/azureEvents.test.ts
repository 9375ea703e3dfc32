import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EVENT_GRID_PRINCIPAL_ID, requestThrough } from 'azure-emulator';
import express, { type ErrorRequestHandler } from 'express';
import { createLocalJWKSet } from 'jose';
import { useAzure } from '../../__testUtils__/useAzure';
import {
  createDeliveryVerifier,
  type DeliveryVerifier,
} from '../../azure/credentials/deliveryToken';
import { AzureEventService } from '../../registries/freshness/AzureEventService';
import type { AzureEvent } from '../../inventory/refresh/Events';
import { azureEventsRouter } from './azureEventsRouter';

const TOKEN = 'aa.bb.cc';
const JSON_TYPE = 'application/json';
const EVENT = {
  id: 'e1',
  source: '/subscriptions/s/vaults/kv1',
  specversion: '1.0',
  type: 'Microsoft.KeyVault.KeyNewVersionCreated',
  data: { VaultName: 'kv1', ObjectType: 'Key', ObjectName: 'shop' },
};

describe('the route for events of Azure', () => {
  let server: Server;
  let url: string;
  let taken: AzureEvent[];
  let marks: number;
  let warnings: string[];
  let verify: DeliveryVerifier;
  beforeEach(async () => {
    taken = [];
    marks = 0;
    warnings = [];
    verify = async token =>
      token === TOKEN
        ? { accepted: true }
        : { accepted: false, why: 'the token is of another principal' };
    const service = new AzureEventService({
      verify: token => verify(token),
      take: async events => {
        taken.push(...events);
        return events.length;
      },
      onMarked: () => {
        marks += 1;
      },
      logger: { warn: (message: string) => warnings.push(message) },
      now: () => 0,
    });
    const app = express();
    app.use(azureEventsRouter(service));
    const toStatus: ErrorRequestHandler = (error, _req, res, _next) => {
      const statuses: Record<string, number> = {
        AuthenticationError: 401,
        ServiceUnavailableError: 503,
        InvalidInput: 400,
        BodyTooLarge: 413,
        ContentTypeUnsupported: 415,
      };
      const { name } = error.constructor;
      res.status(statuses[name] ?? statuses[error.name] ?? 500);
      res.json({ message: error.message });
    };
    app.use(toStatus);
    await new Promise<void>(resolve => {
      server = app.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${
      (server.address() as AddressInfo).port
    }/v1/azure-events`;
  });
  afterEach(
    () =>
      new Promise(resolve => {
        server.close(resolve);
      }),
  );

  const deliver = (
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/cloudevents+json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('takes an event of CloudEvents, and has what it marks read', async () => {
    const answer = await deliver(EVENT);
    expect(answer.status).toBe(200);
    expect(taken).toEqual([
      {
        id: 'e1',
        source: EVENT.source,
        type: EVENT.type,
        resourceUri: undefined,
        vaultName: 'kv1',
        objectType: 'Key',
        objectName: 'shop',
      },
    ]);
    expect(marks).toBe(1);
  });

  it.each([
    ['application/cloudevents-batch+json', [EVENT, { ...EVENT, id: 'e2' }]],
    [
      'application/json; charset=utf-8',
      ['e1', 'e2'].map(id => ({
        id,
        topic: EVENT.source,
        eventType: EVENT.type,
        data: EVENT.data,
      })),
    ],
  ])('takes several at once as %s', async (type, body) => {
    expect((await deliver(body, { 'content-type': type })).status).toBe(200);
    expect(taken.map(({ id, vaultName }) => [id, vaultName])).toEqual([
      ['e1', 'kv1'],
      ['e2', 'kv1'],
    ]);
  });

  it('asks for the delivery again while the signing keys cannot be fetched', async () => {
    verify = async () => ({
      accepted: false,
      why: 'the signing keys cannot be fetched',
      undecided: true,
    });
    expect((await deliver(EVENT)).status).toBe(503);
    expect(taken).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('answers the handshake of CloudEvents to Event Grid alone', async () => {
    const ask = (origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { 'webhook-request-origin': origin },
      });
    const answer = await ask('eventgrid.azure.net');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('webhook-allowed-origin')).toBe(
      'eventgrid.azure.net',
    );
    const other = await ask('evil.example.com');
    expect(other.headers.get('webhook-allowed-origin')).toBeNull();
  });

  const validation = (validationCode: unknown) => [
    {
      id: 'v',
      topic: 't',
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      data: { validationCode },
    },
  ];

  it("answers Event Grid's own handshake, and takes nothing of it", async () => {
    const answer = await deliver(
      validation('512d38b6-c7b8-40c8-89fe-f46f9e9622b6'),
    );
    expect(await answer.json()).toEqual({
      validationResponse: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6',
    });
    expect(taken).toEqual([]);
  });

  it.each(['<script>', '', 'x'.repeat(300), { a: 1 }])(
    'repeats no validation code that is none: %j',
    async code => {
      expect((await deliver(validation(code))).status).toBe(400);
    },
  );

  it.each<[why: string, authorization: string]>([
    ['without a token', ''],
    ['with a token of somebody else', 'Bearer xx.yy.zz'],
    ['with another scheme', 'Basic YTpi'],
    ['with something that is no token', `Bearer ${'x'.repeat(1000)}`],
  ])(
    'refuses a delivery %s, and says in the log only why',
    async (_why, authorization) => {
      const answer = await deliver(EVENT, { authorization });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toMatch(/principal|tenant|audience/);
      expect(taken).toEqual([]);
      await deliver(validation('512d38b6'), { authorization });
      expect(warnings).toHaveLength(1);
    },
  );

  it('refuses a forged delivery before it reads the body', async () => {
    const answer = await deliver('x'.repeat(2_000_000), {
      authorization: 'Bearer xx.yy.zz',
    });
    expect(answer.status).toBe(401);
  });

  it.each<[why: string, body: unknown, status: number, type: string]>([
    ['is no JSON', '{', 400, JSON_TYPE],
    [
      'is too large',
      JSON.stringify({ a: 'x'.repeat(1_100_000) }),
      413,
      JSON_TYPE,
    ],
    ['is a text', '"text"', 400, JSON_TYPE],
    ['has something in it that is no event', [EVENT, null], 400, JSON_TYPE],
    [
      'has more than a thousand events',
      Array.from({ length: 1001 }, () => ({})),
      400,
      JSON_TYPE,
    ],
    ['is a form', 'a=b', 415, 'application/x-www-form-urlencoded'],
  ])('refuses a body that %s', async (_why, body, status, type) => {
    const answer = await deliver(body, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(taken).toEqual([]);
  });

  it('accepts and ignores an event that it does not understand, because a repetition would not help', async () => {
    const answer = await deliver([
      { id: 5, source: {}, type: [] },
      {},
      { ...EVENT, data: 'text' },
      { ...EVENT, id: 'x'.repeat(2000) },
    ]);
    expect(answer.status).toBe(200);
    expect(taken.map(({ vaultName }) => vaultName)).toEqual([undefined]);
  });

  describe('with the token that Entra signs', () => {
    const azure = useAzure();
    const audience = 'api://acr-cmk';
    const events = [
      {
        id: 'e1',
        topic: EVENT.source,
        eventType: EVENT.type,
        data: EVENT.data,
      },
    ];
    const send = (more: { audience?: string; tokenVersion?: 1 | 2 }) =>
      azure.emulator.deliverEvents({ url, events, ...more });
    beforeEach(async () => {
      const { tenantId } = azure.emulator.ready;
      const { text } = await requestThrough(
        azure.emulator,
        `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`,
      );
      verify = createDeliveryVerifier(
        { tenantId, audience, principalId: EVENT_GRID_PRINCIPAL_ID },
        createLocalJWKSet(JSON.parse(text)),
        Date.now,
      );
    });

    it.each([1, 2] as const)(
      'takes a delivery of version %s',
      async tokenVersion => {
        expect(await send({ audience, tokenVersion })).toEqual({ status: 200 });
        expect(taken).toMatchObject([{ id: 'e1', vaultName: 'kv1' }]);
      },
    );

    it('refuses one for another audience, and one without a token', async () => {
      expect(await send({ audience: 'api://other' })).toEqual({ status: 401 });
      expect(await send({})).toEqual({ status: 401 });
      expect(taken).toEqual([]);
    });
  });
});
