import {
  coreServices,
  createServiceFactory,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { type Emulator, startEmulator } from 'azure-emulator';
import { openSqlite } from './__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';

/** Words that only a body of Azure's own has, in the places where a body is tempting to pass on. */
const MARKERS = [
  'eyJhbGciOiJmYWtlIn0.eyJzdWIiOiJtYXJrZXIifQ.c2lnbmF0dXJl',
  'client_secret=marker-of-a-secret',
  'Bearer marker-of-a-bearer',
];

/** Keeps every line that the backend logs, with its fields. */
function keepingLogger(lines: string[]): RootLoggerService {
  const keep = (message: string, meta?: unknown) => {
    lines.push(
      `${message} ${
        meta instanceof Error
          ? `${meta.stack} ${JSON.stringify(meta)}`
          : JSON.stringify(meta)
      }`,
    );
  };
  const logger: RootLoggerService = {
    error: keep,
    warn: keep,
    info: keep,
    debug: keep,
    child: () => logger,
  };
  return logger;
}

describe('tokens, secrets and bodies of Azure', () => {
  let azure: Emulator;
  let portal: TestPortal;
  let db: Awaited<ReturnType<typeof openSqlite>>;
  const lines: string[] = [];
  const answers: string[] = [];

  beforeAll(async () => {
    azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    db = await openSqlite();
    portal = await startPortal({
      azure,
      db,
      config: {
        approvals: { restore: 'required' },
      },
      features: [
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => keepingLogger(lines),
        }),
      ],
    });
  });
  afterAll(async () => {
    await portal.stop();
    await azure.close();
  });

  async function ask(method: string, path: string, body?: unknown) {
    const answer = await portal.request(method, path, {
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    answers.push(JSON.stringify(answer));
    return answer;
  }

  async function carryOut(entity: string, registry: string, intent: object) {
    const { body: plan } = await ask('POST', '/v1/plans', {
      entityRef: `resource:default/${entity}`,
      registryId: registryId(registry),
      intent,
    });
    const { body: operation } = await ask(
      'POST',
      '/v1/operations',
      acceptanceOf(plan, {
        reason: 'Searched for secrets',
        confirmation: plan.confirmation?.typedName ?? undefined,
      }),
    );
    if (operation.state === 'awaiting-approval') return;
    answers.push(JSON.stringify(await portal.untilEnded(operation.id)));
  }

  it('appear in no log line, no answer and no row, also when Azure puts them into its errors', async () => {
    const view = (entity: string) =>
      ask(
        'GET',
        `/v1/entities/resource/default/${entity}/registries?refresh=true`,
      );
    await view('orders-images');
    await carryOut('orders-images', 'ordersimages', { kind: 'rotate' });
    await carryOut('orders-images', 'ordersimages', { kind: 'revoke' });
    await carryOut('orders-images', 'ordersimages', { kind: 'restore' });
    for (const status of [400, 401, 403, 404, 409, 500]) {
      azure.faults.add({
        host: '*',
        path: '*/registries/shopimages',
        times: 3,
        status,
        code: 'Marker',
        message: `It failed with ${MARKERS.join(' and ')}`,
      });
      await portal.ageFacts(3_600_000);
      await view('shop-images');
      azure.faults.clear();
    }
    for (const method of ['POST', 'PATCH', 'GET']) {
      azure.faults.add({
        method,
        host: '*.vault.azure.net',
        times: 4,
        status: 400,
        code: 'Marker',
        message: `It failed with ${MARKERS.join(' and ')}`,
      });
      await carryOut('shop-images', 'shopimages', { kind: 'rotate' });
      azure.faults.clear();
    }
    await ask('GET', '/v1/audit?limit=1000');

    const rows: string[] = [];
    const tables = await db('sqlite_master').where({ type: 'table' });
    for (const { name } of tables) {
      rows.push(...(await db(name)).map(row => JSON.stringify(row)));
    }
    const { principals } = azure.ready;
    const secrets = [
      ...Object.values(principals).map(({ clientSecret }) => clientSecret),
      ...MARKERS.map(marker => marker.split(/[= ]/).pop()!),
    ];
    const everything = { lines, answers, rows };
    for (const [where, texts] of Object.entries(everything)) {
      expect([where, texts.length > 5]).toEqual([where, true]);
      for (const text of texts) {
        const found = secrets.filter(secret => text.includes(secret));
        expect([where, found, /eyJ[\w-]{10,}\.[\w-]+/.exec(text)?.[0]]).toEqual(
          [where, [], undefined],
        );
      }
    }
    // A control: the words were there to be passed on.
    expect(answers.join()).toContain('It failed with');
  });
});
