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
      () => client.approve('a/b', 'hash'),
      'POST http://portal/api/acr-cmk/v1/operations/a%2Fb/approve',
    ],
    [
      () => client.audit({ after: 5 }),
      'GET http://portal/api/acr-cmk/v1/audit?after=5',
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
});
