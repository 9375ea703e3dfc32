// `yarn bench:limits`: what one person who asks for far too much costs everybody else, printed, never
// asserted.
//
// A whole backend and the embedded Azure in this process. First others view a registry alone; then
// one person opens 200 streams and asks for 500 plans while they view again. Wanted: others' 99th
// percentile under twice the quiet one, and the memory back within a tenth once all is closed.
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { startEmulator, trustInThisProcess } from 'azure-emulator';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { openSqlite } from '../plugins/acr-cmk-backend/src/__testUtils__/databases';
import {
  registryId,
  resource,
  SUBSCRIPTION,
} from '../plugins/acr-cmk-backend/src/__testUtils__/demoWorld';
import { credentialsOf } from '../plugins/acr-cmk-backend/src/__testUtils__/engine';
import { acrCmkPlugin } from '../plugins/acr-cmk-backend/src/plugin';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '200' },
    plans: { type: 'string', default: '500' },
    views: { type: 'string', default: '300' },
  },
});
const GREEDY = 'olivia';
const OTHERS = ['peter', 'quinn', 'rosa'];
/** Time between two views of one person. Milliseconds. */
const VIEW_EVERY_MS = 100;

const percentile = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
const load = () =>
  os
    .loadavg()
    .map(each => each.toFixed(2))
    .join(' ');

function heapMb(): number {
  if (!globalThis.gc) throw new Error('Start node with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

type Portal = Awaited<ReturnType<typeof startPortal>>;

/** A backend with the limits' defaults, the embedded Azure and an API client for each person. */
async function startPortal() {
  const azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const distrust = trustInThisProcess(azure);
  const db = await openSqlite();
  const backend = await startTestBackend({
    features: [
      acrCmkPlugin,
      catalogServiceMock.factory({
        entities: ['shop', 'orders'].map(name =>
          resource(`${name}-images`, registryId(`${name}images`)),
        ),
      }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => db }),
      }),
      mockServices.permissions.factory({ result: AuthorizeResult.ALLOW }),
      mockServices.rootConfig.factory({
        data: {
          acrCmk: {
            scopes: [`/subscriptions/${SUBSCRIPTION}`],
            azure: { credentials: credentialsOf(azure) },
            approvals: { rotate: 'required' },
          },
        },
      }),
    ],
  });
  const baseUrl = `http://127.0.0.1:${backend.server.port()}/api/acr-cmk`;
  return {
    azure,
    as: (user: string) =>
      new AcrCmkClient({
        baseUrl,
        fetch: (url, init) =>
          fetch(url, {
            ...init,
            headers: {
              ...init?.headers,
              Authorization: mockCredentials.user.header(
                `user:default/${user}`,
              ),
            },
          }),
      }),
    async stop() {
      await backend.stop();
      distrust();
      await db.destroy();
      await azure.close();
    },
  };
}

const statusOf = (answer: Promise<unknown>, whenRight: number) =>
  answer.then(
    () => whenRight,
    error => Number(error.response?.status ?? 0),
  );

/** How long each view of the others takes. Milliseconds, sorted. */
async function view(portal: Portal): Promise<number[]> {
  const times: number[] = [];
  const each = Number(values.views) / OTHERS.length;
  await Promise.all(
    OTHERS.map(async user => {
      for (let n = 0; n < each; n += 1) {
        const started = performance.now();
        await portal.as(user).registriesOf('resource:default/shop-images');
        times.push(performance.now() - started);
        await delay(VIEW_EVERY_MS);
      }
    }),
  );
  return times.sort((a, b) => a - b);
}

/** Answers by their status. */
function tally(statuses: number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

async function main() {
  const portal = await startPortal();
  console.log(`${os.cpus().length} cores, load average ${load()}\n`);
  const rotation = (name: string) => ({
    entityRef: `resource:default/${name}-images`,
    registryId: registryId(`${name}images`),
    intent: { kind: 'rotate' as const },
  });
  const plan = await portal.as(GREEDY).plan(rotation('shop'));
  const { id } = await portal.as(GREEDY).accept({
    planId: plan.id,
    planHash: plan.hash,
    reason: 'Something to watch',
    idempotencyKey: 'bench-limits',
  });
  const times = <T>(count: string, ask: () => Promise<T>) =>
    Promise.all(Array.from({ length: Number(count) }, ask));
  const abuse = async (signal: AbortSignal) => {
    const [streams, plans] = await Promise.all([
      times(values.streams, () =>
        statusOf(portal.as(GREEDY).events(id, { signal }), 200),
      ),
      times(values.plans, () =>
        statusOf(portal.as(GREEDY).plan(rotation('orders')), 201),
      ),
    ]);
    return { streams: tally(streams), plans: tally(plans) };
  };

  // The first views and the first abuse compile and fill caches; they are not counted.
  await view(portal);
  const warmUp = new AbortController();
  await abuse(warmUp.signal);
  warmUp.abort();
  await delay(1_000);

  const before = heapMb();
  const quiet = await view(portal);
  const left = new AbortController();
  portal.azure.clearRequests();
  const [busy, answers] = await Promise.all([view(portal), abuse(left.signal)]);
  const during = heapMb();
  left.abort();
  await delay(2_000);
  const after = heapMb();

  console.log(
    `${values.streams} streams of one person: ${answers.streams}; ${values.plans} plans: ${answers.plans}`,
  );
  console.log(`requests to Azure meanwhile: ${portal.azure.requests().length}`);
  for (const [what, took] of [
    ['others alone', quiet],
    ['others beside them', busy],
  ] as const) {
    console.log(
      `${what.padEnd(20)} p50 ${percentile(took, 0.5).toFixed(
        1,
      )} ms, p99 ${percentile(took, 0.99).toFixed(1)} ms (${took.length})`,
    );
  }
  console.log(
    `ratio of p99 (wanted: < 2): ${(
      percentile(busy, 0.99) / percentile(quiet, 0.99)
    ).toFixed(2)}`,
  );
  console.log(
    `heap before ${before.toFixed(1)} MB, with streams ${during.toFixed(
      1,
    )} MB, after they closed ${after.toFixed(1)} MB (${(
      (after / before - 1) *
      100
    ).toFixed(1)} %)`,
  );
  console.log(`load average at the end ${load()}`);
  await portal.stop();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
