import { setImmediate } from 'node:timers/promises';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { failureOf } from '../__testUtils__/azureWorld';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { atPriority, CallBudget } from './budget';
import { read, write } from './call';
import { keepConnections } from './keepConnections';
import { clientOptions } from './pipeline';
import { encryptionPatch } from '../arm/registries';

/*
 * Answers that a real Azure does not give on demand: real SDK client, our own policies, and a transport that
 * answers what a test needs.
 */

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const LIST = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/registries`;
const LIMITS = { timeoutSeconds: 5, now: () => 0, monotonic: () => 0 };
const SUBJECT = {
  doing: 'list registries',
  scope: 'x',
  action: 'x',
  role: 'x',
  credential: 'read' as const,
};

/** Its clock runs so fast that every bucket is full again at once. */
function unlimited(): CallBudget {
  let at = 0;
  return new CallBudget({ monotonic: () => (at += 3_600_000) });
}

type Page = { names: string[]; next?: string };

/** A client whose transport answers by `answer`, and the requests that it got. */
function clientThat(
  answer: (request: PipelineRequest) => { status: number; body: unknown },
) {
  const sent: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent.push(request);
      const { status, body } = answer(request);
      return {
        request,
        status,
        headers: createHttpHeaders({ 'content-type': 'application/json' }),
        bodyAsText: JSON.stringify(body),
      };
    },
  };
  const client = new ContainerRegistryManagementClient(
    {
      getToken: async () => ({
        token: 'secret-token',
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    },
    SUBSCRIPTION,
    {
      ...clientOptions({
        credential: 'rotate',
        host: 'management.azure.com',
        retries: { count: 2, delayMs: 1, longestRetryAfterSeconds: 1 },
        now: LIMITS.now,
        renew: async () => undefined,
        budget: {
          budget: unlimited(),
          armHost: 'management.azure.com',
          principal: 'rotate',
        },
        connections: keepConnections(),
      }),
      httpClient,
    },
  );
  return { client, sent };
}

function listing(pages: (token: string | null) => Page) {
  const { client, sent } = clientThat(request => {
    const page = pages(new URL(request.url).searchParams.get('token'));
    return {
      status: 200,
      body: {
        value: page.names.map(name => ({ name, location: 'x', sku: {} })),
        nextLink: page.next,
      },
    };
  });
  const list = () =>
    read(SUBJECT, LIMITS, async () => {
      const names: (string | undefined)[] = [];
      for await (const registry of client.registries.list()) {
        names.push(registry.name);
      }
      return names;
    });
  return { list, sent };
}

it('F28: a link that leads back to its own page ends in an error, not in a loop, and not in half a list', async () => {
  const { list, sent } = listing(() => ({
    names: ['a'],
    next: `${LIST}?token=again`,
  }));
  expect(await failureOf(list())).toMatchObject({
    kind: 'unavailable',
    code: 'PagingLoop',
  });
  expect(sent).toHaveLength(2);
});

it('F28: a circle of links ends in an error', async () => {
  const next: Record<string, string> = { '': 'b', b: 'c', c: 'b' };
  const { list, sent } = listing(token => ({
    names: ['a'],
    next: `${LIST}?token=${next[token ?? '']}`,
  }));
  expect(await failureOf(list())).toMatchObject({ code: 'PagingLoop' });
  expect(sent).toHaveLength(3);
});

it('F28: links that are always new end in an error', async () => {
  const { list, sent } = listing(token => ({
    names: ['a'],
    next: `${LIST}?token=${Number(token ?? 0) + 1}`,
  }));
  expect(await failureOf(list())).toMatchObject({ code: 'PagingEndless' });
  expect(sent).toHaveLength(1000);
});

it('F28: an empty page in the middle does not end a list', async () => {
  const pages: Record<string, Page> = {
    '': { names: ['a'], next: `${LIST}?token=2` },
    '2': { names: [], next: `${LIST}?token=3` },
    '3': { names: ['b'] },
  };
  const { list } = listing(token => pages[token ?? '']);
  expect((await list()).value).toEqual(['a', 'b']);
});

it.each([
  'https://evil.example/next',
  'https://management.azure.com.evil.example/next',
  'http://management.azure.com/next',
  'https://management.azure.com:8443/next',
])('F28: no token goes to a next page at %s', async next => {
  const { list, sent } = listing(() => ({ names: ['a'], next }));
  expect(await failureOf(list())).toMatchObject({ kind: 'unavailable' });
  expect(sent).toHaveLength(1);
});

it('a page that is asked for again after a challenge is not a loop', async () => {
  let challenged = false;
  const { client, sent } = clientThat(() => {
    if (challenged) return { status: 200, body: { value: [] } };
    challenged = true;
    return { status: 401, body: {} };
  });
  // The SDK repeats a read only for a challenge with claims; what counts here is the policy.
  const call = read(SUBJECT, LIMITS, async () => {
    await client.registries
      .list()
      .next()
      .catch(() => undefined);
    return client.registries.list().next();
  });
  await expect(call).resolves.toBeDefined();
  expect(sent).toHaveLength(2);
});

describe('the body of a change of the encryption', () => {
  async function bodyOf(parameters: ReturnType<typeof encryptionPatch>) {
    const { client, sent } = clientThat(() => ({
      status: 201,
      body: { name: 'shop1', location: 'x', sku: {}, properties: {} },
    }));
    await write(SUBJECT, LIMITS, () =>
      client.registries.update('rg', 'shop1', parameters).submitted(),
    );
    expect(sent).toHaveLength(1);
    expect(sent[0].method).toBe('PATCH');
    return sent[0].body;
  }
  const encryption = {
    keyIdentifier: 'https://kv-shop.vault.azure.net/keys/orders',
    identity: 'system',
  };
  const ENCRYPTION =
    '{"encryption":{"status":"enabled","keyVaultProperties":{"keyIdentifier":"https://kv-shop.vault.azure.net/keys/orders","identity":"system"}}}';

  it('contains the encryption and nothing else', async () => {
    expect(await bodyOf(encryptionPatch(encryption))).toBe(
      `{"properties":${ENCRYPTION}}`,
    );
  });

  it('has one identity more when one is attached', async () => {
    const attach =
      '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop';
    const body = await bodyOf(
      encryptionPatch({
        ...encryption,
        identityChange: {
          attach,
          current: { system: true, userAssigned: false },
        },
      }),
    );
    expect(body).toBe(
      `{"identity":{"type":"SystemAssigned, UserAssigned","userAssignedIdentities":{"${attach}":{}}},"properties":${ENCRYPTION}}`,
    );
  });
});

it('work at an answer in the background waits for the answer to a request', async () => {
  let answer = () => {};
  let answered = Promise.resolve();
  const { list } = listing(() => {
    answered = backgroundThrottle.answer(
      () =>
        new Promise<void>(resolve => {
          answer = resolve;
        }),
    );
    return { names: ['a'] };
  });
  let isListed = false;
  const background = atPriority('sync', list).then(() => {
    isListed = true;
  });
  for (let round = 0; round < 20; round += 1) await setImmediate();
  expect(isListed).toBe(false);
  answer();
  await Promise.all([answered, background]);
  expect(isListed).toBe(true);
});

it('a call of the background leaves after the answer to a request that is being worked on, others at once', async () => {
  const { list, sent } = listing(() => ({ names: ['a'] }));
  let answer = () => {};
  const answered = backgroundThrottle.answer(
    () =>
      new Promise<void>(resolve => {
        answer = resolve;
      }),
  );
  const background = atPriority('sync', list);
  await list();
  expect(sent).toHaveLength(1);
  answer();
  await Promise.all([answered, background]);
  expect(sent).toHaveLength(2);
});
