import { AcrCmkClient } from './AcrCmkClient';

describe('the client of the API', () => {
  const asked: string[] = [];
  const client = new AcrCmkClient({
    baseUrl: 'http://portal/api/acr-cmk',
    fetch: async (url, init) => {
      asked.push(`${init?.method ?? 'GET'} ${url}`);
      return { ok: true, json: async () => ({ items: [] }) } as Response;
    },
  });
  beforeEach(() => {
    asked.length = 0;
  });

  it.each([
    [
      () => client.registriesOf('resource:default/shop-images'),
      'GET http://portal/api/acr-cmk/v1/entities/resource/default/shop-images/registries',
    ],
    [
      () => client.keys('kv/../x'),
      'GET http://portal/api/acr-cmk/v1/vaults/kv%2F..%2Fx/keys',
    ],
    [
      () => client.keyVersions({ vaultName: 'kv', keyName: '../x' }),
      'GET http://portal/api/acr-cmk/v1/vaults/kv/keys/..%2Fx/versions',
    ],
    [
      () => client.checkKeyName({ vaultName: 'kv/..', keyName: 'a?b' }),
      'GET http://portal/api/acr-cmk/v1/vaults/kv%2F../keys/a%3Fb/name',
    ],
    [
      () => client.checkRegistryName('/subscriptions/x&y=1'),
      'GET http://portal/api/acr-cmk/v1/registry-name?registryId=%2Fsubscriptions%2Fx%26y%3D1',
    ],
    [
      () => client.approve('a/b', 'hash'),
      'POST http://portal/api/acr-cmk/v1/operations/a%2Fb/approve',
    ],
    [
      () => client.audit({ after: 5 }),
      'GET http://portal/api/acr-cmk/v1/audit?after=5',
    ],
    [
      () => client.fleet.registries({ state: ['behind', 'expired'], limit: 5 }),
      'GET http://portal/api/acr-cmk/v1/fleet/registries?state=behind%2Cexpired&limit=5',
    ],
    [
      () => client.fleet.summary({ state: [], unbound: false, search: 'a&b' }),
      'GET http://portal/api/acr-cmk/v1/fleet/summary?unbound=false&search=a%26b',
    ],
    [
      () => client.fleet.csv({ owner: 'group:default/team-shop' }),
      'GET http://portal/api/acr-cmk/v1/fleet/registries.csv?owner=group%3Adefault%2Fteam-shop',
    ],
    [
      () =>
        client.fleet.registry(
          '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-(a)/providers/Microsoft.ContainerRegistry/registries/shopimages',
        ),
      'GET http://portal/api/acr-cmk/v1/fleet/registries/11111111-2222-4333-8444-555555555555/rg-(a)/shopimages',
    ],
    [
      () => client.fleet.waiting(),
      'GET http://portal/api/acr-cmk/v1/fleet/waiting',
    ],
    [
      () => client.campaigns.list(),
      'GET http://portal/api/acr-cmk/v1/campaigns',
    ],
    [
      () =>
        client.campaigns.members('a/b', {
          state: ['failed', 'skipped'],
          outcome: [],
          stage: 2,
          mine: true,
        }),
      'GET http://portal/api/acr-cmk/v1/campaigns/a%2Fb/members?state=failed%2Cskipped&stage=2&mine=true',
    ],
    [
      () => client.campaigns.abort('a/b', { reason: 'No' }),
      'POST http://portal/api/acr-cmk/v1/campaigns/a%2Fb/abort',
    ],
    [
      () => client.campaigns.estimate('a', { stages: [{}], concurrency: 1 }),
      'POST http://portal/api/acr-cmk/v1/campaigns/a/estimate',
    ],
    [
      () => client.campaigns.skip('a', 3, { reason: 'No' }),
      'POST http://portal/api/acr-cmk/v1/campaigns/a/members/3/skip',
    ],
    [
      () => client.campaigns.decide('a', 2, { hash: 'h', rejected: [] }),
      'POST http://portal/api/acr-cmk/v1/campaigns/a/stages/2/decision',
    ],
    [
      () => client.campaigns.reportCsv('a'),
      'GET http://portal/api/acr-cmk/v1/campaigns/a/report.csv',
    ],
  ])(
    '%#: puts what it is given into one part of the path',
    async (call, url) => {
      await call();
      expect(asked).toEqual([url]);
    },
  );

  it.each(['resource:default/..', 'resource:../shop-images', 'resource:./x'])(
    'asks nothing for %s, which would climb',
    async ref => {
      await expect(client.registriesOf(ref)).rejects.toThrow(/^entityRef: /);
      expect(asked).toEqual([]);
    },
  );

  describe('that has a plan accepted', () => {
    const REQUEST = {
      planId: 'p',
      planHash: 'h',
      reason: 'A test',
      idempotencyKey: 'the-key-of-this-request',
    };
    const accepted = () => Response.json({ id: 'o' }, { status: 202 });
    const unknown = () =>
      Response.json(
        {
          error: {
            name: 'ServiceUnavailableError',
            code: 'ACCEPTANCE_UNKNOWN',
          },
          response: { statusCode: 503 },
        },
        { status: 503 },
      );
    const lost = (): Response => {
      throw new TypeError('fetch failed');
    };
    const refused = () =>
      Response.json(
        {
          error: { name: 'ConflictError', code: 'TARGET_BUSY' },
          response: { statusCode: 409 },
        },
        { status: 409 },
      );

    /** Requests and pauses of an acceptance while the portal gives these answers in turn. */
    async function accept(...answers: (() => Response)[]) {
      const bodies: unknown[] = [];
      const waits: number[] = [];
      const outcome = await new AcrCmkClient({
        fetch: async (_url, init) => {
          bodies.push(JSON.parse(init?.body ?? ''));
          return answers[Math.min(bodies.length, answers.length) - 1]();
        },
        pause: async ms => {
          waits.push(ms);
        },
      })
        .accept(REQUEST)
        .catch(error => error);
      return { bodies, waits, outcome };
    }

    it.each([
      ['is not known to the backend', unknown],
      ['is lost on the way', lost],
    ])(
      'F31: repeats the same request when the outcome %s',
      async (_, answer) => {
        const { bodies, waits, outcome } = await accept(
          answer,
          answer,
          accepted,
        );
        expect(outcome).toEqual({ id: 'o' });
        expect(bodies).toEqual([REQUEST, REQUEST, REQUEST]);
        expect(waits).toEqual([1000, 2000]);
      },
    );

    it('F31: gives up after four times', async () => {
      const { bodies, outcome } = await accept(unknown);
      expect(bodies).toHaveLength(4);
      expect(outcome.body.error.code).toBe('ACCEPTANCE_UNKNOWN');
    });

    it('does not repeat what was refused', async () => {
      const { bodies, outcome } = await accept(refused);
      expect(bodies).toHaveLength(1);
      expect(outcome.body.error.code).toBe('TARGET_BUSY');
    });
  });
});
