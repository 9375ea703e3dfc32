// People of `yarn bench:limits`: those who view, or the one who asks for far too much.
import { setTimeout as delay } from 'node:timers/promises';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../plugins/acr-cmk-backend/src/__testUtils__/demoWorld';

/** Time between two views of one person. Milliseconds. */
const VIEW_EVERY_MS = 100;

const as = (user: string) =>
  new AcrCmkClient({
    baseUrl: `http://127.0.0.1:${process.env.PORT}/api/acr-cmk`,
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...init?.headers,
          Authorization: mockCredentials.user.header(`user:default/${user}`),
        },
      }),
  });

const rotation = (name: string) => ({
  entityRef: `resource:default/${name}-images`,
  registryId: registryId(`${name}images`),
  intent: { kind: 'rotate' as const },
});

const statusOf = (answer: Promise<unknown>, whenRight: number) =>
  answer.then(
    () => whenRight,
    error => Number(error.response?.status ?? 0),
  );

/** Measures the duration of each view. Milliseconds. */
async function view(people: string[], count: number): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    people.map(async user => {
      for (let n = 0; n < count / people.length; n += 1) {
        const started = performance.now();
        await as(user).registriesOf('resource:default/shop-images');
        times.push(performance.now() - started);
        await delay(VIEW_EVERY_MS);
      }
    }),
  );
  return times;
}

let streaming = new AbortController();

async function abuse(
  person: string,
  { streams, plans }: { streams: number; plans: number },
) {
  const client = as(person);
  const plan = await client.plan(rotation('shop'));
  const { id } = await client.accept({
    planId: plan.id,
    planHash: plan.hash,
    reason: 'Something to watch',
    idempotencyKey: `bench-limits-${person}`,
  });
  const times = (count: number, ask: () => Promise<number>) =>
    Promise.all(Array.from({ length: count }, ask));
  streaming = new AbortController();
  const { signal } = streaming;
  const [ofStreams, ofPlans] = await Promise.all([
    times(streams, () => statusOf(client.events(id, { signal }), 200)),
    times(plans, () => statusOf(client.plan(rotation('orders')), 201)),
  ]);
  return { streams: ofStreams, plans: ofPlans };
}

/** As many requests, all at once, which Backstage itself answers with 404: no plugin sees them. */
async function askForNothing(requests: number) {
  await Promise.all(
    Array.from({ length: requests }, async () => {
      const url = `http://127.0.0.1:${process.env.PORT}/api/nothing/here`;
      await (await fetch(url)).arrayBuffer();
    }),
  );
  return {};
}

async function answer(message: any) {
  if (message.view) return { times: await view(message.people, message.view) };
  if (message.abuse) return abuse(message.person, message.abuse);
  if (message.nothing) return askForNothing(message.nothing);
  streaming.abort();
  return {};
}

process.on('message', async (message: any) => {
  const { view: views, abuse: asked, nothing, leave } = message;
  if (!views && !asked && !nothing && !leave) return;
  const answered = await answer(message).catch(error => {
    console.error(error);
    process.exit(1);
  });
  process.send!({ answer: answered });
});
process.send!({ answer: {} });
