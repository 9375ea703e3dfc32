import crypto from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { useEmulator } from '../__testUtils__/emulated';

const world = useEmulator();
const AUDIENCE = 'api://acr-cmk';
const EVENTS = [{ id: 'e1', eventType: 'Microsoft.KeyVault.KeyExpired' }];

interface Received {
  headers: http.IncomingHttpHeaders;
  body: unknown;
}

let received: Received[];
let status: number;
const endpoint = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    received.push({ headers: request.headers, body });
    response.writeHead(status).end();
  });
});
const url = () =>
  `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/events`;

beforeAll(async () => {
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
});
afterAll(async () => {
  endpoint.close();
  await once(endpoint, 'close');
});
beforeEach(() => {
  received = [];
  status = 200;
});

async function control(body: object) {
  const answer = await fetch(`${world.emulator.ready.proxy}/events`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
}

describe('the delivery of events', () => {
  it('sends them as they are, and returns the status of the answer', async () => {
    status = 401;
    expect(await control({ url: url(), events: EVENTS })).toEqual({
      status: 200,
      json: { status: 401 },
    });
    expect(received).toMatchObject([
      {
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'aeg-event-type': 'Notification',
        },
        body: EVENTS,
      },
    ]);
    expect(received[0].headers).not.toHaveProperty('authorization');
  });

  it.each([
    [1, 'https://sts.windows.net/TENANT/', 'appid'],
    [2, 'https://login.microsoftonline.com/TENANT/v2.0', 'azp'],
  ] as const)(
    'carries a token of version %s that the keys of the tenant verify',
    async (tokenVersion, issuer, application) => {
      const { tenantId } = world.emulator.ready;
      await world.emulator.deliverEvents({
        url: url(),
        events: EVENTS,
        audience: AUDIENCE,
        tokenVersion,
      });
      const [head, payload, signature] = received[0].headers
        .authorization!.replace('Bearer ', '')
        .split('.');
      const read = (part: string) =>
        JSON.parse(Buffer.from(part, 'base64url').toString());
      const { json } = await world.call(
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
    },
  );

  it('does not leave this machine', async () => {
    const answer = await control({
      url: 'https://portal.example.com/events',
      events: EVENTS,
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('this machine only');
  });
});
