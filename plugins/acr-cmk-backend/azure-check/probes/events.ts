import http from 'node:http';
import { expectSuccess } from '../Azure';
import { ensureKeyAt, rotateKey } from '../keys';
import { type Measured, until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';

/** Seconds. */
const LIMIT = 3600;

interface Delivery {
  at: number;
  /** Ids of the events, in their order. */
  ids: string[];
  subjects: string[];
  token?: string;
}

/** Takes deliveries of Event Grid; while it is `busy` it asks for another try. */
class Endpoint {
  readonly deliveries: Delivery[] = [];
  busy = false;
  private readonly server: http.Server;

  constructor(now: () => number) {
    this.server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const events = parsed(Buffer.concat(chunks));
        if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(
            JSON.stringify({
              validationResponse: events[0]?.data?.validationCode,
            }),
          );
          return;
        }
        if (!this.busy) {
          this.deliveries.push({
            at: now(),
            ids: events.map(({ id }) => String(id)),
            subjects: events.map(({ subject }) => String(subject)),
            token: /^Bearer (.+)$/i.exec(
              request.headers.authorization ?? '',
            )?.[1],
          });
        }
        response.writeHead(this.busy ? 503 : 200).end();
      });
    });
  }

  listen(port: number) {
    return new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, resolve);
    });
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function parsed(body: Buffer): any[] {
  try {
    return [JSON.parse(body.toString('utf8'))].flat();
  } catch {
    return [];
  }
}

/** How Event Grid delivers what happens in a vault: how late, how often, and with which token. */
export const events: Probe = {
  id: 'events',
  title: 'how Event Grid delivers the events of a vault',
  about: ['eventDelaySeconds', 'eventDelivery', 'deliveryTokenVersion'],

  async *run(lab: Lab): Steps<Measurements> {
    const { events: hook } = lab;
    if (!hook) {
      const unknown =
        'it needs an address that Azure can reach: --events-port and --events-url';
      return Object.fromEntries(this.about.map(name => [name, { unknown }]));
    }
    const endpoint = new Endpoint(() => lab.time.now());
    await endpoint.listen(hook.port);
    try {
      return yield* listen(lab, hook, endpoint);
    } finally {
      endpoint.close();
    }
  },
};

async function* listen(
  lab: Lab,
  hook: NonNullable<Lab['events']>,
  endpoint: Endpoint,
): Steps<Measurements> {
  const { azure, names, caller, time } = lab;
  const vault = `https://${names.vault('policies')}.${azure.cloud.vaultSuffix}`;
  const keys = [`${vault}/keys/probe-event-a`, `${vault}/keys/probe-event-b`];
  for (const key of keys) yield* ensureKeyAt(lab, key);
  azure.scrubber.learn(hook.url, 'hook');
  const subscription = `${names.vaultId(
    'policies',
  )}/providers/Microsoft.EventGrid/eventSubscriptions/acr-cmk-check`;
  const subscribed = await azure.arm('PUT', subscription, {
    body: {
      properties: {
        destination: {
          endpointType: 'WebHook',
          properties: {
            endpointUrl: hook.url,
            maxEventsPerBatch: 10,
            ...(hook.app && {
              azureActiveDirectoryTenantId: caller.tenantId,
              azureActiveDirectoryApplicationIdOrUri: hook.app,
            }),
          },
        },
        filter: {
          includedEventTypes: ['Microsoft.KeyVault.KeyNewVersionCreated'],
        },
        eventDeliverySchema: 'EventGridSchema',
      },
    },
  });
  azure.record(
    'subscribe to events',
    expectSuccess('subscribe to events', subscribed),
  );
  yield* until({ time, start: subscribed, limitSeconds: LIMIT }, async () => {
    const { json } = await azure.arm('GET', subscription);
    return json.properties?.provisioningState === 'Succeeded';
  });

  // One event alone: how late, and whether it comes again.
  endpoint.deliveries.length = 0;
  const rotated = await rotateKey(lab, keys[0]);
  const arrived = yield* until(
    { time, start: rotated, limitSeconds: LIMIT },
    async () => endpoint.deliveries.length > 0,
  );
  const [first] = endpoint.deliveries;
  if (!first) {
    const unknown = `no event arrived at ${hook.url} within ${LIMIT} seconds`;
    return Object.fromEntries(events.about.map(name => [name, { unknown }]));
  }
  yield 60_000;
  const isDoubled =
    endpoint.deliveries.flatMap(({ ids }) => ids).length >
    new Set(endpoint.deliveries.flatMap(({ ids }) => ids)).size;

  // Two events that have to be sent again: in which order.
  endpoint.busy = true;
  for (const key of keys) await rotateKey(lab, key);
  yield 5000;
  yield Math.max(0, first.at - rotated.sentAt);
  endpoint.deliveries.length = 0;
  endpoint.busy = false;
  const order = () =>
    endpoint.deliveries
      .flatMap(({ subjects }) => subjects)
      .map(subject => (/event-a/.test(subject) ? 'a' : 'b'))
      .join('');
  yield* until(
    { time, start: rotated, limitSeconds: LIMIT },
    async () => new Set(order()).size === 2,
  );
  const isReversed = order().startsWith('b');
  await azure.arm('DELETE', subscription);
  let delivery = 'once';
  if (isDoubled) delivery = 'twice';
  else if (isReversed) delivery = 'reversed';
  return {
    eventDelaySeconds: {
      // By our clock: the time in an event is that of another machine.
      seconds: {
        atLeast: arrived.atLeast,
        atMost: Math.max(0, first.at - rotated.sentAt) / 1000,
      },
    },
    eventDelivery: { value: delivery },
    deliveryTokenVersion: versionOf(first.token),
  };
}

function versionOf(token: string | undefined): Measured {
  if (!token) {
    return { unknown: 'deliveries have no token: it needs --events-app' };
  }
  const payload = parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  return { value: Number(String(payload[0]?.ver).split('.')[0]) };
}
